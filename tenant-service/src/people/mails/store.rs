//! Mails that wait, in the database.

use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, QueryableByName,
    sql_types::{BigInt, Bytea, Double, Integer, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, SystemTx, TenantTx};
use uuid::Uuid;

use crate::schema::mails::dsl;

/// A mail to be handed over.
#[derive(Debug, QueryableByName)]
pub struct Waiting {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The sealed call.
    #[diesel(sql_type = Bytea)]
    pub sealed: Vec<u8>,
    /// How often that was tried, this time included.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
}

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, id: Uuid, subject: Uuid, sealed: &[u8]) -> QueryResult<usize> {
    diesel::insert_into(dsl::mails)
        .values((
            dsl::id.eq(id),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::subject_id.eq(subject),
            dsl::sealed.eq(sealed),
        ))
        .execute(&mut **tx)
        .await
}

/// Deletes those about this subject.
pub async fn delete_about(tx: &mut TenantTx<'_>, subject: Uuid) -> QueryResult<usize> {
    diesel::delete(dsl::mails.filter(dsl::subject_id.eq(subject))).execute(&mut **tx).await
}

/// Claims due mails for 30 seconds.
pub async fn claim(tx: &mut SystemTx<'_>, limit: i64) -> QueryResult<Vec<Waiting>> {
    diesel::sql_query(
        "UPDATE mails SET attempts = attempts + 1, next_attempt_at = now() + interval '30 seconds' WHERE id IN (\
         SELECT id FROM mails WHERE next_attempt_at <= now() ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED) \
         RETURNING id, sealed, attempts",
    )
    .bind::<BigInt, _>(limit)
    .cached()
    .load(&mut **tx)
    .await
}

/// Forgets one that was handed over.
pub async fn delete(tx: &mut SystemTx<'_>, id: Uuid) -> QueryResult<usize> {
    diesel::sql_query("DELETE FROM mails WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .cached()
        .execute(&mut **tx)
        .await
}

/// To be tried again in so many seconds; never when there are none.
pub async fn postpone(
    tx: &mut SystemTx<'_>,
    id: Uuid,
    seconds: Option<f64>,
    reason: &str,
) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE mails SET next_attempt_at = now() + make_interval(secs => $2), last_error = $3 WHERE id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Nullable<Double>, _>(seconds)
    .bind::<Text, _>(reason)
    .cached()
    .execute(&mut **tx)
    .await
}
