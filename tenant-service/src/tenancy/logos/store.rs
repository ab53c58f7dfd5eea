//! Logos in the database.

use chrono::Utc;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult};
use diesel_async::RunQueryDsl;
use platform::{db::TenantTx, images::CleanImage};

use crate::{
    schema::{logos::dsl, tenants},
    tenancy::tenants::api::TenantView,
};
use diesel::SelectableHelper;

/// Media type and file of the tenant's logo.
pub async fn find(tx: &mut TenantTx<'_>) -> QueryResult<Option<(String, Vec<u8>)>> {
    dsl::logos.select((dsl::media_type, dsl::bytes)).first(&mut **tx).await.optional()
}

/// Puts a logo in place.
pub async fn put(tx: &mut TenantTx<'_>, logo: &CleanImage) -> QueryResult<usize> {
    let written =
        (dsl::media_type.eq(logo.media_type), dsl::bytes.eq(&logo.bytes), dsl::updated_at.eq(Utc::now()));
    diesel::insert_into(dsl::logos)
        .values((dsl::tenant_id.eq(tx.tenant().0), written))
        .on_conflict(dsl::tenant_id)
        .do_update()
        .set(written)
        .execute(&mut **tx)
        .await
}

/// Takes the logo away.
pub async fn delete(tx: &mut TenantTx<'_>) -> QueryResult<usize> {
    diesel::delete(dsl::logos).execute(&mut **tx).await
}

/// Says in the tenant's profile where its logo is.
pub async fn link(tx: &mut TenantTx<'_>, address: Option<&str>) -> QueryResult<TenantView> {
    let tenant = tx.tenant().0;
    diesel::update(tenants::table.filter(tenants::id.eq(tenant)))
        .set((
            tenants::logo_url.eq(address),
            tenants::version.eq(tenants::version + 1),
            tenants::updated_at.eq(Utc::now()),
        ))
        .returning(TenantView::as_returning())
        .get_result(&mut **tx)
        .await
}
