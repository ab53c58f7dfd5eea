//! Occurrences that are to be handed over, in the database.

use contracts::{UserId, internal::audit::Occurrence};
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, QueryableByName,
    sql_types::{Array, BigInt, Double, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, GlobalTx, SystemTx},
};
use serde_json::Value;
use uuid::Uuid;

use crate::schema::occurrences::dsl;

/// How long those that were refused too often are kept.
const KEPT_DAYS: i64 = 30;

/// One to be handed over.
#[derive(Debug, QueryableByName)]
pub struct Waiting {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Whom it concerns; nobody for an account that does not exist.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub user_id: Option<Uuid>,
    /// What is handed over.
    #[diesel(sql_type = Jsonb)]
    pub occurrence: Value,
    /// How often that was tried, this time included.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
}

/// Adds one.
///
/// # Errors
/// 500 when it cannot be written down, 503 when the database is away.
pub async fn insert(
    tx: &mut GlobalTx<'_>,
    person: Option<UserId>,
    occurrence: &Occurrence,
) -> Result<(), Problem> {
    let value = serde_json::to_value(occurrence).map_err(|fault| Problem::internal(fault.to_string()))?;
    diesel::insert_into(dsl::occurrences)
        .values((
            dsl::id.eq(occurrence.id),
            dsl::user_id.eq(person.map(|person| person.0)),
            dsl::occurrence.eq(value),
        ))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Takes those that are due, oldest first. While the lease of 30 seconds runs nobody else takes them.
pub async fn claim(tx: &mut SystemTx<'_>, limit: i64) -> QueryResult<Vec<Waiting>> {
    diesel::sql_query(
        "UPDATE occurrences SET attempts = attempts + 1, next_attempt_at = now() + interval '30 seconds' \
         WHERE id IN (SELECT id FROM occurrences WHERE next_attempt_at <= now() ORDER BY id LIMIT $1 \
         FOR UPDATE SKIP LOCKED) RETURNING id, user_id, occurrence, attempts",
    )
    .bind::<BigInt, _>(limit)
    .cached()
    .load(&mut **tx)
    .await
}

/// Forgets those that were handed over.
pub async fn delete(tx: &mut SystemTx<'_>, ids: &[Uuid]) -> QueryResult<usize> {
    diesel::delete(dsl::occurrences.filter(dsl::id.eq_any(ids))).execute(&mut **tx).await
}

/// To be tried again in so many seconds; never when there are none.
pub async fn postpone(
    tx: &mut SystemTx<'_>,
    ids: &[Uuid],
    seconds: Option<f64>,
    reason: &str,
) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE occurrences SET next_attempt_at = now() + make_interval(secs => $2), last_error = $3 \
         WHERE id = ANY($1)",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Nullable<Double>, _>(seconds)
    .bind::<Text, _>(reason)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Forgets those that were refused too often, after a while. Gives how many.
pub async fn forget_refused(tx: &mut SystemTx<'_>) -> QueryResult<usize> {
    let long_ago = chrono::Utc::now() - chrono::TimeDelta::days(KEPT_DAYS);
    let refused = dsl::occurrences.filter(dsl::next_attempt_at.is_null());
    diesel::delete(refused.filter(dsl::created_at.lt(long_ago))).execute(&mut **tx).await
}
