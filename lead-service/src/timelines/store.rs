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

/// An event, or an activity told like one: its action is `ACTIVITY`, its `entity_type` the activity's type.
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

/// At most `limit` entries that come after `place`, newest first; of activities only those that `activities` lets through.
pub async fn entries<E: Concerned>(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    place: Place,
    limit: i64,
    activities: &Visibility,
) -> QueryResult<Vec<EventRow>> {
    let owners = match activities {
        Visibility::All => None,
        Visibility::Of(people) => Some(people),
    };
    let sql = format!(
        "SELECT * FROM (\
         (SELECT created_at AS at, id, actor, action, entity_type, changed_fields, previous_state, current_state, \
         NULL::text AS subject FROM events \
         WHERE entity_type = $1 AND entity_id = $2 AND (created_at, id) < ($3, $4) \
         ORDER BY created_at DESC, id DESC LIMIT $5) \
         UNION ALL \
         (SELECT created_at, id, jsonb_build_object('kind', 'user', 'id', created_by), 'ACTIVITY', activity_type, \
         '{{}}'::text[], NULL, NULL, subject FROM activities \
         WHERE {} = $2 AND deleted_at IS NULL AND (created_at, id) < ($3, $4) \
         AND ($6 IS NULL OR assigned_to = ANY($6) OR created_by = ANY($6)) \
         ORDER BY created_at DESC, id DESC LIMIT $5)) AS entries \
         ORDER BY at DESC, id DESC LIMIT $5",
        E::ACTIVITIES
    );
    diesel::sql_query(sql)
        .bind::<Text, _>(E::NAME)
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(place.0)
        .bind::<SqlUuid, _>(place.1)
        .bind::<BigInt, _>(limit)
        .bind::<Nullable<Array<SqlUuid>>, _>(owners)
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
