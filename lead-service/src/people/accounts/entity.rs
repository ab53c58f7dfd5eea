//! Accounts as entities: their leads and contacts go and come back with them.

use contracts::permissions::{AccountsDelete, AccountsRead, AccountsUpdate, ContactsDelete, LeadsDelete};
use platform::{
    Problem,
    db::{TenantTx, Visibility, outbox::Change},
    http::{May, Outline, Record, access::TenantCaller},
};
use uuid::Uuid;

use super::{
    api::{AccountView, NewAccountView, WriteAccount},
    domain::AccountFields,
    store,
};
use crate::{
    entities::{Entity, Parent, Step, Written, check_seen},
    people::{
        contacts,
        leads::{self, conversion},
    },
    products::{self, ProductView},
};

platform::record!(AccountView, AccountsRead);

impl Record for NewAccountView {
    type Read = AccountsRead;

    fn outline(&self) -> Outline {
        self.account.outline()
    }
}

impl Entity for AccountView {
    const NAME: &'static str = "Account";
    const TRACKED: &'static [&'static str] = &["website", "product_id", "deleted"];
    type Delete = AccountsDelete;
    type Cascade = (May<LeadsDelete>, May<ContactsDelete>);

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn parents(&self) -> Vec<Parent> {
        Parent::of::<ProductView>("product_id", self.product_id).into_iter().collect()
    }

    async fn followers(
        &self,
        tx: &mut TenantTx<'_>,
        step: Step,
        caller: &TenantCaller,
    ) -> Result<Vec<Change>, Problem> {
        let leads = leads::store::deleted_with_account(tx, self.id).await?;
        let contacts = contacts::store::deleted_with_account(tx, self.id).await?;
        check_seen(leads.iter().map(|lead| [lead.assigned_to, lead.created_by]), caller)?;
        check_seen(contacts.iter().map(|contact| [contact.assigned_to, contact.created_by]), caller)?;
        let mut changes = step.of_all(&leads, caller)?;
        changes.extend(step.of_all(&contacts, caller)?);
        if step == Step::Restored {
            let ids: Vec<Uuid> = leads.iter().map(|lead| lead.id).collect();
            let converted = conversion::begin_again(tx, &ids).await?;
            changes.extend(conversion::told(&converted));
        }
        Ok(changes)
    }
}

impl Written for AccountView {
    type Update = AccountsUpdate;
    type Assign = ();
    type Write = WriteAccount;
    type Fields = AccountFields;

    fn parse(write: WriteAccount) -> Result<AccountFields, Problem> {
        Ok(AccountFields::from(write))
    }

    async fn settle(
        tx: &mut TenantTx<'_>,
        fields: &mut AccountFields,
        before: Option<&Self>,
        _visibility: &Visibility,
    ) -> Result<(), Problem> {
        if before.is_some_and(|before| before.product_id == fields.product_id) {
            return Ok(());
        }
        products::check(tx, fields.product_id).await
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &AccountFields) -> Result<Self, Problem> {
        Ok(store::update(tx, self.id, fields).await?)
    }
}
