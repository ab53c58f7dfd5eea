//! One-time tokens in the database.

use chrono::{DateTime, TimeDelta, Utc};
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, QueryableByName,
    dsl::now,
    sql_types::{Bool, Bytea, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{Cacheable, GlobalTx, SystemTx},
};
use uuid::Uuid;

use super::domain::{self, Purpose};
use crate::{schema::one_time_tokens::dsl, tokens::secrets::Fingerprint};

/// How long an expired token is kept, to answer 410 for it instead of 400.
const KEPT: TimeDelta = TimeDelta::days(30);

/// A token as it was found.
#[derive(QueryableByName)]
pub struct Found {
    /// Owner.
    #[diesel(sql_type = SqlUuid)]
    pub user_id: Uuid,
    #[diesel(sql_type = Bool)]
    spent: bool,
    #[diesel(sql_type = Bool)]
    expired: bool,
}

impl Found {
    /// # Errors
    /// 410 when it is spent or too old.
    pub fn usable(&self) -> Result<(), Problem> {
        match self {
            Self { spent: true, .. } => Err(domain::spent()),
            Self { expired: true, .. } => Err(domain::expired()),
            Self { .. } => Ok(()),
        }
    }
}

/// Stores a new token.
pub async fn insert(
    tx: &mut GlobalTx<'_>,
    user: UserId,
    purpose: Purpose,
    fingerprint: &Fingerprint,
    expires_at: DateTime<Utc>,
) -> QueryResult<usize> {
    diesel::insert_into(dsl::one_time_tokens)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::user_id.eq(user.0),
            dsl::purpose.eq(purpose.name()),
            dsl::sha256.eq(fingerprint.as_slice()),
            dsl::expires_at.eq(expires_at),
        ))
        .execute(&mut **tx)
        .await
}

/// Finds one.
pub async fn find(
    tx: &mut GlobalTx<'_>,
    fingerprint: &Fingerprint,
    purpose: Purpose,
) -> QueryResult<Option<Found>> {
    diesel::sql_query(
        "SELECT user_id, used_at IS NOT NULL AS spent, expires_at <= now() AS expired FROM one_time_tokens \
         WHERE sha256 = $1 AND purpose = $2",
    )
    .bind::<Bytea, _>(fingerprint.as_slice())
    .bind::<Text, _>(purpose.name())
    .cached()
    .get_result(&mut **tx)
    .await
    .optional()
}

/// Spends a token. Of several concurrent callers exactly one succeeds.
pub async fn spend(tx: &mut GlobalTx<'_>, fingerprint: &Fingerprint, purpose: Purpose) -> QueryResult<bool> {
    let good = dsl::sha256.eq(fingerprint.as_slice()).and(dsl::purpose.eq(purpose.name()));
    let good = good.and(dsl::used_at.is_null()).and(dsl::expires_at.gt(now));
    let spent = diesel::update(dsl::one_time_tokens.filter(good))
        .set(dsl::used_at.eq(now))
        .execute(&mut **tx)
        .await?;
    Ok(spent == 1)
}

/// Makes all of a person's tokens of one kind useless.
pub async fn spend_all(tx: &mut GlobalTx<'_>, user: UserId, purpose: Purpose) -> QueryResult<usize> {
    let unspent = dsl::user_id.eq(user.0).and(dsl::purpose.eq(purpose.name())).and(dsl::used_at.is_null());
    diesel::update(dsl::one_time_tokens.filter(unspent)).set(dsl::used_at.eq(now)).execute(&mut **tx).await
}

/// Makes all of a person's tokens useless, of every kind.
pub async fn spend_every(tx: &mut GlobalTx<'_>, user: UserId) -> QueryResult<usize> {
    let unspent = dsl::user_id.eq(user.0).and(dsl::used_at.is_null());
    diesel::update(dsl::one_time_tokens.filter(unspent)).set(dsl::used_at.eq(now)).execute(&mut **tx).await
}

/// Forgets those that expired long ago. Gives how many.
pub async fn forget_expired(tx: &mut SystemTx<'_>) -> QueryResult<usize> {
    diesel::delete(dsl::one_time_tokens.filter(dsl::expires_at.lt(Utc::now() - KEPT)))
        .execute(&mut **tx)
        .await
}
