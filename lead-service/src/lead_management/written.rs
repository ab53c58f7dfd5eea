//! Leads as entities that people change: each change scores them again.

use contracts::permissions::{LeadsAssign, LeadsUpdate};
use platform::{
    Problem,
    db::{TenantTx, Visibility},
    http::{May, access::TenantCaller},
};
use uuid::Uuid;

use super::store;
use crate::{
    entities::Written,
    people::{self, LeadFields, LeadView, WriteLead},
    products,
};

impl Written for LeadView {
    type Update = LeadsUpdate;
    type Assign = May<LeadsAssign>;
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
        people::check_conversion_status(before, fields.status)?;
        if before.is_none_or(|before| before.account_id != fields.account_id) {
            people::check_account(tx, fields.account_id, visibility).await?;
        }
        if before.is_none_or(|before| before.product_id != fields.product_id) {
            products::check(tx, fields.product_id).await?;
        }
        Ok(())
    }

    fn check_effects(&self, after: &Self, caller: &TenantCaller) -> Result<(), Problem> {
        people::check_assignment(self, after, caller)
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &LeadFields) -> Result<Self, Problem> {
        store::update(tx, self, fields).await
    }
}
