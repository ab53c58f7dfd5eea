//! SQL of a tenant's catalogue products.

use std::sync::Arc;

use contracts::UserId;
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, SelectableHelper,
    sql_types::{Bool, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, Cacheable, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::api::TenantProductView;
use crate::schema::{attached_products, tenant_products::dsl};

/// One stretch of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<TenantProductView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Reads one.
pub async fn find(tx: &mut TenantTx<'_>, product: Uuid) -> QueryResult<TenantProductView> {
    attached_products::table
        .filter(attached_products::id.eq(product))
        .select(TenantProductView::as_select())
        .first(&mut **tx)
        .await
}

/// Takes a product, or switches one that was taken.
pub async fn put(
    tx: &mut TenantTx<'_>,
    product: Uuid,
    enabled: bool,
    by: UserId,
) -> QueryResult<TenantProductView> {
    diesel::sql_query(
        "INSERT INTO tenant_products (tenant_id, catalog_product_id, enabled, created_by) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (tenant_id, catalog_product_id) DO UPDATE SET enabled = excluded.enabled, \
         version = tenant_products.version + 1, updated_at = now() \
         WHERE tenant_products.enabled <> excluded.enabled",
    )
    .bind::<SqlUuid, _>(tx.tenant().0)
    .bind::<SqlUuid, _>(product)
    .bind::<Bool, _>(enabled)
    .bind::<SqlUuid, _>(by.0)
    .cached()
    .execute(&mut **tx)
    .await?;
    find(tx, product).await
}

/// Gives one back.
pub async fn delete(tx: &mut TenantTx<'_>, product: Uuid) -> QueryResult<usize> {
    diesel::delete(dsl::tenant_products.filter(dsl::catalog_product_id.eq(product))).execute(&mut **tx).await
}
