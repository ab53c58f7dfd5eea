//! Deliveries of one record to one endpoint go one after the other: which of them waits, and which goes next.

use diesel::{
    QueryResult,
    sql_types::{BigInt, Nullable, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, SystemTx, TenantTx};
use uuid::Uuid;

use super::queue::Claimed;

/// The condition under which a new delivery `d` waits: another one of its record is outstanding, or an event of it that came
/// before is set aside to be handled later. `$1` is the tenant.
///
/// The row that is outstanding is locked, so that it does not end unseen: the worker that ends it sees the new one and releases it.
pub const WAITS: &str = "(EXISTS (SELECT FROM deliveries o WHERE o.endpoint_id = d.endpoint_id \
     AND o.entity_id = d.entity_id AND o.status IN ('pending', 'in_progress') AND o.held) \
     OR EXISTS (SELECT FROM deliveries o WHERE o.endpoint_id = d.endpoint_id \
     AND o.entity_id = d.entity_id AND o.status IN ('pending', 'in_progress') AND NOT o.held FOR SHARE) \
     OR EXISTS (SELECT FROM inbox i WHERE i.tenant_id = $1 AND i.entity_id = d.entity_id \
     AND i.status IN ('PENDING', 'PROCESSING') AND i.event_id <> d.event_id AND i.occurred_at <= d.occurred_at))";

/// Lets the next delivery of the same record go, when none is under way. Called once another one has ended.
pub async fn release_next(tx: &mut TenantTx<'_>, ended: &Claimed) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE deliveries n SET held = false, next_attempt_at = now(), updated_at = now() WHERE n.id = ( \
           SELECT h.id FROM deliveries h WHERE h.endpoint_id = $1 AND h.entity_id = $2 AND h.held \
           ORDER BY h.position, h.id LIMIT 1 FOR UPDATE) \
         AND n.held AND NOT EXISTS (SELECT FROM deliveries o WHERE o.endpoint_id = $1 AND o.entity_id = $2 \
           AND o.status IN ('pending', 'in_progress') AND NOT o.held)",
    )
    .bind::<SqlUuid, _>(ended.endpoint_id)
    .bind::<Nullable<SqlUuid>, _>(ended.entity_id)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Lets everything go that waits for another delivery to an endpoint, which asks for no order any more.
pub async fn release_all(tx: &mut TenantTx<'_>, endpoint: Uuid) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE deliveries SET held = false, next_attempt_at = now(), updated_at = now() \
         WHERE endpoint_id = $1 AND held",
    )
    .bind::<SqlUuid, _>(endpoint)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Lets go what waits for nothing any more: for an event that was set aside and turned out not to concern the endpoint, or
/// for a delivery that ended in the moment when another one was queued. Gives how many; at most `most`.
pub async fn release_forgotten(tx: &mut SystemTx<'_>, most: i64) -> QueryResult<usize> {
    diesel::sql_query(
        "WITH first AS (SELECT DISTINCT ON (h.endpoint_id, h.entity_id) h.id, h.tenant_id, h.endpoint_id, h.entity_id, \
           h.event_id, h.payload FROM deliveries h WHERE h.held ORDER BY h.endpoint_id, h.entity_id, h.position, h.id), \
         free AS (SELECT f.id FROM first f WHERE NOT EXISTS (SELECT FROM deliveries o WHERE o.endpoint_id = f.endpoint_id \
             AND o.entity_id = f.entity_id AND o.status IN ('pending', 'in_progress') AND NOT o.held) \
           AND NOT EXISTS (SELECT FROM inbox i WHERE i.tenant_id = f.tenant_id AND i.entity_id = f.entity_id \
             AND i.status IN ('PENDING', 'PROCESSING') AND i.event_id <> f.event_id \
             AND i.occurred_at <= (f.payload ->> 'occurred_at')::timestamptz) LIMIT $1) \
         UPDATE deliveries d SET held = false, next_attempt_at = now(), updated_at = now() \
         FROM free WHERE d.id = free.id AND d.held",
    )
    .bind::<BigInt, _>(most)
    .cached()
    .execute(&mut **tx)
    .await
}
