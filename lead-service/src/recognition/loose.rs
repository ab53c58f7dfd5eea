//! Times and yes-or-no as forms write them.

use chrono::{DateTime, Utc};
use serde_json::Value;

/// Numbers from here on are milliseconds: as seconds they would lie beyond the year 5000.
const MILLISECONDS: f64 = 1e11;

/// Whether nothing was entered.
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(is_blank),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// `true`, `"on"`, `1` and their contraries; none for what says neither.
pub fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => number.as_i64().filter(|number| matches!(number, 0 | 1)).map(|n| n == 1),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "on" | "yes" | "1" => Some(true),
            "false" | "off" | "no" | "0" => Some(false),
            _ => None,
        },
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether a consent is one: something was entered, and it does not say no.
pub fn is_given(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            !members.is_empty() && members.get("given").is_none_or(|given| truth(given) == Some(true))
        }
        value => !is_blank(value) && truth(value) != Some(false),
    }
}

/// A time: RFC 3339, or seconds or milliseconds since 1970.
pub fn moment(value: &Value) -> Option<DateTime<Utc>> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => match text.trim().parse::<f64>() {
            Ok(number) => number,
            Err(_) => return DateTime::parse_from_rfc3339(text.trim()).ok().map(|at| at.to_utc()),
        },
        _ => return None,
    };
    if !(0.0..1e14).contains(&number) {
        return None;
    }
    let milliseconds = if number >= MILLISECONDS { number } else { number * 1_000.0 };
    #[expect(clippy::cast_possible_truncation, reason = "bounded above; less than a millisecond is lost")]
    DateTime::from_timestamp_millis(milliseconds as i64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_read_in_the_ways_forms_have() {
        let at = DateTime::parse_from_rfc3339("2026-01-02T03:04:05Z").unwrap().to_utc();
        for written in [
            json!("2026-01-02T04:04:05+01:00"),
            json!(at.timestamp()),
            json!(at.timestamp_millis()),
            json!(at.timestamp().to_string()),
        ] {
            assert_eq!(moment(&written), Some(at), "{written}");
        }
        for nothing in [json!("yesterday"), json!(null), json!(-1), json!("NaN"), json!(1e300)] {
            assert_eq!(moment(&nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_consent_is_what_does_not_say_no() {
        for given in
            [json!(true), json!("on"), json!("I agree"), json!({"text": "I agree"}), json!({"given": 1})]
        {
            assert!(is_given(&given), "{given}");
        }
        for refused in
            [json!(false), json!("off"), json!(" "), json!({}), json!({"given": false}), json!(null)]
        {
            assert!(!is_given(&refused), "{refused}");
        }
    }
}
