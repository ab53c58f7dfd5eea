//! Leaves of payloads: the values that a nested document has, each with its name and the path to it.
//!
//! A document of a few kilobytes can have paths of many megabytes: a long name above a long list is part of the path of each
//! item. So their number, their lengths and their sum are bounded; what is beyond stays in the document unlooked at.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{DEPTH, PATH};
use crate::recognition::{fold, loose, values};

/// Most leaves that are looked at.
const MOST: usize = 2_000;
/// Most bytes that the paths and names of all leaves have together.
const ROOM: usize = 256 << 10;

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

/// Leaves found in a payload.
#[derive(Debug, Default)]
pub struct Leaves {
    /// The leaves, in their order.
    pub leaves: Vec<Leaf>,
    /// Whether there are more, or deeper ones, than are looked at.
    pub is_cut: bool,
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

/// The leaves of a tree. `titles` are the questions of answers that name only the id of theirs.
pub fn leaves(tree: &Map<String, Value>, titles: &HashMap<String, String>) -> Leaves {
    let mut walk = Walk { titles, path: String::new(), room: ROOM, found: Leaves::default() };
    for (name, value) in tree {
        walk.path.clear();
        walk.path.push_str(name);
        walk.value(value, None, name, 0);
    }
    walk.found
}

/// The questions of a form's definition, by their ids.
pub fn titles(definition: &Value) -> HashMap<String, String> {
    let mut titles = HashMap::new();
    collect_titles(definition, &mut titles, 0);
    titles
}

fn collect_titles(value: &Value, titles: &mut HashMap<String, String>, depth: usize) {
    if depth > DEPTH || titles.len() >= MOST {
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

/// A step from a place in a document to one below it.
enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

struct Walk<'a> {
    titles: &'a HashMap<String, String>,
    /// The path to the present place.
    path: String,
    /// Bytes of paths and names that are left.
    room: usize,
    found: Leaves,
}

impl<'a> Walk<'a> {
    fn leaf(&mut self, parent: Option<&str>, name: &str, value: &Value) {
        if loose::is_blank(value) {
            return;
        }
        let lengths = [self.path.len(), parent.map_or(0, str::len), name.len()];
        let needed: usize = lengths.iter().sum();
        let is_long = lengths.iter().any(|length| *length > PATH);
        if is_long || needed > self.room || self.found.leaves.len() >= MOST {
            self.found.is_cut = true;
            return;
        }
        self.room -= needed;
        let (path, parent, name) = (self.path.clone(), parent.map(str::to_owned), name.to_owned());
        self.found.leaves.push(Leaf { path, parent, name, value: value.clone() });
    }

    /// Looks at a value below the present place. It is called `name`, and stands in what is called `parent`.
    fn below(
        &mut self,
        step: &Step<'_>,
        value: &'a Value,
        parent: Option<&'a str>,
        name: &'a str,
        depth: usize,
    ) {
        let length = self.path.len();
        match step {
            Step::Member(key) => {
                self.path.push('.');
                self.path.push_str(key);
            }
            Step::Item(index) => self.path.push_str(&format!("[{index}]")),
        }
        self.value(value, parent, name, depth + 1);
        self.path.truncate(length);
    }

    fn value(&mut self, value: &'a Value, parent: Option<&'a str>, name: &'a str, depth: usize) {
        if depth > DEPTH || self.found.leaves.len() >= MOST {
            self.found.is_cut |= !loose::is_blank(value);
            return;
        }
        match value {
            Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
                for (index, item) in items.iter().enumerate() {
                    self.below(&Step::Item(index), item, parent, name, depth);
                }
            }
            Value::Array(items) => {
                let mut filled = items.iter().filter(|item| !loose::is_blank(item));
                match (filled.next(), filled.next()) {
                    (Some(only), None) => self.leaf(parent, name, only),
                    (Some(_), Some(_)) => self.leaf(parent, name, value),
                    (None, _) => {}
                }
            }
            Value::Object(members) => self.object(members, parent, name, depth),
            value => self.leaf(parent, name, value),
        }
    }

    fn object(
        &mut self,
        members: &'a Map<String, Value>,
        parent: Option<&'a str>,
        name: &'a str,
        depth: usize,
    ) {
        if let Some((label, key, answer)) = self.typed_answer(members) {
            return self.below(&Step::Member(key), answer, None, label, depth);
        }
        if depth > 0
            && let Some((label, key, answer)) = labelled(members)
        {
            return self.below(&Step::Member(key), answer, None, label, depth);
        }
        if let Some((key, value)) = only_value(members) {
            return self.below(&Step::Member(key), value, parent, name, depth);
        }
        let part = |name: &str| members.get(name).and_then(text);
        if let (Some(area), Some(number)) = (part("area"), part("phone")) {
            return self.leaf(parent, name, &Value::String(format!("{area} {number}")));
        }
        let is_name = members.contains_key("first") || members.contains_key("last");
        let is_name = is_name && members.keys().all(|key| NAME_PARTS.contains(&fold(key).as_str()));
        let own = if is_name { "name" } else { name };
        for (key, value) in members {
            self.below(&Step::Member(key), value, Some(own), key, depth);
        }
    }

    /// An answer that says by its type which member holds it: its question, that member and the answer.
    fn typed_answer(&self, members: &'a Map<String, Value>) -> Option<(&'a str, &'a str, &'a Value)> {
        let Value::Object(field) = members.get("field")? else { return None };
        let kind = word(members, "type")?;
        let title = word(field, "id").and_then(|id| self.titles.get(id)).map(String::as_str);
        // A generated reference says less than the type of the answer.
        let is_typed = matches!(kind, "email" | "phone_number");
        let by_itself = || word(field, "ref").or_else(|| word(field, "type")).filter(|_| !is_typed);
        let label = title.or_else(by_itself).unwrap_or(kind);
        let answer = match members.get(kind)? {
            Value::Object(choice) => choice.get("label").or_else(|| choice.get("labels"))?,
            answer => answer,
        };
        Some((label, kind, answer))
    }
}

/// A text in an object, where it is not blank.
fn word<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name)?.as_str().filter(|text| !text.trim().is_empty())
}

/// What an answer answers, and the answer: `{"label":…,"value":…}` and the like.
fn labelled(members: &Map<String, Value>) -> Option<(&str, &'static str, &Value)> {
    if members.contains_key("email") {
        return None;
    }
    let (key, answer) = ANSWERS.iter().find_map(|key| Some((*key, members.get(*key)?)))?;
    let label = LABELS.iter().find_map(|key| word(members, key))?;
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
