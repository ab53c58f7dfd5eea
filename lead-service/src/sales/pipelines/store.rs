//! Pipelines in the database, beside what all entities do there.

use chrono::Utc;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use super::{
    api::PipelineView,
    domain::{NewPipeline, PipelineFields},
};
use crate::schema::pipelines::dsl;

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, new: NewPipeline<'_>) -> QueryResult<PipelineView> {
    diesel::insert_into(dsl::pipelines)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(new.by),
            new.fields,
        ))
        .returning(PipelineView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &PipelineFields) -> QueryResult<PipelineView> {
    diesel::update(dsl::pipelines.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(PipelineView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// The default pipeline; none for a tenant that is not furnished yet.
pub async fn default(tx: &mut TenantTx<'_>) -> QueryResult<Option<PipelineView>> {
    dsl::pipelines
        .filter(dsl::deleted_at.is_null())
        .filter(dsl::is_default)
        .select(PipelineView::as_select())
        .first(&mut **tx)
        .await
        .optional()
}

/// Takes the default pipeline's rank away; gives the pipeline as it is now.
pub async fn clear_default(tx: &mut TenantTx<'_>) -> QueryResult<Option<PipelineView>> {
    diesel::update(dsl::pipelines.filter(dsl::deleted_at.is_null()).filter(dsl::is_default))
        .set((dsl::is_default.eq(false), dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(PipelineView::as_returning())
        .get_result(&mut **tx)
        .await
        .optional()
}

/// Whether deals are in it.
pub async fn has_deals(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<bool> {
    use crate::schema::deals;
    let deals = deals::table.filter(deals::pipeline_id.eq(id)).filter(deals::deleted_at.is_null());
    diesel::select(diesel::dsl::exists(deals)).get_result(&mut **tx).await
}
