//! Second factors, recovery codes and challenges in the database. A person's change only while their row is locked.

use chrono::{DateTime, TimeDelta, Utc};
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, Queryable,
    Selectable, SelectableHelper, dsl::now,
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    auth::seal::SealingKeys,
    db::{GlobalTx, SystemTx},
};
use uuid::Uuid;

use super::domain::{CHALLENGE_LIFE_SECONDS, CHALLENGE_TRIES};
use crate::{
    schema::{
        recovery_codes,
        second_factors::{self, dsl},
        sign_in_challenges,
    },
    tokens::Fingerprint,
};

/// A person's app.
#[derive(Queryable, Selectable)]
#[diesel(table_name = second_factors, check_for_backend(diesel::pg::Pg))]
pub struct FactorRow {
    /// The shared secret, sealed.
    pub secret: Vec<u8>,
    /// Since when codes are demanded.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The step of the last accepted code.
    pub last_step: i64,
}

fn sealed_for(user: Uuid) -> String {
    format!("second_factors/{user}")
}

/// The shared secret of a person's app.
///
/// # Errors
/// 500 when it does not open.
pub fn open(sealing: &SealingKeys, user: UserId, row: &FactorRow) -> Result<Vec<u8>, Problem> {
    let opened = sealing.open(&row.secret, &sealed_for(user.0));
    opened.map_err(|error| Problem::internal(error.to_string()))
}

/// Seals secrets again that were sealed with an older key. Returns their number.
///
/// # Errors
/// 500 when one does not open.
pub async fn reseal(tx: &mut GlobalTx<'_>, sealing: &SealingKeys) -> Result<usize, Problem> {
    let stored: Vec<(Uuid, Vec<u8>)> =
        dsl::second_factors.select((dsl::user_id, dsl::secret)).for_update().load(&mut **tx).await?;
    let mut done = 0;
    for (user, sealed) in stored {
        let resealed = sealing.resealed(&sealed, &sealed_for(user));
        if let Some(sealed) = resealed.map_err(|error| Problem::internal(error.to_string()))? {
            let row = dsl::second_factors.filter(dsl::user_id.eq(user));
            done += diesel::update(row).set(dsl::secret.eq(sealed)).execute(&mut **tx).await?;
        }
    }
    Ok(done)
}

/// Begins with an app that is still to be confirmed, in place of one that never was.
pub async fn begin(
    tx: &mut GlobalTx<'_>,
    sealing: &SealingKeys,
    user: UserId,
    secret: &[u8],
) -> QueryResult<usize> {
    diesel::delete(dsl::second_factors.filter(dsl::user_id.eq(user.0).and(dsl::confirmed_at.is_null())))
        .execute(&mut **tx)
        .await?;
    diesel::insert_into(dsl::second_factors)
        .values((dsl::user_id.eq(user.0), dsl::secret.eq(sealing.seal(secret, &sealed_for(user.0)))))
        .on_conflict_do_nothing()
        .execute(&mut **tx)
        .await
}

/// A person's app, confirmed or not.
pub async fn find(tx: &mut GlobalTx<'_>, user: UserId) -> QueryResult<Option<FactorRow>> {
    let query = dsl::second_factors.filter(dsl::user_id.eq(user.0)).select(FactorRow::as_select());
    query.first(&mut **tx).await.optional()
}

/// Accepts a step's code, unless it or a later one was accepted. Of several concurrent callers exactly one succeeds.
pub async fn take_step(tx: &mut GlobalTx<'_>, user: UserId, step: i64) -> QueryResult<bool> {
    let before = dsl::user_id.eq(user.0).and(dsl::last_step.lt(step));
    let taken = diesel::update(dsl::second_factors.filter(before))
        .set(dsl::last_step.eq(step))
        .execute(&mut **tx)
        .await?;
    Ok(taken == 1)
}

/// Codes are demanded from now on.
pub async fn confirm(tx: &mut GlobalTx<'_>, user: UserId) -> QueryResult<usize> {
    diesel::update(dsl::second_factors.filter(dsl::user_id.eq(user.0)))
        .set(dsl::confirmed_at.eq(now))
        .execute(&mut **tx)
        .await
}

/// Forgets a person's app and recovery codes.
pub async fn remove(tx: &mut GlobalTx<'_>, user: UserId) -> QueryResult<usize> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user.0)))
        .execute(&mut **tx)
        .await?;
    diesel::delete(dsl::second_factors.filter(dsl::user_id.eq(user.0))).execute(&mut **tx).await
}

/// Gives a person these recovery codes and no others.
pub async fn set_recovery_codes(
    tx: &mut GlobalTx<'_>,
    user: UserId,
    codes: &[Fingerprint],
) -> QueryResult<usize> {
    use recovery_codes::{sha256, user_id};
    diesel::delete(recovery_codes::table.filter(user_id.eq(user.0))).execute(&mut **tx).await?;
    let rows: Vec<_> = codes.iter().map(|code| (user_id.eq(user.0), sha256.eq(code.as_slice()))).collect();
    diesel::insert_into(recovery_codes::table).values(rows).execute(&mut **tx).await
}

/// Spends a recovery code. Of several concurrent callers exactly one succeeds.
pub async fn spend_recovery_code(
    tx: &mut GlobalTx<'_>,
    user: UserId,
    code: &Fingerprint,
) -> QueryResult<bool> {
    use recovery_codes::{sha256, used_at, user_id};
    let unspent = user_id.eq(user.0).and(sha256.eq(code.as_slice())).and(used_at.is_null());
    let spent =
        diesel::update(recovery_codes::table.filter(unspent)).set(used_at.eq(now)).execute(&mut **tx).await?;
    Ok(spent == 1)
}

/// How many recovery codes a person has left.
pub async fn recovery_codes_left(tx: &mut GlobalTx<'_>, user: UserId) -> QueryResult<i64> {
    use recovery_codes::{used_at, user_id};
    recovery_codes::table
        .filter(user_id.eq(user.0).and(used_at.is_null()))
        .count()
        .get_result(&mut **tx)
        .await
}

/// Stores a challenge.
pub async fn insert_challenge(
    tx: &mut GlobalTx<'_>,
    user: UserId,
    token: &Fingerprint,
) -> QueryResult<usize> {
    use sign_in_challenges::{expires_at, sha256, user_id};
    diesel::insert_into(sign_in_challenges::table)
        .values((
            sha256.eq(token.as_slice()),
            user_id.eq(user.0),
            expires_at.eq(Utc::now() + TimeDelta::seconds(CHALLENGE_LIFE_SECONDS)),
        ))
        .execute(&mut **tx)
        .await
}

/// Counts an attempt at a challenge and returns its user; none when no attempts are left.
pub async fn try_challenge(tx: &mut GlobalTx<'_>, token: &Fingerprint) -> QueryResult<Option<UserId>> {
    use sign_in_challenges::{expires_at, sha256, tries, used_at, user_id};
    let open = sha256.eq(token.as_slice()).and(used_at.is_null()).and(expires_at.gt(now));
    let tried: Option<Uuid> =
        diesel::update(sign_in_challenges::table.filter(open.and(tries.lt(CHALLENGE_TRIES))))
            .set(tries.eq(tries + 1))
            .returning(user_id)
            .get_result(&mut **tx)
            .await
            .optional()?;
    Ok(tried.map(UserId))
}

/// Ends a challenge: it is answered. Gives whether it was open.
pub async fn end_challenge(tx: &mut GlobalTx<'_>, token: &Fingerprint) -> QueryResult<bool> {
    use sign_in_challenges::{sha256, used_at};
    let open = sha256.eq(token.as_slice()).and(used_at.is_null());
    let ended = diesel::update(sign_in_challenges::table.filter(open))
        .set(used_at.eq(now))
        .execute(&mut **tx)
        .await?;
    Ok(ended == 1)
}

/// Ends a person's challenges: what they were given for no longer holds.
pub async fn end_challenges(tx: &mut GlobalTx<'_>, user: UserId) -> QueryResult<usize> {
    use sign_in_challenges::{used_at, user_id};
    diesel::update(sign_in_challenges::table.filter(user_id.eq(user.0).and(used_at.is_null())))
        .set(used_at.eq(now))
        .execute(&mut **tx)
        .await
}

/// Forgets challenges that are over. Gives how many.
pub async fn forget_expired(tx: &mut SystemTx<'_>) -> QueryResult<usize> {
    diesel::delete(sign_in_challenges::table.filter(sign_in_challenges::expires_at.le(now)))
        .execute(&mut **tx)
        .await
}
