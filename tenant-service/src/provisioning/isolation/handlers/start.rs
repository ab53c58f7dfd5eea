//! Starts a move.

use actix_web::web::{Data, Path};
use contracts::{TenantId, internal::tenants::TenantStatus, permissions::TenantsAdminister};
use platform::{
    Problem,
    http::{Accepted, Answer, Json, PlatformAllowed},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    provisioning::isolation::{
        api::{ChangeIsolation, MoveView},
        saga, store,
    },
    tenancy,
};

/// The tenant goes on being served; only while the last rows are taken over, for some seconds, it is not written.
pub async fn start(
    caller: PlatformAllowed<TenantsAdminister>,
    id: Path<Uuid>,
    body: Json<ChangeIsolation>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<MoveView>>, Problem> {
    let tenant = TenantId(*id);
    let to = body.into_inner().isolation;
    let answer = deps
        .db
        .once(tenant, async |tx| {
            let known = tenancy::lock_tenant(tx, tenant.0).await?;
            if store::latest(tx).await?.is_some_and(|latest| latest.finished_at.is_none()) {
                return Err(Problem::conflict("move_in_progress", "The tenant is being moved already."));
            }
            if known.status == TenantStatus::Provisioning.name() {
                return Err(Problem::unprocessable("tenant_provisioning", "The tenant is still being made."));
            }
            if known.isolation == to.name() {
                let detail = format!("The tenant's isolation is {} already.", to.name());
                return Err(Problem::conflict("isolation_unchanged", detail));
            }
            Ok(Accepted(store::insert(tx, &known, to, caller.user().0).await?))
        })
        .await?;
    let jobs = deps.db.in_system(async |tx| store::claim(tx, Some(tenant), 1).await.map_err(Problem::from));
    match jobs.await {
        Ok(jobs) => jobs.into_iter().for_each(|job| saga::spawn(deps.clone(), job)),
        Err(problem) => tracing::warn!(%problem, tenant.id = %tenant, "a move waits for the worker"),
    }
    Ok(answer)
}
