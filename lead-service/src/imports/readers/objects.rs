//! Objects as rows: the members of each, flattened, with their paths for names.

use std::fmt;

use contracts::problem::FieldError;
use platform::http::body::DEPTH_LIMIT;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};

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

/// The reason why a text is no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRow {
    /// It is no JSON object.
    NoObject,
    /// It is nested deeper than allowed.
    TooDeep,
}

impl NoRow {
    /// The fault of the row.
    pub fn fault(self) -> FieldError {
        match self {
            Self::NoObject => FieldError::new("", "invalid_json", "is no JSON object"),
            Self::TooDeep => {
                FieldError::new("", "nested_too_deep", format!("is nested deeper than {DEPTH_LIMIT} levels"))
            }
        }
    }
}

/// The values of an object with their paths.
#[derive(Debug, Default)]
pub struct Values {
    /// Paths and values, in their order.
    pub pairs: Vec<(String, Value)>,
    /// Whether there are more than are read.
    pub is_cut: bool,
    /// Whether NUL characters were left out, which the database cannot keep.
    pub had_nul: bool,
}

/// The values of an object with their paths: `name`, `properties.email`, `emails[0].value`; those of `custom_fields` as
/// `custom_fields.NAME`.
///
/// # Errors
/// Why the text is no row.
pub fn read(text: &str) -> Result<Values, NoRow> {
    if is_too_deep(text) {
        return Err(NoRow::TooDeep);
    }
    let Members(members) = serde_json::from_str(text).map_err(|_| NoRow::NoObject)?;
    let mut values = Values { pairs: Vec::with_capacity(members.len().min(MEMBERS)), ..Values::default() };
    for (name, raw) in members {
        if WHOLE.contains(&name.as_str()) {
            values.push(name, value(raw));
        } else {
            values.flatten(name, raw);
        }
    }
    // Only an escape can stand for one: JSON takes none as it is.
    if text.contains("\\u0000") {
        values.without_nul();
    }
    Ok(values)
}

/// The same; none where the text is no row.
pub fn pairs(text: &str) -> Option<Vec<(String, Value)>> {
    read(text).ok().map(|values| values.pairs)
}

/// Deep nesting exhausts stacks; it is found without parsing.
fn is_too_deep(text: &str) -> bool {
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                if depth > DEPTH_LIMIT {
                    return true;
                }
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

impl Values {
    fn push(&mut self, path: String, value: Value) {
        if self.pairs.len() < MEMBERS {
            self.pairs.push((path, value));
        } else {
            self.is_cut = true;
        }
    }

    fn flatten(&mut self, path: String, raw: &RawValue) {
        if self.is_cut {
            return;
        }
        let text = raw.get().trim_start();
        if text.starts_with('{')
            && let Ok(Members(members)) = serde_json::from_str(raw.get())
        {
            for (name, raw) in members {
                self.flatten(format!("{path}.{name}"), raw);
            }
            return;
        }
        if text.starts_with('[')
            && let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(raw.get())
            && items.iter().any(|item| item.get().trim_start().starts_with('{'))
        {
            for (index, item) in items.into_iter().enumerate() {
                if self.is_cut {
                    break;
                }
                self.flatten(format!("{path}[{index}]"), item);
            }
            return;
        }
        self.push(path, value(raw));
    }

    fn without_nul(&mut self) {
        for (name, value) in &mut self.pairs {
            if name.contains('\0') {
                *name = name.replace('\0', "");
                self.had_nul = true;
            }
            self.had_nul |= strip(value);
        }
    }
}

/// Takes NUL characters out of a value. Gives whether there were any.
fn strip(value: &mut Value) -> bool {
    match value {
        Value::String(text) if text.contains('\0') => {
            *text = text.replace('\0', "");
            true
        }
        Value::Array(items) => items.iter_mut().fold(false, |found, item| strip(item) | found),
        Value::Object(members) => {
            let mut found = members.values_mut().fold(false, |found, value| strip(value) | found);
            if members.keys().any(|name| name.contains('\0')) {
                let kept = std::mem::take(members).into_iter();
                *members = kept.map(|(name, value)| (name.replace('\0', ""), value)).collect();
                found = true;
            }
            found
        }
        _ => false,
    }
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

    #[test]
    fn rows_are_bounded_in_depth_and_number_of_values() {
        let nested = |depth: usize| format!("{{\"a\": {}1{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(63)).is_ok());
        assert_eq!(read(&nested(64)).unwrap_err(), NoRow::TooDeep);
        assert_eq!(read(&nested(400_000)).unwrap_err(), NoRow::TooDeep);
        assert!(read("{\"a\": \"[[[[[\\\"[[[\"}").is_ok(), "what stands in a text nests nothing");

        let people = vec!["{\"a\": 1}"; 100_000].join(",");
        let many = read(&format!("{{\"list\": [{people}]}}")).unwrap();
        assert_eq!((many.pairs.len(), many.is_cut), (MEMBERS, true));
        let numbers = vec!["1"; 100_000].join(",");
        let list = read(&format!("{{\"list\": [{numbers}]}}")).unwrap();
        assert_eq!((list.pairs.len(), list.is_cut), (1, false));
    }

    #[test]
    fn nul_is_left_out_of_names_and_values() {
        let read =
            read(r#"{"n\u0000ame": "A\u0000da", "utm": {"s\u0000": ["x\u0000"]}, "b": "\\u0000"}"#).unwrap();

        let expected = [("name", json!("Ada")), ("utm", json!({"s": ["x"]})), ("b", json!("\\u0000"))];
        assert_eq!(read.pairs, expected.map(|(name, value)| (name.to_owned(), value)));
        assert!(read.had_nul);
    }
}
