//! Queue of deliveries: filled in the transaction that handles an event, emptied by leases.

use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::events::{Envelope, pattern_matches};
use diesel::{
    QueryResult, QueryableByName,
    sql_types::{
        Array, BigInt, Bool, Bytea, Double, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
    },
};
use diesel_async::RunQueryDsl;
use platform::db::Cacheable;
use platform::{
    Problem,
    db::{SystemTx, TenantTx, gauges::Queue},
};
use serde_json::Value;
use uuid::Uuid;

use super::{domain::DeliveryKind, order, payload};

/// Queue for the metrics.
pub const DEPTH: Queue = Queue { table: "deliveries", states: &["pending", "in_progress"] };

#[derive(QueryableByName)]
struct Subscription {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Array<Text>)]
    events: Vec<String>,
    #[diesel(sql_type = Bool)]
    ordered: bool,
    #[diesel(sql_type = Nullable<Text>)]
    client_id: Option<String>,
}

/// Queues a delivery of each event to every enabled endpoint that subscribes to it. To an endpoint that keeps the
/// order, a delivery is held unless it is the next of its record.
///
/// Endpoints are locked against changes, so that none is switched off between this check and the commit.
///
/// # Errors
/// 503 when the tenant has endpoints but is not known here yet: the events are retried.
pub async fn enqueue(tx: &mut TenantTx<'_>, events: &[&Envelope]) -> Result<(), Problem> {
    let endpoints: Vec<Subscription> = diesel::sql_query(
        "SELECT e.id, e.events, e.ordered, (SELECT client_id FROM tenant_states WHERE tenant_id = $1) AS client_id \
         FROM webhook_endpoints e WHERE e.tenant_id = $1 AND e.deleted_at IS NULL AND e.status = 'enabled' \
         FOR KEY SHARE OF e",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .cached()
    .load(&mut **tx)
    .await?;
    let mut wanted: Vec<(&Subscription, &Envelope, String)> = Vec::new();
    for event in events {
        let wants = |endpoint: &&Subscription| {
            endpoint.events.iter().any(|pattern| pattern_matches(pattern, &event.event_type))
        };
        let mut asking = endpoints.iter().filter(wants).peekable();
        let Some(first) = asking.peek() else { continue };
        let client_id = first
            .client_id
            .as_deref()
            .ok_or_else(|| Problem::unavailable("the tenant is not provisioned here yet"))?;
        let payload = serde_json::to_string(&payload::of(event, client_id))
            .map_err(|error| Problem::internal(error.to_string()))?;
        wanted.extend(asking.map(|endpoint| (endpoint, *event, payload.clone())));
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let tenant = tx.tenant().0;
    let ordered = wanted.iter().filter(|(endpoint, ..)| endpoint.ordered);
    let records: Vec<(Uuid, Uuid)> = ordered.map(|(_, event, _)| (tenant, event.entity_id)).collect();
    if !records.is_empty() {
        order::lock(tx, &records).await?;
    }
    insert(tx, &wanted).await?;
    Ok(())
}

async fn insert(tx: &mut TenantTx<'_>, wanted: &[(&Subscription, &Envelope, String)]) -> QueryResult<usize> {
    let events = || wanted.iter().map(|(_, event, _)| *event);
    let insert = format!(
        "WITH new AS MATERIALIZED ( \
           SELECT $1 AS tenant_id, d.* FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12) WITH ORDINALITY AS d(id, \
             endpoint_id, event_id, event_type, payload, request_id, traceparent, entity_id, position, ordered, place) \
           WHERE NOT EXISTS (SELECT FROM deliveries k WHERE k.tenant_id = $1 AND k.endpoint_id = d.endpoint_id \
             AND k.event_id = d.event_id) \
         ), firsts AS ( \
           SELECT DISTINCT ON (endpoint_id, entity_id) id, endpoint_id, entity_id, position FROM new WHERE ordered \
           ORDER BY endpoint_id, entity_id, position, place \
         ), overtaken AS ( \
           UPDATE deliveries o SET held = true, updated_at = now() FROM firsts f \
           WHERE o.endpoint_id = f.endpoint_id AND o.entity_id = f.entity_id AND o.status = 'pending' AND NOT o.held \
           AND o.position > f.position RETURNING o.id \
         ) \
         INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, event_type, kind, payload, next_attempt_at, \
           request_id, traceparent, entity_id, position, held) \
         SELECT n.id, n.tenant_id, n.endpoint_id, n.event_id, n.event_type, $2, n.payload::jsonb, now(), n.request_id, \
           n.traceparent, n.entity_id, n.position, {} FROM new n \
         ON CONFLICT (tenant_id, endpoint_id, event_id) DO NOTHING",
        order::HELD
    );
    diesel::sql_query(insert)
        .bind::<SqlUuid, _>(tx.tenant().0)
        .bind::<Text, _>(DeliveryKind::Webhook)
        .bind::<Array<SqlUuid>, _>(wanted.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(wanted.iter().map(|(endpoint, ..)| endpoint.id).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(events().map(|event| event.id).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(events().map(|event| event.event_type.as_str()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(wanted.iter().map(|(.., payload)| payload.as_str()).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(
            events().map(|event| event.request_id.as_deref()).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Text>>, _>(
            events().map(|event| event.traceparent.as_deref()).collect::<Vec<_>>(),
        )
        .bind::<Array<SqlUuid>, _>(events().map(|event| event.entity_id).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(events().map(|event| event.position).collect::<Vec<_>>())
        .bind::<Array<Bool>, _>(wanted.iter().map(|(endpoint, ..)| endpoint.ordered).collect::<Vec<_>>())
        .cached()
        .execute(&mut **tx)
        .await
}

/// Delivery that this process may send until its lease ends, with the data of its endpoint.
#[derive(Clone, Debug, QueryableByName)]
pub struct Claimed {
    /// The delivery.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Owning tenant.
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: Uuid,
    /// Receiving endpoint.
    #[diesel(sql_type = SqlUuid)]
    pub endpoint_id: Uuid,
    /// The event.
    #[diesel(sql_type = SqlUuid)]
    pub event_id: Uuid,
    /// Its record; none for deliveries of releases that did not store it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub entity_id: Option<Uuid>,
    /// Body.
    #[diesel(sql_type = Jsonb)]
    pub payload: Value,
    /// Number of this try, from 1.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    /// End of the lease.
    #[diesel(sql_type = Timestamptz)]
    pub leased_until: DateTime<Utc>,
    /// Id of the request that caused the event.
    #[diesel(sql_type = Nullable<Text>)]
    pub request_id: Option<String>,
    /// Trace of that request.
    #[diesel(sql_type = Nullable<Text>)]
    pub traceparent: Option<String>,
    /// The endpoint's address.
    #[diesel(sql_type = Text)]
    pub url: String,
    /// Its encrypted secret.
    #[diesel(sql_type = Bytea)]
    pub secret: Vec<u8>,
    /// The encrypted previous secret, while it is valid.
    #[diesel(sql_type = Nullable<Bytea>)]
    pub previous_secret: Option<Vec<u8>>,
    /// Whether the endpoint is enabled.
    #[diesel(sql_type = Bool)]
    pub wanted: bool,
    /// Who added the endpoint.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub endpoint_created_by: Option<Uuid>,
}

/// Leases up to `most` due deliveries, those of the least busy endpoints first and never more than `per_endpoint` at
/// once to one endpoint. Those of a tenant that is not active, or without an admin with a proven address,
/// wait.
///
/// Held deliveries are not claimed, so that of each record only the next one is, by one replica
/// ([`order`](super::order)).
///
/// The endpoints with something outstanding are found by skipping along the index, so that a long queue of one
/// endpoint costs no more than a short one.
pub async fn claim(
    tx: &mut SystemTx<'_>,
    most: i64,
    per_endpoint: i64,
    lease: Duration,
) -> QueryResult<Vec<Claimed>> {
    diesel::sql_query(
        "WITH RECURSIVE waiting AS ( \
           (SELECT endpoint_id FROM deliveries WHERE status IN ('pending', 'in_progress') AND NOT held \
            ORDER BY endpoint_id LIMIT 1) \
           UNION ALL \
           SELECT (SELECT d.endpoint_id FROM deliveries d WHERE d.status IN ('pending', 'in_progress') AND NOT d.held \
                   AND d.endpoint_id > w.endpoint_id ORDER BY d.endpoint_id LIMIT 1) \
           FROM waiting w WHERE w.endpoint_id IS NOT NULL \
         ), turns AS ( \
           SELECT due.id, due.at, busy.number + row_number() OVER (PARTITION BY w.endpoint_id ORDER BY due.at) AS turn \
           FROM waiting w JOIN webhook_endpoints e ON e.id = w.endpoint_id \
           JOIN tenant_states s ON s.tenant_id = e.tenant_id AND s.status = 'active' AND NOT s.is_unproven \
           CROSS JOIN LATERAL (SELECT count(*) AS number FROM deliveries d WHERE d.endpoint_id = w.endpoint_id \
                               AND d.status = 'in_progress' AND d.leased_until > now()) busy \
           CROSS JOIN LATERAL (SELECT d.id, coalesce(d.leased_until, d.next_attempt_at) AS at FROM deliveries d \
                               WHERE d.endpoint_id = w.endpoint_id AND d.status IN ('pending', 'in_progress') \
                               AND NOT d.held AND coalesce(d.leased_until, d.next_attempt_at) <= now() \
                               ORDER BY coalesce(d.leased_until, d.next_attempt_at) \
                               LIMIT greatest($2 - busy.number, 0)) due \
         ), chosen AS ( \
           SELECT d.id FROM deliveries d JOIN (SELECT id FROM turns ORDER BY turn, at LIMIT $1) first ON first.id = d.id \
           WHERE d.status IN ('pending', 'in_progress') AND NOT d.held \
           AND coalesce(d.leased_until, d.next_attempt_at) <= now() FOR UPDATE OF d SKIP LOCKED \
         ) \
         UPDATE deliveries d SET status = 'in_progress', attempts = d.attempts + 1, next_attempt_at = NULL, \
           leased_until = now() + $3 * interval '1 second', updated_at = now() \
         FROM chosen, webhook_endpoints e WHERE d.id = chosen.id AND e.id = d.endpoint_id \
         RETURNING d.id, d.tenant_id, d.endpoint_id, d.event_id, d.entity_id, d.payload, d.attempts, d.leased_until, d.request_id, \
           d.traceparent, e.url, e.secret, \
           CASE WHEN e.previous_secret_expires_at > now() THEN e.previous_secret END AS previous_secret, \
           e.deleted_at IS NULL AND e.status = 'enabled' AS wanted, e.created_by AS endpoint_created_by",
    )
    .bind::<BigInt, _>(most)
    .bind::<BigInt, _>(per_endpoint)
    .bind::<Double, _>(lease.as_secs_f64()).cached().load(&mut **tx)
    .await
}
