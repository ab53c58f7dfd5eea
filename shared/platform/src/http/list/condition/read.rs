//! Conditions read from JSON, every fault at once.

use contracts::problem::FieldError;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    ALL_VALUES_LIMIT, Condition, DEPTH_LIMIT, Link, Linked, OPS, Op, SIZE_LIMIT, Tree, VALUES_LIMIT,
    Vocabulary,
};
use crate::{
    db::value::{Bound, Kind, Near, is_decimal},
    values,
    zones::Tz,
};

/// Longest name of a member.
const MEMBER_LENGTH: usize = 100;
/// Most conditions in one tree, with those that combine others.
const NODES_LIMIT: usize = 1_000;
/// Most days before and after now.
const DAYS_LIMIT: i64 = 36_500;
/// Most things that a row must all be linked to.
const LINKS_LIMIT: usize = 50;

/// How much is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strictness {
    /// All that has no meaning.
    Written,
    /// Not what was taken before.
    Stored,
}

/// A comparison as it is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Is(Op),
    Not(Op),
    Between,
}

/// The comparison of that name; older names are understood as well.
fn word(name: &str) -> Option<Word> {
    Some(match name {
        "eq" => Word::Is(Op::Eq),
        "ne" => Word::Not(Op::Eq),
        "in" => Word::Is(Op::In),
        "not_in" => Word::Not(Op::In),
        "gt" => Word::Is(Op::Gt),
        "gte" => Word::Is(Op::Gte),
        "lt" => Word::Is(Op::Lt),
        "lte" => Word::Is(Op::Lte),
        "between" => Word::Between,
        "contains" | "icontains" => Word::Is(Op::Contains),
        "not_contains" => Word::Not(Op::Contains),
        "starts_with" => Word::Is(Op::StartsWith),
        "is_null" | "isnull" => Word::Is(Op::IsNull),
        "is_not_null" => Word::Not(Op::IsNull),
        "has_any" => Word::Is(Op::HasAny),
        "has_all" => Word::Is(Op::HasAll),
        "within_days" => Word::Is(Op::WithinDays),
        _ => return None,
    })
}

pub(super) fn tree(
    value: &Value,
    vocabulary: Vocabulary,
    path: &str,
    zone: Tz,
    strictness: Strictness,
) -> Result<Tree, Vec<FieldError>> {
    let mut reader =
        Reader { vocabulary, zone, strictness, faults: Vec::new(), comparisons: 0, nodes: 0, values: 0 };
    match reader.node(value, path, 0) {
        Some(tree) if reader.faults.is_empty() => Ok(tree),
        _ => Err(reader.faults),
    }
}

/// A value for a member, which has no kind of its own: a number where it is written as one, and text otherwise.
pub(in crate::http::list) fn member_value(text: &str, op: Op) -> Bound {
    let is_ordered = matches!(op, Op::Gt | Op::Gte | Op::Lt | Op::Lte);
    let digits = text.strip_prefix('-').unwrap_or(text);
    // `007` is compared by order only: as equal it would be another code than `7`.
    let is_plain = !digits.starts_with('0') || digits == "0" || digits.starts_with("0.");
    let is_compared = is_ordered || is_plain && matches!(op, Op::Eq | Op::In);
    if is_compared && is_decimal(text) {
        Bound::Decimal(text.to_owned())
    } else {
        Bound::Text(values::composed(text).into_owned())
    }
}

/// What is compared.
#[derive(Clone)]
enum Field {
    Column(&'static str, Kind),
    Member(&'static str, String),
}

struct Reader {
    vocabulary: Vocabulary,
    zone: Tz,
    strictness: Strictness,
    faults: Vec<FieldError>,
    comparisons: usize,
    nodes: usize,
    values: usize,
}

impl Reader {
    fn refuse<T>(&mut self, path: &str, code: &str, message: impl Into<String>) -> Option<T> {
        self.faults.push(FieldError::new(path, code, message));
        None
    }

    fn node(&mut self, value: &Value, path: &str, depth: usize) -> Option<Tree> {
        self.nodes += 1;
        if self.nodes > NODES_LIMIT {
            let is_first = self.nodes == NODES_LIMIT + 1;
            let message = || format!("has more than {NODES_LIMIT} conditions");
            return if is_first { self.refuse(path, "too_many", message()) } else { None };
        }
        if depth > DEPTH_LIMIT {
            return self.refuse(path, "nested_too_deep", format!("nests deeper than {DEPTH_LIMIT} levels"));
        }
        let Value::Object(members) = value else {
            return self.refuse(path, "wrong_type", "must be an object");
        };
        if members.is_empty() {
            return Some(Tree::All(Vec::new()));
        }
        if ["field", "op", "value"].iter().any(|name| members.contains_key(*name)) {
            return self.comparison(members, path);
        }
        let mut entries = members.iter();
        let (Some((name, below)), None) = (entries.next(), entries.next()) else {
            let message = "must have exactly one of: and, or, not, or a field that is compared";
            return self.refuse(path, "ambiguous", message);
        };
        let path = joined(path, name);
        match name.as_str() {
            "and" => self.nodes(below, &path, depth).map(Tree::All),
            "or" => self.nodes(below, &path, depth).map(Tree::Any),
            "not" => self.node(below, &path, depth + 1).map(|part| Tree::Not(Box::new(part))),
            _ => {
                let message =
                    "is not known; a condition is {and: […]}, {or: […]}, {not: …} or {field, op, value}";
                self.refuse(&path, "unknown_field", message)
            }
        }
    }

    fn nodes(&mut self, value: &Value, path: &str, depth: usize) -> Option<Vec<Tree>> {
        match value.as_array() {
            None => self.refuse(path, "wrong_type", "must be an array of conditions"),
            Some(parts) if parts.is_empty() && self.strictness == Strictness::Written => {
                self.refuse(path, "too_few", "must have at least one condition")
            }
            Some(parts) => {
                // Every part is read, so that all faults are found at once.
                let read: Vec<Option<Tree>> = parts
                    .iter()
                    .enumerate()
                    .map(|(index, part)| self.node(part, &joined(path, &index.to_string()), depth + 1))
                    .collect();
                read.into_iter().collect()
            }
        }
    }

    fn comparison(&mut self, members: &Map<String, Value>, path: &str) -> Option<Tree> {
        self.comparisons += 1;
        if self.comparisons > SIZE_LIMIT {
            let is_first = self.comparisons == SIZE_LIMIT + 1;
            let message = || format!("has more than {SIZE_LIMIT} comparisons");
            return if is_first { self.refuse(path, "too_many", message()) } else { None };
        }
        let known = ["field", "op", "value"];
        for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
            self.faults.push(FieldError::new(
                joined(path, name),
                "unknown_field",
                "is not known; known are: field, op, value",
            ));
        }
        let Some(name) = members.get("field").and_then(Value::as_str) else {
            return self.refuse(&joined(path, "field"), "required", "must name a field");
        };
        let Some(word) = members.get("op").map_or(Some("eq"), Value::as_str).and_then(word) else {
            return self.refuse(&joined(path, "op"), "not_allowed", format!("must be one of: {OPS}"));
        };
        let given = match (members.get("value"), word) {
            (Some(given), _) => given,
            (None, Word::Is(Op::IsNull) | Word::Not(Op::IsNull)) => &Value::Null,
            (None, _) => return self.refuse(&joined(path, "value"), "required", "is required"),
        };
        if let Some(link) = self.vocabulary.links.iter().find(|link| link.name == name) {
            return self.linked(*link, word, given, path);
        }
        let field = self.field(name, &joined(path, "field"))?;
        self.compared(field, word, given, path)
    }

    fn field(&mut self, name: &str, path: &str) -> Option<Field> {
        if let Some(column) = self.vocabulary.columns.iter().find(|column| column.name == name) {
            return Some(Field::Column(column.name, column.kind));
        }
        if let Some((object, member)) = name.split_once('.')
            && let Some(object) = self.vocabulary.objects.iter().find(|known| **known == object)
            && (1..=MEMBER_LENGTH).contains(&member.chars().count())
        {
            return Some(Field::Member(object, member.to_owned()));
        }
        let columns = self.vocabulary.columns.iter().map(|column| column.name.to_owned());
        let objects = self.vocabulary.objects.iter().map(|object| format!("{object}.KEY"));
        let links = self.vocabulary.links.iter().map(|link| link.name.to_owned());
        let known = columns.chain(objects).chain(links).collect::<Vec<_>>().join(", ");
        self.refuse(path, "unknown_field", format!("{name} is not a known field; known are: {known}"))
    }

    fn compared(&mut self, field: Field, word: Word, given: &Value, path: &str) -> Option<Tree> {
        let fits = |op: Op| match &field {
            Field::Column(_, kind) => kind.takes(op),
            Field::Member(..) => true,
        };
        let op = match word {
            Word::Is(op) | Word::Not(op) => op,
            Word::Between => Op::Gte,
        };
        if !fits(op) {
            return self.refuse(&joined(path, "op"), "not_allowed", "does not go with this field");
        }
        let path = joined(path, "value");
        match word {
            Word::Between => {
                let Some([from, until]) = given.as_array().map(Vec::as_slice) else {
                    return self.refuse(&path, "wrong_type", "must be an array of two values");
                };
                let from = self.value(&field, Op::Gte, from, &joined(&path, "0"));
                let until = self.value(&field, Op::Lte, until, &joined(&path, "1"));
                let (from, until) = (from?, until?);
                Some(Tree::All(vec![is(field.clone(), Op::Gte, from), is(field, Op::Lte, until)]))
            }
            Word::Is(op) => self.operand(field, op, given, &path),
            Word::Not(op) => self.operand(field, op, given, &path).map(|tree| Tree::Not(Box::new(tree))),
        }
    }

    fn operand(&mut self, field: Field, op: Op, given: &Value, path: &str) -> Option<Tree> {
        match (op, given) {
            (Op::IsNull, Value::Null) => Some(is(field, op, vec![Bound::Bool(true)])),
            (Op::IsNull, Value::Bool(empty)) => Some(is(field, op, vec![Bound::Bool(*empty)])),
            (Op::IsNull, _) => self.refuse(path, "wrong_type", "must be true or false"),
            (Op::Eq, Value::Null) => Some(is(field, Op::IsNull, vec![Bound::Bool(true)])),
            (Op::In | Op::HasAny | Op::HasAll, given) => {
                let values = self.list(given, VALUES_LIMIT, path)?;
                let read: Vec<Option<Vec<Bound>>> = values
                    .iter()
                    .enumerate()
                    .map(|(index, value)| self.value(&field, op, value, &joined(path, &index.to_string())))
                    .collect();
                let values = read.into_iter().collect::<Option<Vec<_>>>()?;
                Some(is(field, op, values.into_iter().flatten().collect()))
            }
            (Op::WithinDays, given) => match given.as_i64().filter(|days| (0..=DAYS_LIMIT).contains(days)) {
                Some(days) => {
                    let by_day = !matches!(field, Field::Column(_, Kind::Time));
                    let days = i32::try_from(days).ok()?;
                    Some(is(field, op, vec![Bound::Near(Near { days, zone: self.zone, by_day })]))
                }
                None => {
                    let message = format!("must be a number of days from 0 to {DAYS_LIMIT}");
                    self.refuse(path, "wrong_type", message)
                }
            },
            (op, given) => self.value(&field, op, given, path).map(|values| is(field, op, values)),
        }
    }

    /// The array of at most `most` values that is given.
    fn list<'v>(&mut self, given: &'v Value, most: usize, path: &str) -> Option<&'v [Value]> {
        let Some(values) = given.as_array() else {
            return self.refuse(path, "wrong_type", "must be an array");
        };
        if values.len() > most {
            return self.refuse(path, "too_many", format!("must name at most {most} values"));
        }
        let before = self.values;
        self.values += values.len();
        if self.values > ALL_VALUES_LIMIT && self.strictness == Strictness::Written {
            let message = format!("all comparisons together must name at most {ALL_VALUES_LIMIT} values");
            return if before <= ALL_VALUES_LIMIT { self.refuse(path, "too_many", message) } else { None };
        }
        Some(values)
    }

    /// A value for a field; a text that is looked for may have several forms.
    fn value(&mut self, field: &Field, op: Op, given: &Value, path: &str) -> Option<Vec<Bound>> {
        let text = match given {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => given.to_string(),
            Value::Null => return self.refuse(path, "wrong_type", "must not be null; compare by is_null"),
            Value::Array(_) | Value::Object(_) => {
                return self.refuse(path, "wrong_type", "must be text, a number, true or false");
            }
        };
        let as_text = matches!(op, Op::Contains | Op::StartsWith | Op::HasAny | Op::HasAll);
        match field {
            Field::Member(..) if given.is_number() && is_decimal(&text) && !as_text => {
                Some(vec![Bound::Decimal(text)])
            }
            Field::Member(..) => Some(vec![member_value(&text, op)]),
            Field::Column(_, kind) => match kind.read_forms(&text, op, self.zone) {
                Ok(values) => Some(values),
                Err((code, message)) => self.refuse(path, code, message),
            },
        }
    }

    fn linked(&mut self, link: Link, word: Word, given: &Value, path: &str) -> Option<Tree> {
        let (op, negated) = match word {
            Word::Is(op) => (op, false),
            Word::Not(op) => (op, true),
            Word::Between => (Op::Gte, false),
        };
        let place = joined(path, "value");
        let single = std::slice::from_ref(given);
        let given = match op {
            Op::Eq | Op::Contains if !given.is_array() => single,
            Op::In | Op::HasAny | Op::Contains => self.list(given, VALUES_LIMIT, &place)?,
            Op::HasAll => self.list(given, LINKS_LIMIT, &place)?,
            _ => {
                let message = "must be one of: eq, ne, in, not_in, contains, has_any, has_all";
                return self.refuse(&joined(path, "op"), "not_allowed", message);
            }
        };
        let read: Vec<Option<Linked>> = given.iter().map(|thing| self.thing(link, thing, &place)).collect();
        let things = read.into_iter().collect::<Option<Vec<_>>>()?;
        let tree = if op == Op::HasAll {
            Tree::All(things.into_iter().map(Tree::Linked).collect())
        } else {
            let mut all = Linked { link, ids: Vec::new(), names: Vec::new() };
            for thing in things {
                all.ids.extend(thing.ids);
                all.names.extend(thing.names);
            }
            Tree::Linked(all)
        };
        Some(if negated { Tree::Not(Box::new(tree)) } else { tree })
    }

    /// A thing that is named by its id or its name.
    fn thing(&mut self, link: Link, given: &Value, path: &str) -> Option<Linked> {
        let Some(text) = given.as_str() else {
            return self.refuse(path, "wrong_type", "must be text");
        };
        match (Uuid::parse_str(text), link.label) {
            (Ok(id), _) => Some(Linked { link, ids: vec![id], names: Vec::new() }),
            (Err(_), Some(_)) => {
                let name = values::composed(text.trim()).to_lowercase();
                Some(Linked { link, ids: Vec::new(), names: vec![name] })
            }
            (Err(_), None) => self.refuse(path, "invalid_uuid", "is not a UUID"),
        }
    }
}

fn is(field: Field, op: Op, values: Vec<Bound>) -> Tree {
    let (column, member) = match field {
        Field::Column(column, _) => (column, None),
        Field::Member(column, member) => (column, Some(member)),
    };
    Tree::Is(Condition { column, member, op, values })
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
