//! Accounts as entities: their leads and contacts go and come back with them.

use contracts::permissions::{AccountsDelete, AccountsRead, AccountsUpdate};
use platform::{
    Problem,
    db::{TenantTx, Visibility, outbox::Change},
};
use uuid::Uuid;

use super::{
    api::{AccountView, WriteAccount},
    domain::AccountFields,
    store,
};
use crate::{
    contacts,
    entities::{Entity, Step, Written},
    leads, references,
};

impl Entity for AccountView {
    const NAME: &'static str = "Account";
    const TRACKED: &'static [&'static str] = &["website", "product_id", "deleted"];
    type Read = AccountsRead;
    type Delete = AccountsDelete;

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }

    async fn followers(&self, tx: &mut TenantTx<'_>, step: Step) -> Result<Vec<Change>, Problem> {
        let leads = leads::store::deleted_with_account(tx, self.id).await?;
        let contacts = contacts::store::deleted_with_account(tx, self.id).await?;
        let leads = leads.iter().flat_map(|lead| step.told(lead));
        Ok(leads.chain(contacts.iter().flat_map(|contact| step.told(contact))).collect())
    }
}

impl Written for AccountView {
    type Update = AccountsUpdate;
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
        references::check_product(tx, Some(fields.product_id)).await
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &AccountFields) -> Result<Self, Problem> {
        Ok(store::update(tx, self.id, fields).await?)
    }
}
