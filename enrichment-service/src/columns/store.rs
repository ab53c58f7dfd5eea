//! Columns in the database.

use chrono::Utc;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use super::{api::CustomColumnView, domain::ColumnFields};
use crate::schema::{account_column_values, custom_columns::dsl, lead_column_values};

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &ColumnFields, by: Uuid) -> QueryResult<CustomColumnView> {
    diesel::insert_into(dsl::custom_columns)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by),
            fields,
        ))
        .returning(CustomColumnView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one. Where the model sees something else, answers to the question before are stale.
pub async fn update(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    fields: &ColumnFields,
    is_another_prompt: bool,
) -> QueryResult<CustomColumnView> {
    let column = diesel::update(dsl::custom_columns.filter(dsl::id.eq(id)))
        .set((
            fields,
            is_another_prompt.then_some(dsl::prompt_version.eq(dsl::prompt_version + 1)),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(CustomColumnView::as_returning())
        .get_result(&mut **tx)
        .await?;
    if is_another_prompt {
        diesel::update(lead_column_values::table.filter(lead_column_values::column_id.eq(id)))
            .set(lead_column_values::stale.eq(true))
            .execute(&mut **tx)
            .await?;
        diesel::update(account_column_values::table.filter(account_column_values::column_id.eq(id)))
            .set(account_column_values::stale.eq(true))
            .execute(&mut **tx)
            .await?;
    }
    Ok(column)
}

/// One that is there.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<Option<CustomColumnView>> {
    dsl::custom_columns
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(CustomColumnView::as_select())
        .first(&mut **tx)
        .await
        .optional()
}

/// All that are there.
pub async fn all(tx: &mut TenantTx<'_>) -> QueryResult<Vec<CustomColumnView>> {
    dsl::custom_columns
        .filter(dsl::deleted_at.is_null())
        .select(CustomColumnView::as_select())
        .load(&mut **tx)
        .await
}
