//! Payloads as trees: what a sender's nested document is, whether it is nested by its names, in its values or in texts.

mod leaves;

use serde_json::{Map, Value};

use super::json;

pub use leaves::{Leaf, Leaves, is_test, leaves, titles};

/// Most levels that are looked into.
const DEPTH: usize = 64;
/// How often text that holds JSON is opened.
const OPENED: usize = 2;
/// Most parts of a name such as `data[merges][EMAIL]`.
const PARTS: usize = 16;
/// Longest path, in bytes, that a value is found by.
pub const PATH: usize = 1_000;

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

/// Goes no deeper than [`DEPTH`], documents in texts included.
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

#[cfg(test)]
mod tests;
