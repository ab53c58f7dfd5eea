//! Customer tags as entities, without a data scope.

use contracts::{
    UserId,
    permissions::{CustomersCreate, CustomersDelete, CustomersRead, CustomersUpdate},
};
use platform::{Problem, db::TenantTx};
use uuid::Uuid;

use super::{
    api::{TagView, WriteTag},
    domain::TagFields,
    store,
};
use crate::entities::{Added, Entity, Written};

platform::record!(TagView, CustomersRead);

impl Entity for TagView {
    const NAME: &'static str = "CustomerTag";
    const TRACKED: &'static [&'static str] = &[];
    type Delete = CustomersDelete;
    type Cascade = ();

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }
}

impl Written for TagView {
    type Update = CustomersUpdate;
    type Assign = ();
    type Write = WriteTag;
    type Fields = TagFields;

    fn parse(write: WriteTag) -> Result<TagFields, Problem> {
        TagFields::parse(write)
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &TagFields) -> Result<Self, Problem> {
        Ok(store::update(tx, self.id, fields).await?)
    }
}

impl Added for TagView {
    type Create = CustomersCreate;

    async fn insert(tx: &mut TenantTx<'_>, fields: &TagFields, by: UserId) -> Result<Self, Problem> {
        Ok(store::insert(tx, fields, by).await?)
    }
}
