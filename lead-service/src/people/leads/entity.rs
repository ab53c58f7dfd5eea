//! Leads as entities.

use contracts::{
    TenantId,
    permissions::{LeadsDelete, LeadsRead},
};
use platform::{
    Problem,
    db::{Db, TenantTx, outbox::Change},
    http::{List, access::TenantCaller},
};
use uuid::Uuid;

use super::{api::LeadView, conversion, events, following, merged};
use crate::{
    entities::{Entity, Parent, Step, check_there},
    people::accounts::api::AccountView,
    products::ProductView,
};

platform::record!(LeadView, LeadsRead);

impl Entity for LeadView {
    const NAME: &'static str = events::ENTITY;
    const TRACKED: &'static [&'static str] = events::TRACKED;
    type Delete = LeadsDelete;
    type Cascade = ();
    const NAMING_LEADS: &'static [&'static str] = &["id"];

    async fn following_merges(db: &Db, tenant: TenantId, list: List<Self>) -> Result<List<Self>, Problem> {
        following::following_merges(db, tenant, list).await
    }

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
        merged::check_not_merged(tx, self.id).await?;
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
