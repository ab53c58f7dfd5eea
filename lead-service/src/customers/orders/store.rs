//! Orders and their items in the database.

use chrono::Utc;
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, SelectableHelper,
    sql_types::{Array, Integer, Nullable, Numeric, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    db::{Cacheable, TenantTx},
    http::context,
};
use uuid::Uuid;

use super::{
    api::{OrderView, SetStatus},
    domain::{NewItem, NewOrder, OrderStatus, PaymentStatus},
};
use crate::schema::orders::dsl;

/// Adds one with its items.
pub async fn insert(tx: &mut TenantTx<'_>, order: &NewOrder, by: UserId) -> QueryResult<OrderView> {
    let id = Uuid::now_v7();
    diesel::insert_into(dsl::orders)
        .values((dsl::id.eq(id), dsl::tenant_id.eq(tx.tenant().0), dsl::created_by.eq(by.0), &order.fields))
        .execute(&mut **tx)
        .await?;
    insert_items(tx, id, &order.items).await?;
    dsl::orders.filter(dsl::id.eq(id)).select(OrderView::as_select()).first(&mut **tx).await
}

/// Updates an order; replaces its items where they changed.
pub async fn update(tx: &mut TenantTx<'_>, before: &OrderView, order: &NewOrder) -> QueryResult<OrderView> {
    // In another currency the same amounts have other decimals.
    if before.currency != order.fields.currency || !same_items(before, &order.items) {
        use crate::schema::order_items;
        diesel::delete(order_items::table.filter(order_items::order_id.eq(before.id)))
            .execute(&mut **tx)
            .await?;
        insert_items(tx, before.id, &order.items).await?;
    }
    diesel::update(dsl::orders.filter(dsl::id.eq(before.id)))
        .set((&order.fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(OrderView::as_returning())
        .get_result(&mut **tx)
        .await
}

fn same_items(before: &OrderView, items: &[NewItem]) -> bool {
    let stored = before.items.0.iter().map(|item| NewItem {
        product_name: item.product_name.clone(),
        product_sku: item.product_sku.clone(),
        quantity: item.quantity,
        unit_price: item.unit_price,
        discount: item.discount,
        tax: item.tax,
        total_price: item.total_price,
    });
    stored.eq(items.iter().cloned())
}

async fn insert_items(tx: &mut TenantTx<'_>, order: Uuid, items: &[NewItem]) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO order_items (id, tenant_id, order_id, position, product_name, product_sku, quantity, unit_price, \
         discount, tax, total_price) \
         SELECT i.id, $1, $2, i.position, i.name, i.sku, i.quantity, i.price, i.discount, i.tax, i.total \
         FROM unnest($3, $4, $5, $6, $7, $8, $9, $10) WITH ORDINALITY \
         AS i(id, name, sku, quantity, price, discount, tax, total, position)",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(order)
    .bind::<Array<SqlUuid>, _>(items.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(items.iter().map(|item| item.product_name.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(items.iter().map(|item| item.product_sku.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(items.iter().map(|item| item.quantity).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(items.iter().map(|item| item.unit_price).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(items.iter().map(|item| item.discount).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(items.iter().map(|item| item.tax).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(items.iter().map(|item| item.total_price).collect::<Vec<_>>())
    .cached()
    .execute(&mut **tx)
    .await
}

/// Brings one to a status and notes what that implies: the day of delivery, the money paid back.
pub async fn set_status(tx: &mut TenantTx<'_>, before: &OrderView, to: &SetStatus) -> QueryResult<OrderView> {
    let now = Utc::now();
    let delivered = (to.status == OrderStatus::Delivered).then(|| context::now().date_naive());
    let payment = match to.status {
        OrderStatus::Refunded => PaymentStatus::Refunded,
        _ => before.payment_status,
    };
    diesel::update(dsl::orders.filter(dsl::id.eq(before.id)))
        .set((
            dsl::status.eq(to.status),
            dsl::payment_status.eq(payment),
            dsl::actual_delivery_date.eq(before.actual_delivery_date.or(delivered)),
            dsl::tracking_number.eq(to.tracking_number.as_ref().or(before.tracking_number.as_ref())),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(now),
        ))
        .returning(OrderView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Those that were deleted together with their customer.
pub async fn deleted_with_customer(tx: &mut TenantTx<'_>, customer: Uuid) -> QueryResult<Vec<OrderView>> {
    use crate::schema::customers;
    let deletion = customers::table.filter(customers::id.eq(customer)).select(customers::deleted_at);
    dsl::orders
        .filter(dsl::customer_id.eq(customer))
        .filter(dsl::deleted_at.is_not_null().and(dsl::deleted_at.eq_any(deletion)))
        .select(OrderView::as_select())
        .load(&mut **tx)
        .await
}
