//! Activities in the database, beside what all entities do there.

use chrono::Utc;
use contracts::UserId;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use super::{api::ActivityView, domain::ActivityFields};
use crate::schema::activities::dsl;

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &ActivityFields, by: UserId) -> QueryResult<ActivityView> {
    diesel::insert_into(dsl::activities)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            fields,
        ))
        .returning(ActivityView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &ActivityFields) -> QueryResult<ActivityView> {
    diesel::update(dsl::activities.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(ActivityView::as_returning())
        .get_result(&mut **tx)
        .await
}
