//! Handler that creates the tenant of a registration.

use std::time::Duration;

use actix_web::web::Data;
use contracts::{
    TenantId,
    internal::tenants::{FoundTenant, TenantStatus, TenantSummary},
};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
};

use crate::{
    deps::Deps,
    provisioning::{
        founding::{self, Founded},
        saga,
    },
    tenancy::{self, NewTenant},
};

/// Shorter than the caller's own deadline for the whole call.
const PATIENCE: Duration = Duration::from_secs(3);

/// Answers with the state the tenant is in: active, or still provisioning when a service keeps it waiting.
/// Idempotent by the tenant's id; a client id or website of another tenant is 409.
pub async fn found(
    _caller: Internal,
    call: InternalJson<FoundTenant>,
    deps: Data<Deps>,
) -> Result<InternalReply<TenantSummary>, Problem> {
    let new_tenant = NewTenant::founded(&call.0)?;
    let id = match founding::start(&deps, &new_tenant).await? {
        Founded::Made(tenant) | Founded::Unfinished(tenant) | Founded::Finished(tenant) => tenant.id,
    };
    if id != new_tenant.id {
        return Err(founding::client_id_taken());
    }
    saga::settle(&deps, TenantId(id), PATIENCE).await?;
    let tenant = deps
        .db
        .in_tenant(TenantId(id), async |tx| tenancy::find_tenant(tx, id).await.map_err(Problem::from))
        .await?;
    Ok(InternalReply(TenantSummary {
        id: TenantId(tenant.id),
        client_id: tenant.client_id,
        name: tenant.name,
        status: TenantStatus::parse(&tenant.status)
            .ok_or_else(|| Problem::internal(format!("tenant {id} has an unknown status")))?,
    }))
}
