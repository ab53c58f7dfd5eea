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

use super::{api::StageView, domain::StageKind, store};
use crate::sales::pipelines::api::PipelineView;

/// The pipeline that the path names, held for the transaction: its stages change one request at a time.
async fn pipeline(tx: &mut TenantTx<'_>, id: Uuid) -> Result<PipelineView, Problem> {
    Ok(PipelineView::lock(tx, id, &Visibility::All).await?)
}

/// 409 when deals have no open stage of the default pipeline left to begin in.
async fn check_beginning(tx: &mut TenantTx<'_>, pipeline: &PipelineView) -> Result<(), Problem> {
    if !pipeline.is_default || store::first(tx, pipeline.id, StageKind::Open).await?.is_some() {
        return Ok(());
    }
    let detail = "This is the last open stage of the default pipeline. Add another one first.";
    Err(Problem::conflict("last_open_stage", detail))
}

/// The stage, when it is one of that pipeline.
fn within(stage: StageView, pipeline: Uuid) -> Result<StageView, Problem> {
    if stage.pipeline_id == pipeline { Ok(stage) } else { Err(Problem::not_found()) }
}
