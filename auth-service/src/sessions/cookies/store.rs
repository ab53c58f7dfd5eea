//! Browsers' refresh tokens in the database. A session's rows change only while its person's row is locked.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::{
    OptionalExtension, QueryResult, QueryableByName,
    sql_types::{BigInt, Bool, Bytea, Double, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, GlobalTx};
use uuid::Uuid;

use super::domain::Presented;
use crate::tokens::Fingerprint;

/// A stored token as it was found.
#[derive(QueryableByName)]
pub struct TokenRow {
    /// Id.
    #[diesel(sql_type = SqlUuid)]
    pub jti: Uuid,
    /// Owner.
    #[diesel(sql_type = SqlUuid)]
    pub user_id: Uuid,
    /// Its session.
    #[diesel(sql_type = SqlUuid)]
    pub family: Uuid,
    /// When its session began.
    #[diesel(sql_type = Timestamptz)]
    pub session_created_at: DateTime<Utc>,
    /// Whether its session was begun with a second factor.
    #[diesel(sql_type = Bool)]
    pub second_factor: bool,
    /// The host it is bound to.
    #[diesel(sql_type = Nullable<Text>)]
    pub cookie_host: Option<String>,
    #[diesel(sql_type = Bool)]
    spent: bool,
    #[diesel(sql_type = Bool)]
    spent_meanwhile: bool,
    #[diesel(sql_type = Bool)]
    revoked: bool,
    #[diesel(sql_type = Bool)]
    expired: bool,
    #[diesel(sql_type = BigInt)]
    successors: i64,
}

impl TokenRow {
    /// What state it is in.
    pub fn presented(&self) -> Presented {
        Presented {
            is_spent: self.spent,
            is_spent_meanwhile: self.spent_meanwhile,
            is_revoked: self.revoked,
            is_expired: self.expired,
            successors: self.successors,
        }
    }
}

/// Finds a token. One that was spent less than `since` ago counts as spent meanwhile; the database's clock alone
/// decides.
pub async fn find(
    tx: &mut GlobalTx<'_>,
    fingerprint: &Fingerprint,
    since: Duration,
) -> QueryResult<Option<TokenRow>> {
    diesel::sql_query(
        "SELECT jti, user_id, family, session_created_at, second_factor, cookie_host, used_at IS NOT NULL AS spent, \
         coalesce(used_at > clock_timestamp() - $2 * interval '1 second', false) AS spent_meanwhile, \
         revoked_at IS NOT NULL AS revoked, expires_at <= now() AS expired, \
         (SELECT count(*) FROM refresh_tokens AS successor WHERE successor.parent = token.jti) AS successors \
         FROM refresh_tokens AS token WHERE sha256 = $1 AND cookie_host IS NOT NULL",
    )
    .bind::<Bytea, _>(fingerprint.as_slice())
    .bind::<Double, _>(since.as_secs_f64())
    .cached()
    .get_result(&mut **tx)
    .await
    .optional()
}

/// Spends what a presented token takes the place of: the token it came of, and the others that came of that.
pub async fn supersede(tx: &mut GlobalTx<'_>, presented: &TokenRow) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE refresh_tokens SET used_at = clock_timestamp() \
         WHERE family = $1 AND revoked_at IS NULL AND used_at IS NULL AND jti <> $2 AND parent IS DISTINCT FROM $2",
    )
    .bind::<SqlUuid, _>(presented.family)
    .bind::<SqlUuid, _>(presented.jti)
    .cached()
    .execute(&mut **tx)
    .await
}
