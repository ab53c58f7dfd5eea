//! `Idempotency-Key`: the first answer is stored in the transaction that made it and given again for 24 hours.
//!
//! An answer may hold a secret that is shown once. It is stored sealed with a key made from the caller's own
//! `Idempotency-Key`, of which only a digest is stored: whoever reads the table cannot open it.

use crate::db::Cacheable;
use actix_web::http::StatusCode;
use diesel::{
    OptionalExtension, QueryableByName,
    sql_types::{Bool, Bytea, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    context::RequestContext,
    openapi::Schemas,
    problem::Problem,
    reply::{Parts, Reply},
};
use crate::{auth::seal::OwnKey, db::TenantTx};

/// Longest key taken.
pub const KEY_LENGTH: usize = 255;

/// A request that claims to be made once.
pub struct Claim {
    route: String,
    key: String,
    digest: Vec<u8>,
}

#[derive(QueryableByName)]
struct StoredRow {
    #[diesel(sql_type = Bytea)]
    body_digest: Vec<u8>,
    #[diesel(sql_type = Integer)]
    status: i32,
    #[diesel(sql_type = Jsonb)]
    headers: Value,
    #[diesel(sql_type = Nullable<Text>)]
    content_type: Option<String>,
    #[diesel(sql_type = Bytea)]
    body: Vec<u8>,
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

impl Claim {
    /// The claim of a request, if it makes one. A key is good for one method and path.
    pub fn of(context: &RequestContext) -> Option<Self> {
        let key = context.idempotency_key.clone()?;
        let digest = context.body_digest.get().map(|digest| digest.to_vec()).unwrap_or_default();
        Some(Self { route: format!("{} {}", context.method, context.path), key, digest })
    }

    fn stored_key(&self) -> String {
        hex::encode(Sha256::digest(format!("key\n{}", self.key)))
    }

    fn sealing_key(&self, tx: &TenantTx<'_>) -> OwnKey {
        OwnKey::new(Sha256::digest(format!("answer\n{}\n{}\n{}", tx.tenant(), self.route, self.key)).into())
    }

    /// The stored answer, if the key was used before.
    pub(crate) async fn find(&self, tx: &mut TenantTx<'_>) -> Result<Option<Parts>, Problem> {
        // Two requests with one key must not both run: the lock is let go with the transaction.
        let lock = Sha256::digest(format!("{}\n{}\n{}", tx.tenant(), self.route, self.key));
        let lock = lock.first_chunk::<8>().map_or(0, |bytes| i64::from_be_bytes(*bytes));
        let Locked { locked } = diesel::sql_query("SELECT pg_try_advisory_xact_lock($1) AS locked")
            .bind::<diesel::sql_types::BigInt, _>(lock)
            .cached()
            .get_result(&mut **tx)
            .await?;
        if !locked {
            return Err(Problem::conflict(
                "idempotency_key_in_use",
                "The first request with this Idempotency-Key is still running.",
            ));
        }
        let stored: Option<StoredRow> = diesel::sql_query(
            "SELECT body_digest, status, headers, content_type, body FROM idempotency_keys \
             WHERE tenant_id = $1 AND route = $2 AND key = $3 AND created_at > now() - interval '24 hours'",
        )
        .bind::<SqlUuid, _>(tx.tenant().0)
        .bind::<Text, _>(&self.route)
        .bind::<Text, _>(self.stored_key())
        .cached()
        .get_result(&mut **tx)
        .await
        .optional()?;
        let Some(stored) = stored else { return Ok(None) };
        if stored.body_digest != self.digest {
            return Err(Problem::unprocessable(
                "idempotency_key_reused",
                "This Idempotency-Key was used with another body.",
            ));
        }
        let location = stored.headers.get("Location").and_then(Value::as_str);
        let etag = stored.headers.get("ETag").and_then(Value::as_str);
        let mut headers = vec![("Idempotent-Replayed", "true".to_owned())];
        headers.extend(location.map(|value| ("Location", value.to_owned())));
        headers.extend(etag.map(|value| ("ETag", value.to_owned())));
        let status = u16::try_from(stored.status).ok().and_then(|code| StatusCode::from_u16(code).ok());
        let body = self.sealing_key(tx).open(&stored.body, &self.route);
        let body = body.map_err(|error| Problem::internal(error.to_string()))?;
        Ok(Some(Parts {
            status: status.unwrap_or(StatusCode::OK),
            headers,
            content_type: stored.content_type.map(|_| "application/json"),
            body,
        }))
    }

    /// Stores the first answer.
    pub(crate) async fn keep(&self, tx: &mut TenantTx<'_>, parts: &Parts) -> Result<(), Problem> {
        let body = self.sealing_key(tx).seal(&parts.body, &self.route);
        let headers: serde_json::Map<String, Value> = parts
            .headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())))
            .collect();
        diesel::sql_query(
            "INSERT INTO idempotency_keys (tenant_id, route, key, body_digest, status, headers, content_type, body) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (tenant_id, route, key) DO UPDATE SET body_digest = excluded.body_digest, \
             status = excluded.status, headers = excluded.headers, content_type = excluded.content_type, \
             body = excluded.body, created_at = now()",
        )
        .bind::<SqlUuid, _>(tx.tenant().0)
        .bind::<Text, _>(&self.route)
        .bind::<Text, _>(self.stored_key())
        .bind::<Bytea, _>(&self.digest)
        .bind::<Integer, _>(i32::from(parts.status.as_u16()))
        .bind::<Jsonb, _>(Value::Object(headers))
        .bind::<Nullable<Text>, _>(parts.content_type)
        .bind::<Bytea, _>(body).cached().execute(&mut **tx)
        .await?;
        Ok(())
    }
}

/// An answer that may be one given before.
#[derive(Debug)]
pub enum Answer<R> {
    /// Made now, no key was sent.
    Fresh(R),
    /// Made now and stored under the key.
    Kept(Parts),
    /// Stored when the key was first sent.
    Replayed(Parts),
}

impl<R: Reply> Reply for Answer<R> {
    const STATUS: u16 = R::STATUS;

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        R::schema(schemas)
    }

    fn into_parts(self) -> Parts {
        match self {
            Self::Fresh(reply) => reply.into_parts(),
            Self::Kept(parts) | Self::Replayed(parts) => parts,
        }
    }
}
