//! A pipeline's deals by stage.

use actix_web::web::{Data, Path};
use contracts::permissions::{DealsRead, PipelinesRead};
use platform::{
    Problem,
    db::{Stored, Visibility},
    http::{Allowed, Body, List, Needs, Query},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    insight::reports::{
        api::{BoardQuery, BoardStage, BoardView, Total},
        store::{self, StageTotal},
    },
    sales::{self, DealView, PipelineView},
};

/// With the deals that the caller sees.
pub async fn board(
    caller: Allowed<DealsRead, Needs<PipelinesRead>>,
    id: Path<Uuid>,
    query: Query<BoardQuery>,
    deps: Data<Deps>,
) -> Result<Body<BoardView>, Problem> {
    let (visibility, size) = (caller.visibility(), query.0.page_size.unwrap_or(50));
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let pipeline = PipelineView::find(tx, *id, &Visibility::All).await?;
            let totals = store::stage_totals(tx, pipeline.id, &visibility).await?;
            let mut columns = Vec::new();
            for stage in sales::stages_of_pipeline(tx, pipeline.id).await? {
                let of_stage = format!("pipeline_id={id}&stage_id={}&count=none&page_size={size}", stage.id);
                let list = List::<DealView>::parse(&of_stage, "")?;
                let (_, mut deals) = DealView::page(tx, &list, &visibility).await?;
                deals.truncate(usize::try_from(size).unwrap_or(usize::MAX));
                let totals = totals.iter().filter(|total| total.stage_id == stage.id);
                let totals: Vec<Total> = totals.cloned().map(Total::from).collect();
                let count = totals.iter().map(|total| total.count).sum();
                columns.push(BoardStage { stage, count, totals, deals });
            }
            Ok(Body::new(BoardView { pipeline, stages: columns }))
        })
        .await
}

impl From<StageTotal> for Total {
    fn from(total: StageTotal) -> Self {
        let StageTotal { stage_id: _, currency, count, value, weighted_value } = total;
        Self { currency, count, value, weighted_value }
    }
}
