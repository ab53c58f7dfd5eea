//! Contacts as entities.

use contracts::{
    UserId,
    permissions::{ContactsCreate, ContactsDelete, ContactsRead, ContactsUpdate},
};
use platform::{
    Problem,
    db::{TenantTx, Visibility},
};
use uuid::Uuid;

use super::{
    api::{ContactView, WriteContact},
    domain::ContactFields,
    store,
};
use crate::{
    accounts::api::AccountView,
    entities::{Added, Entity, Parent, Written},
    leads::api::LeadView,
    references,
};

platform::record!(ContactView, ContactsRead);

impl Entity for ContactView {
    const NAME: &'static str = "Contact";
    const TRACKED: &'static [&'static str] = &["assigned_to", "account_id", "deleted"];
    type Delete = ContactsDelete;
    type Cascade = ();
    const NAMING_LEADS: &'static [&'static str] = &["lead_id"];

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
            references::check_account(tx, fields.account_id, visibility).await?;
        }
        if before.is_none_or(|before| before.lead_id != fields.lead_id) {
            references::settle::<LeadView>(tx, "lead_id", &mut fields.lead_id, visibility).await?;
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
