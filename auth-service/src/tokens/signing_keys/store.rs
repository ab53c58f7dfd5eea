//! Signing keys in the database.

use std::time::Duration;

use chrono::Utc;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, Queryable,
    Selectable, SelectableHelper, dsl::now,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use platform::db::{GlobalTx, SystemTx};
use serde_json::Value;

use super::domain::NewSigningKey;
use crate::schema::{signing_keys, signing_keys::dsl};

/// A stored key.
#[derive(Queryable, Selectable)]
#[diesel(table_name = signing_keys, check_for_backend(diesel::pg::Pg))]
pub struct SigningKeyRow {
    /// Its id.
    pub kid: String,
    /// The private half, sealed.
    pub private_key: Vec<u8>,
}

/// The key that signs, if one was made.
pub async fn find_active(tx: &mut GlobalTx<'_>) -> QueryResult<Option<SigningKeyRow>> {
    let connection: &mut AsyncPgConnection = tx;
    dsl::signing_keys
        .filter(dsl::status.eq("active"))
        .select(SigningKeyRow::as_select())
        .first(connection)
        .await
        .optional()
}

/// Lets one transaction at a time make a key.
pub async fn lock(tx: &mut GlobalTx<'_>) -> QueryResult<()> {
    tx.batch_execute("SELECT pg_advisory_xact_lock(hashtext('leadstream signing keys'))").await
}

/// Stores a new key as the one that signs.
pub async fn insert(tx: &mut GlobalTx<'_>, new: &NewSigningKey, sealed: &[u8]) -> QueryResult<SigningKeyRow> {
    diesel::insert_into(dsl::signing_keys)
        .values((
            dsl::kid.eq(&new.kid),
            dsl::private_key.eq(sealed),
            dsl::public_jwk.eq(&new.public_jwk),
            dsl::status.eq("active"),
        ))
        .returning(SigningKeyRow::as_returning())
        .get_result(&mut **tx)
        .await
}

/// All keys.
pub async fn all(tx: &mut GlobalTx<'_>) -> QueryResult<Vec<SigningKeyRow>> {
    dsl::signing_keys.select(SigningKeyRow::as_select()).load(&mut **tx).await
}

/// The key that signs becomes one that only verifies.
pub async fn retire_active(tx: &mut GlobalTx<'_>) -> QueryResult<usize> {
    diesel::update(dsl::signing_keys.filter(dsl::status.eq("active")))
        .set((dsl::status.eq("retiring"), dsl::retired_at.eq(now)))
        .execute(&mut **tx)
        .await
}

/// Replaces a sealed private key.
pub async fn set_private_key(tx: &mut GlobalTx<'_>, kid: &str, sealed: &[u8]) -> QueryResult<usize> {
    diesel::update(dsl::signing_keys.filter(dsl::kid.eq(kid)))
        .set(dsl::private_key.eq(sealed))
        .execute(&mut **tx)
        .await
}

/// Forgets keys that retired so long ago that nothing they signed is good any more. Gives how many.
pub async fn forget_retired(tx: &mut SystemTx<'_>, life: Duration) -> QueryResult<usize> {
    let over = dsl::status.eq("retiring").and(dsl::retired_at.lt(Utc::now() - life));
    diesel::delete(dsl::signing_keys.filter(over)).execute(&mut **tx).await
}

/// The public halves of all keys, the newest first.
pub async fn public_keys(tx: &mut GlobalTx<'_>) -> QueryResult<Vec<Value>> {
    dsl::signing_keys.select(dsl::public_jwk).order(dsl::created_at.desc()).load(&mut **tx).await
}
