//! Stages in the database, beside what all entities do there.

use chrono::Utc;
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
    sql_types::{Array, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, TenantTx};
use uuid::Uuid;

use super::{
    api::StageView,
    domain::{NewStage, StageFields, StageKind},
};
use crate::schema::deal_stages::dsl;

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, new: NewStage<'_>) -> QueryResult<StageView> {
    diesel::insert_into(dsl::deal_stages)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::pipeline_id.eq(new.pipeline_id),
            dsl::created_by.eq(new.by),
            new.fields,
        ))
        .returning(StageView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &StageFields) -> QueryResult<StageView> {
    diesel::update(dsl::deal_stages.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(StageView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// The stages of a pipeline in order.
pub async fn of_pipeline(tx: &mut TenantTx<'_>, pipeline: Uuid) -> QueryResult<Vec<StageView>> {
    dsl::deal_stages
        .filter(dsl::pipeline_id.eq(pipeline))
        .filter(dsl::deleted_at.is_null())
        .order(dsl::order)
        .select(StageView::as_select())
        .load(&mut **tx)
        .await
}

/// The first stage of that kind that is in use.
pub async fn first(tx: &mut TenantTx<'_>, pipeline: Uuid, kind: StageKind) -> QueryResult<Option<StageView>> {
    dsl::deal_stages
        .filter(dsl::pipeline_id.eq(pipeline))
        .filter(dsl::kind.eq(kind))
        .filter(dsl::is_active)
        .filter(dsl::deleted_at.is_null())
        .order(dsl::order)
        .select(StageView::as_select())
        .first(&mut **tx)
        .await
        .optional()
}

/// Whether deals are in it.
pub async fn has_deals(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<bool> {
    use crate::schema::deals;
    let deals = deals::table.filter(deals::stage_id.eq(id)).filter(deals::deleted_at.is_null());
    diesel::select(diesel::dsl::exists(deals)).get_result(&mut **tx).await
}

/// Gives the stages the places 1, 2, … in this order.
pub async fn reorder(tx: &mut TenantTx<'_>, stages: &[Uuid]) -> QueryResult<usize> {
    // Places are unique at every moment: all step aside first.
    diesel::sql_query("UPDATE deal_stages SET \"order\" = -1 - \"order\" WHERE id = ANY($1)")
        .bind::<Array<SqlUuid>, _>(stages)
        .cached()
        .execute(&mut **tx)
        .await?;
    diesel::sql_query(
        "UPDATE deal_stages s SET \"order\" = n.place, version = version + 1, updated_at = $2 \
         FROM unnest($1) WITH ORDINALITY AS n(id, place) WHERE s.id = n.id",
    )
    .bind::<Array<SqlUuid>, _>(stages)
    .bind::<Timestamptz, _>(Utc::now())
    .cached()
    .execute(&mut **tx)
    .await
}
