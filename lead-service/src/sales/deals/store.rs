//! Deals in the database, beside what all entities do there.

use chrono::Utc;
use contracts::UserId;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use super::{
    api::DealView,
    domain::{DealFields, DealStatus, Standing},
};
use crate::{sales::stages::api::StageView, schema::deals::dsl};

/// Inserts a deal with a checked state.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &DealFields, by: UserId) -> QueryResult<DealView> {
    diesel::insert_into(dsl::deals)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            &fields.terms,
            &fields.standing,
        ))
        .returning(DealView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &DealFields) -> QueryResult<DealView> {
    diesel::update(dsl::deals.filter(dsl::id.eq(id)))
        .set((
            &fields.terms,
            &fields.standing,
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(DealView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes how one stands.
pub async fn stand(tx: &mut TenantTx<'_>, id: Uuid, standing: &Standing) -> QueryResult<DealView> {
    diesel::update(dsl::deals.filter(dsl::id.eq(id)))
        .set((standing, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(DealView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Gives the open deals of a stage its probability. Each with the probability it had.
pub async fn follow_probability(
    tx: &mut TenantTx<'_>,
    stage: &StageView,
) -> QueryResult<Vec<(i32, DealView)>> {
    let open = dsl::deals
        .filter(dsl::stage_id.eq(stage.id))
        .filter(dsl::status.eq(DealStatus::Open))
        .filter(dsl::deleted_at.is_null());
    let before: Vec<(Uuid, i32)> =
        open.select((dsl::id, dsl::probability)).order(dsl::id).for_update().load(&mut **tx).await?;
    let ids: Vec<Uuid> = before.iter().map(|(id, _)| *id).collect();
    let after: Vec<DealView> = diesel::update(dsl::deals.filter(dsl::id.eq_any(ids)))
        .set((
            dsl::probability.eq(stage.probability),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(DealView::as_returning())
        .get_results(&mut **tx)
        .await?;
    let had = |id: Uuid| before.iter().find(|(known, _)| *known == id).map(|(_, probability)| *probability);
    Ok(after.into_iter().filter_map(|deal| Some((had(deal.id)?, deal))).collect())
}
