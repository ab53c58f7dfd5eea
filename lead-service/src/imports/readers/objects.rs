//! Objects as rows: the members of each, flattened, with their paths for names.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};

use platform::http::body;

/// Members that are fields as a whole: what is in them is not taken apart.
const WHOLE: [&str; 5] = ["consent", "utm", "raw_payload", "enrichment_data", "preferences"];
/// Most members that are read of one object.
const MEMBERS: usize = 2_000;

/// The members of an object in their order, their values as text.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Read)
    }
}

/// The values of an object with their paths: `name`, `properties.email`, `emails[0].value`; those of `custom_fields` as
/// `custom_fields.NAME`. None when the text is no JSON object of bearable depth.
pub fn pairs(text: &str) -> Option<Vec<(String, Value)>> {
    body::check_depth_and_nul(text.as_bytes()).ok()?;
    let Members(members) = serde_json::from_str(text).ok()?;
    let mut pairs = Vec::with_capacity(members.len());
    for (name, raw) in members {
        if WHOLE.contains(&name.as_str()) {
            pairs.push((name, value(raw)));
        } else {
            flatten(name, raw, &mut pairs);
        }
    }
    Some(pairs)
}

fn flatten(path: String, raw: &RawValue, pairs: &mut Vec<(String, Value)>) {
    if pairs.len() >= MEMBERS {
        return;
    }
    let text = raw.get().trim_start();
    if text.starts_with('{')
        && let Ok(Members(members)) = serde_json::from_str(raw.get())
    {
        for (name, raw) in members {
            flatten(format!("{path}.{name}"), raw, pairs);
        }
        return;
    }
    if text.starts_with('[')
        && let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(raw.get())
        && items.iter().any(|item| item.get().trim_start().starts_with('{'))
    {
        for (index, item) in items.into_iter().enumerate() {
            flatten(format!("{path}[{index}]"), item, pairs);
        }
        return;
    }
    pairs.push((path, value(raw)));
}

/// A value; a number that would lose digits as its text.
fn value(raw: &RawValue) -> Value {
    let text = raw.get().trim();
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if is_number && text.len() > 15 {
        return Value::String(text.to_owned());
    }
    serde_json::from_str(text).unwrap_or_default()
}

/// A value as the text of a cell: lists of texts joined, objects as JSON.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        Value::Array(items) if items.iter().all(|item| !item.is_array() && !item.is_object()) => {
            items.iter().map(text).filter(|item| !item.is_empty()).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// Pairs as the text of an object, for rows of formats that are no JSON.
pub fn object(pairs: Vec<(String, String)>) -> String {
    Value::Object(pairs.into_iter().map(|(name, text)| (name, Value::String(text))).collect::<Map<_, _>>())
        .to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_flattened_with_their_paths_in_their_order() {
        let text = r#"{"z": 1, "properties": {"email": "a@b.example"}, "tags": ["x", "y"],
            "emails": [{"value": "c@d.example"}], "custom_fields": {"tier": "gold"}, "utm": {"source": "x"},
            "id": 6963887712520725123456}"#;

        let pairs = pairs(text).unwrap();

        let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        let paths = ["z", "properties.email", "tags", "emails[0].value", "custom_fields.tier", "utm", "id"];
        assert_eq!(names, paths);
        assert_eq!(pairs[5].1, json!({"source": "x"}));
        assert_eq!(pairs[6].1, json!("6963887712520725123456"));
        assert_eq!(super::text(&pairs[2].1), "x, y");
        assert_eq!(super::pairs("[1]"), None);
        assert_eq!(super::pairs("no json"), None);
    }
}
