//! Contacts as entities.

use contracts::{
    TenantId, UserId,
    permissions::{ContactsCreate, ContactsDelete, ContactsRead, ContactsUpdate},
};
use platform::{
    Problem,
    db::{Db, TenantTx, Visibility},
    http::List,
};
use uuid::Uuid;

use super::{
    api::{ContactView, WriteContact},
    domain::ContactFields,
    store,
};
use crate::{
    entities::{self, Added, Entity, Parent, Written},
    people::{
        accounts::{self, api::AccountView},
        leads::{api::LeadView, following},
    },
};

platform::record!(ContactView, ContactsRead);

impl Entity for ContactView {
    const NAME: &'static str = "Contact";
    const TRACKED: &'static [&'static str] = &["assigned_to", "account_id", "deleted"];
    type Delete = ContactsDelete;
    type Cascade = ();
    const NAMING_LEADS: &'static [&'static str] = &["lead_id"];

    async fn following_merges(db: &Db, tenant: TenantId, list: List<Self>) -> Result<List<Self>, Problem> {
        following::following_merges(db, tenant, list).await
    }

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }

    // The lead is where they came from, and may be gone.
    fn parents(&self) -> Vec<Parent> {
        Parent::of::<AccountView>("account_id", self.account_id).into_iter().collect()
    }
}

impl Written for ContactView {
    type Update = ContactsUpdate;
    type Assign = ();
    type Write = WriteContact;
    type Fields = ContactFields;

    fn assignee(write: &WriteContact) -> Option<Uuid> {
        write.assigned_to
    }

    fn lead(write: &WriteContact) -> Option<Uuid> {
        write.lead_id
    }

    fn parse(write: WriteContact) -> Result<ContactFields, Problem> {
        ContactFields::parse(write)
    }

    async fn settle(
        tx: &mut TenantTx<'_>,
        fields: &mut ContactFields,
        before: Option<&Self>,
        visibility: &Visibility,
    ) -> Result<(), Problem> {
        if before.is_none_or(|before| before.account_id != fields.account_id) {
            accounts::check_account(tx, fields.account_id, visibility).await?;
        }
        if before.is_none_or(|before| before.lead_id != fields.lead_id) {
            entities::settle_reference::<LeadView>(tx, "lead_id", &mut fields.lead_id, visibility).await?;
        }
        Ok(())
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &ContactFields) -> Result<Self, Problem> {
        Ok(store::update(tx, self.id, fields).await?)
    }
}

impl Added for ContactView {
    type Create = ContactsCreate;

    async fn insert(tx: &mut TenantTx<'_>, fields: &ContactFields, by: UserId) -> Result<Self, Problem> {
        Ok(store::insert(tx, fields, by).await?)
    }
}
