//! Refresh tokens in the database. A session's rows change only while its person's row is locked.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, Queryable,
    QueryableByName, Selectable,
    dsl::now,
    sql_types::{Bool, Bytea, Double, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::Cacheable;
use platform::{
    Problem,
    db::{self, GlobalTx, SystemTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::domain::{Device, Found};
use crate::{
    schema::{refresh_tokens::dsl, sessions},
    tokens::Fingerprint,
};

/// How long an expired token is kept.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A refresh token to be stored.
pub struct NewRow<'a> {
    /// Owner.
    pub user: UserId,
    /// Its session.
    pub family: Uuid,
    /// What is kept of its text.
    pub fingerprint: &'a Fingerprint,
    /// When its session began; none when that is now.
    pub session_created_at: Option<DateTime<Utc>>,
    /// Whether its session was begun with a second factor.
    pub second_factor: bool,
    /// How long it is good for.
    pub life: Duration,
    /// The token it came of, where one can have several successors.
    pub parent: Option<Uuid>,
    /// Where it was issued to.
    pub device: &'a Device,
}

/// A stored refresh token as it was found.
#[derive(QueryableByName)]
pub struct TokenRow {
    /// Owner.
    #[diesel(sql_type = SqlUuid)]
    pub user_id: Uuid,
    /// Its session.
    #[diesel(sql_type = SqlUuid)]
    pub family: Uuid,
    /// When its session began.
    #[diesel(sql_type = Timestamptz)]
    pub session_created_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    spent: bool,
    #[diesel(sql_type = Bool)]
    spent_meanwhile: bool,
    #[diesel(sql_type = Bool)]
    revoked: bool,
    #[diesel(sql_type = Bool)]
    expired: bool,
}

impl TokenRow {
    /// What state it is in.
    pub fn found(&self) -> Found {
        let Self { spent, spent_meanwhile, revoked, expired, .. } = *self;
        Found { spent, spent_meanwhile, revoked, expired }
    }
}

/// A session that can be continued.
#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions, check_for_backend(diesel::pg::Pg))]
pub struct SessionRow {
    /// Its id.
    pub id: Uuid,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last continued.
    pub last_used_at: DateTime<Utc>,
    /// What the client called itself then.
    pub user_agent: Option<String>,
    /// Address of the client then.
    pub ip: Option<String>,
}

/// One stretch of the list of a person's sessions.
pub async fn page(
    tx: &mut GlobalTx<'_>,
    criteria: &Arc<Criteria>,
    user: UserId,
) -> Result<(Option<i64>, Vec<SessionRow>), Problem> {
    db::list::load(tx, criteria, &Visibility::Of(vec![user.0])).await
}

/// Stores a new token. A browser's session ends thirty days after it began, whatever its token's life.
pub async fn insert(tx: &mut GlobalTx<'_>, new: &NewRow<'_>) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO refresh_tokens (jti, user_id, family, sha256, session_created_at, second_factor, expires_at, \
         user_agent, ip, parent, cookie_host) VALUES ($1, $2, $3, $4, coalesce($5, now()), $6, \
         CASE WHEN $11 IS NULL THEN now() + $7 * interval '1 second' \
         ELSE least(now() + $7 * interval '1 second', coalesce($5, now()) + interval '30 days') END, $8, $9, $10, $11)",
    )
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<SqlUuid, _>(new.user.0)
    .bind::<SqlUuid, _>(new.family)
    .bind::<Bytea, _>(new.fingerprint.as_slice())
    .bind::<Nullable<Timestamptz>, _>(new.session_created_at)
    .bind::<Bool, _>(new.second_factor)
    .bind::<Double, _>(new.life.as_secs_f64())
    .bind::<Nullable<Text>, _>(new.device.user_agent.as_deref())
    .bind::<Nullable<Text>, _>(new.device.ip.as_deref())
    .bind::<Nullable<SqlUuid>, _>(new.parent)
    .bind::<Nullable<Text>, _>(new.device.cookie_host.as_deref())
    .cached()
    .execute(&mut **tx)
    .await
}

/// Marks a person's sessions as begun with a second factor, or not: one session, or all of them.
pub async fn mark_second_factor(
    tx: &mut GlobalTx<'_>,
    user: UserId,
    session: Option<Uuid>,
    second_factor: bool,
) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE refresh_tokens SET second_factor = $3 \
         WHERE user_id = $1 AND family = coalesce($2, family) AND revoked_at IS NULL",
    )
    .bind::<SqlUuid, _>(user.0)
    .bind::<Nullable<SqlUuid>, _>(session)
    .bind::<Bool, _>(second_factor)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Finds a token. One that was spent less than `since` ago counts as spent meanwhile; the database's clock alone
/// decides.
pub async fn find(
    tx: &mut GlobalTx<'_>,
    fingerprint: &Fingerprint,
    since: Duration,
) -> QueryResult<Option<TokenRow>> {
    diesel::sql_query(
        "SELECT user_id, family, session_created_at, used_at IS NOT NULL AS spent, \
         coalesce(used_at > clock_timestamp() - $2 * interval '1 second', false) AS spent_meanwhile, \
         revoked_at IS NOT NULL AS revoked, expires_at <= now() AS expired FROM refresh_tokens WHERE sha256 = $1",
    )
    .bind::<Bytea, _>(fingerprint.as_slice())
    .bind::<Double, _>(since.as_secs_f64()).cached().get_result(&mut **tx)
    .await
    .optional()
}

/// A token that was just spent.
#[derive(QueryableByName)]
pub struct Spent {
    /// Whether its session was begun with a second factor.
    #[diesel(sql_type = Bool)]
    pub second_factor: bool,
}

/// Spends a token. Of several concurrent callers exactly one succeeds.
pub async fn spend(tx: &mut GlobalTx<'_>, fingerprint: &Fingerprint) -> QueryResult<Option<Spent>> {
    diesel::sql_query(
        "UPDATE refresh_tokens SET used_at = clock_timestamp() \
         WHERE sha256 = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now() RETURNING second_factor",
    )
    .bind::<Bytea, _>(fingerprint.as_slice())
    .cached()
    .get_result(&mut **tx)
    .await
    .optional()
}

/// Ends a person's session. Gives whether it had not ended before.
pub async fn revoke(tx: &mut GlobalTx<'_>, user: UserId, family: Uuid) -> QueryResult<bool> {
    let of_session = dsl::family.eq(family).and(dsl::user_id.eq(user.0));
    let revoked = diesel::update(dsl::refresh_tokens.filter(of_session.and(dsl::revoked_at.is_null())))
        .set(dsl::revoked_at.eq(now))
        .execute(&mut **tx)
        .await?;
    Ok(revoked > 0)
}

/// Whether a person's session can be continued.
pub async fn is_live(tx: &mut GlobalTx<'_>, user: UserId, session: Uuid) -> QueryResult<bool> {
    let of_user = sessions::id.eq(session).and(sessions::user_id.eq(user.0));
    diesel::select(diesel::dsl::exists(sessions::table.filter(of_user))).get_result(&mut **tx).await
}

/// Ends all sessions of a person.
pub async fn revoke_all(tx: &mut GlobalTx<'_>, user: UserId) -> QueryResult<usize> {
    diesel::update(dsl::refresh_tokens.filter(dsl::user_id.eq(user.0).and(dsl::revoked_at.is_null())))
        .set(dsl::revoked_at.eq(now))
        .execute(&mut **tx)
        .await
}

/// Ends all sessions of a person but one. Gives those that ended.
pub async fn revoke_others(tx: &mut GlobalTx<'_>, user: UserId, kept: Uuid) -> QueryResult<Vec<Uuid>> {
    let others = dsl::user_id.eq(user.0).and(dsl::family.ne(kept)).and(dsl::revoked_at.is_null());
    let mut ended: Vec<Uuid> = diesel::update(dsl::refresh_tokens.filter(others))
        .set(dsl::revoked_at.eq(now))
        .returning(dsl::family)
        .get_results(&mut **tx)
        .await?;
    ended.sort_unstable();
    ended.dedup();
    Ok(ended)
}

/// Forgets tokens that expired long ago. Gives how many.
pub async fn forget_expired(tx: &mut SystemTx<'_>) -> QueryResult<usize> {
    diesel::delete(dsl::refresh_tokens.filter(dsl::expires_at.lt(Utc::now() - KEPT))).execute(&mut **tx).await
}
