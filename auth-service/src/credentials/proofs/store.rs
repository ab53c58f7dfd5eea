//! Queue of proofs that tenant-service has not been notified of.

use contracts::UserId;
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, QueryableByName,
    sql_types::{BigInt, Double, Integer, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, GlobalTx, SystemTx};
use uuid::Uuid;

use crate::schema::proof_notices::dsl;

/// A queued proof.
#[derive(Debug, QueryableByName)]
pub struct Waiting {
    #[diesel(sql_type = SqlUuid)]
    user_id: Uuid,
    /// How often that was tried, this time included.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
}

impl Waiting {
    /// The person.
    pub fn user(&self) -> UserId {
        UserId(self.user_id)
    }
}

/// Adds one that is due now.
pub async fn enqueue(tx: &mut GlobalTx<'_>, user: UserId) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO proof_notices (user_id) VALUES ($1) \
         ON CONFLICT (user_id) DO UPDATE SET attempts = 0, next_attempt_at = now()",
    )
    .bind::<SqlUuid, _>(user.0)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Takes those that are due. While the lease of 30 seconds runs, no other process takes them.
pub async fn claim(tx: &mut SystemTx<'_>, limit: i64) -> QueryResult<Vec<Waiting>> {
    diesel::sql_query(
        "UPDATE proof_notices SET attempts = attempts + 1, next_attempt_at = now() + interval '30 seconds' \
         WHERE user_id IN (SELECT user_id FROM proof_notices WHERE next_attempt_at <= now() \
         ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING user_id, attempts",
    )
    .bind::<BigInt, _>(limit)
    .cached()
    .load(&mut **tx)
    .await
}

/// Deletes a proof after its notification.
pub async fn delete(tx: &mut SystemTx<'_>, user: UserId) -> QueryResult<usize> {
    diesel::delete(dsl::proof_notices.filter(dsl::user_id.eq(user.0))).execute(&mut **tx).await
}

/// To be tried again in so many seconds.
pub async fn postpone(tx: &mut SystemTx<'_>, user: UserId, seconds: f64, reason: &str) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE proof_notices SET next_attempt_at = now() + make_interval(secs => $2), last_error = $3 \
         WHERE user_id = $1",
    )
    .bind::<SqlUuid, _>(user.0)
    .bind::<Double, _>(seconds)
    .bind::<Text, _>(reason)
    .cached()
    .execute(&mut **tx)
    .await
}
