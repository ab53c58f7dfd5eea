//! A query that enters its tenant by itself: one statement, which is its own transaction.
//!
//! `BEGIN`, entering and `COMMIT` cost the database more than reading a row does. Here each part depends on the one before
//! it, so PostgreSQL cannot but take them in their order: it sets the tenant for this statement, looks where the
//! tenant's rows are, and only then reads. A tenant with a schema of its own is refused, for the text names the tables
//! of `public`; the caller reads in a transaction instead. See docs/decisions/0011-reads-in-one-statement.md.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use contracts::TenantId;
use dashmap::DashMap;
use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::Text,
};

use crate::http::problem::Problem;

/// The database's answer for a tenant with rows outside `public`.
const ELSEWHERE: &str = "the tenant has a schema of its own";

/// How long a tenant that was refused is read in transactions without being tried.
const REMEMBERED: Duration = Duration::from_secs(30);

/// Tenants that had a schema of their own when they were last asked for. Being wrong about one costs a round trip and
/// nothing else: the database decides each time.
#[derive(Clone, Debug, Default)]
pub(super) struct Elsewhere(Arc<DashMap<TenantId, Instant>>);

impl Elsewhere {
    /// Whether it makes no sense to try.
    pub(super) fn may_be(&self, tenant: TenantId) -> bool {
        !self.0.is_empty() && self.0.get(&tenant).is_some_and(|since| since.elapsed() < REMEMBERED)
    }

    /// Notes one that was refused.
    pub(super) fn note(&self, tenant: TenantId) {
        self.0.retain(|_, since| since.elapsed() < REMEMBERED);
        self.0.insert(tenant, Instant::now());
    }
}

/// A query with what enters its tenant around it.
#[derive(Clone, Debug)]
pub struct Entered<Q> {
    tenant: String,
    query: Q,
}

impl<Q> Entered<Q> {
    /// The query as the tenant's.
    pub(super) fn new(tenant: TenantId, query: Q) -> Self {
        Self { tenant: tenant.to_string(), query }
    }
}

/// Whether a read was refused because the tenant has a schema of its own.
pub(super) fn is_elsewhere(problem: &Problem) -> bool {
    problem.cause.as_ref().is_some_and(|cause| cause.contains(ELSEWHERE))
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Entered<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // OFFSET 0 keeps each part by itself, where the planner would otherwise put them together and choose an order.
        out.push_sql("SELECT found.* FROM (SELECT set_config('app.tenant_id', ");
        out.push_bind_param::<Text, _>(&self.tenant)?;
        out.push_sql(
            ", true) AS id OFFSET 0) entered \
             LEFT JOIN LATERAL (SELECT s.schema_name FROM public.tenant_states s \
             WHERE s.tenant_id = entered.id::uuid OFFSET 0) placed ON true \
             CROSS JOIN LATERAL (SELECT asked.* FROM (",
        );
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(
            ") asked WHERE CASE WHEN placed.schema_name IS NULL AND entered.id IS NOT NULL THEN true \
             ELSE public.tenant_is_elsewhere() END OFFSET 0) found",
        );
        Ok(())
    }
}

impl<Q: Query> Query for Entered<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryId for Entered<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
