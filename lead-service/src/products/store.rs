//! Products in the database.

use std::sync::Arc;

use chrono::Utc;
use contracts::UserId;
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::{api::ProductView, domain::ProductFields};
use crate::schema::products::dsl;

/// One stretch of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<ProductView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &ProductFields, by: UserId) -> QueryResult<ProductView> {
    diesel::insert_into(dsl::products)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            fields,
        ))
        .returning(ProductView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Reads one.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<ProductView> {
    dsl::products
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(ProductView::as_select())
        .first(&mut **tx)
        .await
}

/// Reads one that is about to change.
pub async fn lock(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<ProductView> {
    dsl::products
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(ProductView::as_select())
        .for_update()
        .first(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &ProductFields) -> QueryResult<ProductView> {
    diesel::update(dsl::products.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(ProductView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Deletes one softly.
pub async fn archive(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(dsl::products.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(now), dsl::updated_at.eq(now), dsl::version.eq(dsl::version + 1)))
        .execute(&mut **tx)
        .await
}

/// Brings a deleted one back.
pub async fn restore(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<ProductView> {
    diesel::update(dsl::products.filter(dsl::id.eq(id).and(dsl::deleted_at.is_not_null())))
        .set((
            dsl::deleted_at.eq(None::<chrono::DateTime<Utc>>),
            dsl::updated_at.eq(Utc::now()),
            dsl::version.eq(dsl::version + 1),
        ))
        .returning(ProductView::as_returning())
        .get_result(&mut **tx)
        .await
}
