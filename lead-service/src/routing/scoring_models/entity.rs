//! Scoring models as entities, without a data scope.

use contracts::{
    UserId,
    permissions::{ScoringModelsManage, ScoringModelsRead},
};
use platform::{
    Problem,
    db::{TenantTx, Visibility},
};
use uuid::Uuid;

use super::{
    api::{ScoringModelView, WriteScoringModel},
    domain::ScoringModelFields,
    store,
};
use crate::{
    entities::{Added, Entity, Parent, Written},
    products::{self, ProductView},
};

platform::record!(ScoringModelView, ScoringModelsRead);

impl Entity for ScoringModelView {
    const NAME: &'static str = "ScoringModel";
    const TRACKED: &'static [&'static str] = &["enabled"];
    type Delete = ScoringModelsManage;
    type Cascade = ();

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn parents(&self) -> Vec<Parent> {
        Parent::of::<ProductView>("product_id", self.product_id).into_iter().collect()
    }
}

impl Written for ScoringModelView {
    type Update = ScoringModelsManage;
    type Assign = ();
    type Write = WriteScoringModel;
    type Fields = ScoringModelFields;

    fn parse(write: WriteScoringModel) -> Result<ScoringModelFields, Problem> {
        ScoringModelFields::parse(write)
    }

    async fn settle(
        tx: &mut TenantTx<'_>,
        fields: &mut ScoringModelFields,
        before: Option<&Self>,
        _: &Visibility,
    ) -> Result<(), Problem> {
        if before.is_none_or(|before| before.product_id != fields.product_id) {
            products::check(tx, fields.product_id).await?;
        }
        Ok(())
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &ScoringModelFields) -> Result<Self, Problem> {
        Ok(store::update(tx, self.id, fields).await?)
    }
}

impl Added for ScoringModelView {
    type Create = ScoringModelsManage;

    async fn insert(tx: &mut TenantTx<'_>, fields: &ScoringModelFields, by: UserId) -> Result<Self, Problem> {
        Ok(store::insert(tx, fields, by).await?)
    }
}
