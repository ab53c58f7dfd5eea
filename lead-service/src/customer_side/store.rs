//! SQL of a customer user's rows and of the tenants they are in.

use contracts::{TenantId, UserId};
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, QueryableByName, SelectableHelper, sql_types::Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, GlobalTx, TenantTx};
use uuid::Uuid;

use crate::{
    orders::{api::OrderView, domain::OrderStatus},
    schema::orders::dsl,
};

#[derive(QueryableByName)]
struct Company {
    #[diesel(sql_type = SqlUuid)]
    company_id: Uuid,
}

/// The tenants in which the user is, or asked to be, a customer; the first ones first.
pub async fn companies(tx: &mut GlobalTx<'_>, user: UserId) -> QueryResult<Vec<TenantId>> {
    let companies: Vec<Company> = diesel::sql_query(
        "SELECT company_id FROM customer_companies WHERE user_id = $1 ORDER BY created_at, company_id",
    )
    .bind::<SqlUuid, _>(user.0)
    .cached()
    .load(&mut **tx)
    .await?;
    Ok(companies.into_iter().map(|company| TenantId(company.company_id)).collect())
}

/// How many orders a customer has, and the latest of them.
pub async fn orders(
    tx: &mut TenantTx<'_>,
    customer: Uuid,
    status: Option<OrderStatus>,
    most: i64,
) -> QueryResult<(i64, Vec<OrderView>)> {
    let wanted = || {
        let orders = dsl::orders.filter(dsl::customer_id.eq(customer)).filter(dsl::deleted_at.is_null());
        match status {
            Some(status) => orders.filter(dsl::status.eq(status)).into_boxed(),
            None => orders.into_boxed(),
        }
    };
    let count = wanted().count().get_result(&mut **tx).await?;
    let rows = wanted()
        .select(OrderView::as_select())
        .order((dsl::order_date.desc(), dsl::id.desc()))
        .limit(most)
        .load(&mut **tx)
        .await?;
    Ok((count, rows))
}
