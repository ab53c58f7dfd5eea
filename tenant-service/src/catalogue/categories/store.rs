//! Categories of the platform's catalogue, each in an industry, in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use platform::{
    Problem,
    db::{self, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::{api::CategoryView, domain::CategoryFields};
use crate::schema::{catalog_products, categories::dsl};

/// One stretch of the list.
pub async fn page(
    tx: &mut AsyncPgConnection,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<CategoryView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Adds one.
pub async fn insert(
    tx: &mut AsyncPgConnection,
    fields: &CategoryFields,
    by: UserId,
) -> QueryResult<CategoryView> {
    diesel::insert_into(dsl::categories)
        .values((dsl::id.eq(Uuid::now_v7()), dsl::created_by.eq(by.0), fields))
        .returning(CategoryView::as_returning())
        .get_result(tx)
        .await
}

/// Reads one.
pub async fn find(tx: &mut AsyncPgConnection, id: Uuid) -> QueryResult<CategoryView> {
    dsl::categories
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(CategoryView::as_select())
        .first(tx)
        .await
}

/// Reads one that is about to change.
pub async fn lock(tx: &mut AsyncPgConnection, id: Uuid) -> QueryResult<CategoryView> {
    dsl::categories
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(CategoryView::as_select())
        .for_update()
        .first(tx)
        .await
}

/// Whether there is such a category. It stays until this transaction ends, for something that is to refer to it.
pub async fn keep(tx: &mut AsyncPgConnection, id: Uuid) -> QueryResult<bool> {
    let found: Option<Uuid> = dsl::categories
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(dsl::id)
        .for_share()
        .first(tx)
        .await
        .optional()?;
    Ok(found.is_some())
}

/// Writes one.
pub async fn update(
    tx: &mut AsyncPgConnection,
    id: Uuid,
    fields: &CategoryFields,
) -> QueryResult<CategoryView> {
    diesel::update(dsl::categories.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(CategoryView::as_returning())
        .get_result(tx)
        .await
}

/// Whether a product is in it.
pub async fn is_in_use(tx: &mut AsyncPgConnection, id: Uuid) -> QueryResult<bool> {
    let users = catalog_products::table
        .filter(catalog_products::category_id.eq(id).and(catalog_products::deleted_at.is_null()));
    diesel::select(diesel::dsl::exists(users)).get_result(tx).await
}

/// Deletes one softly.
pub async fn archive(tx: &mut AsyncPgConnection, id: Uuid) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(dsl::categories.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(now), dsl::updated_at.eq(now), dsl::version.eq(dsl::version + 1)))
        .execute(tx)
        .await
}

/// Brings a deleted one back.
pub async fn restore(tx: &mut AsyncPgConnection, id: Uuid) -> QueryResult<CategoryView> {
    diesel::update(dsl::categories.filter(dsl::id.eq(id).and(dsl::deleted_at.is_not_null())))
        .set((
            dsl::deleted_at.eq(None::<DateTime<Utc>>),
            dsl::updated_at.eq(Utc::now()),
            dsl::version.eq(dsl::version + 1),
        ))
        .returning(CategoryView::as_returning())
        .get_result(tx)
        .await
}
