//! Source of a value: the row that is about it, or the last event that wrote it.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::insight::timelines::store::EventRow;

/// Most candidates of a field.
const MOST_CANDIDATES: usize = 10;

/// Where the value of a field came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Name of the field.
    pub field: String,
    /// Its value.
    pub value: Value,
    /// person, form, import or enrichment.
    pub source: String,
    /// Who found it.
    pub provider: Option<Value>,
    /// 0 to 1.
    pub confidence: Option<f64>,
    /// When it was found or written.
    pub observed_at: DateTime<Utc>,
    /// The enrichment job.
    pub job_id: Option<Uuid>,
    /// The step of its waterfall.
    pub step: Option<i32>,
    /// Its cost, as a decimal number.
    pub cost: Option<String>,
    /// Who wrote it, or pinned it.
    pub actor: Option<Value>,
    /// Whether no enrichment changes it.
    pub pinned: bool,
    /// The value that stood there before, with its source.
    pub previous: Option<Value>,
    /// Values that were found and not written.
    pub candidates: Vec<Value>,
}

impl Standing {
    /// As the previous one of another.
    pub fn as_previous(&self) -> Value {
        json!({
            "value": self.value, "source": self.source, "provider": self.provider, "confidence": self.confidence,
            "observed_at": self.observed_at, "job_id": self.job_id, "step": self.step, "cost": self.cost,
            "actor": self.actor, "pinned": self.pinned,
        })
    }

    /// One that was the previous one of another.
    pub fn of_previous(&self, previous: &Value) -> Option<Self> {
        let text = |name: &str| previous.get(name).and_then(Value::as_str).map(str::to_owned);
        let some = |name: &str| previous.get(name).filter(|value| !value.is_null()).cloned();
        Some(Self {
            field: self.field.clone(),
            value: previous.get("value")?.clone(),
            source: text("source")?,
            provider: some("provider"),
            confidence: previous.get("confidence").and_then(Value::as_f64),
            observed_at: text("observed_at")?.parse().ok()?,
            job_id: text("job_id").and_then(|id| id.parse().ok()),
            step: previous.get("step").and_then(Value::as_i64).and_then(|step| i32::try_from(step).ok()),
            cost: text("cost"),
            actor: some("actor"),
            pinned: previous.get("pinned").and_then(Value::as_bool).unwrap_or(false),
            previous: None,
            candidates: self.candidates.clone(),
        })
    }

    /// Keeps a value that was found beside; one for each provider and value, the newest first.
    pub fn add_candidate(&mut self, candidate: Value) {
        let same = |other: &Value| {
            other.get("value") == candidate.get("value")
                && other.pointer("/provider/id") == candidate.pointer("/provider/id")
        };
        self.candidates.retain(|other| !same(other));
        self.candidates.insert(0, candidate);
        self.candidates.truncate(MOST_CANDIDATES);
    }

    /// The rank of sources: a person, a form, an import, enrichment by the order of its steps.
    pub fn rank(&self) -> (u8, i32) {
        match self.source.as_str() {
            "person" => (0, 0),
            "form" => (1, 0),
            "import" => (2, 0),
            _ => (3, self.step.unwrap_or(i32::MAX)),
        }
    }
}

/// Whether nothing stands there.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Where the values of these fields came from. `rows` are what is kept of the record, `events` its events, newest first.
pub fn standings(
    record: &Map<String, Value>,
    fields: &[&str],
    rows: Vec<Standing>,
    events: &[EventRow],
) -> Vec<Standing> {
    let mut rows = rows;
    let mut standings = Vec::new();
    for field in fields {
        let value = record.get(*field).cloned().unwrap_or_default();
        let kept = rows.iter().position(|row| row.field == *field).map(|place| rows.swap_remove(place));
        if is_empty(&value) && kept.as_ref().is_none_or(|row| row.candidates.is_empty()) {
            continue;
        }
        let standing = match kept {
            Some(row) if row.value == value => row,
            kept => {
                let mut derived = derived(field, value, events, created_at(record));
                derived.candidates = kept.map(|row| row.candidates).unwrap_or_default();
                derived
            }
        };
        standings.push(standing);
    }
    standings
}

fn created_at(record: &Map<String, Value>) -> DateTime<Utc> {
    let text = record.get("created_at").and_then(Value::as_str);
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn derived(field: &str, value: Value, events: &[EventRow], created_at: DateTime<Utc>) -> Standing {
    let wrote = |event: &&EventRow| {
        event.action == "CREATE" || event.changed_fields.iter().any(|changed| changed == field)
    };
    let event = events.iter().find(wrote);
    let actor = event.map(|event| event.actor.clone());
    let kind = actor.as_ref().and_then(|actor| actor.get("kind")).and_then(Value::as_str);
    let is_import = event.is_some_and(|event| is_of_import(event, events));
    let is_enrichment =
        actor.as_ref().and_then(|actor| actor.get("name")).is_some_and(|name| name == "enrichment");
    let source = match kind {
        _ if is_import => "import",
        Some("api_key") => "form",
        Some("service") if is_enrichment => "enrichment",
        _ => "person",
    };
    Standing {
        field: field.to_owned(),
        pinned: source == "person" && kind == Some("user") && !is_empty(&value),
        value,
        source: source.to_owned(),
        provider: None,
        confidence: None,
        observed_at: event.map_or(created_at, |event| event.at),
        job_id: None,
        step: None,
        cost: None,
        actor,
        previous: None,
        candidates: Vec::new(),
    }
}

/// Tells imports apart: their writes are recorded for the person who started them; an event of the same moment names the import.
fn is_of_import(event: &EventRow, events: &[EventRow]) -> bool {
    let names_import = |event: &EventRow| {
        event
            .current_state
            .as_ref()
            .is_some_and(|state| state.get("import").is_some_and(|import| !import.is_null()))
    };
    names_import(event) || events.iter().any(|other| other.at == event.at && names_import(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(minutes: i64, actor: Value, fields: &[&str], state: Value) -> EventRow {
        EventRow {
            at: DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(minutes),
            id: Uuid::now_v7(),
            actor,
            action: if fields.is_empty() { "CREATE" } else { "UPDATE" }.to_owned(),
            entity_type: "Lead".to_owned(),
            changed_fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            previous_state: None,
            current_state: Some(state),
            subject: None,
        }
    }

    fn of(events: &[EventRow]) -> Standing {
        let record = Map::from_iter([("email".to_owned(), json!("a@x.example"))]);
        standings(&record, &["email", "phone"], Vec::new(), events).pop().unwrap()
    }

    #[test]
    fn what_a_person_wrote_is_pinned_and_what_forms_imports_and_rules_wrote_is_not() {
        let user = json!({ "kind": "user", "id": Uuid::nil() });
        for (actor, state, source, pinned) in [
            (user.clone(), json!({}), "person", true),
            (user.clone(), json!({ "import": { "row": 1 } }), "import", false),
            (json!({ "kind": "api_key", "id": Uuid::nil() }), json!({}), "form", false),
            (json!({ "kind": "service", "name": "enrichment" }), json!({}), "enrichment", false),
            (json!({ "kind": "service", "name": "lead" }), json!({}), "person", false),
        ] {
            let standing = of(&[event(1, actor, &["email"], state), event(0, user.clone(), &[], json!({}))]);
            assert_eq!((standing.source.as_str(), standing.pinned), (source, pinned));
        }
    }

    #[test]
    fn the_last_event_that_wrote_the_field_counts() {
        let user = json!({ "kind": "user", "id": Uuid::nil() });
        let key = json!({ "kind": "api_key", "id": Uuid::nil() });
        let standing = of(&[event(2, user, &["phone"], json!({})), event(1, key, &[], json!({}))]);
        assert_eq!(standing.source, "form");
    }

    #[test]
    fn a_row_is_about_its_value_only() {
        let key = json!({ "kind": "api_key", "id": Uuid::nil() });
        let events = [event(1, key, &[], json!({}))];
        let row = |value: &str| Standing {
            value: json!(value),
            source: "enrichment".to_owned(),
            candidates: vec![json!({ "value": "b@x.example" })],
            ..of(&events)
        };
        let record = Map::from_iter([("email".to_owned(), json!("a@x.example"))]);
        let same = standings(&record, &["email"], vec![row("a@x.example")], &events);
        let other = standings(&record, &["email"], vec![row("z@x.example")], &events);
        assert_eq!((same[0].source.as_str(), other[0].source.as_str()), ("enrichment", "form"));
        assert_eq!(other[0].candidates.len(), 1, "what was found beside stays");
    }
}
