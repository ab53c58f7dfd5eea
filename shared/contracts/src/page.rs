//! The two shapes in which lists travel.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One numbered page of a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// How many rows match in all; `null` when the caller asked for none.
    pub count: Option<i64>,
    /// Address of the next page, if there is one.
    pub next: Option<String>,
    /// Address of the previous page, if there is one.
    pub previous: Option<String>,
    /// The rows of this page, in the asked order.
    #[schema(inline)]
    pub results: Vec<T>,
}

/// One stretch of a list read by cursor: no row twice and none skipped while others are added.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CursorPage<T> {
    /// The rows, in the asked order.
    #[schema(inline)]
    pub results: Vec<T>,
    /// What to send as `cursor` for the rows that follow; `null` at the end.
    pub next_cursor: Option<String>,
}
