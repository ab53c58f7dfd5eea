//! Timelines in the database.

use chrono::{DateTime, Utc};
use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx, Visibility};
use serde_json::Value;
use uuid::Uuid;

use super::Concerned;

/// An event, or an activity in the form of one: its action is `ACTIVITY`, its `entity_type` the activity's type.
#[derive(Clone, Debug, QueryableByName)]
pub struct EventRow {
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    /// Id of the event or activity.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Who did it.
    #[diesel(sql_type = Jsonb)]
    pub actor: Value,
    /// `CREATE`, `UPDATE`, `DELETE` or `ACTIVITY`.
    #[diesel(sql_type = Text)]
    pub action: String,
    /// What it happened to.
    #[diesel(sql_type = Text)]
    pub entity_type: String,
    /// Names of the changed fields.
    #[diesel(sql_type = Array<Text>)]
    pub changed_fields: Vec<String>,
    /// The changed fields as they were.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub previous_state: Option<Value>,
    /// The changed fields as they became.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub current_state: Option<Value>,
    /// An activity's subject.
    #[diesel(sql_type = Nullable<Text>)]
    pub subject: Option<String>,
}

/// The place of an entry: those after it are older.
pub type Place = (DateTime<Utc>, Uuid);

/// The people a caller sees the records of; none where those are all.
fn owners(visibility: &Visibility) -> Option<&Vec<Uuid>> {
    match visibility {
        Visibility::All => None,
        Visibility::Of(people) => Some(people),
    }
}

/// At most `limit` entries that come after `place`, newest first; of activities only those that `activities` lets through,
/// of the leads that the entity came from, and of those merged into one of them, only those that `leads` does. That a
/// lead was deleted when it was merged is no entry.
pub async fn entries<E: Concerned>(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    place: Place,
    limit: i64,
    activities: &Visibility,
    leads: &Visibility,
) -> QueryResult<Vec<EventRow>> {
    let sql = format!(
        "WITH RECURSIVE family(id, merged) AS (SELECT o.id, false FROM ({origins}) AS o(id) \
         UNION SELECT l.id, true FROM leads l JOIN family f ON l.merged_into = f.id), \
         lead(id, merged) AS (SELECT l.id, bool_or(f.merged) FROM leads l JOIN family f ON f.id = l.id \
         WHERE $7 IS NULL OR l.assigned_to = ANY($7) OR l.created_by = ANY($7) GROUP BY l.id), \
         subject(entity_type, id, merged) AS (SELECT $1, $2, false \
         UNION SELECT 'Lead', id, merged FROM lead WHERE id <> $2) \
         SELECT * FROM (\
         (SELECT e.* FROM subject s CROSS JOIN LATERAL (\
         SELECT created_at AS at, id, actor, action, entity_type, changed_fields, previous_state, current_state, \
         NULL::text AS subject FROM events \
         WHERE entity_type = s.entity_type AND entity_id = s.id AND (created_at, id) < ($3, $4) \
         AND NOT (s.merged AND (action = 'DELETE' OR changed_fields = '{{deleted}}')) \
         ORDER BY created_at DESC, id DESC LIMIT $5) e) \
         UNION ALL \
         (SELECT created_at, id, jsonb_build_object('kind', 'user', 'id', created_by), 'ACTIVITY', activity_type, \
         '{{}}'::text[], NULL, NULL, subject FROM activities \
         WHERE {column} = $2 AND deleted_at IS NULL AND (created_at, id) < ($3, $4) \
         AND ($6 IS NULL OR assigned_to = ANY($6) OR created_by = ANY($6)) \
         ORDER BY created_at DESC, id DESC LIMIT $5) \
         UNION ALL \
         (SELECT a.* FROM lead o CROSS JOIN LATERAL (\
         SELECT created_at, id, jsonb_build_object('kind', 'user', 'id', created_by), 'ACTIVITY', activity_type, \
         '{{}}'::text[], NULL::jsonb, NULL::jsonb, subject FROM activities \
         WHERE lead_id = o.id AND {column} IS DISTINCT FROM $2 AND deleted_at IS NULL \
         AND (created_at, id) < ($3, $4) AND ($6 IS NULL OR assigned_to = ANY($6) OR created_by = ANY($6)) \
         ORDER BY created_at DESC, id DESC LIMIT $5) a)) AS entries \
         ORDER BY at DESC, id DESC LIMIT $5",
        origins = E::ORIGINS,
        column = E::ACTIVITIES,
    );
    diesel::sql_query(sql)
        .bind::<Text, _>(E::NAME)
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(place.0)
        .bind::<SqlUuid, _>(place.1)
        .bind::<BigInt, _>(limit)
        .bind::<Nullable<Array<SqlUuid>>, _>(owners(activities))
        .bind::<Nullable<Array<SqlUuid>>, _>(owners(leads))
        .cached()
        .load(&mut **tx)
        .await
}

/// All events of an entity, newest first.
pub async fn events(tx: &mut TenantTx<'_>, entity_type: &str, id: Uuid) -> QueryResult<Vec<EventRow>> {
    diesel::sql_query(
        "SELECT created_at AS at, id, actor, action, entity_type, changed_fields, previous_state, current_state, \
         NULL::text AS subject FROM events WHERE entity_type = $1 AND entity_id = $2 \
         ORDER BY created_at DESC, id DESC",
    )
    .bind::<Text, _>(entity_type)
    .bind::<SqlUuid, _>(id)
    .cached()
    .load(&mut **tx)
    .await
}
