//! Hostile values.

use serde_json::{Value, json};

/// Hostile values as text.
pub(super) fn hostile_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "0",
        "-1",
        "1e309",
        "9223372036854775808",
        "99999999999999999999999999",
        "NaN",
        "true",
        "null",
        "[]",
        "{}",
        "'",
        "\"",
        "' OR '1'='1",
        "1; DROP TABLE leads;--",
        "%",
        "_",
        "\\",
        "../../../etc/passwd",
        "{{7*7}}",
        "${jndi:ldap://x}",
        "<script>alert(1)</script>",
        "\u{202e}\u{1F4A9}\u{301}",
        "id,tenant_id",
        "-tenant_id",
        "created_at;",
        "(select 1)",
        "0001-01-01T00:00:00Z",
        "-290000-01-01T00:00:00Z",
        "+275760-09-13T00:00:00Z",
        "2026-02-30",
        "9999-12-31T23:59:60Z",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.extend([
        "a\0b".to_owned(),
        "\u{1}".to_owned(),
        "x".repeat(8_000),
        ",".repeat(3_000),
        "a,".repeat(2_000),
    ]);
    texts
}

/// The same as JSON, with everything that is no text.
pub(super) fn hostile_values() -> Vec<Value> {
    let mut values: Vec<Value> = hostile_texts().into_iter().map(Value::String).collect();
    let deep = (0..60).fold(json!(1), |inner, _| json!([inner]));
    values.extend([
        Value::Null,
        json!(true),
        json!(-1),
        json!(0),
        json!(1.5),
        json!(1e308),
        json!(i64::MIN),
        json!(u64::MAX),
        json!([]),
        json!({}),
        json!([null]),
        json!([[], {}]),
        json!({"a": {"b": "\u{0}"}}),
        json!(vec!["x"; 2_000]),
        json!("é".repeat(300)),
        deep,
    ]);
    values
}

/// Everything but unreserved characters as percent encodings.
pub(super) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unreserved_characters_travel_as_they_are() {
        assert_eq!(encoded("a-b.c_d~/é'"), "a-b.c_d~%2F%C3%A9%27");
    }
}
