//! `Idempotency-Key`: the first answer is stored and given again for 24 hours.
//!
//! A key is good for one caller, one method and path with its query, and one tenant: docs/decisions/0039. Handlers that
//! answer with [`Answer`] store it in the transaction of its effect. For every other POST the route does it, around the handler.
//!
//! An answer may hold a secret that is shown once. It is stored sealed with a key made from the caller's own
//! `Idempotency-Key`, of which only a digest is stored: the table alone does not open it.

mod key;

use actix_web::http::StatusCode;
use contracts::{TenantId, identity::Caller};
use diesel::{
    OptionalExtension, QueryResult, QueryableByName,
    sql_types::{Bool, Bytea, Double, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    context::RequestContext,
    openapi::Schemas,
    problem::Problem,
    reply::{Keeping, Parts, Reply},
};
use crate::{
    auth::seal::OwnKey,
    db::{Cacheable, TenantTx},
};

pub use key::IdempotencyKey;

/// Status of a request without an answer yet.
const RUNNING: i32 = 0;
/// How long a request may run, in seconds: longer than any deadline. One that began earlier has died.
const RUNNING_FOR: f64 = 60.0;
/// Headers of an answer that are given again.
const HEADERS: [&str; 6] = [
    "Location",
    "ETag",
    "Cache-Control",
    "Vary",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
];

/// A request that claims to be made once.
pub struct Claim {
    route: String,
    key: IdempotencyKey,
    digest: Vec<u8>,
    /// The tenant that the caller acts in; none for routes of no tenant.
    tenant: Option<TenantId>,
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
    #[diesel(sql_type = Double)]
    age: f64,
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

impl Claim {
    /// The claim of a request, if it makes one.
    pub fn of(context: &RequestContext) -> Option<Self> {
        let key = context.idempotency_key.clone()?;
        let digest = context.body_digest.get().map(|digest| digest.to_vec()).unwrap_or_default();
        let tenant = match context.identity.as_ref().map(|identity| &identity.who) {
            Some(Caller::User(user)) => user.tenant.as_ref().map(|tenant| tenant.id),
            _ => None,
        };
        Some(Self { route: format!("{} {}", context.method, context.path), key, digest, tenant })
    }

    /// Under which tenant answers are kept that no handler keeps under another.
    pub(crate) fn place(&self) -> TenantId {
        self.tenant.unwrap_or(TenantId(Uuid::nil()))
    }

    fn digest_for(&self, purpose: &str, tenant: TenantId) -> [u8; 32] {
        let (scope, text) = (hex::encode(self.key.scope), &self.key.text);
        Sha256::digest(format!("{purpose}\n{tenant}\n{}\n{scope}\n{text}", self.route)).into()
    }

    fn stored_key(&self, tenant: TenantId) -> String {
        hex::encode(self.digest_for("key", tenant))
    }

    fn sealing_key(&self, tx: &TenantTx<'_>) -> OwnKey {
        OwnKey::new(self.digest_for("answer", tx.tenant()))
    }

    /// The stored answer, if the key was used before.
    pub(crate) async fn find(&self, tx: &mut TenantTx<'_>) -> Result<Option<Parts>, Problem> {
        // Two requests with one key must not both run: the lock is let go with the transaction.
        let lock = self.digest_for("lock", tx.tenant());
        let lock = lock.first_chunk::<8>().map_or(0, |bytes| i64::from_be_bytes(*bytes));
        let Locked { locked } = diesel::sql_query("SELECT pg_try_advisory_xact_lock($1) AS locked")
            .bind::<diesel::sql_types::BigInt, _>(lock)
            .cached()
            .get_result(&mut **tx)
            .await?;
        if !locked {
            return Err(in_use());
        }
        let stored: Option<StoredRow> = diesel::sql_query(
            "SELECT body_digest, status, headers, content_type, body, \
             extract(epoch FROM now() - created_at)::float8 AS age FROM idempotency_keys \
             WHERE tenant_id = $1 AND route = $2 AND key = $3 AND created_at > now() - interval '24 hours'",
        )
        .bind::<SqlUuid, _>(tx.tenant().0)
        .bind::<Text, _>(&self.route)
        .bind::<Text, _>(self.stored_key(tx.tenant()))
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
        if stored.status == RUNNING {
            return if stored.age < RUNNING_FOR { Err(in_use()) } else { Ok(None) };
        }
        let given_again = |name: &'static str| {
            stored.headers.get(name).and_then(Value::as_str).map(|value| (name, value.to_owned()))
        };
        let mut headers = vec![("Idempotent-Replayed", "true".to_owned())];
        headers.extend(HEADERS.into_iter().filter_map(given_again));
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
        let status = i32::from(parts.status.as_u16());
        self.write(tx, status, Value::Object(headers), parts.content_type, body).await?;
        Ok(())
    }

    async fn write(
        &self,
        tx: &mut TenantTx<'_>,
        status: i32,
        headers: Value,
        content_type: Option<&str>,
        body: Vec<u8>,
    ) -> QueryResult<usize> {
        diesel::sql_query(
            "INSERT INTO idempotency_keys (tenant_id, route, key, body_digest, status, headers, content_type, body) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (tenant_id, route, key) DO UPDATE SET body_digest = excluded.body_digest, \
             status = excluded.status, headers = excluded.headers, content_type = excluded.content_type, \
             body = excluded.body, created_at = now()",
        )
        .bind::<SqlUuid, _>(tx.tenant().0)
        .bind::<Text, _>(&self.route)
        .bind::<Text, _>(self.stored_key(tx.tenant()))
        .bind::<Bytea, _>(&self.digest)
        .bind::<Integer, _>(status)
        .bind::<Jsonb, _>(headers)
        .bind::<Nullable<Text>, _>(content_type)
        .bind::<Bytea, _>(body)
        .cached()
        .execute(&mut **tx)
        .await
    }

    /// Runs a handler that keeps no answer itself, once: what it answers is stored after it, and given again from then on.
    ///
    /// # Errors
    /// Those of the handler, which are not kept; 409 while the first request with the key runs, 422 when its body was
    /// another, 503 when the database is away.
    pub(crate) async fn around<R: Reply>(
        &self,
        handling: impl Future<Output = Result<R, Problem>>,
    ) -> Result<Parts, Problem> {
        let (db, place) = (&self.key.db, self.place());
        let answered = db
            .in_tenant(place, async |tx| {
                let stored = self.find(tx).await?;
                if stored.is_none() {
                    self.write(tx, RUNNING, Value::Object(serde_json::Map::new()), None, Vec::new()).await?;
                }
                Ok::<_, Problem>(stored)
            })
            .await?;
        if let Some(stored) = answered {
            return Ok(stored);
        }
        let outcome = handling.await.map(Reply::into_parts);
        let is_kept = outcome.as_ref().is_ok_and(|parts| !parts.status.is_client_error());
        let written = db
            .in_tenant(place, async |tx| match &outcome {
                Ok(parts) if is_kept => self.keep(tx, parts).await,
                _ => self.give_up(tx).await.map(drop).map_err(Problem::from),
            })
            .await;
        if let Err(problem) = written {
            // What was done is done, and its answer known: it is given, if only once.
            tracing::warn!(%problem, route = self.route, "an answer could not be kept");
        }
        outcome
    }

    /// The key is free again: its request came to nothing.
    async fn give_up(&self, tx: &mut TenantTx<'_>) -> QueryResult<usize> {
        diesel::sql_query(
            "UPDATE idempotency_keys SET created_at = '-infinity' \
             WHERE tenant_id = $1 AND route = $2 AND key = $3 AND status = $4",
        )
        .bind::<SqlUuid, _>(tx.tenant().0)
        .bind::<Text, _>(&self.route)
        .bind::<Text, _>(self.stored_key(tx.tenant()))
        .bind::<Integer, _>(RUNNING)
        .cached()
        .execute(&mut **tx)
        .await
    }
}

fn in_use() -> Problem {
    Problem::conflict(
        "idempotency_key_in_use",
        "The first request with this Idempotency-Key is still running.",
    )
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
    const KEEPING: Keeping = Keeping::InTransaction;

    const ALSO: &'static [u16] = R::ALSO;

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        R::schema(schemas)
    }

    fn content(schemas: &mut Schemas) -> Vec<(&'static str, Value)> {
        R::content(schemas)
    }

    fn into_parts(self) -> Parts {
        match self {
            Self::Fresh(reply) => reply.into_parts(),
            Self::Kept(parts) | Self::Replayed(parts) => parts,
        }
    }
}
