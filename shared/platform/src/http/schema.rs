//! Holds JSON against the schema that a wire type derives, and reports every fault at once.
//!
//! The schema is the one in the OpenAPI document: lengths, formats and choices are written once, on the type.

use contracts::problem::FieldError;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{numbers::is_whole, openapi::Schemas};
use crate::values;

/// A type's schema, ready to hold values against.
#[derive(Debug)]
pub struct Compiled {
    root: Value,
    parts: Schemas,
}

/// How strictly to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// A whole value: what is required must be there.
    Whole,
    /// Some members of a value, as in a patch.
    Partial,
}

impl Compiled {
    /// The schema of `T`.
    pub fn of<T: ToSchema>() -> Self {
        let mut parts = Schemas::default();
        let root = parts.add::<T>();
        Self { root, parts }
    }

    /// A schema of a document, with the schemas that it refers to.
    pub fn new(root: Value, parts: impl Into<Schemas>) -> Self {
        Self { root, parts: parts.into() }
    }

    /// Every fault of `value`; none when it fits.
    pub fn faults(&self, value: &Value, strictness: Strictness) -> Vec<FieldError> {
        let mut faults = Vec::new();
        self.check(&self.root, value, "", strictness, &mut faults);
        self.amount_faults(value, strictness, &mut faults);
        faults
    }

    /// Names of the members of the (object) type.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        let properties = self.resolve(&self.root).get("properties").and_then(Value::as_object);
        properties.into_iter().flat_map(|members| members.keys().map(String::as_str))
    }

    /// Schema of one member.
    pub fn member(&self, name: &str) -> Option<&Value> {
        Some(self.resolve(self.resolve(&self.root).get("properties")?.get(name)?))
    }

    /// Whether the (object) type must have the member.
    pub fn is_required(&self, name: &str) -> bool {
        let required = self.resolve(&self.root).get("required").and_then(Value::as_array);
        required.is_some_and(|names| names.iter().any(|one| one == name))
    }

    pub(super) fn root(&self) -> &Value {
        &self.root
    }

    pub(super) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
        name.and_then(|name| self.parts.0.get(name)).unwrap_or(schema)
    }

    fn check(
        &self,
        schema: &Value,
        value: &Value,
        path: &str,
        strictness: Strictness,
        faults: &mut Vec<FieldError>,
    ) {
        // In an object that a patch gives in part, null removes a member whatever its type.
        if strictness == Strictness::Partial && value.is_null() && path.contains('.') {
            return;
        }
        let schema = self.resolve(schema);
        for word in ["oneOf", "anyOf"] {
            if let Some(choices) = schema.get(word).and_then(Value::as_array) {
                return self.check_choices(choices, value, path, strictness, faults);
            }
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            for part in parts {
                self.check(part, value, path, strictness, faults);
            }
            return;
        }
        let types = types_of(schema);
        if !types.is_empty() && !types.iter().any(|name| is_of_type(value, name)) {
            let wanted = types.join(" or ");
            faults.push(FieldError::new(
                path,
                "wrong_type",
                format!("must be {wanted}, not {}", name_of(value)),
            ));
            return;
        }
        if value.is_null() {
            return;
        }
        if let Some(choices) = schema.get("enum").and_then(Value::as_array)
            && !choices.contains(value)
        {
            let allowed = choices.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
            faults.push(FieldError::new(path, "not_allowed", format!("must be one of: {allowed}")));
            return;
        }
        match value {
            Value::String(text) => check_text(schema, text, path, faults),
            // Amounts are held against their currency.
            Value::Number(_) if schema.get("format").is_some_and(|format| format == "money") => {}
            Value::Number(number) => check_number(schema, number.as_f64().unwrap_or(f64::NAN), path, faults),
            Value::Array(items) => self.check_items(schema, items, path, faults),
            Value::Object(members) => self.check_members(schema, members, path, strictness, faults),
            Value::Bool(_) | Value::Null => {}
        }
    }

    fn check_choices(
        &self,
        choices: &[Value],
        value: &Value,
        path: &str,
        strictness: Strictness,
        faults: &mut Vec<FieldError>,
    ) {
        let mut fewest: Option<Vec<FieldError>> = None;
        for choice in choices {
            let mut found = Vec::new();
            self.check(choice, value, path, strictness, &mut found);
            if found.is_empty() {
                return;
            }
            let is_null_choice = types_of(self.resolve(choice)) == ["null"];
            if !is_null_choice && fewest.as_ref().is_none_or(|best| found.len() < best.len()) {
                fewest = Some(found);
            }
        }
        faults.extend(fewest.unwrap_or_default());
    }

    fn check_items(&self, schema: &Value, items: &[Value], path: &str, faults: &mut Vec<FieldError>) {
        let count = items.len() as u64;
        if let Some(most) = schema.get("maxItems").and_then(Value::as_u64).filter(|most| count > *most) {
            faults.push(FieldError::new(path, "too_many", format!("must have at most {most} items")));
        }
        if let Some(least) = schema.get("minItems").and_then(Value::as_u64).filter(|least| count < *least) {
            faults.push(FieldError::new(path, "too_few", format!("must have at least {least} items")));
        }
        if let Some(item_schema) = schema.get("items") {
            for (index, item) in items.iter().enumerate() {
                self.check(item_schema, item, &joined(path, &index.to_string()), Strictness::Whole, faults);
            }
        }
    }

    fn check_members(
        &self,
        schema: &Value,
        members: &Map<String, Value>,
        path: &str,
        strictness: Strictness,
        faults: &mut Vec<FieldError>,
    ) {
        let known = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties");
        for (name, value) in members {
            match (known.and_then(|known| known.get(name)), others) {
                (Some(schema), _) => {
                    self.check(schema, value, &joined(path, name), strictness, faults);
                }
                (None, Some(schema)) if schema.is_object() => {
                    self.check(schema, value, &joined(path, name), strictness, faults);
                }
                (None, None) if known.is_none() => {}
                (None, Some(Value::Bool(true))) => {}
                (None, _) => {
                    let allowed = known.map(|known| known.keys().cloned().collect::<Vec<_>>().join(", "));
                    let message = format!("is not a known field; known are: {}", allowed.unwrap_or_default());
                    faults.push(FieldError::new(joined(path, name), "unknown_field", message));
                }
            }
        }
        if strictness == Strictness::Whole {
            let required = schema.get("required").and_then(Value::as_array);
            for name in required.into_iter().flatten().filter_map(Value::as_str) {
                if !members.contains_key(name) {
                    faults.push(FieldError::new(joined(path, name), "required", "is required"));
                }
            }
        }
    }
}

pub(super) fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn types_of(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "integer" => matches!(value, Value::Number(number) if is_whole(number)),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => true,
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn check_text(schema: &Value, text: &str, path: &str, faults: &mut Vec<FieldError>) {
    let length = text.chars().count() as u64;
    let limit = |name| schema.get(name).and_then(Value::as_u64);
    if let Some(most) = limit("maxLength").filter(|most| length > *most) {
        faults.push(FieldError::new(path, "too_long", format!("must be at most {most} characters long")));
        return;
    }
    if let Some(least) = limit("minLength").filter(|least| length < *least || text.trim().is_empty()) {
        let (code, message) = if text.trim().is_empty() {
            ("required", "must not be empty".to_owned())
        } else {
            ("too_short", format!("must be at least {least} characters long"))
        };
        faults.push(FieldError::new(path, code, message));
        return;
    }
    let fault = match schema.get("format").and_then(Value::as_str) {
        Some("uuid") if uuid::Uuid::parse_str(text).is_err() => Some(("invalid_uuid", "is not a UUID")),
        Some("date-time") if chrono::DateTime::parse_from_rfc3339(text).is_err() => {
            Some(("invalid_datetime", "is not a time in RFC 3339, such as 2026-01-31T09:00:00Z"))
        }
        Some("date") if text.parse::<chrono::NaiveDate>().is_err() => {
            Some(("invalid_date", "is not a date, such as 2026-01-31"))
        }
        Some("email") if values::email(text).is_none() => Some(("invalid_email", "is not an e-mail address")),
        Some("currency") if values::currency(text).is_none() => {
            Some(("invalid_currency", "is not an ISO 4217 code"))
        }
        Some("uri") if values::web_url(text).is_none() => Some(("invalid_url", "is not a web address")),
        Some("linkedin-url") if values::linkedin_url(text).is_none() => Some((
            "invalid_url",
            "is not the address of a page at LinkedIn, such as https://www.linkedin.com/in/ada",
        )),
        Some("name") if !values::is_name(text) => {
            Some(("invalid_name", "must have neither line breaks nor control characters"))
        }
        _ => None,
    };
    if let Some((code, message)) = fault {
        faults.push(FieldError::new(path, code, message));
    }
}

fn check_number(schema: &Value, number: f64, path: &str, faults: &mut Vec<FieldError>) {
    let limit = |name| schema.get(name).and_then(Value::as_f64);
    let within_format = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number),
        _ => number.is_finite(),
    };
    let too_small = limit("minimum").filter(|least| number < *least);
    let too_large = limit("maximum").filter(|most| number > *most);
    if let Some(least) = too_small {
        faults.push(FieldError::new(path, "out_of_range", format!("must be at least {least}")));
    } else if let Some(most) = too_large {
        faults.push(FieldError::new(path, "out_of_range", format!("must be at most {most}")));
    } else if !within_format {
        faults.push(FieldError::new(path, "out_of_range", "is too large a number"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(utoipa::ToSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Person {
        #[schema(format = "email", max_length = 254)]
        email: String,
        #[schema(format = "name")]
        name: Option<String>,
        #[schema(minimum = 0, maximum = 150)]
        age: Option<i32>,
        kind: Option<Kind>,
        #[schema(max_items = 2)]
        tags: Vec<String>,
    }

    #[derive(utoipa::ToSchema)]
    #[schema(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only its schema is used")]
    enum Kind {
        Buyer,
        EndUser,
    }

    fn codes(value: &Value, strictness: Strictness) -> Vec<(String, String)> {
        let faults = Compiled::of::<Person>().faults(value, strictness);
        faults.into_iter().map(|fault| (fault.field, fault.code)).collect()
    }

    #[test]
    fn a_fitting_value_has_no_fault() {
        let value =
            json!({"email": "a@example.com", "name": "Ada", "age": null, "kind": "end_user", "tags": ["x"]});
        assert_eq!(codes(&value, Strictness::Whole), []);
    }

    #[test]
    fn every_fault_is_found_at_once() {
        let value = json!({"email": "nope", "name": "Ada\nBcc: x", "age": 200, "kind": "boss", "tags": ["x", 1, "z"], "shoe": 42});
        let mut found = codes(&value, Strictness::Whole);
        found.sort();
        let expected = [
            ("age", "out_of_range"),
            ("email", "invalid_email"),
            ("kind", "not_allowed"),
            ("name", "invalid_name"),
            ("shoe", "unknown_field"),
            ("tags", "too_many"),
            ("tags.1", "wrong_type"),
        ];
        assert_eq!(found, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    }

    #[test]
    fn a_patch_may_leave_out_what_is_required() {
        assert_eq!(codes(&json!({"age": 3}), Strictness::Partial), []);
        let found = codes(&json!({"age": 3}), Strictness::Whole);
        assert_eq!(found.len(), 2, "{found:?}");
    }
}
