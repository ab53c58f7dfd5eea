//! Payload of a delivery.

use contracts::events::{Action, Envelope};
use serde_json::{Map, Value, json};

/// The body of a webhook: `{id, type, occurred_at, tenant, actor, version, data, changes}`. `version` is the record's, which
/// grows with each of its changes; null for records without one.
pub fn of(event: &Envelope, client_id: &str) -> Value {
    let data = entity(event);
    json!({
        "id": event.id,
        "type": event.event_type,
        "occurred_at": event.occurred_at,
        "tenant": { "id": event.tenant_id, "client_id": client_id },
        "actor": event.actor,
        "version": data.get("version"),
        "data": data,
        "changes": changes(event),
    })
}

/// Whole record: after its creation, after the change with additional fields of the event, or before its deletion.
/// For an event without the record, its id with the changed fields.
fn entity(event: &Envelope) -> Value {
    let state = match event.action {
        Action::Create | Action::Update => &event.current_state,
        Action::Delete => &event.previous_state,
    };
    let members = |state: &Option<Value>| state.as_ref().and_then(Value::as_object).cloned();
    let mut told = members(state).unwrap_or_default();
    let mut members = match members(&event.record) {
        Some(mut record) => {
            told.retain(|name, _| !record.contains_key(name));
            record.append(&mut told);
            record
        }
        None => told,
    };
    members.entry("id").or_insert_with(|| json!(event.entity_id));
    Value::Object(members)
}

/// `{field: {from, to}}` for an update, empty otherwise.
fn changes(event: &Envelope) -> Map<String, Value> {
    let of = |state: &Option<Value>, name: &str| state.as_ref().and_then(|state| state.get(name)).cloned();
    let changed = match event.action {
        Action::Update => event.changed_fields.as_slice(),
        Action::Create | Action::Delete => &[],
    };
    changed
        .iter()
        .map(|name| {
            let change =
                json!({ "from": of(&event.previous_state, name), "to": of(&event.current_state, name) });
            (name.clone(), change)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use contracts::{Service, TenantId, events::Actor};
    use uuid::Uuid;

    use super::*;

    fn event(action: Action, previous_state: Option<Value>, current_state: Option<Value>) -> Envelope {
        Envelope {
            id: Uuid::nil(),
            tenant_id: TenantId(Uuid::nil()),
            event_type: format!("Lead.{}", action.name()),
            entity_type: "Lead".into(),
            entity_id: Uuid::max(),
            action,
            changed_fields: vec!["score".into()],
            previous_state,
            current_state,
            actor: Actor::Service { name: Service::Lead },
            request_id: None,
            traceparent: None,
            occurred_at: DateTime::UNIX_EPOCH,
            record: None,
            position: 0,
        }
    }

    #[test]
    fn an_update_says_the_whole_record_and_what_changed() {
        let mut event = event(Action::Update, Some(json!({"score": null})), Some(json!({"score": 7})));
        let record = json!({"id": Uuid::max(), "score": 7, "email": "ada@example.com", "version": 2});
        event.record = Some(record.clone());

        let body = of(&event, "acme");

        assert_eq!((&body["data"], &body["version"]), (&record, &json!(2)));
        assert_eq!(body["changes"], json!({"score": {"from": null, "to": 7}}));
        assert_eq!(body["tenant"]["client_id"], "acme");
        assert_eq!(body["occurred_at"], "1970-01-01T00:00:00Z");
        assert_eq!(body["actor"], json!({"kind": "service", "name": "lead"}));
    }

    #[test]
    fn what_an_event_says_beyond_the_record_is_beside_it() {
        let mut event = event(Action::Update, None, Some(json!({"submission": {"email": "a@example.com"}})));
        assert_eq!(of(&event, "acme")["version"], Value::Null);
        event.record = Some(json!({"id": Uuid::max(), "version": 3}));

        let body = of(&event, "acme");

        let submission = json!({"email": "a@example.com"});
        assert_eq!(body["data"], json!({"id": Uuid::max(), "version": 3, "submission": submission}));
    }

    #[test]
    fn a_creation_and_a_deletion_tell_the_whole_entity() {
        let entity = json!({"id": Uuid::max(), "email": "ada@example.com"});

        let created = of(&event(Action::Create, None, Some(entity.clone())), "acme");
        let deleted = of(&event(Action::Delete, Some(entity.clone()), None), "acme");

        assert_eq!((&created["data"], &created["changes"]), (&entity, &json!({})));
        assert_eq!((&deleted["data"], &deleted["changes"]), (&entity, &json!({})));
    }
}
