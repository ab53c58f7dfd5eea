//! Customer tags in the database.

use chrono::Utc;
use contracts::UserId;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use super::{api::TagView, domain::TagFields};
use crate::schema::customer_tags::dsl;

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &TagFields, by: UserId) -> QueryResult<TagView> {
    diesel::insert_into(dsl::customer_tags)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            fields,
        ))
        .returning(TagView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &TagFields) -> QueryResult<TagView> {
    diesel::update(dsl::customer_tags.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(TagView::as_returning())
        .get_result(&mut **tx)
        .await
}
