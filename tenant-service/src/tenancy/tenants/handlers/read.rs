//! Reads a tenant.

use actix_web::web::{Data, Path};
use contracts::permissions::TenantRead;
use platform::{
    Problem,
    http::{AllowedOn, Body},
};
use uuid::Uuid;

use super::check_own;
use crate::{
    deps::Deps,
    tenancy::tenants::{api::TenantView, store},
};

/// One tenant with its version.
pub async fn read(
    caller: AllowedOn<TenantRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<TenantView>, Problem> {
    check_own(&caller, *id)?;
    let tenant =
        deps.db.read(caller.tenant(), async |tx| store::find(tx, *id).await.map_err(Problem::from)).await?;
    let version = tenant.version;
    Ok(Body::versioned(tenant, version))
}
