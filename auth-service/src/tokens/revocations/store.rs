//! Revocations in the database.

use chrono::{DateTime, Utc};
use contracts::{UserId, internal::users::Revocation};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, Queryable, QueryableByName, Selectable,
    SelectableHelper,
    dsl::now,
    sql_types::{BigInt, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use platform::db::{Cacheable, GlobalTx, SystemTx};
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

/// Records them. All tokens of a person that were issued until now are void, those included that are dated ahead because of
/// an earlier revocation. The last thing that a transaction does: from here on others wait for its end, so that numbers become
/// visible in their order.
pub async fn record(tx: &mut GlobalTx<'_>, new: &[NewRevocation]) -> QueryResult<Vec<Revocation>> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    tx.batch_execute("SELECT pg_advisory_xact_lock(hashtext('leadstream revocations'))").await?;
    let mut recorded = Vec::with_capacity(new.len());
    for new in new {
        let void_before = if new.is_person { Some(next_void_before(tx, new.subject).await?) } else { None };
        let row: RevocationRow = diesel::insert_into(dsl::revocations)
            .values((
                dsl::subject.eq(new.subject),
                dsl::issued_before.eq(void_before),
                dsl::expires_at.eq(new.expires_at),
            ))
            .returning(RevocationRow::as_returning())
            .get_result(&mut **tx)
            .await?;
        recorded.push(row.into());
    }
    Ok(recorded)
}

#[derive(QueryableByName)]
struct Moment {
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Seconds {
    #[diesel(sql_type = BigInt)]
    seconds: i64,
}

/// A time that no token of the person issued so far is dated to or after, in whole milliseconds.
async fn next_void_before(tx: &mut GlobalTx<'_>, person: Uuid) -> QueryResult<DateTime<Utc>> {
    let moment: Moment = diesel::sql_query(
        "SELECT greatest(date_trunc('milliseconds', clock_timestamp()), \
         to_timestamp(ceil(extract(epoch FROM max(issued_before))))) + interval '1 millisecond' AS at \
         FROM revocations WHERE subject = $1 AND issued_before IS NOT NULL",
    )
    .bind::<SqlUuid, _>(person)
    .cached()
    .get_result(&mut **tx)
    .await?;
    Ok(moment.at)
}

/// The unix time in seconds that a token of the person issued now is dated to: one made in the very second of a
/// revocation, but after it, is dated to the next one, or it would count as issued before.
pub async fn issued_at(tx: &mut GlobalTx<'_>, person: UserId) -> QueryResult<i64> {
    let Seconds { seconds } = diesel::sql_query(
        "SELECT greatest(floor(extract(epoch FROM clock_timestamp())), \
         ceil(extract(epoch FROM max(issued_before))))::bigint AS seconds \
         FROM revocations WHERE subject = $1 AND issued_before IS NOT NULL",
    )
    .bind::<SqlUuid, _>(person.0)
    .cached()
    .get_result(&mut **tx)
    .await?;
    Ok(seconds)
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
