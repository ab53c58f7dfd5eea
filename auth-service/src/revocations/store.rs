//! Revocations in the database.

use chrono::{DateTime, Utc};
use contracts::{UserId, internal::users::Revocation};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, Queryable, Selectable, SelectableHelper,
    dsl::now,
};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use platform::db::{GlobalTx, SystemTx};
use uuid::Uuid;

use super::domain::NewRevocation;
use crate::schema::{revocations, revocations::dsl};

/// Most revocations given at once.
const STRETCH: i64 = 10_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = revocations, check_for_backend(diesel::pg::Pg))]
struct RevocationRow {
    seq: i64,
    subject: Uuid,
    issued_before: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
}

impl From<RevocationRow> for Revocation {
    fn from(row: RevocationRow) -> Self {
        Self {
            seq: row.seq,
            subject: row.subject,
            issued_before: row.issued_before,
            expires_at: row.expires_at,
        }
    }
}

/// Records them. The last thing that a transaction does: from here on others wait for its end, so that numbers become
/// visible in their order.
pub async fn record(tx: &mut GlobalTx<'_>, new: &[NewRevocation]) -> QueryResult<Vec<Revocation>> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    tx.batch_execute("SELECT pg_advisory_xact_lock(hashtext('leadstream revocations'))").await?;
    let values: Vec<_> = new
        .iter()
        .map(|new| {
            (
                dsl::subject.eq(new.subject),
                dsl::issued_before.eq(new.issued_before),
                dsl::expires_at.eq(new.expires_at),
            )
        })
        .collect();
    let rows: Vec<RevocationRow> = diesel::insert_into(dsl::revocations)
        .values(values)
        .returning(RevocationRow::as_returning())
        .get_results(&mut **tx)
        .await?;
    Ok(rows.into_iter().map(Revocation::from).collect())
}

/// Those after `seq` that still matter, in order.
pub async fn after(tx: &mut GlobalTx<'_>, seq: i64) -> QueryResult<Vec<Revocation>> {
    let rows: Vec<RevocationRow> = dsl::revocations
        .filter(dsl::seq.gt(seq))
        .filter(dsl::expires_at.gt(now))
        .order(dsl::seq)
        .limit(STRETCH)
        .select(RevocationRow::as_select())
        .load(&mut **tx)
        .await?;
    Ok(rows.into_iter().map(Revocation::from).collect())
}

/// The time before which the person's tokens are void; none when nothing of theirs was revoked lately.
pub async fn void_before(tx: &mut GlobalTx<'_>, person: UserId) -> QueryResult<Option<DateTime<Utc>>> {
    dsl::revocations
        .filter(dsl::subject.eq(person.0).and(dsl::issued_before.is_not_null()))
        .select(diesel::dsl::max(dsl::issued_before))
        .first(&mut **tx)
        .await
}

/// Forgets what no longer matters. Gives how many.
pub async fn forget_expired(tx: &mut SystemTx<'_>) -> QueryResult<usize> {
    diesel::delete(dsl::revocations.filter(dsl::expires_at.le(now))).execute(&mut **tx).await
}
