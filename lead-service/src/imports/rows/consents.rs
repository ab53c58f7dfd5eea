//! Consent and its withdrawal in files.

use chrono::Utc;
use serde_json::{Map, Value, json};

use crate::recognition::{self, fold};

/// Words for no, folded.
const NO: [&str; 10] = ["n", "nein", "non", "nee", "nej", "nie", "nao", "never", "f", "falsch"];
/// Words for nothing, folded.
const NOTHING: [&str; 4] = ["", "none", "na", "unknown"];
/// Words of a column of opt-outs for people who stay, folded.
const STAYS: [&str; 5] = ["subscribed", "optedin", "optin", "active", "in"];
/// Words of a status for people who have left, folded.
const LEFT: [&str; 7] =
    ["unsubscribed", "optedout", "optout", "donotcontact", "donotcall", "donotemail", "cleaned"];
/// States of a channel that are a withdrawal.
const WITHDRAWN: [&str; 6] = ["withdrawn", "denied", "revoked", "unsubscribed", "opted_out", "blocked"];
/// Members of a consent that say how it was given.
const GROUNDS: [&str; 4] = ["given", "basis", "text", "at"];

/// Whether a cell of a column such as `Email Opt Out` says that the person does not want to be contacted. What is filled in
/// and no denial does: a date, a reason.
pub fn opts_out(cell: &str) -> bool {
    let text = cell.trim();
    if let Some(truth) = recognition::read_truth(&Value::String(text.to_owned())) {
        return truth;
    }
    let folded = fold(text);
    let is_in = |words: &[&str]| words.contains(&folded.as_str());
    !is_in(&NO) && !is_in(&NOTHING) && !is_in(&STAYS)
}

/// Whether a cell of a status says so.
pub fn has_left(cell: &str) -> bool {
    LEFT.contains(&fold(cell).as_str())
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

/// The meaning of a cell of a consent column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// The person agreed.
    Yes,
    /// The person did not.
    No,
    /// This is what the person agreed to.
    Text(&'a str),
    /// It says neither.
    Unclear,
}

/// Reads a cell of a consent column. A text that people agree to is a sentence: a word that is not known is none.
pub fn said(cell: &str) -> Said<'_> {
    const SENTENCE: usize = 3;
    match recognition::read_consent(cell).or_else(|| recognition::read_truth(&Value::String(cell.to_owned())))
    {
        Some(true) => Said::Yes,
        Some(false) => Said::No,
        None if NO.contains(&fold(cell).as_str()) => Said::No,
        None if cell.split_whitespace().count() >= SENTENCE => Said::Text(cell),
        None => Said::Unclear,
    }
}

/// The part of a whole consent in a cell, such as one that this service exported, that is taken: withdrawals always, the
/// rest on the ground that the importer names. Gives whether something was held back.
pub fn of_object(members: Map<String, Value>, basis: Option<&str>) -> (Map<String, Value>, bool) {
    if let Some(basis) = basis {
        let mut members = members;
        if !is_refused(&members) {
            members.entry("basis").or_insert_with(|| json!(basis));
        }
        return (members, false);
    }
    if is_refused(&members) {
        // All of it is about the withdrawal, but for what another channel grants.
        let (kept, granted): (Map<_, _>, Map<_, _>) =
            members.into_iter().partition(|(_, value)| !is_grant(value));
        return (kept, !granted.is_empty());
    }
    let (kept, rest): (Map<_, _>, Map<_, _>) =
        members.into_iter().partition(|(name, value)| withdraws(name, value));
    (kept, !rest.is_empty())
}

/// Whether a consent, as it is stored, is a withdrawal.
fn is_withdrawn(consent: &Value) -> bool {
    consent.as_object().is_some_and(is_refused)
}

fn is_refused(members: &Map<String, Value>) -> bool {
    members.get("given").and_then(recognition::read_truth) == Some(false)
}

/// Whether a member of a consent withdraws it, for one channel or for all.
fn withdraws(name: &str, value: &Value) -> bool {
    match value {
        Value::Object(channel) => {
            let state = channel.get("state").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
            is_refused(channel) || WITHDRAWN.contains(&state.as_str())
        }
        Value::Bool(truth) => !truth,
        value => name == "given" && recognition::read_truth(value) == Some(false),
    }
}

/// Whether a channel of a consent grants it.
fn is_grant(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::Object(channel) => {
            let is_given = channel.get("given").and_then(recognition::read_truth) == Some(true);
            let state = channel.get("state").and_then(Value::as_str).unwrap_or_default();
            is_given || ["granted", "given", "subscribed", "opted_in"].contains(&state)
        }
        _ => false,
    }
}

/// The part of a consent that may change the one that a lead has: a withdrawal is never taken back by a file. None where
/// nothing is left.
pub fn over(known: Option<&Value>, said: Map<String, Value>) -> Option<Value> {
    let Some(Value::Object(known)) = known else { return Some(Value::Object(said)) };
    let is_over = is_refused(known);
    let says_no = is_refused(&said);
    let stays = |name: &str, value: &Value| {
        if withdraws(name, value) {
            return true;
        }
        let channel = known.get(name).is_some_and(|before| withdraws(name, before));
        !channel && if is_over { says_no && !is_grant(value) } else { true }
    };
    let said: Map<String, Value> = said.into_iter().filter(|(name, value)| stays(name, value)).collect();
    (!said.is_empty()).then_some(Value::Object(said))
}

/// The part of a consent that fills one that a lead has: withdrawals, and members that it has not.
pub fn filling(known: &Map<String, Value>, said: Map<String, Value>) -> Map<String, Value> {
    let says_no = is_refused(&said);
    let is_blank = |name: &str| known.get(name).is_none_or(Value::is_null);
    said.into_iter().filter(|(name, value)| says_no || withdraws(name, value) || is_blank(name)).collect()
}

/// The consent of a lead of which an import is taken back: the one from before, but for what was withdrawn.
pub fn restored(now: &Value, before: Value) -> Value {
    let Value::Object(now_members) = now else { return before };
    if is_refused(now_members) && !is_withdrawn(&before) {
        return now.clone();
    }
    let mut members = match before {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    for (name, value) in now_members.iter().filter(|(name, value)| withdraws(name, value)) {
        if !members.get(name).is_some_and(|before| withdraws(name, before)) {
            members.insert(name.clone(), value.clone());
        }
    }
    if members.is_empty() { Value::Null } else { Value::Object(members) }
}

/// Adds a withdrawal to what a row says of consent: the ground of a consent goes.
pub fn withdraw(consent: &mut Map<String, Value>, column: &str) {
    if !is_refused(consent) {
        GROUNDS.iter().for_each(|name| drop(consent.remove(*name)));
    }
    consent.extend(withdrawal(column));
}

/// Adds a consent to what a row says. A withdrawal in another column prevails. Gives whether it was added.
pub fn agree(consent: &mut Map<String, Value>, text: Option<&str>, basis: &str) -> bool {
    if is_refused(consent) {
        return false;
    }
    for (name, value) in grant(text, basis) {
        consent.entry(name).or_insert(value);
    }
    true
}

/// Adds a whole consent to what a row says, withdrawals over what other columns say. Gives whether all of it was added.
pub fn add(consent: &mut Map<String, Value>, whole: Map<String, Value>) -> bool {
    let (was_refused, says_no) = (is_refused(consent), is_refused(&whole));
    if says_no && !was_refused {
        GROUNDS.iter().for_each(|name| drop(consent.remove(*name)));
    }
    let mut is_added = true;
    for (name, value) in whole {
        if withdraws(&name, &value) {
            consent.insert(name, value);
        } else if was_refused && !says_no {
            is_added = false;
        } else {
            consent.entry(name).or_insert(value);
        }
    }
    is_added
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn what_is_filled_in_and_no_denial_opts_out() {
        for out in ["true", "1", "Yes", "unsubscribed", "2024-01-02", "complained", "ja", "x"] {
            assert!(opts_out(out), "{out}");
        }
        for stays in ["false", "0", "No", "", "nein", "subscribed", "Opted in", "n/a"] {
            assert!(!opts_out(stays), "{stays}");
        }
        assert!(has_left("Opted Out") && has_left("Do not contact") && !has_left("Open"));
    }

    #[test]
    fn a_withdrawal_names_the_channel_of_its_column() {
        let consent = withdrawal("EMAIL_BLACKLISTED");
        assert_eq!((&consent["given"], &consent["email"]["state"]), (&json!(false), &json!("withdrawn")));
        assert!(is_withdrawn(&Value::Object(withdrawal("Do not contact"))));
    }

    #[test]
    fn only_yes_and_a_sentence_agree() {
        assert_eq!((said("Yes"), said("nein"), said("0")), (Said::Yes, Said::No, Said::No));
        assert_eq!(said("I want the newsletter"), Said::Text("I want the newsletter"));
        for unclear in ["pending", "n/a", "maybe later", "?"] {
            assert_eq!(said(unclear), Said::Unclear, "{unclear}");
        }
    }

    #[test]
    fn a_whole_consent_is_taken_on_a_ground_and_its_withdrawals_without() {
        let given = json!({"given": true, "text": "I agree", "sms": {"state": "withdrawn"}});
        let (taken, is_less) = of_object(members(&given), None);
        assert_eq!((Value::Object(taken), is_less), (json!({"sms": {"state": "withdrawn"}}), true));
        let (taken, is_less) = of_object(members(&given), Some("fair"));
        assert_eq!((&taken["given"], &taken["basis"], is_less), (&json!(true), &json!("fair"), false));
        let refused = json!({"given": "no", "at": "2026-01-02", "email": {"state": "granted"}});
        let (taken, is_less) = of_object(members(&refused), None);
        assert_eq!((Value::Object(taken), is_less), (json!({"given": "no", "at": "2026-01-02"}), true));
    }

    #[test]
    fn a_withdrawal_outlives_files_and_their_undoing() {
        let (no, yes) = (json!({"given": false}), json!({"given": true, "basis": "b"}));
        assert_eq!(over(Some(&no), members(&yes)), None);
        assert_eq!(over(None, members(&yes)), Some(yes.clone()));
        assert_eq!(over(Some(&yes), members(&no)), Some(no.clone()));
        let no_sms = json!({"given": true, "sms": {"state": "withdrawn"}});
        let sms = json!({"given": true, "sms": {"state": "granted"}});
        assert_eq!(over(Some(&no_sms), members(&sms)), Some(json!({"given": true})));
        assert_eq!(over(Some(&no), members(&no_sms)), Some(json!({"sms": {"state": "withdrawn"}})));

        assert_eq!(filling(&members(&yes), members(&no)), members(&no));
        assert_eq!(filling(&members(&yes), members(&sms)), members(&json!({"sms": {"state": "granted"}})));

        assert_eq!(restored(&no, yes.clone()), no);
        assert_eq!(restored(&no_sms, yes.clone())["sms"], no_sms["sms"]);
        assert_eq!(restored(&yes, Value::Null), Value::Null);
        assert_eq!(restored(&no, no.clone()), no);
    }

    #[test]
    fn of_two_columns_of_a_row_the_withdrawal_prevails() {
        let mut first = Map::new();
        assert!(agree(&mut first, None, "fair"));
        withdraw(&mut first, "Email Opt Out");
        assert_eq!((first.get("given"), first.get("basis")), (Some(&json!(false)), None));
        let mut second = Map::new();
        withdraw(&mut second, "Unsubscribed");
        assert!(!agree(&mut second, None, "fair"));
        assert!(!add(&mut second, members(&json!({"given": true, "basis": "b"}))));
        assert_eq!((second.get("given"), second.get("basis")), (Some(&json!(false)), None));
        let mut third = grant(None, "fair");
        assert!(add(&mut third, members(&json!({"given": false, "reason": "moved"}))));
        assert_eq!(
            (third.get("given"), third.get("basis"), third.get("reason")),
            (Some(&json!(false)), None, Some(&json!("moved")))
        );
    }
}
