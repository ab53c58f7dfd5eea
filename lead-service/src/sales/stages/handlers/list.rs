//! Lists a pipeline's stages.

use actix_web::web::{Data, Path};
use contracts::permissions::PipelinesRead;
use platform::{
    Problem,
    db::{Stored, Visibility, value::Bound},
    http::{
        Allowed, List,
        list::{Condition, Op, Rows},
    },
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    sales::{pipelines::api::PipelineView, stages::api::StageView},
};

/// In their order, unless asked otherwise.
pub async fn list(
    caller: Allowed<PipelinesRead>,
    pipeline: Path<Uuid>,
    list: List<StageView>,
    deps: Data<Deps>,
) -> Result<Rows<StageView>, Problem> {
    let of_pipeline =
        Condition { column: "pipeline_id", member: None, op: Op::Eq, values: vec![Bound::Uuid(*pipeline)] };
    let list = list.narrowed(format!("/api/v2/pipelines/{pipeline}/stages"), [of_pipeline]);
    let (total, rows) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            PipelineView::find(tx, *pipeline, &Visibility::All).await?;
            StageView::page(tx, &list, &Visibility::All).await
        })
        .await?;
    Ok(list.answer(total, rows))
}
