//! Handovers in the database.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use contracts::TenantId;
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, QueryableByName, SelectableHelper,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx};
use uuid::Uuid;

use super::api::{HandoverCause, HandoverStatus, HandoverView};
use crate::schema::handovers::dsl;

/// A person who left.
#[derive(Clone, Copy, Debug)]
pub struct Departed {
    /// The person.
    pub user_id: Uuid,
    /// How they left.
    pub cause: HandoverCause,
    /// When; none where it is not known: then it is when the service noted it.
    pub left_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Locks the handovers of these people that are not over. What follows in statements of their own then sees all that workers
/// have given away.
async fn lock_open(tx: &mut TenantTx<'_>, people: &[Uuid]) -> QueryResult<Vec<Uuid>> {
    let open: Vec<Id> = diesel::sql_query(
        "SELECT id FROM handovers WHERE user_id = ANY($1) AND status IN ('pending', 'returning') ORDER BY id FOR UPDATE",
    )
    .bind::<Array<SqlUuid>, _>(people)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(open.into_iter().map(|handover| handover.id).collect())
}

/// Plans a handover for each of those who left, once for each time that they leave. One that is not over, for another departure
/// of theirs, is cancelled, and what it gave away belongs to the new one. One that was cancelled for this departure is
/// taken up again: what said that the person was back was older. They are noted as former members already.
pub async fn plan(tx: &mut TenantTx<'_>, departed: &[Departed]) -> QueryResult<()> {
    if departed.is_empty() {
        return Ok(());
    }
    let people: Vec<Uuid> = departed.iter().map(|one| one.user_id).collect();
    lock_open(tx, &people).await?;
    diesel::sql_query(
        "WITH departed AS (SELECT d.user_id, d.cause, coalesce(d.left_at, f.left_at) AS left_at \
         FROM unnest($2, $3, $4) AS d(user_id, cause, left_at) \
         JOIN former_members f ON f.tenant_id = $1 AND f.user_id = d.user_id), \
         overtaken AS (UPDATE handovers h SET status = 'cancelled', version = version + 1, updated_at = now() \
         FROM departed d WHERE h.tenant_id = $1 AND h.user_id = d.user_id AND h.status IN ('pending', 'returning') \
         AND (h.cause, h.left_at) <> (d.cause, d.left_at) RETURNING h.id, h.user_id), \
         planned AS (INSERT INTO handovers (id, tenant_id, user_id, cause, left_at) \
         SELECT gen_random_uuid(), $1, user_id, cause, left_at FROM departed \
         ON CONFLICT (tenant_id, user_id, cause, left_at) DO UPDATE SET status = 'pending', attempts = 0, \
         next_attempt_at = now(), version = handovers.version + 1, updated_at = now() \
         WHERE handovers.status IN ('cancelled', 'returning') RETURNING id, user_id), \
         present AS (SELECT id, user_id FROM planned UNION SELECT h.id, h.user_id FROM handovers h \
         JOIN departed d ON d.user_id = h.user_id AND d.cause = h.cause AND d.left_at = h.left_at \
         WHERE h.tenant_id = $1) \
         UPDATE handover_records r SET handover_id = c.id FROM overtaken o JOIN present c ON c.user_id = o.user_id \
         WHERE r.handover_id = o.id AND NOT EXISTS (SELECT FROM handover_records k WHERE k.handover_id = c.id \
         AND k.entity_type = r.entity_type AND k.entity_id = r.entity_id)",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Array<SqlUuid>, _>(people)
    .bind::<Array<Text>, _>(departed.iter().map(|one| one.cause.word()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Timestamptz>>, _>(departed.iter().map(|one| one.left_at).collect::<Vec<_>>())
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Cancels what is pending for people who are back. Where something went already, a worker gives it back first.
pub async fn cancel(tx: &mut TenantTx<'_>, people: &[Uuid]) -> QueryResult<usize> {
    if people.is_empty() {
        return Ok(0);
    }
    let open = lock_open(tx, people).await?;
    stop(tx, &open).await
}

/// Cancels those of these handovers that are pending; their rows are locked. Where something went already, a worker gives it
/// back first.
pub async fn stop(tx: &mut TenantTx<'_>, handovers: &[Uuid]) -> QueryResult<usize> {
    if handovers.is_empty() {
        return Ok(0);
    }
    diesel::sql_query(
        "UPDATE handovers h SET attempts = 0, next_attempt_at = now(), version = version + 1, updated_at = now(), \
         status = CASE WHEN EXISTS (SELECT FROM handover_records r WHERE r.handover_id = h.id) \
         THEN 'returning' ELSE 'cancelled' END WHERE h.id = ANY($1) AND h.status = 'pending'",
    )
    .bind::<Array<SqlUuid>, _>(handovers)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Has the tenant's pending ones looked at again: when they are due may have changed.
pub async fn look_again(tx: &mut TenantTx<'_>) -> QueryResult<usize> {
    diesel::update(dsl::handovers.filter(dsl::status.eq(HandoverStatus::Pending)))
        .set(dsl::next_attempt_at.eq(Utc::now()))
        .execute(&mut **tx)
        .await
}

/// One that a worker looks at.
#[derive(Debug, QueryableByName)]
pub struct TakenHandover {
    /// Id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
    /// The person who left.
    #[diesel(sql_type = SqlUuid)]
    pub user_id: Uuid,
    /// Whether what it gave away is to come back.
    #[diesel(sql_type = Bool)]
    pub is_returning: bool,
}

impl TakenHandover {
    /// The tenant.
    pub fn tenant(&self) -> TenantId {
        TenantId(self.tenant_id)
    }
}

/// Writes when one is due; it is looked at again then.
pub async fn schedule(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    due_at: DateTime<Utc>,
    manager: Option<Uuid>,
) -> QueryResult<usize> {
    let pending = dsl::handovers.filter(dsl::id.eq(id)).filter(dsl::status.eq(HandoverStatus::Pending));
    diesel::update(pending)
        .set((
            dsl::due_at.eq(due_at),
            dsl::manager_id.eq(manager),
            dsl::attempts.eq(0),
            dsl::next_attempt_at.eq(due_at),
        ))
        .execute(&mut **tx)
        .await
}

/// Holds one for the transaction, if that is its status still.
pub async fn hold(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    status: HandoverStatus,
) -> QueryResult<Option<HandoverView>> {
    dsl::handovers
        .filter(dsl::id.eq(id))
        .filter(dsl::status.eq(status))
        .select(HandoverView::as_select())
        .for_update()
        .get_result(&mut **tx)
        .await
        .optional()
}

/// Ends one: counts what went.
pub async fn finish(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    due_at: DateTime<Utc>,
    manager: Option<Uuid>,
) -> QueryResult<HandoverView> {
    diesel::sql_query(
        "UPDATE handovers h SET status = 'done', due_at = $2, manager_id = $3, done_at = now(), version = version + 1, \
         updated_at = now(), leads = c.leads, deals = c.deals, tasks = c.tasks, contacts = c.contacts, \
         customers = c.customers FROM (SELECT count(*) FILTER (WHERE entity_type = 'lead') AS leads, \
         count(*) FILTER (WHERE entity_type = 'deal') AS deals, count(*) FILTER (WHERE entity_type = 'task') AS tasks, \
         count(*) FILTER (WHERE entity_type = 'contact') AS contacts, \
         count(*) FILTER (WHERE entity_type = 'customer') AS customers \
         FROM handover_records WHERE handover_id = $1) AS c WHERE h.id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(due_at)
    .bind::<Nullable<SqlUuid>, _>(manager)
    .cached()
    .execute(&mut **tx)
    .await?;
    dsl::handovers.filter(dsl::id.eq(id)).select(HandoverView::as_select()).first(&mut **tx).await
}

/// Writes that this many more records came back, and its status from now on.
pub async fn take_back(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    status: HandoverStatus,
    returned: i32,
) -> QueryResult<HandoverView> {
    diesel::update(dsl::handovers.filter(dsl::id.eq(id)))
        .set((
            dsl::status.eq(status),
            dsl::returned.eq(dsl::returned + returned),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(HandoverView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Notes the records that went, with their new owners. One that went before and came back to the person goes to another one.
pub async fn note_records(
    tx: &mut TenantTx<'_>,
    handover: Uuid,
    entity_type: &str,
    given: &[(Uuid, Option<Uuid>)],
) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO handover_records (tenant_id, handover_id, entity_type, entity_id, new_owner) \
         SELECT $1, $2, $3, r.id, r.owner FROM unnest($4, $5) AS r(id, owner) \
         ON CONFLICT (handover_id, entity_type, entity_id) DO UPDATE SET new_owner = excluded.new_owner",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(handover)
    .bind::<Text, _>(entity_type)
    .bind::<Array<SqlUuid>, _>(given.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(given.iter().map(|(_, owner)| *owner).collect::<Vec<_>>())
    .cached()
    .execute(&mut **tx)
    .await
}

/// A record that went to another owner, or to no one.
#[derive(Debug, QueryableByName)]
pub struct HandedRecord {
    /// The record.
    #[diesel(sql_type = SqlUuid)]
    pub entity_id: Uuid,
    /// Who got it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub new_owner: Option<Uuid>,
}

/// Some of the records of a kind that went, by their ids, behind `after`.
pub async fn records(
    tx: &mut TenantTx<'_>,
    handover: Uuid,
    entity_type: &str,
    after: Uuid,
    most: i64,
) -> QueryResult<Vec<HandedRecord>> {
    diesel::sql_query(
        "SELECT entity_id, new_owner FROM handover_records WHERE handover_id = $1 AND entity_type = $2 \
         AND entity_id > $3 ORDER BY entity_id LIMIT $4",
    )
    .bind::<SqlUuid, _>(handover)
    .bind::<Text, _>(entity_type)
    .bind::<SqlUuid, _>(after)
    .bind::<BigInt, _>(most)
    .cached()
    .load(&mut **tx)
    .await
}

/// Those of these records that got another owner since the handover gave them away, even where the present one is the one
/// that it chose. What other handovers did, and took back, is not counted. `field` names the owner in events.
pub async fn reassigned(
    tx: &mut TenantTx<'_>,
    handover: Uuid,
    entity: &str,
    field: &str,
    records: &[Uuid],
) -> QueryResult<HashSet<Uuid>> {
    let rows: Vec<Id> = diesel::sql_query(
        "WITH given AS (SELECT DISTINCT ON (entity_id) entity_id, id FROM events \
         WHERE entity_type = $1 AND entity_id = ANY($2) AND $3 = ANY(changed_fields) \
         AND current_state ->> 'handover_id' = $4 ORDER BY entity_id, id DESC) \
         SELECT DISTINCT g.entity_id AS id FROM given g JOIN events e ON e.entity_type = $1 \
         AND e.entity_id = g.entity_id AND e.id > g.id AND $3 = ANY(e.changed_fields) \
         AND NOT (e.current_state ? 'handover_id')",
    )
    .bind::<Text, _>(entity)
    .bind::<Array<SqlUuid>, _>(records)
    .bind::<Text, _>(field)
    .bind::<Text, _>(handover.to_string())
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Those who got something.
pub async fn receivers(tx: &mut TenantTx<'_>, handover: Uuid) -> QueryResult<Vec<Uuid>> {
    let rows: Vec<Id> = diesel::sql_query(
        "SELECT DISTINCT new_owner AS id FROM handover_records WHERE handover_id = $1 AND new_owner IS NOT NULL \
         ORDER BY new_owner",
    )
    .bind::<SqlUuid, _>(handover)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
