//! Customer segments as entities, without a data scope.

use contracts::{
    UserId,
    permissions::{CustomersCreate, CustomersDelete, CustomersRead, CustomersUpdate},
};
use platform::{Problem, db::TenantTx};
use uuid::Uuid;

use super::{
    api::{SegmentView, WriteSegment},
    domain::SegmentFields,
    store,
};
use crate::entities::{Added, Entity, Written};

platform::record!(SegmentView, CustomersRead);

impl Entity for SegmentView {
    const NAME: &'static str = "CustomerSegment";
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

impl Written for SegmentView {
    type Update = CustomersUpdate;
    type Assign = ();
    type Write = WriteSegment;
    type Fields = SegmentFields;
    const WHOLE: &'static [&'static str] = &["criteria"];

    fn parse(write: WriteSegment) -> Result<SegmentFields, Problem> {
        SegmentFields::parse(write)
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &SegmentFields) -> Result<Self, Problem> {
        Ok(store::update(tx, self.id, fields).await?)
    }
}

impl Added for SegmentView {
    type Create = CustomersCreate;

    async fn insert(tx: &mut TenantTx<'_>, fields: &SegmentFields, by: UserId) -> Result<Self, Problem> {
        Ok(store::insert(tx, fields, by).await?)
    }
}
