//! Records events in the transaction of their change.

use crate::db::Cacheable;
use chrono::Utc;
use contracts::events::{Action, Actor};
use diesel::sql_types::{Array, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::tx::TenantTx;
use crate::http::{context, problem::Problem};

/// A change about to be recorded.
#[derive(Clone, Debug)]
pub struct Change {
    /// `Lead.CREATE`, `Lead.assigned_to.UPDATE`, ….
    pub event_type: String,
    /// `Lead`, `Account`, ….
    pub entity_type: &'static str,
    /// The entity.
    pub entity_id: Uuid,
    /// What happened.
    pub action: Action,
    /// The changed fields as they were.
    pub previous_state: Option<Value>,
    /// The entity on creation, the changed fields otherwise.
    pub current_state: Option<Value>,
    /// Names of the changed fields.
    pub changed_fields: Vec<String>,
    /// The whole record after an update, where it is known.
    pub record: Option<Value>,
}

impl Change {
    /// It came to be, looking like `state`.
    pub fn created(entity_type: &'static str, entity_id: Uuid, state: &impl Serialize) -> Self {
        Self {
            event_type: format!("{entity_type}.CREATE"),
            entity_type,
            entity_id,
            action: Action::Create,
            previous_state: None,
            current_state: serde_json::to_value(state).ok(),
            changed_fields: Vec::new(),
            record: None,
        }
    }

    /// It was deleted, having looked like `state`.
    pub fn deleted(entity_type: &'static str, entity_id: Uuid, state: &impl Serialize) -> Self {
        Self {
            event_type: format!("{entity_type}.DELETE"),
            entity_type,
            entity_id,
            action: Action::Delete,
            previous_state: serde_json::to_value(state).ok(),
            current_state: None,
            changed_fields: Vec::new(),
            record: None,
        }
    }

    /// It was brought back after its deletion.
    pub fn restored(entity_type: &'static str, entity_id: Uuid) -> Vec<Self> {
        let (before, after) = (json!({ "deleted": true }), json!({ "deleted": false }));
        Self::updated(entity_type, entity_id, &before, &after, &["deleted"])
    }

    /// The same changes, of this whole record.
    pub fn of(changes: Vec<Self>, record: &impl Serialize) -> Vec<Self> {
        let record = serde_json::to_value(record).ok();
        changes.into_iter().map(|change| Self { record: record.clone(), ..change }).collect()
    }

    /// It changed from `before` to `after`: one event for each changed field in `tracked`, one for all the others
    /// together. Bookkeeping (`updated_at`, `version`) is no change. An `after` with an id is the whole record.
    pub fn updated(
        entity_type: &'static str,
        entity_id: Uuid,
        before: &impl Serialize,
        after: &impl Serialize,
        tracked: &[&str],
    ) -> Vec<Self> {
        let (Ok(Value::Object(before)), Ok(Value::Object(after))) =
            (serde_json::to_value(before), serde_json::to_value(after))
        else {
            return Vec::new();
        };
        let differs = |name: &&String| before.get(*name) != after.get(*name);
        let bookkeeping = |name: &&String| matches!(name.as_str(), "updated_at" | "version");
        let changed: Vec<&String> = after.keys().filter(|name| !bookkeeping(name)).filter(differs).collect();
        let (by_name, others): (Vec<&String>, Vec<&String>) =
            changed.into_iter().partition(|name| tracked.contains(&name.as_str()));
        let record = after.contains_key("id").then(|| Value::Object(after.clone()));
        let change = |event_type: String, names: &[&String]| {
            let part = |state: &Map<String, Value>| -> Value {
                names
                    .iter()
                    .map(|name| ((*name).clone(), state.get(*name).cloned().unwrap_or_default()))
                    .collect::<Map<_, _>>()
                    .into()
            };
            Self {
                event_type,
                entity_type,
                entity_id,
                action: Action::Update,
                previous_state: Some(part(&before)),
                current_state: Some(part(&after)),
                changed_fields: names.iter().map(|name| (*name).clone()).collect(),
                record: record.clone(),
            }
        };
        let mut changes: Vec<Self> =
            by_name.iter().map(|name| change(format!("{entity_type}.{name}.UPDATE"), &[name])).collect();
        if !others.is_empty() {
            changes.push(change(format!("{entity_type}.UPDATE"), &others));
        }
        changes
    }
}

/// Records changes with the caller of the current request as actor.
pub async fn record(tx: &mut TenantTx<'_>, changes: Vec<Change>) -> Result<(), Problem> {
    let service = tx.service();
    let actor = context::current().map_or(Actor::Service { name: service }, |context| context.actor(service));
    record_as(tx, &actor, changes).await
}

/// Records changes put down to `actor`: events and outbox rows in one statement.
pub async fn record_as(tx: &mut TenantTx<'_>, actor: &Actor, changes: Vec<Change>) -> Result<(), Problem> {
    if changes.is_empty() {
        return Ok(());
    }
    let context = context::current();
    let request_id = context.as_ref().map(|context| context.request_id.clone());
    let traceparent = context.as_ref().map(|context| context.trace.header());
    let tenant = tx.tenant();
    let ids: Vec<Uuid> = changes.iter().map(|_| Uuid::now_v7()).collect();
    let types: Vec<&str> = changes.iter().map(|change| change.event_type.as_str()).collect();
    let entities: Vec<&str> = changes.iter().map(|change| change.entity_type).collect();
    let entity_ids: Vec<Uuid> = changes.iter().map(|change| change.entity_id).collect();
    let actions: Vec<&str> = changes.iter().map(|change| change.action.name()).collect();
    let previous: Vec<Option<&Value>> = changes.iter().map(|change| change.previous_state.as_ref()).collect();
    let current: Vec<Option<&Value>> = changes.iter().map(|change| change.current_state.as_ref()).collect();
    // PostgreSQL has no arrays of arrays of different lengths; names travel joined, and no field name has a comma.
    let fields: Vec<String> = changes.iter().map(|change| change.changed_fields.join(",")).collect();
    let records: Vec<Option<&Value>> = changes.iter().map(|change| change.record.as_ref()).collect();
    diesel::sql_query(
        "WITH recorded AS (\
         INSERT INTO events (id, tenant_id, event_type, entity_type, entity_id, action, previous_state, \
         current_state, changed_fields, actor, request_id, traceparent, created_at) \
         SELECT e.id, $1, e.event_type, e.entity_type, e.entity_id, e.action, e.previous_state, e.current_state, \
         CASE WHEN e.fields = '' THEN '{}' ELSE string_to_array(e.fields, ',') END, $2, $3, $4, $5 \
         FROM unnest($6, $7, $8, $9, $10, $11, $12, $13) \
         AS e(id, event_type, entity_type, entity_id, action, previous_state, current_state, fields) \
         RETURNING id) \
         INSERT INTO outbox (tenant_id, event_id, record) SELECT $1, r.id, o.record \
         FROM unnest($6, $14) WITH ORDINALITY AS o(id, record, place) JOIN recorded r ON r.id = o.id ORDER BY o.place",
    )
    .bind::<SqlUuid, _>(tenant.0)
    .bind::<Jsonb, _>(serde_json::to_value(actor).unwrap_or_default())
    .bind::<Nullable<Text>, _>(request_id)
    .bind::<Nullable<Text>, _>(traceparent)
    .bind::<diesel::sql_types::Timestamptz, _>(Utc::now())
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Text>, _>(types)
    .bind::<Array<Text>, _>(entities)
    .bind::<Array<SqlUuid>, _>(entity_ids)
    .bind::<Array<Text>, _>(actions)
    .bind::<Array<Nullable<Jsonb>>, _>(previous)
    .bind::<Array<Nullable<Jsonb>>, _>(current)
    .bind::<Array<Text>, _>(fields)
    .bind::<Array<Nullable<Jsonb>>, _>(records)
    .cached()
    .execute(&mut **tx)
    .await?;
    tx.recorded = true;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracked_fields_get_an_event_each_and_the_others_share_one() {
        let before = json!({"a": 1, "b": 1, "c": 1, "d": 1, "version": 1});
        let after = json!({"a": 2, "b": 2, "c": 2, "d": 1, "version": 2});

        let changes = Change::updated("Thing", Uuid::nil(), &before, &after, &["a"]);

        let types: Vec<&str> = changes.iter().map(|change| change.event_type.as_str()).collect();
        assert_eq!(types, ["Thing.a.UPDATE", "Thing.UPDATE"]);
        assert_eq!(changes[1].changed_fields, ["b", "c"]);
        assert_eq!(changes[1].previous_state, Some(json!({"b": 1, "c": 1})));
        assert!(changes.iter().all(|change| change.record.is_none()), "no id, so not the whole record");
    }

    #[test]
    fn a_change_of_a_whole_record_carries_it() {
        let (before, after) = (json!({"id": 7, "a": 1, "b": 1}), json!({"id": 7, "a": 2, "b": 1}));

        let changes = Change::updated("Thing", Uuid::nil(), &before, &after, &["a"]);

        assert_eq!((&changes[0].current_state, &changes[0].record), (&Some(json!({"a": 2})), &Some(after)));
        let restored = Change::of(Change::restored("Thing", Uuid::nil()), &before);
        assert_eq!(restored[0].record, Some(before));
    }

    #[test]
    fn what_did_not_change_makes_no_event() {
        let same = json!({"a": 1, "version": 1});
        assert!(
            Change::updated("Thing", Uuid::nil(), &same, &json!({"a": 1, "version": 2}), &["a"]).is_empty()
        );
    }
}
