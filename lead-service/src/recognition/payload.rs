//! Payloads as trees, and their leaves: the values that a sender's nested document has, each with its name.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{fold, json, values};
use crate::ingest::loose;

/// Most levels that are looked into.
const DEPTH: usize = 64;
/// How often text that holds JSON is opened.
const OPENED: usize = 2;
/// Most leaves that are looked at.
const LEAVES: usize = 2_000;
/// Most parts of a name such as `data[merges][EMAIL]`.
const PARTS: usize = 16;

/// A value of a payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Where it stands: `form_response.answers[0].email`.
    pub path: String,
    /// Name of the object it stands in; none at the top, and for an answer with a label.
    pub parent: Option<String>,
    /// Its name, label or question.
    pub name: String,
    /// Its value; of a list with one item, that item.
    pub value: Value,
}

impl Leaf {
    /// The value as text; of several, the first. None for a blank one.
    pub fn text(&self) -> Option<String> {
        text(&self.value)
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Array(items) => items.iter().find_map(text),
        Value::Null | Value::Object(_) => None,
    }
}

/// What was sent as a tree: names such as `data[merges][EMAIL]` and `data__email` are paths, text that holds JSON is opened.
pub fn tree(sent: &Map<String, Value>) -> Map<String, Value> {
    let mut tree = Map::new();
    for (name, value) in sent {
        let value = opened(value, 0, 0);
        match parts(name) {
            Some(parts) => {
                if let Some(value) = put(&mut tree, &parts, value) {
                    tree.insert(name.clone(), value);
                }
            }
            None => drop(tree.insert(name.clone(), value)),
        }
    }
    tree
}

fn opened(value: &Value, depth: usize, times: usize) -> Value {
    if depth >= DEPTH {
        return value.clone();
    }
    match value {
        Value::Object(members) => Value::Object(
            members.iter().map(|(name, value)| (name.clone(), opened(value, depth + 1, times))).collect(),
        ),
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| opened(item, depth + 1, times)).collect())
        }
        Value::String(text) if times < OPENED && is_document(text) => {
            match json::parse(text.trim().as_bytes()) {
                Ok(Value::Object(members)) => opened(&Value::Object(members), depth, times + 1),
                Ok(Value::Array(items)) if items.iter().any(Value::is_object) => {
                    opened(&Value::Array(items), depth, times + 1)
                }
                Ok(_) | Err(_) => value.clone(),
            }
        }
        value => value.clone(),
    }
}

/// Whether a text looks as if it held JSON.
pub fn is_document(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with('{') && text.ends_with('}')) || (text.starts_with('[') && text.ends_with(']'))
}

/// The parts of a form's name for a nested value; none for a plain name.
fn parts(name: &str) -> Option<Vec<&str>> {
    let parts: Vec<&str> = if let Some((first, rest)) = name.split_once('[') {
        let inner = rest.strip_suffix(']')?;
        std::iter::once(first).chain(inner.split("][")).collect()
    } else if name.starts_with('_') || !name.contains("__") {
        return None;
    } else {
        name.split("__").collect()
    };
    let parts: Vec<&str> = match parts.as_slice() {
        // `topic[]` is a list.
        [rest @ .., ""] => rest.to_vec(),
        all => all.to_vec(),
    };
    let is_sound = (2..=PARTS).contains(&parts.len()) && parts.iter().all(|part| !part.is_empty());
    is_sound.then_some(parts)
}

/// Puts a value where its name says; gives it back where something else stands there.
fn put(tree: &mut Map<String, Value>, parts: &[&str], value: Value) -> Option<Value> {
    match parts {
        [] => Some(value),
        [last] if tree.contains_key(*last) => Some(value),
        [last] => {
            tree.insert((*last).to_owned(), value);
            None
        }
        [first, rest @ ..] => {
            let below = tree.entry((*first).to_owned()).or_insert_with(|| Value::Object(Map::new()));
            match below {
                Value::Object(members) => put(members, rest, value),
                _ => Some(value),
            }
        }
    }
}

/// The value at a path (`form_response.answers[0].email`, with or without `$.` before it). Names may have dots themselves.
pub fn at<'a>(tree: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let path = path.strip_prefix("$.").or_else(|| path.strip_prefix('$')).unwrap_or(path);
    member(tree, path)
}

fn member<'a>(members: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    if let Some(value) = members.get(path) {
        return Some(value);
    }
    let quoted = path.strip_prefix("['").and_then(|rest| rest.split_once("']"));
    if let Some((name, rest)) = quoted {
        return below(members.get(name)?, rest);
    }
    let mut places = path.char_indices().filter(|(_, c)| matches!(c, '.' | '['));
    places.find_map(|(place, _)| {
        let (name, rest) = path.split_at_checked(place)?;
        below(members.get(name)?, rest)
    })
}

fn below<'a>(value: &'a Value, rest: &str) -> Option<&'a Value> {
    if rest.is_empty() {
        return Some(value);
    }
    match value {
        Value::Object(members) => member(members, rest.strip_prefix('.').unwrap_or(rest)),
        Value::Array(items) => {
            let (index, rest) = rest.strip_prefix('[')?.split_once(']')?;
            below(items.get(index.parse::<usize>().ok()?)?, rest)
        }
        _ => None,
    }
}

/// The leaves of a tree. `titles` are the questions of answers that name only the id of theirs.
pub fn leaves(tree: &Map<String, Value>, titles: &HashMap<String, String>) -> Vec<Leaf> {
    let mut walk = Walk { titles, leaves: Vec::new() };
    for (name, value) in tree {
        walk.value(value, name.clone(), None, name, 0);
    }
    walk.leaves
}

/// The questions of a form's definition, by their ids.
pub fn titles(definition: &Value) -> HashMap<String, String> {
    let mut titles = HashMap::new();
    collect_titles(definition, &mut titles, 0);
    titles
}

fn collect_titles(value: &Value, titles: &mut HashMap<String, String>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_titles(item, titles, depth + 1)),
        Value::Object(members) => {
            if let (Some(Value::String(id)), Some(Value::String(title))) =
                (members.get("id"), members.get("title"))
            {
                titles.insert(id.clone(), title.clone());
            }
            members.values().for_each(|value| collect_titles(value, titles, depth + 1));
        }
        _ => {}
    }
}

/// Members by which answers say what they answer, and those that hold the answer.
const LABELS: [&str; 8] = ["label", "question", "title", "text", "column_id", "column_name", "name", "key"];
const ANSWERS: [&str; 5] = ["value", "answer", "values", "string_value", "answers"];
/// Parts of a person's name.
const NAME_PARTS: [&str; 9] =
    ["first", "last", "middle", "prefix", "suffix", "full", "title", "given", "family"];

struct Walk<'a> {
    titles: &'a HashMap<String, String>,
    leaves: Vec<Leaf>,
}

impl Walk<'_> {
    fn leaf(&mut self, path: String, parent: Option<&str>, name: &str, value: Value) {
        if self.leaves.len() < LEAVES && !loose::is_blank(&value) {
            self.leaves.push(Leaf { path, parent: parent.map(str::to_owned), name: name.to_owned(), value });
        }
    }

    fn value(&mut self, value: &Value, path: String, parent: Option<&str>, name: &str, depth: usize) {
        if depth > DEPTH {
            return;
        }
        match value {
            Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(item, format!("{path}[{index}]"), parent, name, depth + 1);
                }
            }
            Value::Array(items) => {
                let mut filled = items.iter().filter(|item| !loose::is_blank(item));
                match (filled.next(), filled.next()) {
                    (Some(only), None) => self.leaf(path, parent, name, only.clone()),
                    (Some(_), Some(_)) => self.leaf(path, parent, name, value.clone()),
                    (None, _) => {}
                }
            }
            Value::Object(members) => self.object(members, path, parent, name, depth),
            value => self.leaf(path, parent, name, value.clone()),
        }
    }

    fn object(
        &mut self,
        members: &Map<String, Value>,
        path: String,
        parent: Option<&str>,
        name: &str,
        depth: usize,
    ) {
        if let Some((label, key, answer)) = self.typed_answer(members) {
            self.value(&answer, format!("{path}.{key}"), None, &label, depth + 1);
            return;
        }
        if depth > 0
            && let Some((label, key, answer)) = labelled(members)
        {
            self.value(answer, format!("{path}.{key}"), None, label, depth + 1);
            return;
        }
        if let Some((key, value)) = only_value(members) {
            self.value(value, format!("{path}.{key}"), parent, name, depth + 1);
            return;
        }
        if let (Some(area), Some(number)) = (member_text(members, "area"), member_text(members, "phone")) {
            self.leaf(path, parent, name, Value::String(format!("{area} {number}")));
            return;
        }
        let is_name = members.contains_key("first") || members.contains_key("last");
        let is_name = is_name && members.keys().all(|key| NAME_PARTS.contains(&fold(key).as_str()));
        for (key, value) in members {
            let own = if is_name { "name" } else { name };
            self.value(value, format!("{path}.{key}"), Some(own), key, depth + 1);
        }
    }

    /// An answer that says by its type which member holds it, with its question.
    fn typed_answer(&self, members: &Map<String, Value>) -> Option<(String, String, Value)> {
        let Value::Object(field) = members.get("field")? else { return None };
        let kind = member_text(members, "type")?;
        let (id, reference) = (member_text(field, "id"), member_text(field, "ref"));
        let title = id.as_ref().and_then(|id| self.titles.get(id)).cloned();
        let label =
            title.or(reference).or_else(|| member_text(field, "type")).unwrap_or_else(|| kind.clone());
        let answer = match members.get(&kind)? {
            Value::Object(choice) => choice.get("label").or_else(|| choice.get("labels"))?.clone(),
            answer => answer.clone(),
        };
        // A generated reference says less than the type of the answer.
        let is_typed = matches!(kind.as_str(), "email" | "phone_number");
        let is_titled = id.is_some_and(|id| self.titles.contains_key(&id));
        Some((if is_typed && !is_titled { kind.clone() } else { label }, kind, answer))
    }
}

fn member_text(members: &Map<String, Value>, name: &str) -> Option<String> {
    members.get(name).and_then(text)
}

/// What an answer answers, and the answer: `{"label":…,"value":…}` and the like.
fn labelled(members: &Map<String, Value>) -> Option<(&str, &'static str, &Value)> {
    if members.contains_key("email") {
        return None;
    }
    let (key, answer) = ANSWERS.iter().find_map(|key| Some((*key, members.get(*key)?)))?;
    let label = LABELS.iter().find_map(|key| match members.get(*key) {
        Some(Value::String(label)) if !label.trim().is_empty() => Some(label.as_str()),
        _ => None,
    })?;
    Some((label, key, answer))
}

/// The value of an object that only wraps it: `{"value":…}`, with what concerns it beside.
fn only_value(members: &Map<String, Value>) -> Option<(&'static str, &Value)> {
    const BESIDE: [&str; 7] = ["versions", "timestamp", "source", "sourceId", "raw_value", "type", "id"];
    for key in ["value", "full"] {
        let Some(value) = members.get(key) else { continue };
        if members.keys().all(|name| name == key || BESIDE.contains(&name.as_str())) {
            return Some((key, value));
        }
    }
    None
}

/// Whether a tool of an advertiser sent this to try the form out.
pub fn is_test(leaves: &[Leaf]) -> bool {
    leaves.iter().any(|leaf| leaf.value.as_str().is_some_and(values::is_test))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        let Value::Object(members) = value else { panic!("an object") };
        members
    }

    fn named(value: Value) -> Vec<(String, Value)> {
        let tree = tree(&object(value));
        leaves(&tree, &HashMap::new()).into_iter().map(|leaf| (leaf.name, leaf.value)).collect()
    }

    #[test]
    fn names_with_brackets_are_paths_and_json_in_text_is_opened_twice() {
        let sent = json!({
            "data[merges][EMAIL]": "a@x.example", "data__name": "Ada", "topic[]": ["a", "b"],
            "rawRequest": "{\"q3_name\":{\"first\":\"Ada\"},\"inner\":\"{\\\"mail\\\":\\\"b@x.example\\\"}\"}"
        });
        let tree = tree(&object(sent));
        assert_eq!(at(&tree, "data.merges.EMAIL"), Some(&json!("a@x.example")));
        assert_eq!(at(&tree, "data.name"), Some(&json!("Ada")));
        assert_eq!(at(&tree, "$.rawRequest.q3_name.first"), Some(&json!("Ada")));
        assert_eq!(at(&tree, "rawRequest.inner.mail"), Some(&json!("b@x.example")));
        assert_eq!(at(&tree, "rawRequest.q9"), None);
    }

    #[test]
    fn a_path_reaches_into_lists_and_names_with_dots() {
        let tree = object(json!({"a": [{"b.c": {"d": 1}}], "data.json": {"e": 2}}));
        assert_eq!(at(&tree, "a[0].b.c.d"), Some(&json!(1)));
        assert_eq!(at(&tree, "data.json.e"), Some(&json!(2)));
        assert_eq!(at(&tree, "$.a[0]['b.c'].d"), Some(&json!(1)));
        assert_eq!(at(&tree, "a[1]"), None);
    }

    #[test]
    fn answers_are_named_by_what_they_answer() {
        let answers = json!({"answers": [
            {"label": "Your name", "value": "Ada"}, {"name": "email", "values": ["a@x.example"]},
            {"question": "Company?", "answer": "Acme"}, {"column_id": "PHONE", "string_value": "1"},
            {"title": "Topics", "value": ["a", "b"]}
        ]});
        let expected = [
            ("Your name", json!("Ada")),
            ("email", json!("a@x.example")),
            ("Company?", json!("Acme")),
            ("PHONE", json!("1")),
            ("Topics", json!(["a", "b"])),
        ];
        assert_eq!(named(answers), expected.map(|(name, value)| (name.to_owned(), value)));
        // A person may have something called a value.
        assert_eq!(named(json!({"name": "Ada", "value": "5", "email": "a@x.example"})).len(), 3);
    }

    #[test]
    fn depth_is_bounded() {
        let mut value = json!({"email": "a@x.example"});
        for _ in 0..200 {
            value = json!({ "a": value });
        }
        assert_eq!(named(value), []);
    }
}
