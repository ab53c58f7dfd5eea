//! Customers in the database.

use chrono::Utc;
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, QueryableByName, SelectableHelper,
    result::Error::NotFound,
    sql_types::{Array, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx, Visibility};
use uuid::Uuid;

use super::{api::CustomerView, domain::CustomerFields};
use crate::schema::customers::dsl;

/// Adds one; by nobody in particular when the customer asked for it.
pub async fn insert(
    tx: &mut TenantTx<'_>,
    fields: &CustomerFields,
    by: Option<UserId>,
) -> QueryResult<CustomerView> {
    diesel::insert_into(dsl::customers)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.map(|user| user.0)),
            fields,
        ))
        .returning(CustomerView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &CustomerFields) -> QueryResult<CustomerView> {
    diesel::update(dsl::customers.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(CustomerView::as_returning())
        .get_result(&mut **tx)
        .await
}

#[derive(QueryableByName)]
struct Tag {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
}

/// Ids of the tags so named, by id or name in any case; the position of the first that names none. Held against deletion.
pub async fn tags(tx: &mut TenantTx<'_>, named: &[String]) -> QueryResult<Result<Vec<Uuid>, usize>> {
    if named.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let ids: Vec<Uuid> = named.iter().filter_map(|text| text.trim().parse().ok()).collect();
    let names: Vec<String> = named.iter().map(|text| text.trim().to_lowercase()).collect();
    let found: Vec<Tag> = diesel::sql_query(
        "SELECT id, name FROM customer_tags WHERE deleted_at IS NULL AND (id = ANY($1) OR lower(name) = ANY($2)) \
         FOR SHARE",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Text>, _>(&names)
    .cached()
    .load(&mut **tx)
    .await?;
    let mut tags = Vec::with_capacity(named.len());
    for (position, name) in names.iter().enumerate() {
        let is_named = |tag: &&Tag| tag.id.to_string() == *name || tag.name.to_lowercase() == *name;
        let Some(tag) = found.iter().find(is_named) else { return Ok(Err(position)) };
        tags.push(tag.id);
    }
    Ok(Ok(tags))
}

/// Gives the customer exactly these tags. Links to deleted tags stay, for when those are restored.
pub async fn set_tags(tx: &mut TenantTx<'_>, id: Uuid, tags: &[Uuid]) -> QueryResult<()> {
    diesel::sql_query(
        "WITH gone AS (DELETE FROM customer_tag_links l USING customer_tags t WHERE l.customer_id = $2 \
         AND t.id = l.tag_id AND t.deleted_at IS NULL AND l.tag_id <> ALL($3)) \
         INSERT INTO customer_tag_links (tenant_id, customer_id, tag_id) SELECT $1, $2, tag FROM unnest($3) AS tag \
         ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(id)
    .bind::<Array<SqlUuid>, _>(tags)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes that the user is, or asks to be, a customer of this tenant.
pub async fn note_company(tx: &mut TenantTx<'_>, user: Uuid) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO customer_companies (user_id, company_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(user)
    .bind::<SqlUuid, _>(tx.tenant().0)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The customer that this user is.
pub async fn of_user(tx: &mut TenantTx<'_>, user: UserId) -> QueryResult<CustomerView> {
    dsl::customers
        .filter(dsl::user_id.eq(user.0).and(dsl::deleted_at.is_null()))
        .select(CustomerView::as_select())
        .first(&mut **tx)
        .await
}

/// Confirms one. Being a customer begins then, unless it had begun before.
pub async fn verify(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<CustomerView> {
    let now = Utc::now();
    diesel::update(dsl::customers.filter(dsl::id.eq(id)))
        .set((
            dsl::verified.eq(true),
            dsl::verified_at.eq(now),
            dsl::customer_since.eq(diesel::dsl::sql("coalesce(customer_since, now())")),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(now),
        ))
        .returning(CustomerView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Holds these customers' totals still until the transaction ends: whoever changes orders does this first, so that the
/// totals are summed by one transaction after the other. In one order for all, against deadlocks.
///
/// # Errors
/// `NotFound` when one of them is deleted or not seen by the caller.
pub async fn lock_totals(
    tx: &mut TenantTx<'_>,
    ids: &[Uuid],
    visibility: &Visibility,
) -> QueryResult<Vec<CustomerView>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let rows: Vec<CustomerView> = dsl::customers
        .filter(dsl::id.eq_any(&ids).and(dsl::deleted_at.is_null()))
        .select(CustomerView::as_select())
        .order(dsl::id)
        .for_update()
        .load(&mut **tx)
        .await?;
    let all_seen = rows.iter().all(|row| visibility.covers(&[row.account_manager_id, row.created_by]));
    if rows.len() == ids.len() && all_seen { Ok(rows) } else { Err(NotFound) }
}

/// Sums up a customer's orders anew.
pub async fn sum_up(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<CustomerView> {
    diesel::sql_query(
        "UPDATE customers SET lifetime_value = o.value, total_orders = o.orders, last_order_date = o.last, \
         version = version + 1, updated_at = now() \
         FROM (SELECT coalesce(sum(total_amount), 0) AS value, count(*)::integer AS orders, max(order_date) AS last \
         FROM orders WHERE customer_id = $1 AND deleted_at IS NULL AND status NOT IN ('cancelled', 'refunded')) o \
         WHERE id = $1 AND (lifetime_value, total_orders, last_order_date) \
         IS DISTINCT FROM (o.value, o.orders, o.last)",
    )
    .bind::<SqlUuid, _>(id)
    .cached()
    .execute(&mut **tx)
    .await?;
    dsl::customers.filter(dsl::id.eq(id)).select(CustomerView::as_select()).first(&mut **tx).await
}
