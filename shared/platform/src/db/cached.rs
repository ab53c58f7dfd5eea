//! Hand-written SQL and diesel's updates, prepared once per connection like everything else.
//!
//! diesel prepares `sql_query` and updates again each time, since the text may differ from call to call; parsing and
//! planning then cost more than running. Our texts are constants: they are their own cache keys.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
};

/// A statement with a constant text.
pub struct Cached<Q>(Q);

/// Offers [`Cacheable::cached`] on `sql_query` with its binds, and on updates.
pub trait Cacheable: Sized {
    /// Prepared once per connection. Only for texts from a small, fixed set.
    fn cached(self) -> Cached<Self> {
        Cached(self)
    }
}

impl<Q: QueryFragment<Pg>> Cacheable for Q {}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Cached<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q: Query> Query for Cached<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryId for Cached<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
