//! Rules that turn events into notifications.

use contracts::{UserId, events::Envelope};
use serde_json::Value;
use uuid::Uuid;

use super::domain::{NewNotification, NotificationType, Recipient};
use crate::webhook_endpoints;

/// Notification of an event and its recipients, if the event has one.
pub fn of(event: &Envelope) -> Option<(Recipient, NewNotification)> {
    let assignee = member(event, "assigned_to").and_then(|text| Uuid::parse_str(text).ok()).map(UserId);
    match event.event_type.as_str() {
        // An import creates too many leads for a notification each.
        "Lead.CREATE" if is_quiet_import(event) => None,
        "Lead.CREATE" => {
            let recipient = assignee.map_or(Recipient::Admins, Recipient::Person);
            Some((recipient, about(event, "New lead", new_lead(event))))
        }
        // Records that change hands together have one notification: that of the handover.
        "Lead.assigned_to.UPDATE" if is_part_of_handover(event) => None,
        "Handover.CREATE" => {
            let notification = about(event, "Records changed hands", handover(event)?);
            Some((Recipient::AdminsAnd(receivers(event)), notification))
        }
        "Lead.assigned_to.UPDATE" => {
            let message = "You are now responsible for a lead.".to_owned();
            Some((Recipient::Person(assignee?), about(event, "A lead was assigned to you", message)))
        }
        _ => None,
    }
}

/// Notification of an endpoint that unsubscribed.
pub fn endpoint_gone(id: Uuid, url: &str) -> NewNotification {
    NewNotification {
        title: "A webhook endpoint was switched off".to_owned(),
        message: format!(
            "{url} answered 410 Gone: it wants no more events. Switch it on again when that is mended."
        ),
        kind: NotificationType::Warning,
        entity_type: webhook_endpoints::ENTITY.to_owned(),
        entity_id: id,
        event_id: None,
    }
}

/// Whether a lead is from an import without rules and notifications.
fn is_quiet_import(event: &Envelope) -> bool {
    let import = event.current_state.as_ref().and_then(|state| state.get("import"));
    import.is_some_and(|import| import.get("run_rules").and_then(Value::as_bool) != Some(true))
}

fn about(event: &Envelope, title: &str, message: String) -> NewNotification {
    NewNotification {
        title: title.to_owned(),
        message,
        kind: NotificationType::Info,
        entity_type: event.entity_type.clone(),
        entity_id: event.entity_id,
        event_id: Some(event.id),
    }
}

/// Message such as `Ada Lovelace (Analytical Engines), from website.`, of the known fields.
fn new_lead(event: &Envelope) -> String {
    let names: Vec<&str> =
        ["first_name", "last_name"].iter().filter_map(|name| member(event, name)).collect();
    let mut message = match (names.is_empty(), member(event, "email")) {
        (false, _) => names.join(" "),
        (true, Some(email)) => email.to_owned(),
        (true, None) => "A person without a name".to_owned(),
    };
    if let Some(company) = member(event, "company_name") {
        message.push_str(&format!(" ({company})"));
    }
    if let Some(source) = member(event, "source") {
        message.push_str(&format!(", from {}", source.replace('_', " ")));
    }
    message.push('.');
    message
}

fn is_part_of_handover(event: &Envelope) -> bool {
    event.current_state.as_ref().is_some_and(|state| state.get("handover_id").is_some())
}

fn receivers(event: &Envelope) -> Vec<UserId> {
    let people = event.current_state.as_ref().and_then(|state| state.get("receivers")?.as_array());
    let people = people.into_iter().flatten().filter_map(Value::as_str);
    people.filter_map(|text| Uuid::parse_str(text).ok()).map(UserId).collect()
}

/// `Ada Lovelace was removed. What they held went to others: 3 leads, 1 deal. An admin can undo this.`
fn handover(event: &Envelope) -> Option<String> {
    let state = event.current_state.as_ref()?;
    let counted = [
        ("leads", "lead"),
        ("deals", "deal"),
        ("tasks", "task"),
        ("contacts", "contact"),
        ("customers", "customer"),
    ];
    let counts: Vec<String> = counted
        .into_iter()
        .filter_map(|(many, one)| match state.get(many)?.as_i64()? {
            0 => None,
            1 => Some(format!("1 {one}")),
            number => Some(format!("{number} {many}")),
        })
        .collect();
    let name = member(event, "name").unwrap_or("A member");
    let left = if member(event, "cause") == Some("removed") { "was removed" } else { "is inactive" };
    let counts = counts.join(", ");
    Some(format!("{name} {left}. What they held went to others: {counts}. An admin can undo this."))
}

fn member<'a>(event: &'a Envelope, name: &str) -> Option<&'a str> {
    let text = event.current_state.as_ref()?.get(name).and_then(Value::as_str)?.trim();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use contracts::{
        Service, TenantId,
        events::{Action, Actor},
    };
    use serde_json::json;

    use super::*;

    fn event(event_type: &str, state: Value) -> Envelope {
        Envelope {
            id: Uuid::now_v7(),
            tenant_id: TenantId::new(),
            event_type: event_type.into(),
            entity_type: "Lead".into(),
            entity_id: Uuid::now_v7(),
            action: Action::Create,
            previous_state: None,
            current_state: Some(state),
            changed_fields: vec![],
            actor: Actor::Service { name: Service::Lead },
            request_id: None,
            traceparent: None,
            occurred_at: DateTime::UNIX_EPOCH,
            record: None,
            position: 0,
        }
    }

    #[test]
    fn leads_from_a_file_notify_only_where_the_import_says_so() {
        let imported = |runs| of(&event("Lead.CREATE", json!({"import": {"row": 1, "run_rules": runs}})));

        assert!(imported(false).is_none());
        assert!(imported(true).is_some());
    }

    #[test]
    fn a_new_lead_is_told_to_its_assignee_and_to_the_admins_when_it_has_none() {
        let user = UserId::new();
        let assigned = of(&event("Lead.CREATE", json!({"assigned_to": user}))).unwrap();
        let unassigned = of(&event("Lead.CREATE", json!({"assigned_to": null}))).unwrap();

        assert_eq!(assigned.0, Recipient::Person(user));
        assert_eq!(unassigned.0, Recipient::Admins);
    }

    #[test]
    fn a_new_assignee_is_told_and_nobody_when_there_is_none() {
        let user = UserId::new();
        let (recipient, _) = of(&event("Lead.assigned_to.UPDATE", json!({"assigned_to": user}))).unwrap();

        assert_eq!(recipient, Recipient::Person(user));
        assert_eq!(of(&event("Lead.assigned_to.UPDATE", json!({"assigned_to": null}))), None);
        assert_eq!(of(&event("Lead.score.UPDATE", json!({"score": 7}))), None);
        assert_eq!(of(&event("Account.CREATE", json!({}))), None);
    }

    #[test]
    fn records_that_change_hands_together_have_one_notification() {
        let (receiver, state) = (UserId::new(), json!({"assigned_to": UserId::new(), "handover_id": "x"}));
        let done = json!({
            "name": "Ada Lovelace", "cause": "inactive", "leads": 2, "deals": 1, "tasks": 0, "contacts": 0,
            "customers": 0, "receivers": [receiver],
        });

        let (recipient, notification) = of(&event("Handover.CREATE", done)).unwrap();

        assert_eq!(recipient, Recipient::AdminsAnd(vec![receiver]));
        assert_eq!(
            notification.message,
            "Ada Lovelace is inactive. What they held went to others: 2 leads, 1 deal. An admin can undo this."
        );
        assert_eq!(of(&event("Lead.assigned_to.UPDATE", state)), None);
    }

    #[test]
    fn the_message_says_what_is_known() {
        let message = |state| of(&event("Lead.CREATE", state)).unwrap().1.message;
        assert_eq!(
            message(
                json!({"first_name": "Ada", "last_name": "Lovelace", "company_name": "Engines", "source": "cold_call"})
            ),
            "Ada Lovelace (Engines), from cold call."
        );
        assert_eq!(message(json!({"email": "ada@example.com", "last_name": " "})), "ada@example.com.");
        assert_eq!(message(json!({})), "A person without a name.");
    }
}
