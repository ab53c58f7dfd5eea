//! One file per verb: stages stand below their pipeline.

pub mod archive;
pub mod create;
pub mod list;
pub mod read;
pub mod reorder;
pub mod update;

use platform::{
    Problem,
    db::{Stored, TenantTx, Visibility},
};
use uuid::Uuid;

use super::api::StageView;
use crate::pipelines::api::PipelineView;

/// The pipeline that the path names, held for the transaction: its stages change one request at a time.
async fn pipeline(tx: &mut TenantTx<'_>, id: Uuid) -> Result<PipelineView, Problem> {
    Ok(PipelineView::lock(tx, id, &Visibility::All).await?)
}

/// The stage, when it is one of that pipeline.
fn within(stage: StageView, pipeline: Uuid) -> Result<StageView, Problem> {
    if stage.pipeline_id == pipeline { Ok(stage) } else { Err(Problem::not_found()) }
}
