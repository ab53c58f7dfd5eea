//! Signing keys in the database.

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, Queryable, Selectable, SelectableHelper,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use platform::db::GlobalTx;
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

/// The public halves of all keys, the newest first.
pub async fn public_keys(tx: &mut GlobalTx<'_>) -> QueryResult<Vec<Value>> {
    dsl::signing_keys.select(dsl::public_jwk).order(dsl::created_at.desc()).load(&mut **tx).await
}
