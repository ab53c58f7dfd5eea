//! Branches of a tenant, in the database.

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

use super::{api::BranchView, domain::BranchFields};
use crate::schema::{branches::dsl, memberships};

/// One stretch of the list.
pub async fn page(
    tx: &mut TenantTx<'_>,
    criteria: &Arc<Criteria>,
) -> Result<(Option<i64>, Vec<BranchView>), Problem> {
    db::list::load(tx, criteria, &Visibility::All).await
}

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, fields: &BranchFields, by: UserId) -> QueryResult<BranchView> {
    diesel::insert_into(dsl::branches)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::created_by.eq(by.0),
            fields,
        ))
        .returning(BranchView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Reads one.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<BranchView> {
    dsl::branches
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(BranchView::as_select())
        .first(&mut **tx)
        .await
}

/// Reads one that is about to change.
pub async fn lock(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<BranchView> {
    dsl::branches
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(BranchView::as_select())
        .for_update()
        .first(&mut **tx)
        .await
}

/// Whether there is such a branch. It stays until this transaction ends, for something that is to refer to it.
pub async fn keep(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<bool> {
    let found: Option<Uuid> = dsl::branches
        .filter(dsl::id.eq(id).and(dsl::deleted_at.is_null()))
        .select(dsl::id)
        .for_share()
        .first(&mut **tx)
        .await
        .optional()?;
    Ok(found.is_some())
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, fields: &BranchFields) -> QueryResult<BranchView> {
    diesel::update(dsl::branches.filter(dsl::id.eq(id)))
        .set((fields, dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .returning(BranchView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Whether a member belongs to it.
pub async fn is_in_use(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<bool> {
    let users =
        memberships::table.filter(memberships::branch_id.eq(id).and(memberships::deleted_at.is_null()));
    diesel::select(diesel::dsl::exists(users)).get_result(&mut **tx).await
}

/// Deletes one softly.
pub async fn archive(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<usize> {
    let now = Utc::now();
    diesel::update(dsl::branches.filter(dsl::id.eq(id)))
        .set((dsl::deleted_at.eq(now), dsl::updated_at.eq(now), dsl::version.eq(dsl::version + 1)))
        .execute(&mut **tx)
        .await
}

/// Brings a deleted one back.
pub async fn restore(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<BranchView> {
    diesel::update(dsl::branches.filter(dsl::id.eq(id).and(dsl::deleted_at.is_not_null())))
        .set((
            dsl::deleted_at.eq(None::<DateTime<Utc>>),
            dsl::updated_at.eq(Utc::now()),
            dsl::version.eq(dsl::version + 1),
        ))
        .returning(BranchView::as_returning())
        .get_result(&mut **tx)
        .await
}
