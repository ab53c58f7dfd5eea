//! Reads where a tenant is and how its moves go.

use actix_web::web::{Data, Path};
use contracts::{TenantId, permissions::TenantsAdminister};
use platform::{
    Problem,
    http::{Body, PlatformAllowed},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    provisioning::isolation::{
        api::{IsolationView, MoveView},
        store,
    },
    tenancy,
};

/// How the tenant's rows are kept apart, and its latest move.
pub async fn current(
    _caller: PlatformAllowed<TenantsAdminister>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<IsolationView>, Problem> {
    let view = deps
        .db
        .in_tenant(TenantId(*id), async |tx| {
            let tenant = tenancy::find_tenant(tx, *id).await?;
            let latest = store::latest(tx).await?;
            let status = latest.as_ref().map(|latest| latest.status.clone());
            let (isolation, schema_name) = (tenant.isolation, tenant.schema_name);
            Ok::<_, Problem>(IsolationView { isolation, schema_name, status, latest })
        })
        .await?;
    Ok(Body::new(view))
}

/// One move.
pub async fn one(
    _caller: PlatformAllowed<TenantsAdminister>,
    path: Path<(Uuid, Uuid)>,
    deps: Data<Deps>,
) -> Result<Body<MoveView>, Problem> {
    let (tenant, id) = path.into_inner();
    let found = deps
        .db
        .in_tenant(TenantId(tenant), async |tx| {
            tenancy::find_tenant(tx, tenant).await?;
            store::find(tx, id).await.map_err(Problem::from)
        })
        .await?;
    Ok(Body::new(found))
}
