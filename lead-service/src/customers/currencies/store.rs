//! The tenant's currency in the database.

use std::collections::HashMap;

use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, QueryableByName, SelectableHelper,
    sql_types::{BigInt, Nullable, Numeric, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx};
use uuid::Uuid;

use crate::{customers::api::CustomerView, money::Money, schema::customers::dsl};

/// Notes the tenant's currency as of an event. Gives whether that is the latest one.
pub async fn note(tx: &mut TenantTx<'_>, currency: &str, event: Uuid) -> QueryResult<bool> {
    let noted = diesel::sql_query(
        "INSERT INTO tenant_currencies (tenant_id, currency, event_id) VALUES ($1, $2, $3) \
         ON CONFLICT (tenant_id) DO UPDATE SET currency = excluded.currency, event_id = excluded.event_id \
         WHERE tenant_currencies.event_id < excluded.event_id",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<Text, _>(currency)
    .bind::<SqlUuid, _>(event)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(noted == 1)
}

#[derive(QueryableByName)]
struct Revalued {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<Numeric>)]
    before: Option<Money>,
}

/// Writes what some customers are worth in this currency, where that is not what stands there. Gives them as they were and as
/// they are; none when all are done.
pub async fn revalue_customers(
    tx: &mut TenantTx<'_>,
    currency: &str,
    most: i64,
) -> QueryResult<Vec<(CustomerView, CustomerView)>> {
    // As `lifetime_value` in the domain of customers. Rows are locked in the order in which orders lock them.
    const VALUE: &str = "CASE jsonb_array_length(lifetime_values) WHEN 0 THEN 0.00 \
        WHEN 1 THEN CASE WHEN lifetime_values -> 0 ->> 'currency' = $1 \
        THEN (lifetime_values -> 0 ->> 'amount')::numeric END END";
    let sql = format!(
        "WITH stale AS (SELECT id, lifetime_value AS before, {VALUE} AS after FROM customers \
         WHERE lifetime_value IS DISTINCT FROM {VALUE} ORDER BY id LIMIT $2 FOR UPDATE) \
         UPDATE customers c SET lifetime_value = s.after, version = c.version + 1, updated_at = now() \
         FROM stale s WHERE c.id = s.id RETURNING c.id, s.before"
    );
    let revalued: Vec<Revalued> = diesel::sql_query(sql)
        .bind::<Text, _>(currency)
        .bind::<BigInt, _>(most)
        .cached()
        .load(&mut **tx)
        .await?;
    let before: HashMap<Uuid, Option<Money>> =
        revalued.into_iter().map(|customer| (customer.id, customer.before)).collect();
    let ids: Vec<Uuid> = before.keys().copied().collect();
    let after: Vec<CustomerView> = dsl::customers
        .filter(dsl::id.eq_any(ids))
        .select(CustomerView::as_select())
        .order(dsl::id)
        .load(&mut **tx)
        .await?;
    let pair = |after: CustomerView| {
        let lifetime_value = before.get(&after.id).copied().flatten();
        (CustomerView { lifetime_value, ..after.clone() }, after)
    };
    Ok(after.into_iter().map(pair).collect())
}
