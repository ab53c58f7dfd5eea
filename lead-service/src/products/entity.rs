//! Products as entities, without a data scope.

use contracts::{
    UserId,
    permissions::{ProductsCreate, ProductsDelete, ProductsRead, ProductsUpdate},
};
use platform::{Problem, db::TenantTx};
use uuid::Uuid;

use super::{
    api::{ProductView, WriteProduct},
    domain::ProductFields,
    store,
};
use crate::entities::{Added, Entity, Written};

platform::record!(ProductView, ProductsRead);

impl Entity for ProductView {
    const NAME: &'static str = "Product";
    const TRACKED: &'static [&'static str] = &[];
    type Delete = ProductsDelete;
    type Cascade = ();

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }
}

impl Written for ProductView {
    type Update = ProductsUpdate;
    type Assign = ();
    type Write = WriteProduct;
    type Fields = ProductFields;

    fn parse(write: WriteProduct) -> Result<ProductFields, Problem> {
        ProductFields::parse(write)
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &ProductFields) -> Result<Self, Problem> {
        Ok(store::update(tx, self.id, fields).await?)
    }
}

impl Added for ProductView {
    type Create = ProductsCreate;

    async fn insert(tx: &mut TenantTx<'_>, fields: &ProductFields, by: UserId) -> Result<Self, Problem> {
        Ok(store::insert(tx, fields, by).await?)
    }
}
