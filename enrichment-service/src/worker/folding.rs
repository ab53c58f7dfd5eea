//! Whether two providers say the same.

use serde_json::Value;

/// A value in the form in which values are compared: without case, accents aside from that as written, spaces and
/// punctuation; addresses without scheme and final slash.
pub fn folded(value: &Value) -> String {
    match value {
        Value::String(text) => {
            let text = text.trim().to_lowercase();
            let text =
                text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
            let text = text.strip_prefix("www.").unwrap_or(text).trim_end_matches('/');
            text.chars().filter(|c| c.is_alphanumeric() || matches!(c, '@' | '+' | '/' | '.')).collect()
        }
        Value::Number(number) => {
            number.as_f64().map_or_else(|| number.to_string(), |number| number.to_string())
        }
        Value::Array(items) => {
            let mut parts: Vec<String> = items.iter().map(folded).collect();
            parts.sort();
            parts.join("\u{1}")
        }
        Value::Object(members) => {
            let mut parts: Vec<String> =
                members.iter().map(|(name, value)| format!("{name}={}", folded(value))).collect();
            parts.sort();
            parts.join("\u{1}")
        }
        Value::Bool(_) | Value::Null => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn writings_of_one_value_are_one() {
        for (one, other) in [
            (json!("Berlin, DE"), json!("berlin  de")),
            (json!("https://www.acme.example/"), json!("acme.example")),
            (json!(50), json!(50.0)),
            (json!(["Rust", "Go"]), json!(["go", "rust"])),
        ] {
            assert_eq!(folded(&one), folded(&other), "{one} {other}");
        }
        assert_ne!(folded(&json!("a@x.example")), folded(&json!("ax.example")));
    }
}
