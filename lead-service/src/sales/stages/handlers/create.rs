//! Adds a stage.

use actix_web::web::{Data, Path};
use contracts::permissions::{PipelinesManage, PipelinesRead};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Created, Json, Shown, Shows},
};
use uuid::Uuid;

use super::pipeline;
use crate::{
    deps::Deps,
    entities::Entity,
    sales::stages::{
        api::{StageView, WriteStage},
        domain::{NewStage, StageFields},
        store,
    },
};

/// A name or place that is taken is 409.
pub async fn create(
    caller: Allowed<PipelinesManage, Shows<PipelinesRead>>,
    id: Path<Uuid>,
    body: Json<WriteStage>,
    deps: Data<Deps>,
) -> Result<Answer<Created<Shown<StageView>>>, Problem> {
    deps.db
        .once(caller.tenant(), async |tx| {
            let pipeline = pipeline(tx, *id).await?;
            let stages = store::of_pipeline(tx, pipeline.id).await?;
            let next = stages.last().map_or(1, |last| last.order + 1);
            let fields = StageFields::parse(&body.0, next)?;
            let new = NewStage { pipeline_id: pipeline.id, fields: &fields, by: Some(caller.user().0) };
            let stage = store::insert(tx, new).await?;
            outbox::record(tx, vec![Change::created(StageView::NAME, stage.id, &stage)]).await?;
            let path = format!("/api/v2/pipelines/{}/stages", stage.pipeline_id);
            Ok(Created::shown(&caller, &path, stage))
        })
        .await
}
