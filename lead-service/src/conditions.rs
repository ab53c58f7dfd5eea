//! Trees of conditions: `{"and": […]}`, `{"or": […]}`, `{"not": …}` and `{"field", "op", "value"}`.
//!
//! Fields come from what the resource's list offers, values are bound. An empty tree holds for everything.

use contracts::problem::FieldError;
use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::AstPass,
    sql_types::{Array, Text, Uuid as SqlUuid},
};
use platform::{
    db::{
        list::Restriction,
        value::{Bound, Kind},
    },
    http::list::Listing,
};
use serde_json::Value;
use uuid::Uuid;

/// Deepest nesting taken.
const DEPTH_LIMIT: usize = 16;
/// Most comparisons taken in one tree.
const SIZE_LIMIT: usize = 200;
/// Most values one comparison may name.
const VALUE_LIMIT: usize = 1_000;

/// Things linked to a row, named in trees by their ids.
#[derive(Debug)]
pub struct Link {
    /// Name of the field.
    pub name: &'static str,
    /// Selects the ids of the rows that are linked to a thing; ends in the column of the thing's id.
    pub sql: &'static str,
}

/// What trees about a resource may speak of.
#[derive(Debug)]
pub struct Vocabulary {
    /// Its columns and its column of free fields.
    pub listing: &'static Listing,
    /// What it is linked to.
    pub links: &'static [Link],
}

/// A tree that was understood.
#[derive(Debug)]
pub enum Tree {
    /// All of these hold.
    All(Vec<Self>),
    /// One of these holds.
    Any(Vec<Self>),
    /// This does not hold, or cannot be told.
    Not(Box<Self>),
    /// A column compared.
    Column {
        /// The column.
        column: &'static str,
        /// A member of it, where it is an object.
        member: Option<String>,
        /// How.
        op: Op,
        /// With what.
        values: Vec<Bound>,
    },
    /// Linked to one of these things.
    Linked {
        /// See [`Link`].
        sql: &'static str,
        /// The things.
        ids: Vec<Uuid>,
    },
}

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Equal.
    Eq,
    /// More.
    Gt,
    /// At least.
    Gte,
    /// Less.
    Lt,
    /// At most.
    Lte,
    /// One of several.
    In,
    /// Contains the text, whatever the case.
    Contains,
    /// Starts with the text, whatever the case.
    StartsWith,
    /// Empty or not.
    IsNull,
}

const OPS: [(&str, Op, bool); 13] = [
    ("eq", Op::Eq, false),
    ("ne", Op::Eq, true),
    ("gt", Op::Gt, false),
    ("gte", Op::Gte, false),
    ("lt", Op::Lt, false),
    ("lte", Op::Lte, false),
    ("in", Op::In, false),
    ("not_in", Op::In, true),
    ("contains", Op::Contains, false),
    ("icontains", Op::Contains, false),
    ("not_contains", Op::Contains, true),
    ("starts_with", Op::StartsWith, false),
    ("isnull", Op::IsNull, false),
];

impl Tree {
    /// Reads a tree that stands in the field `path` of a body, or all that is wrong with it.
    pub fn parse(value: &Value, vocabulary: &Vocabulary, path: &str) -> Result<Self, Vec<FieldError>> {
        let mut reader = Reader { vocabulary, faults: Vec::new(), comparisons: 0 };
        let tree = reader.node(value, path, 0);
        match tree {
            Some(tree) if reader.faults.is_empty() => Ok(tree),
            _ => Err(reader.faults),
        }
    }
}

struct Reader<'a> {
    vocabulary: &'a Vocabulary,
    faults: Vec<FieldError>,
    comparisons: usize,
}

impl Reader<'_> {
    fn fault<T>(&mut self, path: &str, code: &str, message: impl Into<String>) -> Option<T> {
        self.faults.push(FieldError::new(path, code, message));
        None
    }

    fn node(&mut self, value: &Value, path: &str, depth: usize) -> Option<Tree> {
        if depth > DEPTH_LIMIT {
            return self.fault(path, "nested_too_deep", format!("nests deeper than {DEPTH_LIMIT} levels"));
        }
        let Value::Object(members) = value else {
            return self.fault(path, "wrong_type", "must be an object");
        };
        if members.is_empty() && depth == 0 {
            return Some(Tree::All(Vec::new()));
        }
        if members.contains_key("field") {
            return self.comparison(value, path);
        }
        match members.iter().next() {
            Some((word, inner)) if members.len() == 1 => match word.as_str() {
                "and" => self.nodes(inner, &format!("{path}.and"), depth).map(Tree::All),
                "or" => self.nodes(inner, &format!("{path}.or"), depth).map(Tree::Any),
                "not" => {
                    let tree = self.node(inner, &format!("{path}.not"), depth + 1)?;
                    Some(Tree::Not(Box::new(tree)))
                }
                _ => self.fault(
                    path,
                    "unknown_condition",
                    "must be one of: and, or, not, or a comparison of a field",
                ),
            },
            _ => self.fault(path, "unknown_condition", "must have exactly one of: and, or, not, field"),
        }
    }

    fn nodes(&mut self, value: &Value, path: &str, depth: usize) -> Option<Vec<Tree>> {
        let Value::Array(items) = value else {
            return self.fault(path, "wrong_type", "must be a list of conditions");
        };
        if items.is_empty() {
            return self.fault(path, "too_few", "must have at least one condition");
        }
        let trees = items.iter().enumerate();
        let trees: Vec<Option<Tree>> =
            trees.map(|(index, item)| self.node(item, &format!("{path}.{index}"), depth + 1)).collect();
        trees.into_iter().collect()
    }

    fn comparison(&mut self, value: &Value, path: &str) -> Option<Tree> {
        self.comparisons += 1;
        if self.comparisons == SIZE_LIMIT + 1 {
            return self.fault(path, "too_many", format!("has more than {SIZE_LIMIT} comparisons"));
        }
        let members = value.as_object()?;
        if let Some(name) = members.keys().find(|name| !["field", "op", "value"].contains(&name.as_str())) {
            return self.fault(
                &format!("{path}.{name}"),
                "unknown_field",
                "is not known; known are: field, op, value",
            );
        }
        let name = members.get("field").and_then(Value::as_str).unwrap_or_default();
        let word = members.get("op").map_or(Some("eq"), Value::as_str).unwrap_or_default();
        let Some((_, op, negated)) = OPS.into_iter().find(|(known, _, _)| *known == word) else {
            let known = OPS.map(|(word, _, _)| word).join(", ");
            return self.fault(&format!("{path}.op"), "unknown_op", format!("must be one of: {known}"));
        };
        let given = members.get("value").unwrap_or(&Value::Null);
        let tree = self.compared(name, op, given, path)?;
        Some(if negated { Tree::Not(Box::new(tree)) } else { tree })
    }

    fn compared(&mut self, name: &str, op: Op, given: &Value, path: &str) -> Option<Tree> {
        let listing = self.vocabulary.listing;
        if let Some(link) = self.vocabulary.links.iter().find(|link| link.name == name) {
            if !matches!(op, Op::Eq | Op::In | Op::Contains) {
                let message = "can be compared by: eq, ne, in, not_in, contains, not_contains";
                return self.fault(&format!("{path}.op"), "not_allowed", message);
            }
            let values = self.values(Kind::Uuid, op, given, path)?;
            let id = |value| if let Bound::Uuid(id) = value { Some(id) } else { None };
            return Some(Tree::Linked { sql: link.sql, ids: values.into_iter().filter_map(id).collect() });
        }
        let member = listing.json.and_then(|json| Some((json, name.strip_prefix(json)?.strip_prefix('.')?)));
        let (column, member, kind) = match member {
            Some((json, member)) => (json, Some(member.to_owned()), Kind::Text),
            None => match listing.columns.iter().find(|column| column.name == name) {
                Some(column) => (column.name, None, column.kind),
                None => {
                    let known = listing.columns.iter().map(|column| column.name);
                    let known = known.chain(self.vocabulary.links.iter().map(|link| link.name));
                    let known = known.collect::<Vec<_>>().join(", ");
                    let message = format!("is not a known field; known are: {known}");
                    return self.fault(&format!("{path}.field"), "unknown_field", message);
                }
            },
        };
        let ordered = matches!(op, Op::Gt | Op::Gte | Op::Lt | Op::Lte);
        let textual = matches!(op, Op::Contains | Op::StartsWith);
        if ordered && matches!(kind, Kind::Bool | Kind::Uuid | Kind::Choice(_))
            || textual && kind != Kind::Text
        {
            return self.fault(&format!("{path}.op"), "not_allowed", "does not go with this field");
        }
        let kind = if op == Op::IsNull { Kind::Bool } else { kind };
        Some(Tree::Column { column, member, op, values: self.values(kind, op, given, path)? })
    }

    fn values(&mut self, kind: Kind, op: Op, given: &Value, path: &str) -> Option<Vec<Bound>> {
        let path = format!("{path}.value");
        match (op, given) {
            (Op::In, Value::Array(items)) if (1..=VALUE_LIMIT).contains(&items.len()) => {
                let items = items.iter().enumerate();
                let values: Vec<Option<Bound>> =
                    items.map(|(index, item)| self.value(kind, item, &format!("{path}.{index}"))).collect();
                values.into_iter().collect()
            }
            (Op::In, _) => {
                self.fault(&path, "wrong_type", format!("must be a list of 1 to {VALUE_LIMIT} values"))
            }
            (Op::IsNull, Value::Null) => Some(vec![Bound::Bool(true)]),
            _ => self.value(kind, given, &path).map(|value| vec![value]),
        }
    }

    fn value(&mut self, kind: Kind, given: &Value, path: &str) -> Option<Bound> {
        let text = match given {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => given.to_string(),
            _ => return self.fault(path, "wrong_type", "must be text, a number, true or false"),
        };
        match kind.read(&text) {
            Ok(value) => Some(value),
            Err((code, message)) => self.fault(path, code, message),
        }
    }
}

impl Restriction for Tree {
    fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        match self {
            Self::All(trees) => push_joined(trees, " AND ", "true", out),
            Self::Any(trees) => push_joined(trees, " OR ", "false", out),
            Self::Not(tree) => {
                // What cannot be told, because a field is empty, does not hold; so its opposite does.
                out.push_sql("(NOT coalesce(");
                tree.push(out)?;
                out.push_sql(", false))");
                Ok(())
            }
            Self::Linked { sql, ids } => {
                out.push_sql("(id IN (");
                out.push_sql(sql);
                out.push_sql(" = ANY(");
                out.push_bind_param::<Array<SqlUuid>, Vec<Uuid>>(ids)?;
                out.push_sql(")))");
                Ok(())
            }
            Self::Column { column, member, op, values } => {
                out.push_sql("(");
                out.push_identifier(column)?;
                if let Some(member) = member {
                    out.push_sql(" ->> ");
                    out.push_bind_param::<Text, _>(member)?;
                }
                push_comparison(*op, values, out)?;
                out.push_sql(")");
                Ok(())
            }
        }
    }
}

fn push_joined<'b>(
    trees: &'b [Tree],
    between: &str,
    empty: &str,
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
    out.push_sql("(");
    if trees.is_empty() {
        out.push_sql(empty);
    }
    for (index, tree) in trees.iter().enumerate() {
        out.push_sql(if index == 0 { "" } else { between });
        tree.push(out)?;
    }
    out.push_sql(")");
    Ok(())
}

fn push_comparison<'b>(op: Op, values: &'b [Bound], out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    if op == Op::IsNull {
        let empty = !matches!(values.first(), Some(Bound::Bool(false)));
        out.push_sql(if empty { " IS NULL" } else { " IS NOT NULL" });
        return Ok(());
    }
    if let (Op::Contains | Op::StartsWith, Some(Bound::Text(text))) = (op, values.first()) {
        // As in every list's search: each text gets a plan of its own.
        out.unsafe_to_cache_prepared();
        out.push_sql(if op == Op::Contains { " ILIKE '%' || " } else { " ILIKE " });
        // The caller's % and _ mean themselves.
        out.push_sql("replace(replace(replace(");
        out.push_bind_param::<Text, _>(text)?;
        out.push_sql(", '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'");
        return Ok(());
    }
    out.push_sql(match op {
        Op::Gt => " > ",
        Op::Gte => " >= ",
        Op::Lt => " < ",
        Op::Lte => " <= ",
        Op::In => " IN (",
        _ => " = ",
    });
    for (index, value) in values.iter().enumerate() {
        out.push_sql(if index == 0 { "" } else { ", " });
        value.push(out)?;
    }
    out.push_sql(if op == Op::In { ")" } else { "" });
    Ok(())
}
