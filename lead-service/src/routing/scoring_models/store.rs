//! Scoring models in the database.

use chrono::Utc;
use contracts::UserId;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use super::{api::ScoringModelView, domain::ScoringModelFields};
use crate::schema::scoring_models::dsl;

/// Adds one.
pub async fn insert(
    tx: &mut TenantTx<'_>,
    fields: &ScoringModelFields,
    by: UserId,
) -> QueryResult<ScoringModelView> {
    diesel::insert_into(dsl::scoring_models)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            fields,
        ))
        .returning(ScoringModelView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    fields: &ScoringModelFields,
) -> QueryResult<ScoringModelView> {
    diesel::update(dsl::scoring_models.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(ScoringModelView::as_returning())
        .get_result(&mut **tx)
        .await
}
