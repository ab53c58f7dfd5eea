//! Customers in the database.

use chrono::{DateTime, Utc};
use contracts::UserId;
use diesel::{
    AsChangeset, BoolExpressionMethods, ExpressionMethods, Insertable, QueryDsl, QueryResult,
    QueryableByName, SelectableHelper,
    result::Error::NotFound,
    sql_types::{Array, BigInt, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx, Visibility};
use uuid::Uuid;

use super::{
    api::{CustomerView, LifetimeValue, LifetimeValues},
    domain::{CustomerFields, lifetime_value},
};
use crate::{
    customers::currencies,
    duplicates,
    identity::Kind,
    money::Money,
    schema::customers::{self, dsl},
};

/// By what a customer is known, as it is stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = customers, treat_none_as_null = true)]
struct CustomerKeys {
    email_key: Option<String>,
    phone_key: Option<String>,
}

impl CustomerKeys {
    fn of(fields: &CustomerFields) -> Self {
        let keys = fields.keys();
        let key = |kind: Kind| duplicates::key(&keys, kind).map(str::to_owned);
        Self { email_key: key(Kind::Email), phone_key: key(Kind::Phone) }
    }
}

/// Customers that seem to be the same one, in whatever writing, the oldest first. At most twenty.
pub async fn alike(tx: &mut TenantTx<'_>, fields: &CustomerFields) -> QueryResult<Vec<CustomerView>> {
    if fields.email.is_none() && fields.phone.is_none() {
        return Ok(Vec::new());
    }
    let keys = CustomerKeys::of(fields);
    let same_customer = dsl::email_key
        .eq(keys.email_key)
        .or(dsl::phone_key.eq(keys.phone_key))
        .or(dsl::email.eq(&fields.email))
        .or(dsl::phone.eq(&fields.phone));
    dsl::customers
        .filter(dsl::deleted_at.is_null())
        .filter(same_customer)
        .order((dsl::created_at, dsl::id))
        .limit(20)
        .select(CustomerView::as_select())
        .load(&mut **tx)
        .await
}

/// Inserts a customer; without creator when the customer requested it.
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
            CustomerKeys::of(fields),
            fields,
        ))
        .returning(CustomerView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &CustomerFields) -> QueryResult<CustomerView> {
    diesel::update(dsl::customers.filter(dsl::id.eq(id)))
        .set((
            fields,
            CustomerKeys::of(fields),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
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

/// Locks these customers' totals until the transaction ends: every change of orders does this first, so that the
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

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = Nullable<Text>)]
    own: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    currency: Option<String>,
    #[diesel(sql_type = Nullable<Numeric>)]
    amount: Option<Money>,
    #[diesel(sql_type = BigInt)]
    orders: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last: Option<DateTime<Utc>>,
}

/// Sums up a customer's orders again, each currency by itself. The tenant's own currency does not change meanwhile.
pub async fn sum_up(tx: &mut TenantTx<'_>, before: &CustomerView) -> QueryResult<CustomerView> {
    let sums: Vec<Sum> = diesel::sql_query(
        "WITH own AS (SELECT currency FROM tenant_currencies WHERE tenant_id = $2 FOR SHARE) \
         SELECT (SELECT currency FROM own) AS own, s.currency, s.amount, coalesce(s.orders, 0) AS orders, s.last \
         FROM (SELECT 1) AS one LEFT JOIN (SELECT currency, sum(total_amount) AS amount, count(*) AS orders, \
         max(order_date) AS last FROM orders WHERE customer_id = $1 AND deleted_at IS NULL \
         AND status NOT IN ('cancelled', 'refunded') GROUP BY currency) AS s ON true ORDER BY s.currency",
    )
    .bind::<SqlUuid, _>(before.id)
    .bind::<SqlUuid, _>(tx.tenant().0)
    .cached()
    .load(&mut **tx)
    .await?;
    let own = sums.iter().find_map(|sum| sum.own.clone());
    let orders = sums.iter().map(|sum| sum.orders).sum::<i64>();
    let last = sums.iter().filter_map(|sum| sum.last).max();
    let values: Vec<LifetimeValue> = sums
        .into_iter()
        .filter_map(|sum| Some(LifetimeValue { currency: sum.currency?, amount: sum.amount? }))
        .collect();
    let value = lifetime_value(&values, own.as_deref().unwrap_or(currencies::DEFAULT));
    let (values, orders) = (LifetimeValues(values), i32::try_from(orders).unwrap_or(i32::MAX));
    let totals = (&values, &value, &orders, &last);
    if totals
        == (&before.lifetime_values, &before.lifetime_value, &before.total_orders, &before.last_order_date)
    {
        return Ok(before.clone());
    }
    diesel::update(dsl::customers.filter(dsl::id.eq(before.id)))
        .set((
            dsl::lifetime_values.eq(&values),
            dsl::lifetime_value.eq(value),
            dsl::total_orders.eq(orders),
            dsl::last_order_date.eq(last),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(CustomerView::as_returning())
        .get_result(&mut **tx)
        .await
}
