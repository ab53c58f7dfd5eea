//! Streams raw answers, a stretch at a time: memory does not grow with their number.

use actix_web::web::Data;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use contracts::{TenantId, permissions::EnrichmentExport};
use futures::stream;
use platform::{
    Problem,
    http::{Allowed, Query, Streamed, WholeTenant},
};
use uuid::Uuid;

use super::{api::RawQuery, store};
use crate::deps::Deps;

/// Raw answers of one stretch: each may have 64 KiB.
const STRETCH: i64 = 50;

/// Oldest first.
pub async fn export(
    caller: Allowed<EnrichmentExport, WholeTenant>,
    query: Query<RawQuery>,
    deps: Data<Deps>,
) -> Result<Streamed, Problem> {
    let tenant = caller.tenant();
    let query = query.0;
    let until = query.until.unwrap_or_else(Utc::now);
    let since = query.since.unwrap_or(DateTime::UNIX_EPOCH);
    let begin = Some((since, Uuid::nil()));
    let chunks = stream::unfold(begin, move |place| {
        let (deps, provider) = (deps.clone(), query.provider.clone());
        async move {
            let place = place?;
            match stretch(&deps, tenant, place, until, provider.as_deref()).await {
                Ok(Some((lines, next))) => Some((Ok(lines), next)),
                Ok(None) => None,
                Err(problem) => Some((Err(problem), None)),
            }
        }
    });
    Ok(Streamed::file("application/x-ndjson", "enrichment-raw.ndjson", chunks))
}

type Place = (DateTime<Utc>, Uuid);

async fn stretch(
    deps: &Deps,
    tenant: TenantId,
    place: Place,
    until: DateTime<Utc>,
    provider: Option<&str>,
) -> Result<Option<(Bytes, Option<Place>)>, Problem> {
    let rows = deps
        .db
        .read(tenant, async |tx| {
            store::stretch(tx, place, until, provider, STRETCH).await.map_err(Problem::from)
        })
        .await?;
    let Some(last) = rows.last() else { return Ok(None) };
    let is_last = i64::try_from(rows.len()).is_ok_and(|count| count < STRETCH);
    let next = (!is_last).then_some((last.fetched_at, last.id));
    let mut lines = Vec::new();
    for row in &rows {
        serde_json::to_writer(&mut lines, row).map_err(|error| Problem::internal(error.to_string()))?;
        lines.push(b'\n');
    }
    Ok(Some((lines.into(), next)))
}
