//! The records that name a lead: they go to the winner of a merge, and back when it is undone.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, QueryableByName, SelectableHelper,
    sql_types::{Array, Jsonb, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx, outbox::Change};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    activities::{ActivityView, TaskView},
    entities::Entity,
    people::ContactView,
    sales::DealView,
    schema::{activities, contacts, deals, tasks},
};

/// A record that names a lead, as a merge keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, QueryableByName)]
pub struct MovedRecord {
    /// `task`, `activity`, `deal`, `contact`, `ingest` or `engagement`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The record.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The lead that it named before the merge, and names after its undoing.
    #[diesel(sql_type = SqlUuid)]
    pub lead_id: Uuid,
}

/// Lets the records that name a loser name the winner, deleted ones too. That is how the id of a merged lead is that of
/// its winner, and takes no permission of its own.
pub async fn move_to(
    tx: &mut TenantTx<'_>,
    winner: Uuid,
    losers: &[Uuid],
    at: DateTime<Utc>,
) -> QueryResult<Vec<MovedRecord>> {
    diesel::sql_query(
        "WITH tasks_of AS (SELECT id, entity_id AS lead_id FROM tasks \
         WHERE entity_type = 'lead' AND entity_id = ANY($2) ORDER BY id FOR UPDATE), \
         tasks_moved AS (UPDATE tasks r SET entity_id = $1, version = r.version + 1, updated_at = $3 \
         FROM tasks_of o WHERE r.id = o.id), \
         activities_of AS (SELECT id, lead_id FROM activities WHERE lead_id = ANY($2) ORDER BY id FOR UPDATE), \
         activities_moved AS (UPDATE activities r SET lead_id = $1, version = r.version + 1, updated_at = $3 \
         FROM activities_of o WHERE r.id = o.id), \
         deals_of AS (SELECT id, lead_id FROM deals WHERE lead_id = ANY($2) ORDER BY id FOR UPDATE), \
         deals_moved AS (UPDATE deals r SET lead_id = $1, version = r.version + 1, updated_at = $3 \
         FROM deals_of o WHERE r.id = o.id), \
         contacts_of AS (SELECT id, lead_id FROM contacts WHERE lead_id = ANY($2) ORDER BY id FOR UPDATE), \
         contacts_moved AS (UPDATE contacts r SET lead_id = $1, version = r.version + 1, updated_at = $3 \
         FROM contacts_of o WHERE r.id = o.id), \
         ingests_of AS (SELECT id, lead_id FROM ingests WHERE lead_id = ANY($2) ORDER BY id FOR UPDATE), \
         ingests_moved AS (UPDATE ingests r SET lead_id = $1 FROM ingests_of o WHERE r.id = o.id), \
         engagements_of AS (SELECT id, lead_id FROM lead_engagements \
         WHERE lead_id = ANY($2) ORDER BY id FOR UPDATE), \
         engagements_moved AS (UPDATE lead_engagements r SET lead_id = $1 FROM engagements_of o WHERE r.id = o.id) \
         SELECT 'task' AS kind, id, lead_id FROM tasks_of \
         UNION ALL SELECT 'activity', id, lead_id FROM activities_of \
         UNION ALL SELECT 'deal', id, lead_id FROM deals_of \
         UNION ALL SELECT 'contact', id, lead_id FROM contacts_of \
         UNION ALL SELECT 'ingest', id, lead_id FROM ingests_of \
         UNION ALL SELECT 'engagement', id, lead_id FROM engagements_of",
    )
    .bind::<SqlUuid, _>(winner)
    .bind::<Array<SqlUuid>, _>(losers)
    .bind::<Timestamptz, _>(at)
    .cached()
    .load(&mut **tx)
    .await
}

/// Lets the records that a merge moved, and that still name the winner, name the lead that they came from. Gives those.
pub async fn move_back(
    tx: &mut TenantTx<'_>,
    winner: Uuid,
    moved: &Value,
    at: DateTime<Utc>,
) -> QueryResult<Vec<MovedRecord>> {
    diesel::sql_query(
        "WITH came AS (SELECT * FROM jsonb_to_recordset($2) AS c(kind text, id uuid, lead_id uuid)), \
         tasks_back AS (UPDATE tasks r SET entity_id = c.lead_id, version = r.version + 1, updated_at = $3 \
         FROM came c WHERE c.kind = 'task' AND r.id = c.id AND r.entity_type = 'lead' AND r.entity_id = $1 \
         RETURNING c.kind, c.id, c.lead_id), \
         activities_back AS (UPDATE activities r SET lead_id = c.lead_id, version = r.version + 1, updated_at = $3 \
         FROM came c WHERE c.kind = 'activity' AND r.id = c.id AND r.lead_id = $1 \
         RETURNING c.kind, c.id, c.lead_id), \
         deals_back AS (UPDATE deals r SET lead_id = c.lead_id, version = r.version + 1, updated_at = $3 \
         FROM came c WHERE c.kind = 'deal' AND r.id = c.id AND r.lead_id = $1 RETURNING c.kind, c.id, c.lead_id), \
         contacts_back AS (UPDATE contacts r SET lead_id = c.lead_id, version = r.version + 1, updated_at = $3 \
         FROM came c WHERE c.kind = 'contact' AND r.id = c.id AND r.lead_id = $1 RETURNING c.kind, c.id, c.lead_id), \
         ingests_back AS (UPDATE ingests r SET lead_id = c.lead_id \
         FROM came c WHERE c.kind = 'ingest' AND r.id = c.id AND r.lead_id = $1 RETURNING c.kind, c.id, c.lead_id), \
         engagements_back AS (UPDATE lead_engagements r SET lead_id = c.lead_id \
         FROM came c WHERE c.kind = 'engagement' AND r.id = c.id AND r.lead_id = $1 \
         RETURNING c.kind, c.id, c.lead_id) \
         SELECT kind, id, lead_id FROM tasks_back UNION ALL SELECT kind, id, lead_id FROM activities_back \
         UNION ALL SELECT kind, id, lead_id FROM deals_back UNION ALL SELECT kind, id, lead_id FROM contacts_back \
         UNION ALL SELECT kind, id, lead_id FROM ingests_back \
         UNION ALL SELECT kind, id, lead_id FROM engagements_back",
    )
    .bind::<SqlUuid, _>(winner)
    .bind::<Jsonb, _>(moved)
    .bind::<Timestamptz, _>(at)
    .cached()
    .load(&mut **tx)
    .await
}

/// Which way records went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From losers to this winner.
    To(Uuid),
    /// From this winner back to the losers.
    From(Uuid),
}

/// The records of one table that are not deleted.
macro_rules! alive {
    ($tx:expr, $table:ident as $view:ty, $ids:expr) => {{
        let rows: Vec<$view> = $table::table
            .filter($table::id.eq_any($ids))
            .filter($table::deleted_at.is_null())
            .order($table::id)
            .select(<$view>::as_select())
            .load(&mut **$tx)
            .await?;
        rows
    }};
}

/// The changes of the records that people and programs know of: the ledger of submissions and what leads did are no
/// records of their own in events, and deleted records change without notice.
pub async fn changes(tx: &mut TenantTx<'_>, moved: &[MovedRecord], way: Way) -> QueryResult<Vec<Change>> {
    let of_kind = |kind: &str| -> Vec<Uuid> {
        moved.iter().filter(|record| record.kind == kind).map(|record| record.id).collect()
    };
    let mut all = Vec::new();
    let ids = of_kind("task");
    if !ids.is_empty() {
        all.extend(named(&alive!(tx, tasks as TaskView, ids), "entity_id", moved, way));
    }
    let ids = of_kind("activity");
    if !ids.is_empty() {
        all.extend(named(&alive!(tx, activities as ActivityView, ids), "lead_id", moved, way));
    }
    let ids = of_kind("deal");
    if !ids.is_empty() {
        all.extend(named(&alive!(tx, deals as DealView, ids), "lead_id", moved, way));
    }
    let ids = of_kind("contact");
    if !ids.is_empty() {
        all.extend(named(&alive!(tx, contacts as ContactView, ids), "lead_id", moved, way));
    }
    Ok(all)
}

/// That these records name another lead than before.
fn named<E: Entity>(records: &[E], field: &str, moved: &[MovedRecord], way: Way) -> Vec<Change> {
    let change = |record: &E| {
        let loser = moved.iter().find(|known| known.id == record.id()).map(|known| known.lead_id);
        let (before, after) = match way {
            Way::To(winner) => (loser, Some(winner)),
            Way::From(winner) => (Some(winner), loser),
        };
        let (before, after) = (json!({ field: before }), json!({ field: after }));
        Change::of(Change::updated(E::NAME, record.id(), &before, &after, E::TRACKED), record)
    };
    records.iter().flat_map(change).collect()
}
