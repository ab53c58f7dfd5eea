//! Host names in the database.

use chrono::Utc;
use contracts::UserId;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::RunQueryDsl;
use platform::db::TenantTx;
use uuid::Uuid;

use super::{api::DomainView, domain::NewDomain};
use crate::schema::domains::dsl;

/// All of the tenant's, the primary one first.
pub async fn all(tx: &mut TenantTx<'_>) -> QueryResult<Vec<DomainView>> {
    dsl::domains
        .order((dsl::is_primary.desc(), dsl::host))
        .select(DomainView::as_select())
        .load(&mut **tx)
        .await
}

/// Reads one.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<DomainView> {
    dsl::domains.filter(dsl::id.eq(id)).select(DomainView::as_select()).first(&mut **tx).await
}

/// Lets no name be the primary one, for another to take its place.
pub async fn clear_primary(tx: &mut TenantTx<'_>) -> QueryResult<usize> {
    diesel::update(dsl::domains.filter(dsl::is_primary.eq(true)))
        .set((dsl::is_primary.eq(false), dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(Utc::now())))
        .execute(&mut **tx)
        .await
}

/// Adds one.
pub async fn insert(tx: &mut TenantTx<'_>, new: &NewDomain, by: UserId) -> QueryResult<DomainView> {
    diesel::insert_into(dsl::domains)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tx.tenant().0),
            dsl::host.eq(&new.host),
            dsl::is_primary.eq(new.is_primary),
            dsl::created_by.eq(by.0),
        ))
        .returning(DomainView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Writes one.
pub async fn update(tx: &mut TenantTx<'_>, id: Uuid, new: &NewDomain) -> QueryResult<DomainView> {
    diesel::update(dsl::domains.filter(dsl::id.eq(id)))
        .set((
            dsl::host.eq(&new.host),
            dsl::is_primary.eq(new.is_primary),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(DomainView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Deletes one; somebody else may have it then.
pub async fn delete(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<usize> {
    diesel::delete(dsl::domains.filter(dsl::id.eq(id))).execute(&mut **tx).await
}
