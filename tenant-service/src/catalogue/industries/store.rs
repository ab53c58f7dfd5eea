//! Industries, in the database.

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

use super::{api::IndustryView, domain::IndustryFields};
use crate::schema::{categories, industries::dsl};

/// One stretch of the list.
pub async fn page(
    tx: &mut AsyncPgConnection,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<IndustryView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Adds one.
pub async fn insert(
    tx: &mut AsyncPgConnection,
    fields: &IndustryFields,
    by: UserId,
) -> QueryResult<IndustryView> {
    diesel::insert_into(dsl::industries)
        .values((dsl::id.eq(Uuid::now_v7()), dsl::created_by.eq(by.0), fields))
        .returning(IndustryView::as_returning())
        .get_result(tx)
        .await
}

/// Reads one.
pub async fn find(tx: &mut AsyncPgConnection, id: Uuid) -> QueryResult<IndustryView> {
    dsl::industries
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(IndustryView::as_select())
        .first(tx)
        .await
}

/// Reads one that is about to change.
pub async fn lock(tx: &mut AsyncPgConnection, id: Uuid) -> QueryResult<IndustryView> {
    dsl::industries
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(IndustryView::as_select())
        .for_update()
        .first(tx)
        .await
}

/// Whether there is such an industry. It stays until this transaction ends, for something that is to refer to it.
pub async fn keep(tx: &mut AsyncPgConnection, id: Uuid) -> QueryResult<bool> {
    let found: Option<Uuid> = dsl::industries
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
    fields: &IndustryFields,
) -> QueryResult<IndustryView> {
    diesel::update(dsl::industries.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(IndustryView::as_returning())
        .get_result(tx)
        .await
}

/// Whether a category is in it.
pub async fn is_in_use(tx: &mut AsyncPgConnection, id: Uuid) -> QueryResult<bool> {
    let users =
        categories::table.filter(categories::industry_id.eq(id).and(categories::deleted_at.is_null()));
    diesel::select(diesel::dsl::exists(users)).get_result(tx).await
}

/// Deletes one softly.
pub async fn archive(tx: &mut AsyncPgConnection, id: Uuid) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(dsl::industries.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(now), dsl::updated_at.eq(now), dsl::version.eq(dsl::version + 1)))
        .execute(tx)
        .await
}

/// Brings a deleted one back.
pub async fn restore(tx: &mut AsyncPgConnection, id: Uuid) -> QueryResult<IndustryView> {
    diesel::update(dsl::industries.filter(dsl::id.eq(id).and(dsl::deleted_at.is_not_null())))
        .set((
            dsl::deleted_at.eq(None::<DateTime<Utc>>),
            dsl::updated_at.eq(Utc::now()),
            dsl::version.eq(dsl::version + 1),
        ))
        .returning(IndustryView::as_returning())
        .get_result(tx)
        .await
}
