//! Deletes and restores a stage.

use actix_web::web::{Data, Path};
use chrono::Utc;
use contracts::permissions::{PipelinesManage, PipelinesRead};
use platform::{
    Problem,
    db::{
        Stored, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, IfMatch, NoContent, Shown, Shows},
};
use uuid::Uuid;

use super::{check_beginning, pipeline, within};
use crate::{
    deps::Deps,
    entities::Entity,
    sales::stages::{api::StageView, domain::StageKind},
};

/// Softly: it can be restored. 409 while deals are in it, and for the last open stage of the default pipeline.
pub async fn archive(
    caller: Allowed<PipelinesManage>,
    path: Path<(Uuid, Uuid)>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    let (pipeline_id, id) = path.into_inner();
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let pipeline = pipeline(tx, pipeline_id).await?;
            let stage = within(StageView::lock(tx, id, &Visibility::All).await?, pipeline_id)?;
            if_match.check(stage.version)?;
            stage.check_deletable(tx).await?;
            StageView::set_deleted(tx, id, Some(Utc::now())).await?;
            if stage.kind == StageKind::Open {
                check_beginning(tx, &pipeline).await?;
            }
            outbox::record(tx, vec![Change::deleted(StageView::NAME, id, &stage)]).await?;
            Ok(NoContent)
        })
        .await
}

/// 409 when its name or place was taken meanwhile or its pipeline is deleted, 404 when it is not deleted.
pub async fn restore(
    caller: Allowed<PipelinesManage, Shows<PipelinesRead>>,
    path: Path<(Uuid, Uuid)>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<StageView>>>, Problem> {
    let (pipeline_id, id) = path.into_inner();
    deps.db
        .once(caller.tenant(), async |tx| {
            let pipeline = pipeline(tx, pipeline_id).await;
            let deleted = within(StageView::lock_deleted(tx, id, &Visibility::All).await?, pipeline_id)?;
            if let Err(problem) = pipeline {
                deleted.check_restorable(tx).await?;
                return Err(problem);
            }
            let stage = StageView::set_deleted(tx, id, None).await?;
            let changes = Change::of(Change::restored(StageView::NAME, id), &stage);
            outbox::record(tx, changes).await?;
            Ok(Body::shown(&caller, stage))
        })
        .await
}
