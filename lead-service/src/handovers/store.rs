//! Handovers in the database.

use chrono::{DateTime, Utc};
use contracts::TenantId;
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, QueryableByName, SelectableHelper,
    sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid},
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

/// Plans a handover for each of those who left, once for each time that they leave. One that is pending for another
/// departure of theirs is cancelled. They are noted as former members already.
pub async fn plan(tx: &mut TenantTx<'_>, departed: &[Departed]) -> QueryResult<()> {
    if departed.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "WITH departed AS (SELECT d.user_id, d.cause, coalesce(d.left_at, f.left_at) AS left_at \
         FROM unnest($2, $3, $4) AS d(user_id, cause, left_at) \
         JOIN former_members f ON f.tenant_id = $1 AND f.user_id = d.user_id), \
         superseded AS (UPDATE handovers h SET status = 'cancelled', version = version + 1, updated_at = now() \
         FROM departed d WHERE h.tenant_id = $1 AND h.user_id = d.user_id AND h.status = 'pending' \
         AND (h.cause, h.left_at) <> (d.cause, d.left_at)) \
         INSERT INTO handovers (id, tenant_id, user_id, cause, left_at) \
         SELECT gen_random_uuid(), $1, user_id, cause, left_at FROM departed \
         ON CONFLICT (tenant_id, user_id, cause, left_at) DO NOTHING",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Array<SqlUuid>, _>(departed.iter().map(|one| one.user_id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(departed.iter().map(|one| one.cause.word()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Timestamptz>>, _>(departed.iter().map(|one| one.left_at).collect::<Vec<_>>())
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Cancels what is pending for people who are back.
pub async fn cancel(tx: &mut TenantTx<'_>, people: &[Uuid]) -> QueryResult<usize> {
    let pending = dsl::handovers
        .filter(dsl::user_id.eq_any(people.to_vec()))
        .filter(dsl::status.eq(HandoverStatus::Pending));
    diesel::update(pending)
        .set((
            dsl::status.eq(HandoverStatus::Cancelled),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
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

/// Holds one for the transaction, if it is pending still.
pub async fn hold(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<Option<HandoverView>> {
    dsl::handovers
        .filter(dsl::id.eq(id))
        .filter(dsl::status.eq(HandoverStatus::Pending))
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

/// Writes that the records came back, and how many.
pub async fn undo(tx: &mut TenantTx<'_>, id: Uuid, returned: i32) -> QueryResult<HandoverView> {
    diesel::update(dsl::handovers.filter(dsl::id.eq(id)))
        .set((
            dsl::status.eq(HandoverStatus::Undone),
            dsl::returned.eq(returned),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(HandoverView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Notes the records that went, with their new owners.
pub async fn note_records(
    tx: &mut TenantTx<'_>,
    handover: Uuid,
    entity_type: &str,
    given: &[(Uuid, Option<Uuid>)],
) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO handover_records (tenant_id, handover_id, entity_type, entity_id, new_owner) \
         SELECT $1, $2, $3, r.id, r.owner FROM unnest($4, $5) AS r(id, owner) \
         ON CONFLICT (handover_id, entity_type, entity_id) DO NOTHING",
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
    /// `lead`, `deal`, `task`, `contact` or `customer`.
    #[diesel(sql_type = Text)]
    pub entity_type: String,
    /// The record.
    #[diesel(sql_type = SqlUuid)]
    pub entity_id: Uuid,
    /// Who got it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub new_owner: Option<Uuid>,
}

/// All that went, by kind and new owner.
pub async fn records(tx: &mut TenantTx<'_>, handover: Uuid) -> QueryResult<Vec<HandedRecord>> {
    diesel::sql_query(
        "SELECT entity_type, entity_id, new_owner FROM handover_records WHERE handover_id = $1 \
         ORDER BY entity_type, new_owner, entity_id",
    )
    .bind::<SqlUuid, _>(handover)
    .cached()
    .load(&mut **tx)
    .await
}

#[derive(QueryableByName)]
struct Receiver {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Those who got something.
pub async fn receivers(tx: &mut TenantTx<'_>, handover: Uuid) -> QueryResult<Vec<Uuid>> {
    let rows: Vec<Receiver> = diesel::sql_query(
        "SELECT DISTINCT new_owner AS id FROM handover_records WHERE handover_id = $1 AND new_owner IS NOT NULL \
         ORDER BY new_owner",
    )
    .bind::<SqlUuid, _>(handover)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
