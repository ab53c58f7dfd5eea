//! Plans of a list's queries: for tests that every list has the indexes it needs.

use std::sync::Arc;

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::{
    list::{Which, push_page},
    tx::Visibility,
};
use crate::http::{list::Criteria, problem::Problem};

/// How the planner would find the rows of a stretch: the root of `EXPLAIN (FORMAT JSON)`.
///
/// # Errors
/// Those of the database.
pub async fn plan(
    connection: &mut AsyncPgConnection,
    criteria: &Arc<Criteria>,
    visibility: &Visibility,
) -> Result<serde_json::Value, Problem> {
    let which = Which { criteria: Arc::clone(criteria), visibility: visibility.clone(), restriction: None };
    Ok(RunQueryDsl::get_result(PlanQuery(which), connection).await?)
}

struct PlanQuery(Which);

impl QueryFragment<Pg> for PlanQuery {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("EXPLAIN (FORMAT JSON) ");
        push_page(&self.0, "*", &mut out)
    }
}

impl QueryId for PlanQuery {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for PlanQuery {
    type SqlType = diesel::sql_types::Json;
}
