//! Forecast report.

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
        api::{ForecastRow, ForecastView, ReportQuery, Total},
        store,
    },
    money::Money,
    sales::PipelineView,
};

/// Open deals, by the month in which they should close.
pub async fn forecast(
    caller: Allowed<ReportsRead, Needs<DealsRead>>,
    query: Query<ReportQuery>,
    deps: Data<Deps>,
) -> Result<Body<ForecastView>, Problem> {
    let visibility = caller.visibility();
    let results = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let named = query.0.pipeline_id;
            entities::check_reference::<PipelineView>(tx, "pipeline_id", named, &Visibility::All).await?;
            store::forecast(tx, &query.0, &visibility).await.map_err(Problem::from)
        })
        .await?;
    let totals = totals(&results);
    Ok(Body::new(ForecastView { results, totals }))
}

fn totals(rows: &[ForecastRow]) -> Vec<Total> {
    let mut totals: Vec<Total> = Vec::new();
    for row in rows {
        match totals.iter_mut().find(|total| total.currency == row.currency) {
            Some(total) => {
                total.count += row.count;
                total.value = Money(total.value.0 + row.value.0);
                total.weighted_value = Money(total.weighted_value.0 + row.weighted_value.0);
            }
            None => totals.push(Total {
                currency: row.currency.clone(),
                count: row.count,
                value: row.value,
                weighted_value: row.weighted_value,
            }),
        }
    }
    totals.sort_by(|one, other| one.currency.cmp(&other.currency));
    totals
}
