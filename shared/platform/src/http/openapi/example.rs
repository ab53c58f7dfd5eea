//! Examples of bodies, made of their schemas, so that a request can be tried as the documentation shows it.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value, json};

use super::SCHEMA_PATH;
use crate::http::schema::Strictness;

/// Deepest nesting that is shown.
const DEPTH: usize = 8;
const ID: &str = "0190c3b4-0000-7000-8000-000000000001";

/// What members of these names hold in an example. Optional members are shown only where they are here: any other might
/// name a record that is not there.
const KNOWN: &[(&str, &str)] = &[
    ("client_id", "acme"),
    ("company_name", "Acme Ltd"),
    ("currency", "EUR"),
    ("customer_name", "Acme Ltd"),
    ("description", "Written as an example."),
    ("email", "ada@example.com"),
    ("events", "Lead.*"),
    ("first_name", "Ada"),
    ("full_name", "Ada Lovelace"),
    ("host", "leads.example.com"),
    ("key", "theme"),
    ("last_name", "Lovelace"),
    ("name", "Acme"),
    ("new_password", "correct horse battery staple"),
    ("notes", "Met at the fair."),
    ("ordering", "-created_at"),
    ("password", "correct horse battery staple"),
    ("phone", "+4930901820"),
    ("product_name", "Launch pad"),
    ("role", "user"),
    ("role_title", "Head of Marketing"),
    ("subject", "First call"),
    ("title", "Two launch pads"),
    ("url", "https://hooks.example.com/leadstream"),
    ("website", "https://www.example.com"),
];

/// An example of a schema; none where there is nothing to show.
pub fn of(schema: &Value, schemas: &BTreeMap<String, Value>, strictness: Strictness) -> Option<Value> {
    let maker = Maker { schemas, strictness };
    maker.value(schema, "", DEPTH).filter(|example| example.as_object().is_none_or(|all| !all.is_empty()))
}

struct Maker<'s> {
    schemas: &'s BTreeMap<String, Value>,
    strictness: Strictness,
}

impl<'s> Maker<'s> {
    fn resolve(&self, schema: &'s Value) -> &'s Value {
        let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix(SCHEMA_PATH));
        name.and_then(|name| self.schemas.get(name)).unwrap_or(schema)
    }

    fn value(&self, schema: &'s Value, name: &str, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        if let Some(given) = given(schema) {
            return Some(given);
        }
        let schema = self.resolve(schema);
        if let Some(given) = given(schema) {
            return Some(given);
        }
        for word in ["oneOf", "anyOf"] {
            if let Some(choices) = schema.get(word).and_then(Value::as_array) {
                return choices
                    .iter()
                    .filter(|choice| choice.get("type").is_none_or(|kind| kind != "null"))
                    .find_map(|choice| self.value(choice, name, depth));
            }
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let parts = parts.iter().map(|part| self.value(part, name, depth)).collect::<Option<Vec<_>>>()?;
            let members = parts.into_iter().filter_map(|part| match part {
                Value::Object(members) => Some(members),
                _ => None,
            });
            return Some(Value::Object(members.flatten().collect()));
        }
        match kind(schema).unwrap_or("string") {
            "string" => text(schema, name).map(Value::String),
            "integer" => Some(json!(whole_number(schema))),
            "number" => Number::from_f64(number(schema)).map(Value::Number),
            "boolean" => Some(json!(false)),
            "array" => {
                let item = self.value(schema.get("items")?, name, depth)?;
                let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1).max(1);
                Some(Value::Array(vec![item; usize::try_from(least).ok()?]))
            }
            "object" => self.object(schema, depth),
            _ => None,
        }
    }

    fn object(&self, schema: &'s Value, depth: usize) -> Option<Value> {
        let properties = schema.get("properties").and_then(Value::as_object);
        let required: Vec<&str> = match (self.strictness, schema.get("required")) {
            (Strictness::Whole, Some(Value::Array(names))) => {
                names.iter().filter_map(Value::as_str).collect()
            }
            _ => Vec::new(),
        };
        // A person has a first name; what else would be their name is shown once.
        let is_person = properties.is_some_and(|all| all.contains_key("first_name"));
        let mut members = Map::new();
        for (name, member) in properties.into_iter().flatten() {
            let is_required = required.contains(&name.as_str());
            let is_said = is_person && matches!(name.as_str(), "name" | "full_name");
            if is_required {
                members.insert(name.clone(), self.value(member, name, depth)?);
            } else if is_known(name) && !is_said && kind(self.resolve(member)) == Some("string") {
                members.extend(self.value(member, name, depth).map(|value| (name.clone(), value)));
            }
        }
        Some(Value::Object(members))
    }
}

/// What the schema gives itself: an example, its constant, its default or the first of its choices.
fn given(schema: &Value) -> Option<Value> {
    let own = ["example", "const", "default"].iter().find_map(|word| schema.get(*word)).cloned();
    let first = |word: &str| schema.get(word)?.as_array()?.iter().find(|choice| !choice.is_null()).cloned();
    own.filter(|value| !value.is_null()).or_else(|| first("examples")).or_else(|| first("enum"))
}

/// The type of a schema, leaving null aside.
fn kind(schema: &Value) -> Option<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => Some(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
        _ => schema.get("properties").map(|_| "object"),
    }
}

fn is_known(name: &str) -> bool {
    KNOWN.iter().any(|(known, _)| *known == name)
}

fn text(schema: &Value, name: &str) -> Option<String> {
    let limit = |word: &str| schema.get(word).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let text = match schema.get("format").and_then(Value::as_str) {
        Some("email") => "ada@example.com",
        Some("uuid") => ID,
        Some("date-time") => "2026-01-31T09:00:00Z",
        Some("date") => "2026-01-31",
        Some("money" | "decimal") => "1250.00",
        Some("binary") => return None,
        Some("uri") => {
            known(name).filter(|text| text.starts_with("https:")).unwrap_or("https://www.example.com")
        }
        _ => known(name).unwrap_or("Example"),
    };
    let text: String = text.chars().take(limit("maxLength").unwrap_or(usize::MAX)).collect();
    let missing = limit("minLength").unwrap_or(0).saturating_sub(text.chars().count());
    Some(text + &"x".repeat(missing))
}

fn known(name: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The number next to one within the schema's limits.
fn number(schema: &Value) -> f64 {
    let limit = |word: &str| schema.get(word).and_then(Value::as_f64);
    1_f64.max(limit("minimum").unwrap_or(f64::MIN)).min(limit("maximum").unwrap_or(f64::MAX))
}

fn whole_number(schema: &Value) -> i64 {
    let limit = |word: &str| schema.get(word).and_then(Value::as_i64);
    1.max(limit("minimum").unwrap_or(i64::MIN)).min(limit("maximum").unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{openapi::Schemas, schema::Compiled};

    #[derive(utoipa::ToSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct WritePerson {
        #[schema(format = "email")]
        email: String,
        first_name: Option<String>,
        assigned_to: Option<uuid::Uuid>,
        #[schema(minimum = 5, maximum = 9)]
        level: i32,
        kind: Kind,
        #[schema(format = "money")]
        value: String,
        addresses: Vec<Address>,
    }

    #[derive(utoipa::ToSchema)]
    #[schema(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only its schema is used")]
    enum Kind {
        EndUser,
        Buyer,
    }

    #[derive(utoipa::ToSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Address {
        #[schema(min_length = 12)]
        city: String,
    }

    #[test]
    fn an_example_fits_its_schema_and_names_no_record() {
        let mut schemas = Schemas::default();
        let schema = schemas.add::<WritePerson>();

        let example = of(&schema, &schemas.0, Strictness::Whole).unwrap();

        assert!(Compiled::of::<WritePerson>().faults(&example, Strictness::Whole).is_empty(), "{example}");
        assert_eq!(example["email"], "ada@example.com");
        assert_eq!((&example["level"], &example["kind"]), (&json!(5), &json!("end_user")));
        assert!(example.get("assigned_to").is_none(), "{example}");
    }

    #[test]
    fn an_example_of_a_patch_has_some_members() {
        let mut schemas = Schemas::default();
        let schema = schemas.add::<WritePerson>();

        let example = of(&schema, &schemas.0, Strictness::Partial).unwrap();

        assert_eq!(example, json!({ "email": "ada@example.com", "first_name": "Ada" }));
    }
}
