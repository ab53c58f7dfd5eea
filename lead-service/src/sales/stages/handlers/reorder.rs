//! Puts a pipeline's stages in order.

use actix_web::web::{Data, Path};
use contracts::permissions::{PipelinesManage, PipelinesRead};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Body, Json, Shown, Shows},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::pipeline;
use crate::{
    deps::Deps,
    entities::Entity,
    sales::stages::{
        api::{ReorderStages, StageView},
        domain::complete,
        store,
    },
};

/// A pipeline's stages in their order: all of them, in the form of a page.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderedStages {
    /// Number of stages.
    pub count: usize,
    /// Always `null`.
    pub next: Option<String>,
    /// Always `null`.
    pub previous: Option<String>,
    /// The stages, first to last.
    pub results: Vec<Shown<StageView>>,
}

/// Every stage is named once; they get the places 1, 2, ….
pub async fn reorder(
    caller: Allowed<PipelinesManage, Shows<PipelinesRead>>,
    id: Path<Uuid>,
    body: Json<ReorderStages>,
    deps: Data<Deps>,
) -> Result<Answer<Body<OrderedStages>>, Problem> {
    let wanted = body.into_inner().stage_ids;
    deps.db
        .once(caller.tenant(), async |tx| {
            let pipeline = pipeline(tx, *id).await?;
            let before = store::of_pipeline(tx, pipeline.id).await?;
            let known: Vec<Uuid> = before.iter().map(|stage| stage.id).collect();
            complete(&wanted, &known)?;
            store::reorder(tx, &wanted).await?;
            let after = store::of_pipeline(tx, pipeline.id).await?;
            let mut changes = Vec::new();
            for stage in &after {
                if let Some(before) = before.iter().find(|before| before.id == stage.id) {
                    changes.extend(Change::updated(
                        StageView::NAME,
                        stage.id,
                        before,
                        stage,
                        StageView::TRACKED,
                    ));
                }
            }
            outbox::record(tx, changes).await?;
            let results: Vec<_> = after.into_iter().map(|stage| Shown::to(&caller, stage)).collect();
            Ok(Body::new(OrderedStages { count: results.len(), next: None, previous: None, results }))
        })
        .await
}
