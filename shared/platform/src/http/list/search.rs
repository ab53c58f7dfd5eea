//! A list asked for by a body: conditions combined by and, or and not.

use contracts::problem::FieldError;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{List, Listed, Tree, Vocabulary};
use crate::{http::problem::Problem, zones::Tz};

/// Which rows of a list, in what order.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// A condition: `{"and": [condition, …]}`, `{"or": [condition, …]}`, `{"not": condition}` or `{"field", "op", "value"}`
    /// with `op` one of eq, ne, in, gt, gte, lt, lte, between, contains, starts_with, is_null, has_any, has_all, within_days.
    /// All rows when there is none.
    #[serde(rename = "where")]
    #[schema(value_type = Option<Object>)]
    pub tree: Option<Value>,
    /// Columns, `-` for descending.
    pub ordering: Option<String>,
    /// Rows of a page.
    #[schema(minimum = 1, maximum = 200)]
    pub page_size: Option<i64>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl Search {
    /// The list it asks for, read by cursor; its dates are days of `zone`. Every fault of the tree and of the rest is
    /// reported.
    pub fn list<V: Listed>(self, zone: Tz) -> Result<List<V>, Problem> {
        let mut pairs = vec![("cursor", self.cursor.unwrap_or_default())];
        pairs.extend(self.ordering.map(|ordering| ("ordering", ordering)));
        pairs.extend(self.page_size.map(|size| ("page_size", size.to_string())));
        let query =
            serde_urlencoded::to_string(pairs).map_err(|fault| Problem::internal(fault.to_string()))?;
        let mut faults: Vec<FieldError> = Vec::new();
        let vocabulary = Vocabulary::of(&V::LISTING);
        let tree = match self.tree.map(|tree| Tree::parse(&tree, vocabulary, "where", zone)).transpose() {
            Ok(tree) => tree,
            Err(found) => {
                faults.extend(found);
                None
            }
        };
        let list = List::<V>::parse(&query, "");
        if !faults.is_empty() {
            faults.extend(list.err().into_iter().flat_map(|problem| problem.errors));
            return Err(Problem::invalid(faults));
        }
        list.map(|list| list.meeting(tree))
    }
}
