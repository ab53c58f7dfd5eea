//! Customer interactions as entities: they are seen with their customer.

use contracts::{
    UserId,
    permissions::{CustomersCreate, CustomersDelete, CustomersRead, CustomersUpdate},
};
use platform::{
    Problem,
    db::{TenantTx, Visibility},
};
use uuid::Uuid;

use super::{
    api::{InteractionView, WriteInteraction},
    domain::InteractionFields,
    store,
};
use crate::{
    customers::api::CustomerView,
    entities::{self, Added, Entity, Parent, Written},
};

platform::record!(InteractionView, CustomersRead);

impl Entity for InteractionView {
    const NAME: &'static str = "CustomerInteraction";
    const TRACKED: &'static [&'static str] = &[];
    type Delete = CustomersDelete;
    type Cascade = ();

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn parents(&self) -> Vec<Parent> {
        Parent::of::<CustomerView>("customer_id", Some(self.customer_id)).into_iter().collect()
    }
}

impl Written for InteractionView {
    type Update = CustomersUpdate;
    type Assign = ();
    type Write = WriteInteraction;
    type Fields = InteractionFields;

    fn parse(write: WriteInteraction) -> Result<InteractionFields, Problem> {
        InteractionFields::parse(write)
    }

    async fn settle(
        tx: &mut TenantTx<'_>,
        fields: &mut InteractionFields,
        before: Option<&Self>,
        visibility: &Visibility,
    ) -> Result<(), Problem> {
        if before.is_some_and(|before| before.customer_id == fields.customer_id) {
            return Ok(());
        }
        entities::check_reference::<CustomerView>(tx, "customer_id", Some(fields.customer_id), visibility)
            .await
            .map(drop)
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &InteractionFields) -> Result<Self, Problem> {
        Ok(store::update(tx, self.id, fields).await?)
    }
}

impl Added for InteractionView {
    type Create = CustomersCreate;

    async fn insert(tx: &mut TenantTx<'_>, fields: &InteractionFields, by: UserId) -> Result<Self, Problem> {
        Ok(store::insert(tx, fields, by).await?)
    }
}
