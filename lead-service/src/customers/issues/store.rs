//! Issues in the database.

use chrono::{DateTime, Utc};
use contracts::UserId;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use super::{api::IssueView, domain::IssueFields};
use crate::schema::issues::dsl;

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &IssueFields, by: UserId) -> QueryResult<IssueView> {
    diesel::insert_into(dsl::issues)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            dsl::resolved_at.eq(fields.status.is_over().then(Utc::now)),
            fields,
        ))
        .returning(IssueView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one, and when it was resolved.
pub async fn update(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    fields: &IssueFields,
    resolved_at: Option<DateTime<Utc>>,
) -> QueryResult<IssueView> {
    diesel::update(dsl::issues.filter(dsl::id.eq(id)))
        .set((
            fields,
            dsl::resolved_at.eq(resolved_at),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(IssueView::as_returning())
        .get_result(&mut **tx)
        .await
}
