//! The ledger of calls in the database.

use chrono::{DateTime, TimeDelta, Utc};
use contracts::internal::enrichments::EnrichmentType;
use diesel::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, TenantTx},
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    Asked, Purpose,
    budgets::{self, Budget},
};
use crate::{money::Amount, providers::domain::Provider, schema::enrichment_calls::dsl};

/// After how long a call without a job that is still under way is lost.
const LOST: TimeDelta = TimeDelta::minutes(15);

/// A call about to be made.
pub struct NewCall<'a> {
    /// Id.
    pub id: Uuid,
    /// The recipient.
    pub provider: &'a Provider,
    /// Digest of the question.
    pub digest: &'a [u8],
    /// Its subject.
    pub kind: Option<EnrichmentType>,
    /// Its highest cost.
    pub price: Amount,
    /// Its purpose.
    pub purpose: &'a Purpose,
}

/// Writes a call that is about to be made.
pub async fn insert(tx: &mut TenantTx<'_>, call: &NewCall<'_>, budgets: &[Budget]) -> Result<(), Problem> {
    let reserved_in = serde_json::to_value(budgets).map_err(|error| Problem::internal(error.to_string()))?;
    add(tx, call, "under_way", &reserved_in, call.price).await?;
    Ok(())
}

async fn add(
    tx: &mut TenantTx<'_>,
    call: &NewCall<'_>,
    outcome: &str,
    budgets: &Value,
    reserved: Amount,
) -> QueryResult<usize> {
    let purpose = call.purpose;
    diesel::insert_into(dsl::enrichment_calls)
        .values((
            dsl::id.eq(call.id),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::provider_id.eq(call.provider.id),
            dsl::setup_version.eq(call.provider.setup_version),
            dsl::job_id.eq(purpose.job_id),
            dsl::run_id.eq(purpose.run_id),
            dsl::waterfall_id.eq(purpose.waterfall_id),
            dsl::column_id.eq(purpose.column_id),
            dsl::subject_id.eq(purpose.subject_id),
            dsl::enrichment_type.eq(call.kind.map(EnrichmentType::name)),
            dsl::question.eq(call.digest),
            dsl::outcome.eq(outcome),
            dsl::reserved.eq(reserved),
            dsl::budgets.eq(budgets),
            dsl::started_at.eq(Utc::now()),
            dsl::answered_at.eq((outcome == "cached").then(Utc::now)),
        ))
        .execute(&mut **tx)
        .await
}

type Kept = (String, Option<Value>, Option<i32>, Option<DateTime<Utc>>);

/// An earlier answer: to this very job, which costs nothing more, or lately enough, which is noted as cached.
pub async fn kept(
    tx: &mut TenantTx<'_>,
    provider: &Provider,
    digest: &[u8],
    kind: Option<EnrichmentType>,
    purpose: &Purpose,
    cache_hours: Option<i32>,
) -> Result<Option<Asked>, Problem> {
    let same = || {
        dsl::enrichment_calls
            .filter(dsl::provider_id.eq(provider.id).and(dsl::question.eq(digest)))
            .filter(dsl::outcome.eq_any(["hit", "miss"]))
            .filter(dsl::setup_version.eq(provider.setup_version))
            .order(dsl::answered_at.desc())
            .select((dsl::outcome, dsl::answer, dsl::http_status, dsl::answered_at))
    };
    if let Some(job) = purpose.job_id {
        let own: Option<Kept> = same().filter(dsl::job_id.eq(job)).first(&mut **tx).await.optional()?;
        if let Some(own) = own {
            return asked(own).map(Some);
        }
    }
    let Some(hours) = cache_hours.filter(|hours| *hours > 0) else { return Ok(None) };
    let since = Utc::now() - TimeDelta::hours(hours.into());
    let cached: Option<Kept> = same().filter(dsl::answered_at.gt(since)).first(&mut **tx).await.optional()?;
    let Some(cached) = cached else { return Ok(None) };
    let call = NewCall { id: Uuid::now_v7(), provider, digest, kind, price: Amount::ZERO, purpose };
    add(tx, &call, "cached", &Value::Array(Vec::new()), Amount::ZERO).await?;
    asked(cached).map(Some)
}

fn asked((outcome, answer, status, answered_at): Kept) -> Result<Asked, Problem> {
    let hit = match (outcome.as_str(), answer) {
        ("hit", Some(answer)) => {
            Some(serde_json::from_value(answer).map_err(|error| Problem::internal(error.to_string()))?)
        }
        _ => None,
    };
    Ok(Asked {
        hit,
        http_status: status.and_then(|status| u16::try_from(status).ok()),
        cost: Amount::ZERO,
        is_cached: true,
        answered_at: answered_at.unwrap_or_else(Utc::now),
        tokens: None,
    })
}

/// Whether the call's job still runs, and its run too: many wait for their turn, and are not made after a cancellation.
pub async fn is_wanted(tx: &mut TenantTx<'_>, call: &NewCall<'_>) -> QueryResult<bool> {
    #[derive(diesel::QueryableByName)]
    struct Wanted {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        wanted: bool,
    }
    let Some(job) = call.purpose.job_id else { return Ok(true) };
    let found: Option<Wanted> = diesel::sql_query(
        "SELECT j.status = 'in_progress' AND coalesce(r.status IN ('pending', 'running'), true) AS wanted \
         FROM jobs j LEFT JOIN enrichment_runs r ON r.id = j.run_id WHERE j.id = $1",
    )
    .bind::<diesel::sql_types::Uuid, _>(job)
    .cached()
    .get_result(&mut **tx)
    .await
    .optional()?;
    Ok(found.is_some_and(|found| found.wanted))
}

/// Says of calls that broke off that they are lost, and books what was reserved for them: those of the job that asks
/// again, and old ones of no job.
pub async fn close_lost(tx: &mut TenantTx<'_>, call: &NewCall<'_>) -> QueryResult<()> {
    let old = Utc::now() - LOST;
    let under_way = dsl::enrichment_calls
        .filter(dsl::outcome.eq("under_way").and(dsl::provider_id.eq(call.provider.id)))
        .filter(dsl::job_id.eq(call.purpose.job_id).or(dsl::job_id.is_null().and(dsl::started_at.lt(old))));
    let lost: Vec<(Uuid, Amount, Value)> =
        under_way.select((dsl::id, dsl::reserved, dsl::budgets)).for_update().load(&mut **tx).await?;
    for (id, reserved, budgets) in lost {
        diesel::update(dsl::enrichment_calls.filter(dsl::id.eq(id)))
            .set((
                dsl::outcome.eq("lost"),
                dsl::cost.eq(reserved),
                dsl::reserved.eq(Amount::ZERO),
                dsl::answered_at.eq(Utc::now()),
            ))
            .execute(&mut **tx)
            .await?;
        let budgets: Vec<Budget> = serde_json::from_value(budgets).unwrap_or_default();
        budgets::settle(tx, &budgets, reserved, reserved).await?;
    }
    Ok(())
}
