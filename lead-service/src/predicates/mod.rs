//! Conditions that rules put to a lead in memory, combined by `and`, `or` and `not`: read from JSON, names from an
//! allow-list, values typed, size bounded.
//!
//! `{"and": […]}`, `{"or": […]}`, `{"not": {…}}` or `{"field": "score", "op": "gte", "value": 50}`; `{}` holds for every
//! row. A comparison with an empty field does not hold, so that its opposite (`ne`, `not_in`, `not`) does.

mod held;

use contracts::problem::FieldError;
use platform::{
    db::value::{Bound, Kind},
    http::list::{Column, Condition, Op},
};
use serde_json::{Map, Value};

/// Deepest nesting.
pub const DEPTH_LIMIT: usize = 8;
/// Most comparisons and combinations together.
pub const SIZE_LIMIT: usize = 100;
/// Most values of one `in`.
const VALUES_LIMIT: usize = 1_000;
/// Longest name of a member.
const MEMBER_LENGTH: usize = 100;
/// What a comparison may be.
const OPS: [&str; 12] = [
    "eq",
    "ne",
    "in",
    "not_in",
    "gt",
    "gte",
    "lt",
    "lte",
    "contains",
    "not_contains",
    "is_null",
    "is_not_null",
];

/// What conditions may speak of.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary {
    /// Columns by name.
    pub columns: &'static [Column],
    /// JSON object columns, of which each member is spoken of as `column.member`.
    pub objects: &'static [&'static str],
}

/// Conditions that hold for a row or not.
#[derive(Clone, Debug)]
pub enum Tree {
    /// All of these hold.
    And(Vec<Tree>),
    /// One of these holds.
    Or(Vec<Tree>),
    /// This does not hold.
    Not(Box<Tree>),
    /// A comparison.
    Is(Condition),
}

impl Tree {
    /// Reads a tree. Faults are named by their place below `path`.
    pub fn parse(value: &Value, vocabulary: Vocabulary, path: &str) -> Result<Self, Vec<FieldError>> {
        let mut reader = Reader { vocabulary, faults: Vec::new(), size: 0 };
        let tree = reader.read(value, path, 1);
        match tree {
            Some(tree) if reader.faults.is_empty() => Ok(tree),
            _ => Err(reader.faults),
        }
    }

    /// Whether it holds for a row given as JSON, its columns and objects as members.
    pub fn holds(&self, row: &Value) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds(row)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(row)),
            Self::Not(part) => !part.holds(row),
            Self::Is(condition) => held::holds(condition, row),
        }
    }
}

struct Reader {
    vocabulary: Vocabulary,
    faults: Vec<FieldError>,
    size: usize,
}

impl Reader {
    fn fault<T>(&mut self, path: &str, code: &str, message: impl Into<String>) -> Option<T> {
        self.faults.push(FieldError::new(path, code, message));
        None
    }

    fn read(&mut self, value: &Value, path: &str, depth: usize) -> Option<Tree> {
        self.size += 1;
        if self.size == SIZE_LIMIT + 1 {
            return self.fault(path, "too_many", format!("has more than {SIZE_LIMIT} conditions"));
        }
        if self.size > SIZE_LIMIT {
            return None;
        }
        if depth > DEPTH_LIMIT {
            return self.fault(path, "nested_too_deep", format!("nests deeper than {DEPTH_LIMIT} levels"));
        }
        let Value::Object(members) = value else {
            return self.fault(path, "wrong_type", "must be an object");
        };
        if members.is_empty() {
            return Some(Tree::And(Vec::new()));
        }
        if members.contains_key("field") || members.contains_key("op") {
            return self.comparison(members, path);
        }
        let mut entries = members.iter();
        let (Some((word, below)), None) = (entries.next(), entries.next()) else {
            return self.fault(path, "ambiguous", "must have exactly one of and, or, not, or field and op");
        };
        let path = joined(path, word);
        match (word.as_str(), below) {
            ("and", Value::Array(parts)) => self.parts(parts, &path, depth).map(Tree::And),
            ("or", Value::Array(parts)) => self.parts(parts, &path, depth).map(Tree::Or),
            ("and" | "or", _) => self.fault(&path, "wrong_type", "must be an array"),
            ("not", part) => self.read(part, &path, depth + 1).map(|part| Tree::Not(Box::new(part))),
            _ => {
                self.fault(&path, "unknown_field", "is not known; known are: and, or, not, field, op, value")
            }
        }
    }

    fn parts(&mut self, parts: &[Value], path: &str, depth: usize) -> Option<Vec<Tree>> {
        // Every part is read, so that all faults are found at once.
        let read: Vec<Option<Tree>> = parts
            .iter()
            .enumerate()
            .map(|(index, part)| self.read(part, &joined(path, &index.to_string()), depth + 1))
            .collect();
        read.into_iter().collect()
    }

    fn comparison(&mut self, members: &Map<String, Value>, path: &str) -> Option<Tree> {
        let strange: Vec<&String> =
            members.keys().filter(|name| !matches!(name.as_str(), "field" | "op" | "value")).collect();
        for name in &strange {
            self.faults.push(FieldError::new(
                joined(path, name),
                "unknown_field",
                "is not known; known are: field, op, value",
            ));
        }
        let word = match members.get("op") {
            None => "eq",
            Some(op) => match op.as_str().filter(|word| OPS.contains(word)) {
                Some(word) => word,
                None => {
                    let message = format!("must be one of: {}", OPS.join(", "));
                    return self.fault(&joined(path, "op"), "not_allowed", message);
                }
            },
        };
        let (op, opposite) = match word {
            "ne" => (Op::Eq, true),
            "in" => (Op::In, false),
            "not_in" => (Op::In, true),
            "gt" => (Op::Gt, false),
            "gte" => (Op::Gte, false),
            "lt" => (Op::Lt, false),
            "lte" => (Op::Lte, false),
            "contains" => (Op::Contains, false),
            "not_contains" => (Op::Contains, true),
            "is_null" => (Op::IsNull, false),
            "is_not_null" => (Op::IsNull, true),
            _ => (Op::Eq, false),
        };
        let (column, member, kind) = self.field(members.get("field"), op, &joined(path, "field"))?;
        let values = self.values(members.get("value"), op, kind, &joined(path, "value"))?;
        let comparison = Tree::Is(Condition { column, member, op, values });
        Some(if opposite { Tree::Not(Box::new(comparison)) } else { comparison })
    }

    /// The column, the member of it and, but for members, the kind of its values.
    fn field(
        &mut self,
        field: Option<&Value>,
        op: Op,
        path: &str,
    ) -> Option<(&'static str, Option<String>, Option<Kind>)> {
        let Some(name) = field.and_then(Value::as_str) else {
            return self.fault(path, "required", "must name a field");
        };
        if let Some((object, member)) = name.split_once('.')
            && let Some(object) = self.vocabulary.objects.iter().find(|known| **known == object)
            && (1..=MEMBER_LENGTH).contains(&member.chars().count())
        {
            return Some((object, Some(member.to_owned()), None));
        }
        match self.vocabulary.columns.iter().find(|column| column.name == name) {
            Some(column) if column.kind.takes(op) => Some((column.name, None, Some(column.kind))),
            Some(_) => self.fault(path, "not_allowed", format!("{name} cannot be compared so")),
            None => {
                let columns = self.vocabulary.columns.iter().map(|column| column.name.to_owned());
                let objects = self.vocabulary.objects.iter().map(|object| format!("{object}.KEY"));
                let known = columns.chain(objects).collect::<Vec<_>>().join(", ");
                self.fault(path, "unknown_field", format!("{name} is not a known field; known are: {known}"))
            }
        }
    }

    fn values(
        &mut self,
        value: Option<&Value>,
        op: Op,
        kind: Option<Kind>,
        path: &str,
    ) -> Option<Vec<Bound>> {
        match (op, value) {
            (Op::IsNull, None) => Some(vec![Bound::Bool(true)]),
            (Op::IsNull, Some(Value::Bool(truth))) => Some(vec![Bound::Bool(*truth)]),
            (Op::IsNull, Some(_)) => self.fault(path, "wrong_type", "must be true or false"),
            (Op::In, Some(Value::Array(items))) if items.len() > VALUES_LIMIT => {
                self.fault(path, "too_many", format!("must name at most {VALUES_LIMIT} values"))
            }
            (Op::In, Some(Value::Array(items))) => {
                // One comparison has one type: as soon as one value is text, all are.
                let numbers = items.iter().all(Value::is_number);
                let read: Vec<Option<Bound>> = items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| self.value(item, kind, numbers, &joined(path, &index.to_string())))
                    .collect();
                read.into_iter().collect()
            }
            (Op::In, _) => self.fault(path, "wrong_type", "must be an array"),
            (_, None) => self.fault(path, "required", "is required"),
            (_, Some(value)) => {
                let number = value.is_number() && op != Op::Contains;
                self.value(value, kind, number, path).map(|value| vec![value])
            }
        }
    }

    /// A value of the column's kind. Members have no kind of their own; they are compared as numbers or as text.
    fn value(&mut self, value: &Value, kind: Option<Kind>, number: bool, path: &str) -> Option<Bound> {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            Value::Null => return self.fault(path, "wrong_type", "must not be null; ask by is_null"),
            Value::Array(_) | Value::Object(_) => {
                return self.fault(path, "wrong_type", "must be text, a number, true or false");
            }
        };
        match kind.map(|kind| kind.read(&text)) {
            None if number => Some(Bound::Decimal(text)),
            None => Some(Bound::Text(text)),
            Some(Ok(value)) => Some(value),
            Some(Err((code, message))) => self.fault(path, code, message),
        }
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use platform::http::list::column;

    use super::*;

    const VOCABULARY: Vocabulary = Vocabulary {
        columns: &[
            column("name", Kind::Text),
            column("score", Kind::Float),
            column("status", Kind::Choice(&["new", "old"])),
            column("at", Kind::Time),
        ],
        objects: &["utm"],
    };

    fn holds(tree: &Value, row: &Value) -> bool {
        Tree::parse(tree, VOCABULARY, "where").unwrap().holds(row)
    }

    #[test]
    fn comparisons_combine() {
        let row = json!({"name": "Ada", "score": 7.5, "status": "new", "at": "2026-01-02T00:00:00Z",
                         "utm": {"source": "ads", "clicks": "12"}});
        for (tree, expected) in [
            (json!({}), true),
            (json!({"field": "name", "value": "Ada"}), true),
            (json!({"field": "name", "op": "contains", "value": "AD"}), true),
            (json!({"field": "score", "op": "gt", "value": 7.5}), false),
            (json!({"field": "score", "op": "gte", "value": "7.5"}), true),
            (json!({"field": "at", "op": "lt", "value": "2026-02-01"}), true),
            (json!({"field": "status", "op": "in", "value": ["old", "new"]}), true),
            (json!({"field": "utm.source", "op": "eq", "value": "ads"}), true),
            (json!({"field": "utm.clicks", "op": "gte", "value": 9}), true),
            (json!({"field": "utm.gclid", "op": "is_null"}), true),
            (json!({"field": "utm.gclid", "op": "ne", "value": "x"}), true),
            (json!({"field": "utm.gclid", "op": "eq", "value": "x"}), false),
            (json!({"not": {"field": "name", "op": "eq", "value": "Ada"}}), false),
            (
                json!({"and": [
                    {"or": [{"field": "name", "op": "eq", "value": "Bob"}, {"field": "score", "op": "lt", "value": 8}]},
                    {"field": "status", "op": "not_in", "value": ["old"]},
                ]}),
                true,
            ),
        ] {
            assert_eq!(holds(&tree, &row), expected, "{tree}");
        }
    }

    #[test]
    fn every_fault_is_told_by_its_place() {
        let tree = json!({"and": [
            {"field": "colour", "op": "eq", "value": 1},
            {"field": "score", "op": "gte", "value": "many"},
            {"field": "status", "op": "eq", "value": "lost"},
            {"field": "status", "op": "gte", "value": "new"},
            {"field": "name", "op": "like", "value": "x"},
            {"or": 1},
            {"xor": []},
        ]});

        let faults = Tree::parse(&tree, VOCABULARY, "where").unwrap_err();

        let found: Vec<(&str, &str)> =
            faults.iter().map(|fault| (fault.field.as_str(), fault.code.as_str())).collect();
        assert_eq!(
            found,
            [
                ("where.and.0.field", "unknown_field"),
                ("where.and.1.value", "wrong_type"),
                ("where.and.2.value", "not_allowed"),
                ("where.and.3.field", "not_allowed"),
                ("where.and.4.op", "not_allowed"),
                ("where.and.5.or", "wrong_type"),
                ("where.and.6.xor", "unknown_field"),
            ]
        );
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let leaf = json!({"field": "name", "op": "eq", "value": "x"});
        let deep = (0..DEPTH_LIMIT).fold(leaf.clone(), |tree, _| json!({"not": tree}));
        let wide = json!({"or": vec![leaf; SIZE_LIMIT]});
        for (tree, code) in [(deep, "nested_too_deep"), (wide, "too_many")] {
            assert_eq!(Tree::parse(&tree, VOCABULARY, "").unwrap_err()[0].code, code);
        }
    }
}
