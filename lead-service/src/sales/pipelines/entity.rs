//! Pipelines as entities: one of them is the default, and one with deals stays.

use contracts::{
    UserId,
    permissions::{PipelinesManage, PipelinesRead},
};
use platform::{
    Problem,
    db::{
        TenantTx, Visibility,
        outbox::{self, Change},
    },
};
use uuid::Uuid;

use super::{
    api::{PipelineView, WritePipeline},
    domain::{NewPipeline, PipelineFields},
    store,
};
use crate::{
    entities::{Added, Entity, Written},
    sales::stages::{self, domain::StageKind},
};

platform::record!(PipelineView, PipelinesRead);

impl Entity for PipelineView {
    const NAME: &'static str = "Pipeline";
    const TRACKED: &'static [&'static str] = &[];
    type Delete = PipelinesManage;
    type Cascade = ();

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }

    async fn check_deletable(&self, tx: &mut TenantTx<'_>) -> Result<(), Problem> {
        if self.is_default {
            let detail = "This is the default pipeline. Make another one the default first.";
            return Err(Problem::conflict("pipeline_is_default", detail));
        }
        if store::has_deals(tx, self.id).await? {
            let detail = "There are deals in this pipeline. Move or delete them first.";
            return Err(Problem::conflict("pipeline_in_use", detail));
        }
        Ok(())
    }
}

impl Written for PipelineView {
    type Update = PipelinesManage;
    type Assign = ();
    type Write = WritePipeline;
    type Fields = PipelineFields;

    fn parse(write: WritePipeline) -> Result<PipelineFields, Problem> {
        Ok(PipelineFields::from(write))
    }

    async fn settle(
        tx: &mut TenantTx<'_>,
        fields: &mut PipelineFields,
        before: Option<&Self>,
        _visibility: &Visibility,
    ) -> Result<(), Problem> {
        let was_default = before.is_some_and(|before| before.is_default);
        if was_default && !(fields.is_default && fields.is_active) {
            let detail = "This is the default pipeline. Make another one the default first.";
            return Err(Problem::conflict("pipeline_is_default", detail));
        }
        if fields.is_default && !fields.is_active {
            let detail = "A pipeline that is not in use cannot be the default.";
            return Err(Problem::unprocessable("pipeline_inactive", detail));
        }
        if fields.is_default && !was_default {
            let has_beginning = match before {
                Some(before) => stages::store::first(tx, before.id, StageKind::Open).await?.is_some(),
                None => false,
            };
            if !has_beginning {
                let detail =
                    "Deals begin in an open stage of the default pipeline. Add one to this pipeline first.";
                return Err(Problem::unprocessable("pipeline_without_stages", detail));
            }
            yield_default(tx).await?;
        }
        Ok(())
    }

    async fn save(&self, tx: &mut TenantTx<'_>, fields: &PipelineFields) -> Result<Self, Problem> {
        Ok(store::update(tx, self.id, fields).await?)
    }
}

impl Added for PipelineView {
    type Create = PipelinesManage;

    async fn insert(tx: &mut TenantTx<'_>, fields: &PipelineFields, by: UserId) -> Result<Self, Problem> {
        Ok(store::insert(tx, NewPipeline { fields, by: Some(by.0) }).await?)
    }
}

/// The default pipeline so far is one no longer.
async fn yield_default(tx: &mut TenantTx<'_>) -> Result<(), Problem> {
    let Some(after) = store::clear_default(tx).await? else { return Ok(()) };
    let before = PipelineView { is_default: true, ..after.clone() };
    let changes = Change::updated(PipelineView::NAME, after.id, &before, &after, PipelineView::TRACKED);
    outbox::record(tx, changes).await
}
