//! Win rate report.

use actix_web::web::Data;
use contracts::permissions::{DealsRead, ReportsRead};
use platform::{
    Problem,
    db::Visibility,
    http::{Allowed, Body, Needs, Query},
};

use crate::{
    deps::Deps,
    entities,
    insight::reports::{
        api::{ReportQuery, WinRateView},
        store,
    },
    sales::PipelineView,
};

/// The deals that ended in the given days, by month and owner.
pub async fn win_rate(
    caller: Allowed<ReportsRead, Needs<DealsRead>>,
    query: Query<ReportQuery>,
    deps: Data<Deps>,
) -> Result<Body<WinRateView>, Problem> {
    let (visibility, zone) = (caller.visibility(), caller.time_zone());
    let rates = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let named = query.0.pipeline_id;
            entities::check_reference::<PipelineView>(tx, "pipeline_id", named, &Visibility::All).await?;
            store::win_rates(tx, &query.0, zone, &visibility).await.map_err(Problem::from)
        })
        .await?;
    Ok(Body::new(rates))
}
