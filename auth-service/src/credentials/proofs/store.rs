//! Queue of proofs that tenant-service has not been notified of.

use contracts::UserId;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, sql_types::Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, GlobalTx, SystemTx};

use crate::schema::proof_notices::dsl;

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

/// Deletes a proof after its notification.
pub async fn delete(tx: &mut SystemTx<'_>, user: UserId) -> QueryResult<usize> {
    diesel::delete(dsl::proof_notices.filter(dsl::user_id.eq(user.0))).execute(&mut **tx).await
}
