//! Counts of wrong passwords in the database.

use std::time::Duration;

use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, QueryableByName,
    sql_types::{Array, Bytea, Double, Integer},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, GlobalTx, SystemTx};

use super::domain::{Count, Counts, Subjects, WINDOW};
use crate::{
    schema::{refresh_tokens, sign_in_failures::dsl},
    tokens::Fingerprint,
};

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Bytea)]
    subject: Vec<u8>,
    #[diesel(sql_type = Integer)]
    failures: i32,
    #[diesel(sql_type = Double)]
    age: f64,
}

/// What is counted so far.
pub async fn counts(tx: &mut GlobalTx<'_>, subjects: &Subjects) -> QueryResult<Counts> {
    let rows: Vec<CountRow> = diesel::sql_query(
        "SELECT subject, failures, greatest(extract(epoch FROM clock_timestamp() - last_at), 0)::float8 AS age \
         FROM sign_in_failures WHERE subject = ANY($1)",
    )
    .bind::<Array<Bytea>, _>(subjects.all().iter().map(|subject| subject.to_vec()).collect::<Vec<_>>())
    .cached()
    .load(&mut **tx)
    .await?;
    let of = |subject: &[u8]| {
        rows.iter().find(|row| row.subject == subject).map_or_else(Count::default, |row| Count {
            failures: u32::try_from(row.failures).unwrap_or_default(),
            age: Duration::try_from_secs_f64(row.age).unwrap_or_default(),
        })
    };
    let address = subjects.address.map_or_else(Count::default, |address| of(&address));
    Ok(Counts { pair: of(&subjects.pair), account: of(&subjects.account), address })
}

/// Counts one attempt under each subject, less those that are forgotten since the last one: so many of each within an hour.
pub async fn record(tx: &mut GlobalTx<'_>, forgotten: &[(Fingerprint, u32)]) -> QueryResult<usize> {
    let subjects = forgotten.iter().map(|(subject, _)| subject.to_vec()).collect::<Vec<_>>();
    let per_hour = forgotten.iter().map(|(_, per_hour)| f64::from(*per_hour)).collect::<Vec<_>>();
    diesel::sql_query(
        "INSERT INTO sign_in_failures AS f (subject, failures, last_at) \
         SELECT s, 1, clock_timestamp() FROM unnest($1) AS s \
         ON CONFLICT (subject) DO UPDATE SET last_at = excluded.last_at, failures = CASE \
         WHEN f.last_at < clock_timestamp() - $2 * interval '1 second' THEN 1 \
         ELSE greatest(f.failures - floor(extract(epoch FROM clock_timestamp() - f.last_at) / $2 \
         * $3[array_position($1, f.subject)])::int, 0) + 1 END",
    )
    .bind::<Array<Bytea>, _>(subjects)
    .bind::<Double, _>(WINDOW.as_secs_f64())
    .bind::<Array<Double>, _>(per_hour)
    .cached()
    .execute(&mut **tx)
    .await
}

/// The right password was given: what this address got wrong before is forgiven.
pub async fn forgive(tx: &mut GlobalTx<'_>, subjects: &Subjects) -> QueryResult<usize> {
    diesel::delete(dsl::sign_in_failures.filter(dsl::subject.eq(subjects.pair.as_slice())))
        .execute(&mut **tx)
        .await
}

/// The account has another password: guesses at the old one no longer count against it, from this address or in all.
pub async fn forget_account(tx: &mut GlobalTx<'_>, subjects: &Subjects) -> QueryResult<usize> {
    let of_account =
        dsl::subject.eq(subjects.pair.as_slice()).or(dsl::subject.eq(subjects.account.as_slice()));
    diesel::delete(dsl::sign_in_failures.filter(of_account)).execute(&mut **tx).await
}

/// Whether the user had a session from this address within the last months.
pub async fn is_familiar(tx: &mut GlobalTx<'_>, user: UserId, address: &str) -> QueryResult<bool> {
    use refresh_tokens::{ip, user_id};
    let seen = refresh_tokens::table.filter(user_id.eq(user.0).and(ip.eq(address)));
    diesel::select(diesel::dsl::exists(seen)).get_result(&mut **tx).await
}

/// Forgets what no longer counts. Gives how many.
pub async fn forget_expired(tx: &mut SystemTx<'_>) -> QueryResult<usize> {
    diesel::delete(dsl::sign_in_failures.filter(dsl::last_at.lt(chrono::Utc::now() - WINDOW)))
        .execute(&mut **tx)
        .await
}
