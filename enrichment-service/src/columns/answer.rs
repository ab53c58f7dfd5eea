//! The answer that a model has to give: its schema, and whether one fits.

use platform::http::{
    openapi::Schemas,
    schema::{Compiled, Strictness},
};
use serde_json::{Map, Value, json};

use super::{
    api::{CustomColumnView, ResponseConfig},
    domain::ResponseType,
};
use crate::answers;

/// Longest text of an answer unless the column says otherwise, in characters.
const LONGEST: usize = 2_000;
/// Most quotes of an answer.
const MOST_EVIDENCE: usize = 10;

/// An answer that fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The value; none when the model cannot tell.
    pub value: Option<Value>,
    /// 0 to 1.
    pub confidence: f64,
    /// Quotes that occur in what the model was shown.
    pub evidence: Vec<Value>,
}

/// The schema of the whole answer, of the strict subset that all servers know.
pub fn schema(column: &CustomColumnView) -> Value {
    let config = column.response();
    let value = match column.response_type {
        ResponseType::String => json!({ "type": ["string", "null"] }),
        ResponseType::Number => json!({ "type": ["number", "null"] }),
        ResponseType::Boolean => json!({ "type": ["boolean", "null"] }),
        ResponseType::Enum => {
            let mut choices: Vec<Value> = config.choices.into_iter().flatten().map(Value::String).collect();
            choices.push(Value::Null);
            json!({ "type": ["string", "null"], "enum": choices })
        }
        ResponseType::JsonObject => {
            json!({ "anyOf": [strict(&config.schema.unwrap_or_else(|| json!({ "type": "object" }))), { "type": "null" }] })
        }
    };
    let evidence = object(&json!({ "source": { "type": "string" }, "quote": { "type": "string" } }));
    object(&json!({
        "value": value,
        "confidence": { "type": "number" },
        "evidence": { "type": "array", "items": evidence },
        "abstain": { "type": "boolean" },
    }))
}

fn object(members: &Value) -> Value {
    let names: Vec<String> =
        members.as_object().map(|members| members.keys().cloned().collect()).unwrap_or_default();
    json!({ "type": "object", "additionalProperties": false, "required": names, "properties": members })
}

/// A schema of one's own in the strict subset: all members are required, no others are allowed, limits are ours to check.
fn strict(schema: &Value) -> Value {
    let Some(members) = schema.as_object() else { return schema.clone() };
    let mut strict = Map::new();
    for (word, part) in members {
        match word.as_str() {
            "properties" => {
                let parts = part.as_object().cloned().unwrap_or_default();
                let names: Vec<Value> = parts.keys().cloned().map(Value::String).collect();
                let parts: Map<String, Value> =
                    parts.iter().map(|(name, part)| (name.clone(), self::strict(part))).collect();
                strict.insert("properties".to_owned(), Value::Object(parts));
                strict.insert("required".to_owned(), Value::Array(names));
                strict.insert("additionalProperties".to_owned(), json!(false));
            }
            "items" => drop(strict.insert("items".to_owned(), self::strict(part))),
            "type" | "enum" | "description" => drop(strict.insert(word.clone(), part.clone())),
            _ => {}
        }
    }
    Value::Object(strict)
}

/// Reads an answer strictly. `shown` is what the model was shown, folded; `hidden` what it must not repeat.
///
/// # Errors
/// The part that does not fit.
pub fn read(
    column: &CustomColumnView,
    answer: &Value,
    shown: &str,
    hidden: &str,
) -> Result<Answered, String> {
    let members = answer.as_object().ok_or("it is no object")?;
    if let Some(name) =
        members.keys().find(|name| !matches!(name.as_str(), "value" | "confidence" | "evidence" | "abstain"))
    {
        return Err(format!("it has {:?}, which was not asked for", answers::clean(name, 50)));
    }
    let confidence = members.get("confidence").and_then(Value::as_f64).ok_or("confidence is no number")?;
    if !(0.0..=1.0).contains(&confidence) {
        return Err("confidence is not from 0 to 1".to_owned());
    }
    let abstains =
        members.get("abstain").and_then(Value::as_bool).ok_or("abstain is neither true nor false")?;
    let evidence = evidence(members.get("evidence").ok_or("evidence is missing")?, shown)?;
    let value = members.get("value").ok_or("value is missing")?;
    if abstains || value.is_null() {
        return Ok(Answered { value: None, confidence, evidence: Vec::new() });
    }
    let value = checked(column, value)?;
    if repeats(&value, hidden) {
        return Err("it repeats its instructions".to_owned());
    }
    Ok(Answered { value: Some(value), confidence, evidence })
}

fn evidence(listed: &Value, shown: &str) -> Result<Vec<Value>, String> {
    let items = listed.as_array().ok_or("evidence is no list")?;
    let mut kept = Vec::new();
    for item in items.iter().take(100) {
        let text =
            |name: &str| item.get(name).and_then(Value::as_str).ok_or(format!("evidence has no {name}"));
        let (source, quote) = (answers::clean(text("source")?, 50), answers::clean(text("quote")?, 500));
        if answers::occurs(&quote, shown) && kept.len() < MOST_EVIDENCE {
            kept.push(json!({ "source": source, "quote": quote }));
        }
    }
    Ok(kept)
}

/// The value as it is kept, of the column's type; also what a person writes.
///
/// # Errors
/// The part that does not fit.
pub fn checked(column: &CustomColumnView, value: &Value) -> Result<Value, String> {
    let ResponseConfig { choices, min, max, max_length, schema } = column.response();
    match column.response_type {
        ResponseType::String => {
            let text = value.as_str().ok_or("value is no text")?;
            let most = max_length.and_then(|most| usize::try_from(most).ok()).unwrap_or(LONGEST);
            if text.chars().count() > most {
                return Err(format!("value is longer than {most} characters"));
            }
            Ok(Value::String(answers::clean(text, most)))
        }
        ResponseType::Number => {
            let number = value.as_f64().filter(|number| number.is_finite()).ok_or("value is no number")?;
            if min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max) {
                return Err("value is out of range".to_owned());
            }
            Ok(value.clone())
        }
        ResponseType::Boolean => Ok(Value::Bool(value.as_bool().ok_or("value is neither true nor false")?)),
        ResponseType::Enum => {
            let word = value.as_str().ok_or("value is no text")?;
            let known = choices.into_iter().flatten().find(|choice| choice == word);
            known.map(Value::String).ok_or_else(|| "value is none of the choices".to_owned())
        }
        ResponseType::JsonObject => {
            let schema = schema.unwrap_or_else(|| json!({ "type": "object" }));
            let faults = Compiled::new(schema, Schemas::default()).faults(value, Strictness::Whole);
            match faults.first() {
                Some(fault) => Err(format!("value.{} {}", fault.field, fault.message)),
                None if value.to_string().len() > 16 * 1024 => Err("value is too long".to_owned()),
                None => Ok(cleaned(value)),
            }
        }
    }
}

fn cleaned(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(answers::clean(text, LONGEST)),
        Value::Array(items) => items.iter().map(cleaned).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (answers::clean(name, 100), cleaned(value))).collect()
        }
        other => other.clone(),
    }
}

/// Whether a value gives a sentence of the instructions away.
fn repeats(value: &Value, hidden: &str) -> bool {
    let said = answers::quoted(&value.to_string().replace("\\n", " ").replace("\\\"", "\""));
    let sentences = hidden.split(['.', ':']).map(answers::quoted).filter(|sentence| sentence.len() >= 20);
    sentences.into_iter().any(|sentence| said.contains(&sentence))
}
