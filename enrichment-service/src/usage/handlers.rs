//! Adds the ledger up.

use actix_web::web::Data;
use chrono::{TimeDelta, Utc};
use contracts::permissions::EnrichmentExport;
use platform::{
    Problem,
    http::{Allowed, Body, Query, WholeTenant},
};

use super::{
    api::{UsageQuery, UsageView},
    store,
};
use crate::deps::Deps;

/// Days are those of the tenant's time zone.
pub async fn usage(
    caller: Allowed<EnrichmentExport, WholeTenant>,
    query: Query<UsageQuery>,
    deps: Data<Deps>,
) -> Result<Body<UsageView>, Problem> {
    let groups = query.0.groups()?;
    let to = query.0.to.unwrap_or_else(Utc::now);
    let from = query.0.from.unwrap_or(to - TimeDelta::days(30));
    let zone = caller.time_zone().name();
    let results = deps
        .db
        .read(caller.tenant(), async |tx| {
            store::sums(tx, (from, to), &groups, zone).await.map_err(Problem::from)
        })
        .await?;
    Ok(Body::new(UsageView { currency: deps.currency.clone(), results }))
}
