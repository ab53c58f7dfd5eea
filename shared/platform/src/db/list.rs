//! A list request as SQL. Names come from the resource's [`Listing`]; values are bound.

use std::{
    any::TypeId,
    marker::PhantomData,
    sync::{Arc, LazyLock},
};

use contracts::TenantId;
use dashmap::DashMap;
use diesel::{
    Expression, QueryResult, Selectable, SelectableHelper,
    backend::Backend,
    dsl::AsSelect,
    pg::Pg,
    query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId},
    sql_types::BigInt,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection, methods::LoadQuery};

use super::{
    Db,
    conditions::{push_condition, push_tree, push_visibility},
    entered::Entered,
    places::{self, Part},
    search::push_search,
    tx::Visibility,
};
use crate::http::{
    list::{Count, Criteria, List, Listed, Listing, Window},
    problem::Problem,
};

/// A condition on the rows of a list beside what its query says.
pub trait Restriction: Send + Sync + 'static {
    /// Writes it as one SQL expression on the rows of this list, values bound.
    fn push<'b>(&'b self, listing: &Listing, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()>;
}

/// Rows of one stretch of a list and, where asked for, how many match in all.
///
/// One row more than the page's size is read, to know whether another page follows.
pub async fn load<R>(
    connection: &mut AsyncPgConnection,
    criteria: &Arc<Criteria>,
    visibility: &Visibility,
) -> Result<(Option<i64>, Vec<R>), Problem>
where
    R: Selectable<Pg> + Send + 'static,
    PageQuery<R>: LoadQuery<'static, AsyncPgConnection, R>,
{
    load_where(connection, criteria, visibility, None).await
}

/// As [`load`], of the rows that meet the restriction.
pub async fn load_where<R>(
    connection: &mut AsyncPgConnection,
    criteria: &Arc<Criteria>,
    visibility: &Visibility,
    restriction: Option<Arc<dyn Restriction>>,
) -> Result<(Option<i64>, Vec<R>), Problem>
where
    R: Selectable<Pg> + Send + 'static,
    PageQuery<R>: LoadQuery<'static, AsyncPgConnection, R>,
{
    let which = Which { criteria: Arc::clone(criteria), visibility: visibility.clone(), restriction };
    let is_of_its_own = criteria.needs_plan_of_its_own();
    if is_of_its_own {
        connection.batch_execute("SELECT set_config('app.plans', 'tenant', true)").await?;
    }
    let total = match (&criteria.window, criteria.count) {
        (Window::After(_), _) | (_, Count::None) => None,
        (Window::Page(_), Count::Exact) => {
            Some(RunQueryDsl::get_result::<i64>(CountQuery(which.clone()), connection).await?)
        }
        (Window::Page(_), Count::Estimated) => {
            let plan: serde_json::Value =
                RunQueryDsl::get_result(ExplainQuery(which.clone()), connection).await?;
            let rows =
                plan.pointer("/0/Plan/Plan Rows").and_then(serde_json::Value::as_f64).unwrap_or_default();
            #[expect(clippy::cast_possible_truncation, reason = "a planner's guess")]
            Some(rows as i64)
        }
    };
    let rows = RunQueryDsl::load(PageQuery::<R>(which, PhantomData), connection).await?;
    if is_of_its_own {
        // What follows in this transaction may be kept for all tenants.
        connection.batch_execute("SELECT set_config('app.plans', '', true)").await?;
    }
    Ok((total, rows))
}

/// As [`load`], each statement by itself rather than in one transaction, but for statements that need a plan of the tenant's
/// own: that is made before a statement sets its tenant.
pub async fn look_up<R>(
    db: &Db,
    tenant: TenantId,
    criteria: &Arc<Criteria>,
    visibility: &Visibility,
) -> Result<(Option<i64>, Vec<R>), Problem>
where
    R: Selectable<Pg> + Send + 'static,
    PageQuery<R>: LoadQuery<'static, AsyncPgConnection, R>,
    Entered<PageQuery<R>>: LoadQuery<'static, AsyncPgConnection, R>,
{
    if criteria.needs_plan_of_its_own() {
        return db.read(tenant, async |tx| load(tx, criteria, visibility).await).await;
    }
    let which = Which { criteria: Arc::clone(criteria), visibility: visibility.clone(), restriction: None };
    let total = match (&criteria.window, criteria.count) {
        (Window::Page(_), Count::Exact) => {
            db.look_up::<CountQuery, i64>(tenant, CountQuery(which.clone())).await?.pop()
        }
        _ => None,
    };
    Ok((total, db.look_up::<PageQuery<R>, R>(tenant, PageQuery(which, PhantomData)).await?))
}

/// How many rows of a list meet the restriction and are seen, whatever a query says.
pub async fn count<V: Listed>(
    connection: &mut AsyncPgConnection,
    visibility: &Visibility,
    restriction: Arc<dyn Restriction>,
) -> Result<i64, Problem> {
    let criteria = Arc::clone(&List::<V>::parse("", "")?.0);
    let which = Which { criteria, visibility: visibility.clone(), restriction: Some(restriction) };
    Ok(RunQueryDsl::get_result::<i64>(CountQuery(which), connection).await?)
}

/// Conditions: the filters and the caller's data scope.
#[derive(Clone)]
pub(super) struct Which {
    pub(super) criteria: Arc<Criteria>,
    pub(super) visibility: Visibility,
    pub(super) restriction: Option<Arc<dyn Restriction>>,
}

/// `SELECT columns FROM table WHERE … ORDER BY … LIMIT …`.
pub struct PageQuery<R>(Which, PhantomData<fn() -> R>);

impl<R> Clone for PageQuery<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<R> QueryFragment<Pg> for PageQuery<R>
where
    R: Selectable<Pg> + 'static,
    AsSelect<R, Pg>: QueryFragment<Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        push_page(&self.0, &columns::<R>()?, &mut out)
    }
}

/// The rows of a stretch, with these columns.
pub(super) fn push_page<'b>(
    which: &'b Which,
    columns: &str,
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
    let criteria = which.criteria.as_ref();
    let Window::After(Some(place)) = &criteria.window else {
        return push_part(which, columns, None, out);
    };
    let Some(last) = places::part_behind(criteria, place) else {
        return push_part(which, columns, Some(Part::After(place)), out);
    };
    // Each part is a range of the index that serves the ordering; an OR of them would be none.
    // Around them another query, for the order of a union has no collation.
    out.push_sql("SELECT * FROM ((");
    push_part(which, columns, Some(Part::After(place)), out)?;
    out.push_sql(") UNION ALL (");
    push_part(which, columns, Some(last), out)?;
    out.push_sql(")) parts");
    places::push_order(criteria, out)?;
    places::push_limit(criteria, out);
    Ok(())
}

fn push_part<'b>(
    which: &'b Which,
    columns: &str,
    part: Option<Part<'b>>,
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
    let criteria = which.criteria.as_ref();
    out.push_sql("SELECT ");
    out.push_sql(columns);
    push_from_where(which, out)?;
    if let Some(part) = part {
        out.push_sql(" AND ");
        part.push(criteria, out)?;
    }
    places::push_order(criteria, out)?;
    places::push_limit(criteria, out);
    Ok(())
}

/// Columns by type of row, once they were written out.
static COLUMNS: LazyLock<DashMap<TypeId, Arc<str>>> = LazyLock::new(DashMap::new);

/// The row's columns as SQL. They hold no bound values, so text says all; diesel walks through a statement four times for each
/// use of it, and quotes every name each time.
pub(super) fn columns<R>() -> QueryResult<Arc<str>>
where
    R: Selectable<Pg> + 'static,
    AsSelect<R, Pg>: QueryFragment<Pg>,
{
    if let Some(known) = COLUMNS.get(&TypeId::of::<R>()) {
        return Ok(Arc::clone(&known));
    }
    let mut builder = <Pg as Backend>::QueryBuilder::default();
    R::as_select().to_sql(&mut builder, &Pg)?;
    let columns: Arc<str> = builder.finish().into();
    COLUMNS.insert(TypeId::of::<R>(), Arc::clone(&columns));
    Ok(columns)
}

impl<R> Query for PageQuery<R>
where
    R: Selectable<Pg>,
    AsSelect<R, Pg>: Expression,
{
    type SqlType = <AsSelect<R, Pg> as Expression>::SqlType;
}

#[derive(Clone)]
struct CountQuery(Which);

impl QueryFragment<Pg> for CountQuery {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT count(*)");
        push_from_where(&self.0, &mut out)
    }
}

impl Query for CountQuery {
    type SqlType = BigInt;
}

struct ExplainQuery(Which);

impl QueryFragment<Pg> for ExplainQuery {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("EXPLAIN (FORMAT JSON) SELECT 1");
        push_from_where(&self.0, &mut out)
    }
}

impl Query for ExplainQuery {
    type SqlType = diesel::sql_types::Json;
}

/// The SQL differs from request to request, so statements are cached by their text.
macro_rules! no_static_query_id {
    ($($query:ty),*) => {
        $(impl QueryId for $query {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        })*
    };
}

no_static_query_id!(CountQuery, ExplainQuery);

impl<R> QueryId for PageQuery<R> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

fn push_from_where<'b>(which: &'b Which, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    let criteria = which.criteria.as_ref();
    let listing = criteria.listing;
    if criteria.needs_plan_of_its_own() {
        // It is for this tenant, text and place, and not for the next.
        out.unsafe_to_cache_prepared();
    }
    out.push_sql(" FROM ");
    out.push_identifier(listing.table)?;
    out.push_sql(if listing.soft_delete { " WHERE deleted_at IS NULL" } else { " WHERE true" });
    push_visibility(listing.owners, &which.visibility, out)?;
    if let Some(restriction) = &which.restriction {
        out.push_sql(" AND ");
        restriction.push(listing, out)?;
    }
    for condition in &criteria.conditions {
        out.push_sql(" AND ");
        push_condition(listing, condition, out)?;
    }
    if let Some(tree) = &criteria.tree {
        out.push_sql(" AND ");
        push_tree(listing, tree, out)?;
    }
    if let Some(words) = &criteria.search {
        push_search(listing, words, out)?;
    }
    Ok(())
}
