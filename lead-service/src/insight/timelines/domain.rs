//! Timeline entries from events, and past states by undoing events.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::store::EventRow;

impl EventRow {
    fn is_restoration(&self) -> bool {
        self.changed_fields.iter().any(|field| field == "deleted")
    }

    /// `created`, `updated`, `deleted` or `restored`.
    pub fn kind(&self) -> &'static str {
        match self.action.as_str() {
            "CREATE" => "created",
            "DELETE" => "deleted",
            _ if self.is_restoration() => "restored",
            _ => "updated",
        }
    }

    /// `Lead created`, `Status changed`, `3 fields changed`.
    pub fn title(&self) -> String {
        match (self.kind(), self.changed_fields.as_slice()) {
            ("updated", [field]) => format!("{} changed", spoken(field)),
            ("updated", fields) => format!("{} fields changed", fields.len()),
            (kind, _) => format!("{} {kind}{}", self.entity_type, self.place()),
        }
    }

    /// The file and the row that a record was made of, where it was.
    fn place(&self) -> String {
        let import = self.current_state.as_ref().and_then(|state| state.get("import"));
        let Some(row) = import.and_then(|import| import.get("row")) else { return String::new() };
        match import.and_then(|import| import.get("file_name")).and_then(Value::as_str) {
            Some(file) => format!(" from {file}, row {row}"),
            None => format!(" from row {row} of a file"),
        }
    }

    /// `{field: {from, to}}` for an update, empty otherwise.
    pub fn changes(&self) -> Value {
        let of =
            |state: &Option<Value>, name: &str| state.as_ref().and_then(|state| state.get(name)).cloned();
        let changed = if self.action == "UPDATE" { self.changed_fields.as_slice() } else { &[] };
        let change = |name: &String| {
            let (from, to) = (of(&self.previous_state, name), of(&self.current_state, name));
            (name.clone(), json!({ "from": from, "to": to }))
        };
        Value::Object(changed.iter().map(change).collect())
    }
}

/// `assigned_to` as a person would say it.
fn spoken(field: &str) -> String {
    let words = field.strip_suffix("_id").unwrap_or(field).replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The entity as it was at `at`: `now` with every later change undone. `events` are all of its events, newest first.
/// None when it was not there at that moment.
pub fn undone(
    now: Value,
    created_at: DateTime<Utc>,
    events: &[EventRow],
    at: DateTime<Utc>,
) -> Option<Value> {
    let Value::Object(mut members) = now else { return None };
    if created_at > at {
        return None;
    }
    let split = events.iter().position(|event| event.at <= at).unwrap_or(events.len());
    let (later, earlier) = events.split_at_checked(split)?;
    let last = earlier.iter().find(|event| event.action == "DELETE" || event.is_restoration());
    if last.is_some_and(|event| event.action == "DELETE") {
        return None;
    }
    for event in later.iter().filter(|event| event.action == "UPDATE" && !event.is_restoration()) {
        let before: Map<String, Value> =
            event.previous_state.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
        members.extend(before.into_iter().filter(|(name, _)| event.changed_fields.contains(name)));
    }
    let changed_at = earlier.first().map_or(created_at, |event| event.at);
    members.insert("updated_at".to_owned(), json!(changed_at));
    members.remove("version");
    Some(Value::Object(members))
}
