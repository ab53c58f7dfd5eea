//! Tasks in the database, beside what all entities do there.

use chrono::Utc;
use contracts::UserId;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use super::{api::TaskView, domain::TaskFields};
use crate::schema::tasks::dsl;

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &TaskFields, by: UserId) -> QueryResult<TaskView> {
    diesel::insert_into(dsl::tasks)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            fields,
        ))
        .returning(TaskView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &TaskFields) -> QueryResult<TaskView> {
    diesel::update(dsl::tasks.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(TaskView::as_returning())
        .get_result(&mut **tx)
        .await
}
