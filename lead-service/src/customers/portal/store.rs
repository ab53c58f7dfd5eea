//! SQL of a customer user's rows and of the tenants they are in.

use chrono::{DateTime, Utc};
use contracts::{TenantId, UserId};
use diesel::{
    ExpressionMethods, PgSortExpressionMethods, QueryDsl, QueryResult, QueryableByName, SelectableHelper,
    sql_types::{BigInt, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, GlobalTx, TenantTx};
use uuid::Uuid;

use crate::{
    customers::orders::{api::OrderView, domain::OrderStatus},
    schema::orders::dsl,
};

#[derive(QueryableByName)]
struct Company {
    #[diesel(sql_type = SqlUuid)]
    company_id: Uuid,
}

/// Some of the tenants in which the user is, or asked to be, a customer; the first ones first.
pub async fn companies(
    tx: &mut GlobalTx<'_>,
    user: UserId,
    before: i64,
    most: i64,
) -> QueryResult<Vec<TenantId>> {
    let companies: Vec<Company> = diesel::sql_query(
        "SELECT company_id FROM customer_companies WHERE user_id = $1 ORDER BY created_at, company_id \
         LIMIT $2 OFFSET $3",
    )
    .bind::<SqlUuid, _>(user.0)
    .bind::<BigInt, _>(most)
    .bind::<BigInt, _>(before)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(companies.into_iter().map(|company| TenantId(company.company_id)).collect())
}

/// How many orders a customer has, and the places of the latest of them: when each was placed, and its id.
pub async fn places(
    tx: &mut TenantTx<'_>,
    customer: Uuid,
    status: Option<OrderStatus>,
    most: i64,
) -> QueryResult<(i64, Vec<(DateTime<Utc>, Uuid)>)> {
    let wanted = || {
        let orders = dsl::orders.filter(dsl::customer_id.eq(customer)).filter(dsl::deleted_at.is_null());
        match status {
            Some(status) => orders.filter(dsl::status.eq(status)).into_boxed(),
            None => orders.into_boxed(),
        }
    };
    let count = wanted().count().get_result(&mut **tx).await?;
    // As the index has them: a plain `DESC` begins with what is empty.
    let places = wanted()
        .select((dsl::order_date, dsl::id))
        .order((dsl::order_date.desc().nulls_last(), dsl::id.desc()))
        .limit(most)
        .load(&mut **tx)
        .await?;
    Ok((count, places))
}

/// These orders.
pub async fn orders(tx: &mut TenantTx<'_>, ids: &[Uuid]) -> QueryResult<Vec<OrderView>> {
    dsl::orders
        .filter(dsl::id.eq_any(ids))
        .filter(dsl::deleted_at.is_null())
        .select(OrderView::as_select())
        .load(&mut **tx)
        .await
}
