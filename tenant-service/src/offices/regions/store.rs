//! Regions of a tenant, in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::UserId;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::{self, TenantTx, Visibility},
    http::list::Criteria,
};
use uuid::Uuid;

use super::{api::RegionView, domain::RegionFields};
use crate::schema::{branches, regions::dsl};

/// One stretch of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<RegionView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &RegionFields, by: UserId) -> QueryResult<RegionView> {
    diesel::insert_into(dsl::regions)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            fields,
        ))
        .returning(RegionView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Reads one.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<RegionView> {
    dsl::regions
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(RegionView::as_select())
        .first(&mut **tx)
        .await
}

/// Reads one that is about to change.
pub async fn lock(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<RegionView> {
    dsl::regions
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(RegionView::as_select())
        .for_update()
        .first(&mut **tx)
        .await
}

/// Whether there is such a region. It stays until this transaction ends, for something that is to refer to it.
pub async fn keep(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<bool> {
    let found: Option<Uuid> = dsl::regions
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(dsl::id)
        .for_share()
        .first(&mut **tx)
        .await
        .optional()?;
    Ok(found.is_some())
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &RegionFields) -> QueryResult<RegionView> {
    diesel::update(dsl::regions.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(RegionView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Whether a branch is in it.
pub async fn is_in_use(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<bool> {
    let users = branches::table.filter(branches::region_id.eq(id).and(branches::deleted_at.is_null()));
    diesel::select(diesel::dsl::exists(users)).get_result(&mut **tx).await
}

/// Deletes one softly.
pub async fn archive(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(dsl::regions.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(now), dsl::updated_at.eq(now), dsl::version.eq(dsl::version + 1)))
        .execute(&mut **tx)
        .await
}

/// Brings a deleted one back.
pub async fn restore(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<RegionView> {
    diesel::update(dsl::regions.filter(dsl::id.eq(id).and(dsl::deleted_at.is_not_null())))
        .set((
            dsl::deleted_at.eq(None::<DateTime<Utc>>),
            dsl::updated_at.eq(Utc::now()),
            dsl::version.eq(dsl::version + 1),
        ))
        .returning(RegionView::as_returning())
        .get_result(&mut **tx)
        .await
}
