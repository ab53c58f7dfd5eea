//! Conditions combined by and, or and not. Names come from the resource's listing, values are typed and bound.

use contracts::problem::FieldError;
use serde_json::{Map, Value};

use super::{Condition, Listing, Op, criteria::fault};
use crate::db::value::{Bound, Kind};

/// Deepest nesting.
const DEPTH_LIMIT: usize = 10;
/// Most conditions in one tree.
const SIZE_LIMIT: usize = 200;
/// Most values of one `in`.
const VALUES_LIMIT: usize = 1_000;

/// What must hold of a row.
#[derive(Clone, Debug)]
pub enum Tree {
    /// All of these.
    All(Vec<Self>),
    /// One of these at least.
    Any(Vec<Self>),
    /// Not this. What cannot be said of an empty column does not hold, so that its contrary does.
    Not(Box<Self>),
    /// This.
    Is(Condition),
}

impl Tree {
    /// Whether this is said of a condition within.
    pub(super) fn any(&self, said: &impl Fn(&Condition) -> bool) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.any(said)),
            Self::Not(part) => part.any(said),
            Self::Is(condition) => said(condition),
        }
    }

    /// Reads a tree; its faults are named by their place below `where`.
    pub(super) fn parse(
        listing: &'static Listing,
        tree: &Value,
        faults: &mut Vec<FieldError>,
    ) -> Option<Self> {
        let mut reader = Reader { listing, faults, size: 0 };
        reader.tree(tree, "where", 1)
    }
}

struct Reader<'a> {
    listing: &'static Listing,
    faults: &'a mut Vec<FieldError>,
    size: usize,
}

impl Reader<'_> {
    fn refuse<T>(&mut self, path: &str, code: &str, message: impl Into<String>) -> Option<T> {
        self.faults.push(fault(path, code, message));
        None
    }

    fn tree(&mut self, tree: &Value, path: &str, depth: usize) -> Option<Tree> {
        if depth > DEPTH_LIMIT {
            return self.refuse(
                path,
                "nested_too_deep",
                format!("must nest at most {DEPTH_LIMIT} levels deep"),
            );
        }
        let Some(members) = tree.as_object() else {
            return self.refuse(path, "wrong_type", "must be an object");
        };
        let mut names = members.iter();
        match (names.next(), names.next()) {
            (Some((word, parts)), None) if word == "and" || word == "or" => {
                let below = format!("{path}.{word}");
                let parts = self.parts(parts, &below, depth)?;
                Some(if word == "and" { Tree::All(parts) } else { Tree::Any(parts) })
            }
            (Some((word, part)), None) if word == "not" => {
                let part = self.tree(part, &format!("{path}.not"), depth + 1)?;
                Some(Tree::Not(Box::new(part)))
            }
            _ => self.condition(members, path),
        }
    }

    fn parts(&mut self, parts: &Value, path: &str, depth: usize) -> Option<Vec<Tree>> {
        match parts.as_array().map(Vec::as_slice) {
            None => self.refuse(path, "wrong_type", "must be an array"),
            Some([]) => self.refuse(path, "too_few", "must have at least 1 item"),
            Some(parts) => {
                let parts = parts.iter().enumerate();
                let read: Vec<Option<Tree>> = parts
                    .map(|(index, part)| self.tree(part, &format!("{path}.{index}"), depth + 1))
                    .collect();
                read.into_iter().collect()
            }
        }
    }

    fn condition(&mut self, members: &Map<String, Value>, path: &str) -> Option<Tree> {
        self.size += 1;
        if self.size > SIZE_LIMIT {
            return self.refuse(path, "too_many", format!("a tree has at most {SIZE_LIMIT} conditions"));
        }
        let known = ["field", "op", "value"];
        if let Some(name) = members.keys().find(|name| !known.contains(&name.as_str())) {
            let message =
                "is not known here; a tree is {and: […]}, {or: […]}, {not: …} or {field, op, value}";
            return self.refuse(&format!("{path}.{name}"), "unknown_field", message);
        }
        let Some(field) = members.get("field").and_then(Value::as_str) else {
            return self.refuse(&format!("{path}.field"), "required", "must name a field");
        };
        let Some((column, member, kind)) = self.column(field) else {
            let known = self.listing.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
            let message = format!("{field} is not a known field; known are: {known}");
            return self.refuse(&format!("{path}.field"), "unknown_filter", message);
        };
        let word = members.get("op").map_or(Some("eq"), Value::as_str);
        let Some((op, negated)) = word.and_then(operator).filter(|(op, _)| kind.takes(*op)) else {
            let message =
                "must be one that fits the field: eq, ne, gt, gte, lt, lte, in, isnull or icontains";
            return self.refuse(&format!("{path}.op"), "not_allowed", message);
        };
        let value = members.get("value").unwrap_or(&Value::Null);
        let (op, values) = self.values(kind, op, value, &format!("{path}.value"))?;
        let is = Tree::Is(Condition { column, member, op, values });
        Some(if negated { Tree::Not(Box::new(is)) } else { is })
    }

    fn column(&self, field: &str) -> Option<(&'static str, Option<String>, Kind)> {
        if let Some(column) = self.listing.columns.iter().find(|column| column.name == field) {
            return Some((column.name, None, column.kind));
        }
        let json = self.listing.json?;
        let member = field.strip_prefix(json)?.strip_prefix('.')?;
        Some((json, Some(member.to_owned()), Kind::Text))
    }

    fn values(&mut self, kind: Kind, op: Op, value: &Value, path: &str) -> Option<(Op, Vec<Bound>)> {
        match (op, value) {
            (Op::IsNull, Value::Bool(empty)) => Some((op, vec![Bound::Bool(*empty)])),
            (Op::IsNull, _) => self.refuse(path, "wrong_type", "must be true or false"),
            (Op::Eq, Value::Null) => Some((Op::IsNull, vec![Bound::Bool(true)])),
            (Op::In, Value::Array(values)) if values.len() <= VALUES_LIMIT => {
                let values: Vec<Option<Bound>> =
                    values.iter().map(|value| self.value(kind, value, path)).collect();
                Some((op, values.into_iter().collect::<Option<_>>()?))
            }
            (Op::In, Value::Array(_)) => {
                self.refuse(path, "too_many", format!("must name at most {VALUES_LIMIT} values"))
            }
            (Op::In, _) => self.refuse(path, "wrong_type", "must be an array"),
            (op, value) => Some((op, vec![self.value(kind, value, path)?])),
        }
    }

    fn value(&mut self, kind: Kind, value: &Value, path: &str) -> Option<Bound> {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                return self.refuse(path, "wrong_type", "must be a single value");
            }
        };
        match kind.read(&text) {
            Ok(bound) => Some(bound),
            Err((code, message)) => self.refuse(path, code, message),
        }
    }
}

/// The comparison of that name, and whether its contrary is meant.
fn operator(word: &str) -> Option<(Op, bool)> {
    Some(match word {
        "eq" => (Op::Eq, false),
        "ne" => (Op::Eq, true),
        "gt" => (Op::Gt, false),
        "gte" => (Op::Gte, false),
        "lt" => (Op::Lt, false),
        "lte" => (Op::Lte, false),
        "in" => (Op::In, false),
        "isnull" => (Op::IsNull, false),
        "icontains" | "contains" => (Op::Contains, false),
        _ => return None,
    })
}
