//! Suspends and activates a tenant.

use actix_web::web::{Data, Path};
use contracts::{TenantId, internal::tenants::TenantStatus, permissions::TenantsAdminister};
use platform::{
    Problem,
    http::{Answer, Body, IfMatch, PlatformAllowed},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    tenancy::tenants::{api::TenantView, domain::check_transition, events, store},
};

/// All access ends, API keys included.
pub async fn suspend(
    _caller: PlatformAllowed<TenantsAdminister>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<Answer<Body<TenantView>>, Problem> {
    change(TenantId(*id), TenantStatus::Suspended, if_match, &deps).await
}

/// Access works again.
pub async fn activate(
    _caller: PlatformAllowed<TenantsAdminister>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<Answer<Body<TenantView>>, Problem> {
    change(TenantId(*id), TenantStatus::Active, if_match, &deps).await
}

/// Changes the state, if it differs. The worker notifies the services; it is
/// woken at once and retries until it succeeds.
async fn change(
    id: TenantId,
    status: TenantStatus,
    if_match: IfMatch,
    deps: &Deps,
) -> Result<Answer<Body<TenantView>>, Problem> {
    let answer = deps
        .db
        .once(id, async |tx| {
            let before = store::lock(tx, id.0).await?;
            if_match.check(before.version)?;
            let after = if before.status == status.name() {
                before
            } else {
                check_transition(&before.status, status)?;
                let after = store::set_status(tx, id.0, status).await?;
                events::updated(tx, &before, &after).await?;
                after
            };
            let version = after.version;
            Ok(Body::versioned(after, version))
        })
        .await?;
    deps.tenant_state_changed(id).await;
    Ok(answer)
}
