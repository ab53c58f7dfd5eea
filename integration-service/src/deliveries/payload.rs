//! What a receiver is told of an event.

use contracts::events::{Action, Envelope};
use serde_json::{Map, Value, json};

/// The body of a webhook: `{id, type, occurred_at, tenant, actor, data, changes}`.
pub fn of(event: &Envelope, client_id: &str) -> Value {
    json!({
        "id": event.id,
        "type": event.event_type,
        "occurred_at": event.occurred_at,
        "tenant": { "id": event.tenant_id, "client_id": client_id },
        "actor": event.actor,
        "data": entity(event),
        "changes": changes(event),
    })
}

/// The entity as it came to be, its id with the changed fields, or the entity as it was when it was deleted.
fn entity(event: &Envelope) -> Value {
    let state = match event.action {
        Action::Create | Action::Update => &event.current_state,
        Action::Delete => &event.previous_state,
    };
    let mut members = state.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
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
        }
    }

    #[test]
    fn an_update_tells_the_changed_fields_with_the_id_and_what_they_were() {
        let body =
            of(&event(Action::Update, Some(json!({"score": null})), Some(json!({"score": 7}))), "acme");

        assert_eq!(body["data"], json!({"id": Uuid::max(), "score": 7}));
        assert_eq!(body["changes"], json!({"score": {"from": null, "to": 7}}));
        assert_eq!(body["tenant"]["client_id"], "acme");
        assert_eq!(body["occurred_at"], "1970-01-01T00:00:00Z");
        assert_eq!(body["actor"], json!({"kind": "service", "name": "lead"}));
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
