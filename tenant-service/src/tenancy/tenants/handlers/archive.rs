//! Deletes a tenant.

use actix_web::web::{Data, Path};
use contracts::{TenantId, internal::tenants::TenantStatus, permissions::TenantsAdminister};
use platform::{
    Problem,
    http::{IfMatch, NoContent, PlatformAllowed},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    tenancy::tenants::{events, store},
};

/// Soft delete: it is no longer found and the services stop serving it; its rows and its client id are kept.
pub async fn archive(
    _caller: PlatformAllowed<TenantsAdminister>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    let id = TenantId(*id);
    deps.db
        .in_tenant(id, async |tx| {
            let before = store::lock(tx, id.0).await?;
            if_match.check(before.version)?;
            store::set_status(tx, id.0, TenantStatus::Inactive).await?;
            store::delete_hosts(tx).await?;
            store::archive(tx, id.0).await?;
            events::deleted(tx, &before).await
        })
        .await?;
    deps.tenant_state_changed(id).await;
    Ok(NoContent)
}
