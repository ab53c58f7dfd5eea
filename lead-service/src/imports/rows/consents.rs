//! Consent and its withdrawal in files.

use chrono::Utc;
use serde_json::{Map, Value, json};

use crate::{
    ingest::loose,
    recognition::{fold, values},
};

/// Words for no.
const NO: [&str; 14] =
    ["n", "nein", "non", "nee", "nej", "nie", "nao", "no", "never", "none", "na", "n a", "f", "falsch"];

/// Whether a cell of a column such as `Email Opt Out` says that the person does not want to be contacted. What is filled in
/// and no denial does: a date, a reason.
pub fn opts_out(cell: &str) -> bool {
    let text = cell.trim();
    if let Some(truth) = loose::truth(&Value::String(text.to_owned())) {
        return truth;
    }
    let folded = fold(text);
    let denies = folded.is_empty() || NO.contains(&folded.as_str());
    let agrees = ["subscribed", "opted in", "opt in", "active", "in"].contains(&folded.as_str());
    !denies && !agrees
}

/// A withdrawal, with the channel that the column's heading names.
pub fn withdrawal(column: &str) -> Map<String, Value> {
    let heading = fold(column);
    let named = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    let channel = if named(&["mail", "newsletter"]) {
        Some("email")
    } else if named(&["sms", "text"]) {
        Some("sms")
    } else if named(&["whatsapp"]) {
        Some("whatsapp")
    } else if named(&["phone", "call", "telefon", "anruf"]) {
        Some("phone")
    } else {
        None
    };
    let mut consent = Map::from_iter([("given".to_owned(), Value::Bool(false))]);
    if let Some(channel) = channel {
        let state = json!({ "state": "withdrawn", "source": "import", "column": column, "at": Utc::now() });
        consent.insert(channel.to_owned(), state);
    }
    consent.entry("source").or_insert_with(|| json!("import"));
    consent
}

/// A consent with its ground.
pub fn grant(text: Option<&str>, basis: &str) -> Map<String, Value> {
    let mut consent = Map::from_iter([
        ("given".to_owned(), Value::Bool(true)),
        ("basis".to_owned(), json!(basis)),
        ("source".to_owned(), json!("import")),
        ("at".to_owned(), json!(Utc::now())),
    ]);
    if let Some(text) = text {
        consent.insert("text".to_owned(), json!(text));
    }
    consent
}

/// What a cell of a consent column says: yes or no, or the text that was agreed to.
pub fn said(cell: &str) -> (Option<bool>, Option<&str>) {
    match values::consent(cell).or_else(|| loose::truth(&Value::String(cell.to_owned()))) {
        Some(truth) => (Some(truth), None),
        None => (None, Some(cell)),
    }
}

/// Whether a consent, as it is stored, is a withdrawal.
pub fn is_withdrawn(consent: &Value) -> bool {
    consent.get("given").and_then(loose::truth) == Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_and_no_denial_opts_out() {
        for out in ["true", "1", "Yes", "unsubscribed", "2024-01-02", "complained", "ja", "x"] {
            assert!(opts_out(out), "{out}");
        }
        for stays in ["false", "0", "No", "", "nein", "subscribed"] {
            assert!(!opts_out(stays), "{stays}");
        }
    }

    #[test]
    fn a_withdrawal_names_the_channel_of_its_column() {
        let consent = withdrawal("EMAIL_BLACKLISTED");
        assert_eq!((&consent["given"], &consent["email"]["state"]), (&json!(false), &json!("withdrawn")));
        assert!(is_withdrawn(&Value::Object(withdrawal("Do not contact"))));
    }
}
