//! Conditions on rows, combined by `and`, `or` and `not`: one language for searches, segments and rules.
//!
//! `{"and": […]}`, `{"or": […]}`, `{"not": {…}}` or `{"field": "score", "op": "gte", "value": 50}`; `{}` holds for every
//! row. Names come from a [`Vocabulary`], values are typed, size is bounded. What was read is held against the database by
//! `db::conditions` and against a row in memory by [`Tree::holds`]. A comparison with an empty field does not hold, so
//! that its opposite does.

mod held;
mod read;

use contracts::problem::FieldError;
use serde_json::Value;
use uuid::Uuid;

use super::{Column, Listing};
use crate::{db::value::Bound, zones::Tz};

pub(super) use self::read::member_value;

/// Deepest nesting below the outermost condition.
pub const DEPTH_LIMIT: usize = 16;
/// Most comparisons in one tree.
pub const SIZE_LIMIT: usize = 200;
/// Most values of one comparison.
pub const VALUES_LIMIT: usize = 1_000;
/// Most values of all comparisons of a tree, or of all filters of a list. PostgreSQL takes 65,535 with a statement, in which a
/// value may stand four times: as text and as a number, and in both parts of a page that is read by cursor.
pub const ALL_VALUES_LIMIT: usize = 5_000;
/// The comparisons, by their names.
pub const OPS: &str =
    "eq, ne, in, gt, gte, lt, lte, between, contains, starts_with, is_null, has_any, has_all, within_days";

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Equal.
    Eq,
    /// One of several.
    In,
    /// More than.
    Gt,
    /// At least.
    Gte,
    /// Less than.
    Lt,
    /// At most.
    Lte,
    /// Empty or not.
    IsNull,
    /// Contains a text, whatever the case.
    Contains,
    /// Begins with a text, whatever the case.
    StartsWith,
    /// A list that has one of several elements.
    HasAny,
    /// A list that has all of several elements.
    HasAll,
    /// At most so many days before or after now.
    WithinDays,
}

/// One comparison of a column or of a member of a JSON column.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Column as SQL.
    pub column: &'static str,
    /// Member of the JSON column.
    pub member: Option<String>,
    /// Comparison.
    pub op: Op,
    /// What to compare with.
    pub values: Vec<Bound>,
}

/// Things linked to a row, which conditions name by their ids or names.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Name of the field.
    pub name: &'static str,
    /// Selects the ids of the rows that are linked to a thing; ends where the condition on the thing follows.
    pub sql: &'static str,
    /// The thing's id, in that condition.
    pub id: &'static str,
    /// The thing's name in lower case, where it can be named.
    pub label: Option<&'static str>,
}

/// Things of which one is linked to a row.
#[derive(Clone, Debug)]
pub struct Linked {
    /// What links them.
    pub link: Link,
    /// Ids of the things.
    pub ids: Vec<Uuid>,
    /// Names of the things, in lower case.
    pub names: Vec<String>,
}

/// What conditions may name.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary {
    /// Columns.
    pub columns: &'static [Column],
    /// JSON object columns, each member of which is named `column.member`.
    pub objects: &'static [&'static str],
    /// What rows are linked to.
    pub links: &'static [Link],
}

impl Vocabulary {
    /// What a list can be filtered by.
    pub const fn of(listing: &'static Listing) -> Self {
        Self { columns: listing.columns, objects: listing.json.as_slice(), links: &[] }
    }

    /// The same, and what rows are linked to.
    pub const fn with_links(self, links: &'static [Link]) -> Self {
        Self { links, ..self }
    }
}

/// What must hold of a row.
#[derive(Clone, Debug)]
pub enum Tree {
    /// All of these.
    All(Vec<Self>),
    /// One of these at least.
    Any(Vec<Self>),
    /// Not this. What cannot be said of an empty field does not hold, so that its contrary does.
    Not(Box<Self>),
    /// This comparison.
    Is(Condition),
    /// A link to one of these things.
    Linked(Linked),
}

impl Condition {
    /// A comparison of a column.
    pub fn new(column: &'static str, op: Op, values: Vec<Bound>) -> Self {
        Self { column, member: None, op, values }
    }
}

impl Tree {
    /// Reads a tree that is written now. Dates are days of `zone`; faults are named by their place below `path`.
    pub fn parse(
        value: &Value,
        vocabulary: Vocabulary,
        path: &str,
        zone: Tz,
    ) -> Result<Self, Vec<FieldError>> {
        read::tree(value, vocabulary, path, zone, read::Strictness::Written)
    }

    /// Reads a tree that was stored when lists of conditions could be empty.
    pub fn parse_stored(value: &Value, vocabulary: Vocabulary, zone: Tz) -> Result<Self, Vec<FieldError>> {
        read::tree(value, vocabulary, "", zone, read::Strictness::Stored)
    }

    /// Whether it looks for a text somewhere in another.
    pub fn looks_for_texts(&self) -> bool {
        self.any(&|condition| matches!(condition.op, Op::Contains | Op::StartsWith))
    }

    /// Whether this is said of a comparison within.
    fn any(&self, said: &impl Fn(&Condition) -> bool) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.any(said)),
            Self::Not(part) => part.any(said),
            Self::Is(condition) => said(condition),
            Self::Linked(_) => false,
        }
    }
}
