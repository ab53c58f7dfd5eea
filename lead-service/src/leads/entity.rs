//! Leads as entities.

use contracts::permissions::{LeadsDelete, LeadsRead, LeadsUpdate};
use platform::{
    Problem,
    db::{TenantTx, Visibility},
};
use uuid::Uuid;

use super::{
    api::{LeadView, WriteLead},
    domain::LeadFields,
    events, store,
};
use crate::{
    entities::{Entity, Written},
    references,
};

impl Entity for LeadView {
    const NAME: &'static str = events::ENTITY;
    const TRACKED: &'static [&'static str] = events::TRACKED;
    type Read = LeadsRead;
    type Delete = LeadsDelete;

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }
}

impl Written for LeadView {
    type Update = LeadsUpdate;
    type Write = WriteLead;
    type Fields = LeadFields;

    fn assignee(write: &WriteLead) -> Option<Uuid> {
        write.assigned_to
    }

    fn parse(write: WriteLead) -> Result<LeadFields, Problem> {
        LeadFields::parse(write)
    }

    async fn settle(
        tx: &mut TenantTx<'_>,
        fields: &mut LeadFields,
        before: Option<&Self>,
        visibility: &Visibility,
    ) -> Result<(), Problem> {
        if before.is_none_or(|before| before.account_id != fields.account_id) {
            references::check_account(tx, fields.account_id, visibility).await?;
        }
        if before.is_none_or(|before| before.product_id != fields.product_id) {
            references::check_product(tx, fields.product_id).await?;
        }
        Ok(())
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &LeadFields) -> Result<Self, Problem> {
        store::update(tx, self, fields).await
    }
}
