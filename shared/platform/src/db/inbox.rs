//! Events of other services, each handled once: the effect and the note that it was made commit together.

use std::{collections::HashSet, time::Duration};

use crate::db::Cacheable;
use chrono::Utc;
use contracts::{TenantId, events::Envelope};
use diesel::{
    QueryableByName,
    sql_types::{Array, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use futures::FutureExt;
use serde_json::Value;
use uuid::Uuid;

use super::{pool::Db, tx::TenantTx};
use crate::{
    http::{
        context::{self, RequestContext},
        problem::Problem,
    },
    worker::backoff,
};

/// Tries before an event is set aside as FAILED.
pub const TRIES: i32 = 8;
const LEASE: Duration = Duration::from_secs(60);

/// What a service does about other services' events.
#[expect(async_fn_in_trait, reason = "called by our own runner only, on one thread")]
pub trait Consumer: 'static {
    /// What is fetched before the transaction, where nothing waits for a network.
    type Prepared;
    /// Whether events are kept whole, to be listed, rather than only noted.
    const KEEPS_EVENTS: bool;

    /// Whether events of this type, such as `Lead.CREATE`, concern this service at all.
    fn wants(&self, event_type: &str) -> bool;
    /// Fetches what handling needs.
    async fn prepare(&self, event: &Envelope) -> Result<Self::Prepared, Problem>;
    /// Makes the effects of a tenant's events, in their order. One that fails undoes them all; they are then given one
    /// by one.
    async fn handle(
        &self,
        tx: &mut TenantTx<'_>,
        events: &[Ready<'_, Self::Prepared>],
    ) -> Result<(), Problem>;
    /// The effects of these events are committed: those who wait for them can be woken.
    fn committed(&self, _events: &[Ready<'_, Self::Prepared>]) {}
}

/// A received event to be handled.
pub struct Ready<'a, P> {
    /// The event.
    pub event: &'a Envelope,
    /// What was fetched for it.
    pub prepared: P,
}

impl<P> Ready<'_, P> {
    /// Does something as part of the request that caused the event.
    pub async fn in_its_trace<T>(&self, work: impl Future<Output = T>) -> T {
        context::within(RequestContext::background(self.event.traceparent.as_deref()), work).await
    }
}

/// An event as it came from a stream.
pub struct Arrived {
    /// The event.
    pub event: Envelope,
    /// Its text.
    pub text: String,
}

impl From<Envelope> for Arrived {
    fn from(event: Envelope) -> Self {
        let text = serde_json::to_string(&event).unwrap_or_default();
        Self { event, text }
    }
}

/// Takes in a batch from a stream. `Ok` means that every event that the consumer wants was handled or durably set aside
/// for another try.
///
/// Events of one tenant share a transaction; when one of them fails, each is taken alone.
pub async fn take_in<C: Consumer>(db: &Db, consumer: &C, batch: &[Arrived]) -> Result<(), Problem> {
    let mut wanted: Vec<&Arrived> =
        batch.iter().filter(|arrived| consumer.wants(&arrived.event.event_type)).collect();
    // Stable: the events of a tenant keep their order.
    wanted.sort_by_key(|arrived| arrived.event.tenant_id);
    for portion in wanted.chunk_by(|one, next| one.event.tenant_id == next.event.tenant_id) {
        if let Err(problem) = together(db, consumer, portion).await {
            tracing::debug!(%problem, events = portion.len(), "a batch failed, its events are taken one by one");
            for arrived in portion.iter().copied() {
                alone(db, consumer, arrived).await?;
            }
        }
    }
    Ok(())
}

async fn together<C: Consumer>(db: &Db, consumer: &C, portion: &[&Arrived]) -> Result<(), Problem> {
    let Some(tenant) = portion.first().map(|arrived| arrived.event.tenant_id) else { return Ok(()) };
    let mut ready = Vec::with_capacity(portion.len());
    for arrived in portion {
        let event = &arrived.event;
        ready.push(Ready { event, prepared: consumer.prepare(event).await? });
    }
    db.in_tenant(tenant, async |tx| {
        let mut new = note(tx, portion, C::KEEPS_EVENTS).await?;
        // An event that the stream holds twice is handled with its first entry.
        ready.retain(|ready| new.remove(&ready.event.id));
        if ready.is_empty() { Ok(()) } else { guarded(consumer.handle(tx, &ready)).await }
    })
    .await?;
    consumer.committed(&ready);
    Ok(())
}

async fn alone<C: Consumer>(db: &Db, consumer: &C, arrived: &Arrived) -> Result<(), Problem> {
    let Err(problem) = together(db, consumer, &[arrived]).await else { return Ok(()) };
    let event = &arrived.event;
    tracing::warn!(event.id = %event.id, event.kind = event.event_type, %problem, "an event could not be handled yet");
    db.in_tenant(event.tenant_id, async |tx| set_aside(tx, event, &shown(&problem)).await).await
}

/// A failure as shown to the event's tenant: the cause, which may contain internals, is only in the log.
fn shown(problem: &Problem) -> String {
    format!("{}: {}", problem.code, problem.detail)
}

/// A handler that panics has failed; it does not take the others with it.
async fn guarded(handling: impl Future<Output = Result<(), Problem>>) -> Result<(), Problem> {
    std::panic::AssertUnwindSafe(handling)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| Err(Problem::internal("the handler panicked")))
}

#[derive(QueryableByName)]
struct Noted {
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
}

/// Notes the events as handled; gives those that were new.
async fn note(tx: &mut TenantTx<'_>, portion: &[&Arrived], keep: bool) -> Result<HashSet<Uuid>, Problem> {
    let events = || portion.iter().map(|arrived| &arrived.event);
    let envelopes: Vec<Option<&str>> =
        portion.iter().map(|arrived| keep.then_some(arrived.text.as_str())).collect();
    let noted: Vec<Noted> = diesel::sql_query(
        "INSERT INTO inbox (tenant_id, event_id, event_type, entity_type, entity_id, status, attempts, envelope, \
         occurred_at, handled_at) \
         SELECT $1, e.id, e.event_type, e.entity_type, e.entity_id, 'COMPLETED', 1, e.envelope::jsonb, e.occurred_at, now() \
         FROM unnest($2, $3, $4, $5, $6, $7) \
         AS e(id, event_type, entity_type, entity_id, envelope, occurred_at) \
         ON CONFLICT (tenant_id, event_id) DO NOTHING RETURNING event_id",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Array<SqlUuid>, _>(events().map(|event| event.id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(events().map(|event| event.event_type.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(events().map(|event| event.entity_type.as_str()).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(events().map(|event| event.entity_id).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(envelopes)
    .bind::<Array<Timestamptz>, _>(events().map(|event| event.occurred_at).collect::<Vec<_>>()).cached().load(&mut **tx)
    .await?;
    Ok(noted.into_iter().map(|noted| noted.event_id).collect())
}

async fn set_aside(tx: &mut TenantTx<'_>, event: &Envelope, error: &str) -> Result<(), Problem> {
    diesel::sql_query(
        "INSERT INTO inbox (tenant_id, event_id, event_type, entity_type, entity_id, status, attempts, \
         next_attempt_at, last_error, envelope, occurred_at) \
         VALUES ($1, $2, $3, $4, $5, 'PENDING', 1, $6, $7, $8, $9) ON CONFLICT (tenant_id, event_id) DO NOTHING",
    )
    .bind::<SqlUuid, _>(event.tenant_id.0)
    .bind::<SqlUuid, _>(event.id)
    .bind::<Text, _>(&event.event_type)
    .bind::<Text, _>(&event.entity_type)
    .bind::<SqlUuid, _>(event.entity_id)
    .bind::<Timestamptz, _>(Utc::now() + backoff(1))
    .bind::<Text, _>(error)
    .bind::<Jsonb, _>(serde_json::to_value(event).unwrap_or_default())
    .bind::<Timestamptz, _>(event.occurred_at).cached().execute(&mut **tx)
    .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = Nullable<Jsonb>)]
    envelope: Option<Value>,
}

/// Tries again what is due. Gives how many were tried.
pub async fn retry_due<C: Consumer>(db: &Db, consumer: &C) -> Result<usize, Problem> {
    let due: Vec<Due> = db
        .in_system(async |tx| {
            let due = diesel::sql_query(
                "UPDATE inbox SET status = 'PROCESSING', attempts = attempts + 1, next_attempt_at = now() + $1 * interval '1 second' \
                 WHERE (tenant_id, event_id) IN (SELECT tenant_id, event_id FROM inbox \
                 WHERE status IN ('PENDING', 'PROCESSING') AND next_attempt_at <= now() \
                 ORDER BY next_attempt_at LIMIT 20 FOR UPDATE SKIP LOCKED) \
                 RETURNING event_id, tenant_id, attempts, envelope",
            )
            .bind::<diesel::sql_types::Double, _>(LEASE.as_secs_f64()).cached().load(&mut **tx)
            .await?;
            Ok::<_, Problem>(due)
        })
        .await?;
    let tried = due.len();
    for due in due {
        try_again(db, consumer, due).await?;
    }
    Ok(tried)
}

async fn try_again<C: Consumer>(db: &Db, consumer: &C, due: Due) -> Result<(), Problem> {
    let tenant = TenantId(due.tenant_id);
    let outcome = match due.envelope.map(serde_json::from_value::<Envelope>) {
        Some(Ok(event)) => handle_again(db, consumer, &event).await,
        Some(Err(error)) => Err(Problem::internal(format!("the stored event cannot be read: {error}"))),
        None => Err(Problem::internal("the event was not stored")),
    };
    let Err(problem) = outcome else { return Ok(()) };
    let given_up = due.attempts >= TRIES;
    tracing::warn!(event.id = %due.event_id, attempts = due.attempts, %problem, "an event failed again");
    if given_up {
        tracing::error!(event.id = %due.event_id, %problem, "an event failed for good");
        metrics::counter!("inbox_failed_total").increment(1);
    }
    db.in_tenant(tenant, async |tx| {
        diesel::sql_query(
            "UPDATE inbox SET status = CASE WHEN $1 THEN 'FAILED' ELSE 'PENDING' END, next_attempt_at = $2, \
             last_error = $3 WHERE tenant_id = $4 AND event_id = $5",
        )
        .bind::<Bool, _>(given_up)
        .bind::<Nullable<Timestamptz>, _>((!given_up).then(|| Utc::now() + backoff(due.attempts)))
        .bind::<Text, _>(shown(&problem))
        .bind::<SqlUuid, _>(tenant.0)
        .bind::<SqlUuid, _>(due.event_id)
        .cached()
        .execute(&mut **tx)
        .await?;
        Ok(())
    })
    .await
}

async fn handle_again<C: Consumer>(db: &Db, consumer: &C, event: &Envelope) -> Result<(), Problem> {
    let ready = [Ready { event, prepared: consumer.prepare(event).await? }];
    db.in_tenant(event.tenant_id, async |tx| {
        let finished = diesel::sql_query(
            "UPDATE inbox SET status = 'COMPLETED', handled_at = now(), next_attempt_at = NULL, last_error = NULL, \
             envelope = CASE WHEN $1 THEN envelope END \
             WHERE tenant_id = $2 AND event_id = $3 AND status = 'PROCESSING'",
        )
        .bind::<Bool, _>(C::KEEPS_EVENTS)
        .bind::<SqlUuid, _>(event.tenant_id.0)
        .bind::<SqlUuid, _>(event.id).cached().execute(&mut **tx)
        .await?;
        if finished == 0 {
            return Ok(());
        }
        guarded(consumer.handle(tx, &ready)).await
    })
    .await?;
    consumer.committed(&ready);
    Ok(())
}
