//! Funnel report.

use actix_web::web::Data;
use contracts::permissions::{DealsRead, PipelinesRead, ReportsRead};
use platform::{
    Problem,
    db::Visibility,
    http::{Allowed, Body, Needs, Query},
};

use crate::{
    deps::Deps,
    entities,
    insight::reports::{
        api::{FunnelView, ReportQuery},
        store,
    },
    sales::{self, PipelineView},
};

/// The deals of one pipeline, the default one unless named, that were added in the given days.
pub async fn funnel(
    caller: Allowed<ReportsRead, (Needs<DealsRead>, Needs<PipelinesRead>)>,
    query: Query<ReportQuery>,
    deps: Data<Deps>,
) -> Result<Body<FunnelView>, Problem> {
    let (visibility, days, zone) = (caller.visibility(), (query.0.from, query.0.to), caller.time_zone());
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let named = query.0.pipeline_id;
            let named =
                entities::check_reference::<PipelineView>(tx, "pipeline_id", named, &Visibility::All).await?;
            let pipeline = match named {
                Some(pipeline) => pipeline,
                None => sales::default_pipeline(tx)
                    .await?
                    .ok_or_else(|| entities::unknown_reference("pipeline_id"))?,
            };
            let stages = store::funnel(tx, pipeline.id, days, zone, &visibility).await?;
            let store::Outcomes { open, won, lost } =
                store::outcomes(tx, pipeline.id, days, zone, &visibility).await?;
            #[expect(clippy::cast_precision_loss, reason = "a rate")]
            let win_rate = (won + lost > 0).then(|| won as f64 / (won + lost) as f64);
            let total = open + won + lost;
            let pipeline_id = pipeline.id;
            Ok(Body::new(FunnelView { pipeline_id, stages, total, open, won, lost, win_rate }))
        })
        .await
}
