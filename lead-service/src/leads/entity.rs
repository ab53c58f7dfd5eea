//! Leads as entities.

use contracts::permissions::{LeadsAssign, LeadsDelete, LeadsRead, LeadsUpdate};
use platform::{
    Problem,
    db::{TenantTx, Visibility, outbox::Change},
    http::{May, access::TenantCaller},
};
use uuid::Uuid;

use super::{
    api::{LeadView, WriteLead},
    assigning, conversion,
    domain::LeadFields,
    events, store,
};
use crate::{
    accounts::api::AccountView,
    entities::{Entity, Parent, Step, Written, check_there},
    merges,
    products::api::ProductView,
    references,
};

platform::record!(LeadView, LeadsRead);

impl Entity for LeadView {
    const NAME: &'static str = events::ENTITY;
    const TRACKED: &'static [&'static str] = events::TRACKED;
    type Delete = LeadsDelete;
    type Cascade = ();
    const NAMING_LEADS: &'static [&'static str] = &["id"];

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn parents(&self) -> Vec<Parent> {
        let account = Parent::of::<AccountView>("account_id", self.account_id);
        let product = Parent::of::<ProductView>("product_id", self.product_id);
        account.into_iter().chain(product).collect()
    }

    async fn check_restorable(&self, tx: &mut TenantTx<'_>) -> Result<(), Problem> {
        merges::check_not_merged(tx, self.id).await?;
        check_there(tx, &self.parents()).await
    }

    /// A lead that comes back is converted if the deal that was made of it is there.
    async fn followers(
        &self,
        tx: &mut TenantTx<'_>,
        step: Step,
        _caller: &TenantCaller,
    ) -> Result<Vec<Change>, Problem> {
        match step {
            Step::Deleted => Ok(Vec::new()),
            Step::Restored => Ok(conversion::told(&conversion::begin_again(tx, &[self.id]).await?)),
        }
    }
}

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
        conversion::check_status(before, fields.status)?;
        if before.is_none_or(|before| before.account_id != fields.account_id) {
            references::check_account(tx, fields.account_id, visibility).await?;
        }
        if before.is_none_or(|before| before.product_id != fields.product_id) {
            references::check_product(tx, fields.product_id).await?;
        }
        Ok(())
    }

    fn check_effects(&self, after: &Self, caller: &TenantCaller) -> Result<(), Problem> {
        assigning::check_change(self, after, caller)
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &LeadFields) -> Result<Self, Problem> {
        store::update(tx, self, fields).await
    }
}
