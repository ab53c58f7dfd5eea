//! Order of the deliveries of one record to one endpoint.
//!
//! Rule: of the outstanding deliveries of a record to an endpoint, the one with the event of the lowest position is
//! sent next, and only while no delivery of that record to that endpoint is under way and no earlier event of the
//! record that the endpoint subscribes to waits to be handled again (`PENDING` or `PROCESSING` in the inbox). An event
//! that was given up (`FAILED`) and a delivery that has ended do not block their successors.
//!
//! The next delivery is the only one of its record and endpoint that is not `held`, and workers claim no held ones. Every
//! transaction that decides which one is next takes the record's lock first ([`lock`]), so that replicas decide one after
//! the other, each with the changes of the one before.

use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Array, BigInt, Bool, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use platform::db::{Cacheable, SystemTx, TenantTx};
use uuid::Uuid;

/// Condition: an earlier event of the record of delivery `n`, which its endpoint subscribes to, waits to be handled again.
///
/// The patterns are those that `contracts::events::pattern_matches` accepts for an event type.
macro_rules! set_aside {
    () => {
        "EXISTS (SELECT FROM inbox i JOIN webhook_endpoints e ON e.id = n.endpoint_id \
         WHERE i.tenant_id = n.tenant_id AND i.entity_id = n.entity_id AND i.status IN ('PENDING', 'PROCESSING') \
         AND coalesce((i.envelope ->> 'position')::bigint, 0) < n.position \
         AND e.events && ARRAY['*', split_part(i.event_type, '.', 1) || '.*', i.event_type])"
    };
}

/// Condition: a delivery of the same record and endpoint as `n` is next or under way.
macro_rules! occupied {
    () => {
        "EXISTS (SELECT FROM deliveries o WHERE o.endpoint_id = n.endpoint_id AND o.entity_id = n.entity_id \
         AND o.status IN ('pending', 'in_progress') AND NOT o.held)"
    };
}

/// Expression for `held` of a new delivery `n`, of a statement with the tables that [`crate::deliveries::queue`] puts
/// before it: `firsts`, the first new delivery of each record, and `overtaken`, those that are no longer next because
/// of them.
pub const HELD: &str = concat!(
    "n.ordered AND (NOT EXISTS (SELECT FROM firsts f WHERE f.id = n.id) \
     OR EXISTS (SELECT FROM deliveries o WHERE o.endpoint_id = n.endpoint_id AND o.entity_id = n.entity_id \
     AND o.held AND o.position <= n.position) \
     OR EXISTS (SELECT FROM deliveries o WHERE o.endpoint_id = n.endpoint_id AND o.entity_id = n.entity_id \
     AND o.status IN ('pending', 'in_progress') AND NOT o.held AND NOT EXISTS (SELECT FROM overtaken v WHERE v.id = o.id)) OR ",
    set_aside!(),
    ")"
);

/// Takes the locks of these records, each with its tenant, until the transaction ends. At most once in a transaction, after
/// any lock of the endpoint and before any of a delivery: all transactions lock in this order, so that none deadlock.
///
/// A tenant has 64 of these locks for all its records, so that a large batch of events does not fill PostgreSQL's lock table.
pub async fn lock(connection: &mut AsyncPgConnection, records: &[(Uuid, Uuid)]) -> QueryResult<()> {
    diesel::sql_query(
        "SELECT pg_advisory_xact_lock(l.key) FROM (SELECT DISTINCT \
         hashtextextended('deliveries ' || r.tenant_id, hashtext(r.entity_id::text) & 63) AS key \
         FROM unnest($1, $2) AS r(tenant_id, entity_id) ORDER BY key) l",
    )
    .bind::<Array<SqlUuid>, _>(records.iter().map(|(tenant, _)| *tenant).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(records.iter().map(|(_, record)| *record).collect::<Vec<_>>())
    .cached()
    .execute(connection)
    .await?;
    Ok(())
}

/// Releases the next delivery of a record to an endpoint, if the rule allows one. Returns the number: 0 or 1. The caller
/// holds the record's lock.
pub async fn release_next(
    connection: &mut AsyncPgConnection,
    endpoint: Uuid,
    record: Uuid,
) -> QueryResult<usize> {
    diesel::sql_query(concat!(
        "UPDATE deliveries d SET held = false, next_attempt_at = greatest(d.next_attempt_at, now()), updated_at = now() \
         FROM (SELECT h.id, h.tenant_id, h.endpoint_id, h.entity_id, h.position FROM deliveries h \
           WHERE h.endpoint_id = $1 AND h.entity_id = $2 AND h.held ORDER BY h.position, h.id LIMIT 1) n \
         WHERE d.id = n.id AND d.held AND NOT ",
        occupied!(),
        " AND NOT ",
        set_aside!()
    ))
    .bind::<SqlUuid, _>(endpoint)
    .bind::<SqlUuid, _>(record)
    .cached()
    .execute(connection)
    .await
}

/// Restores the order of a record's deliveries to an endpoint, after an ended one became pending and held. The caller
/// holds the record's lock.
pub async fn put_in_order(tx: &mut TenantTx<'_>, endpoint: Uuid, record: Uuid) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE deliveries o SET held = true, updated_at = now() \
         WHERE o.endpoint_id = $1 AND o.entity_id = $2 AND o.status = 'pending' AND NOT o.held \
         AND EXISTS (SELECT FROM deliveries p WHERE p.endpoint_id = $1 AND p.entity_id = $2 AND p.held \
           AND (p.position, p.id) < (o.position, o.id))",
    )
    .bind::<SqlUuid, _>(endpoint)
    .bind::<SqlUuid, _>(record)
    .cached()
    .execute(&mut **tx)
    .await?;
    release_next(tx, endpoint, record).await?;
    Ok(())
}

/// Releases every held delivery to an endpoint that no longer keeps the order.
pub async fn release_all(tx: &mut TenantTx<'_>, endpoint: Uuid) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE deliveries SET held = false, next_attempt_at = greatest(next_attempt_at, now()), updated_at = now() \
         WHERE endpoint_id = $1 AND held",
    )
    .bind::<SqlUuid, _>(endpoint)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Endpoint and record at which a sweep stopped.
pub type Place = (Uuid, Uuid);

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    endpoint_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    entity_id: Uuid,
    #[diesel(sql_type = Bool)]
    is_free: bool,
}

/// Releases deliveries without a reason to wait: those behind an event that was given up meanwhile, or that their endpoint
/// no longer subscribes to.
///
/// Checks the next `most` pairs of endpoint and record after `place` that have held deliveries, each with a few index
/// look-ups, independent of the number of held deliveries. Returns the place to continue at; none at the end.
pub async fn release_forgotten(
    tx: &mut SystemTx<'_>,
    place: Option<Place>,
    most: usize,
) -> QueryResult<Option<Place>> {
    let (endpoint, record) = place.unwrap_or_default();
    let waiting: Vec<Waiting> = diesel::sql_query(concat!(
        "WITH RECURSIVE pairs AS ( \
           (SELECT endpoint_id, entity_id, 1::bigint AS number FROM deliveries \
            WHERE held AND (endpoint_id, entity_id) > ($1, $2) ORDER BY endpoint_id, entity_id LIMIT 1) \
           UNION ALL \
           SELECT f.endpoint_id, f.entity_id, p.number + 1 FROM pairs p CROSS JOIN LATERAL ( \
             SELECT d.endpoint_id, d.entity_id FROM deliveries d \
             WHERE d.held AND (d.endpoint_id, d.entity_id) > (p.endpoint_id, p.entity_id) \
             ORDER BY d.endpoint_id, d.entity_id LIMIT 1) f WHERE p.number < $3 \
         ) SELECT n.tenant_id, n.endpoint_id, n.entity_id, NOT ",
        occupied!(),
        " AND NOT ",
        set_aside!(),
        " AS is_free FROM pairs p CROSS JOIN LATERAL ( \
           SELECT h.tenant_id, h.endpoint_id, h.entity_id, h.position FROM deliveries h \
           WHERE h.endpoint_id = p.endpoint_id AND h.entity_id = p.entity_id AND h.held \
           ORDER BY h.position, h.id LIMIT 1) n ORDER BY p.number"
    ))
    .bind::<SqlUuid, _>(endpoint)
    .bind::<SqlUuid, _>(record)
    .bind::<BigInt, _>(i64::try_from(most).unwrap_or(i64::MAX))
    .cached()
    .load(&mut **tx)
    .await?;
    let free: Vec<&Waiting> = waiting.iter().filter(|pair| pair.is_free).collect();
    if !free.is_empty() {
        lock(tx, &free.iter().map(|pair| (pair.tenant_id, pair.entity_id)).collect::<Vec<_>>()).await?;
        for pair in free {
            release_next(tx, pair.endpoint_id, pair.entity_id).await?;
        }
    }
    let is_last = waiting.len() < most;
    Ok(waiting.last().filter(|_| !is_last).map(|pair| (pair.endpoint_id, pair.entity_id)))
}
