//! Senders, recognised by the shape of their payloads, from `senders.toml`.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::payload;

/// A tool that sends leads, and what is known of its payloads.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// What the ledger says.
    pub name: String,
    #[serde(default)]
    all: Vec<String>,
    #[serde(default)]
    any: Vec<String>,
    #[serde(default)]
    person: Vec<String>,
    #[serde(default)]
    ignore: Vec<String>,
    /// Paths that are known to be of a field.
    #[serde(default)]
    pub fields: HashMap<String, String>,
    /// The path of the questions that answers name by their ids.
    #[serde(default)]
    pub titles: Option<String>,
    /// Whether answers are named by numbers.
    #[serde(default)]
    pub parts: bool,
    #[serde(default)]
    secret: Vec<String>,
    /// Where its leads come from.
    #[serde(default)]
    pub source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    sender: Vec<Sender>,
}

#[derive(Default)]
struct Senders {
    senders: Vec<Sender>,
    /// Names at the top of a payload by which a sender may be recognised.
    marks: HashSet<String>,
    secrets: HashSet<String>,
}

/// The file is part of the program, and a test reads it; were it broken, payloads would be read without knowing their sender.
static SENDERS: LazyLock<Senders> =
    LazyLock::new(|| match toml::from_str::<Written>(include_str!("senders.toml")) {
        Ok(written) => Senders::of(written.sender),
        Err(error) => {
            tracing::error!(%error, "the list of senders cannot be read");
            Senders::default()
        }
    });

impl Senders {
    fn of(senders: Vec<Sender>) -> Self {
        let top = |path: &String| {
            let name = path.split('.').next().unwrap_or(path);
            // The one name with a dot of its own.
            if path == "data.json" { path.clone() } else { name.to_owned() }
        };
        let marks = senders
            .iter()
            .flat_map(|sender| {
                if sender.all.is_empty() {
                    sender.any.as_slice()
                } else {
                    sender.all.get(..1).unwrap_or_default()
                }
            })
            .map(top)
            .collect();
        let secrets = senders.iter().flat_map(|sender| sender.secret.iter().cloned()).collect();
        Self { senders, marks, secrets }
    }
}

impl Sender {
    fn sent(&self, tree: &Map<String, Value>) -> bool {
        let has = |path: &String| payload::at(tree, path).is_some();
        self.all.iter().all(has) && (self.any.is_empty() || self.any.iter().any(has))
    }

    /// Whether a path is one of the person's answers.
    pub fn is_persons(&self, path: &str) -> bool {
        let is_below = |own: &String| {
            path.strip_prefix(own.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        (self.person.is_empty() || self.person.iter().any(is_below)) && !self.ignore.iter().any(is_below)
    }

    /// Whether all of the payload is the person's.
    pub fn is_flat(&self) -> bool {
        self.person.is_empty()
    }
}

/// The sender of a payload, where it is a known one.
pub fn sender(tree: &Map<String, Value>) -> Option<&'static Sender> {
    SENDERS.senders.iter().find(|sender| sender.sent(tree))
}

/// Whether a known sender may have sent something with this name at its top.
pub fn is_mark(name: &str) -> bool {
    SENDERS.marks.contains(name)
}

/// Takes secrets of senders out of what is stored.
pub fn forget_secrets(sent: &mut Map<String, Value>) {
    sent.retain(|name, _| !SENDERS.secrets.contains(name));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::recognition::dictionary;

    #[test]
    fn the_list_can_be_read_and_names_fields_that_leads_have() {
        let written: Written = toml::from_str(include_str!("senders.toml")).unwrap();
        for sender in &written.sender {
            assert!(!(sender.all.is_empty() && sender.any.is_empty()), "{}", sender.name);
            for field in sender.fields.values() {
                assert!(dictionary::api_name(field).is_some(), "{}: {field}", sender.name);
            }
        }
    }

    #[test]
    fn a_sender_is_recognised_by_its_shape() {
        let sent = |value: Value| {
            let Value::Object(sent) = value else { panic!("an object") };
            sender(&payload::tree(&sent)).map(|sender| sender.name.as_str())
        };
        assert_eq!(sent(json!({"form_response": {"answers": []}})), Some("typeform"));
        assert_eq!(sent(json!({"data.json": "{}", "page_id": "1"})), Some("unbounce"));
        assert_eq!(sent(json!({"name": "Ada", "email": "a@x.example"})), None);
        assert!(is_mark("data.json") && is_mark("oid") && !is_mark("email"));
    }

    #[test]
    fn paths_below_those_of_the_person_are_the_persons() {
        let sender: Sender =
            toml::from_str("name = \"x\"\nall = [\"a\"]\nperson = [\"data.fields\"]").unwrap();
        assert!(sender.is_persons("data.fields[0].value") && sender.is_persons("data.fields"));
        assert!(!sender.is_persons("data.fieldset") && !sender.is_persons("data.name"));
    }
}
