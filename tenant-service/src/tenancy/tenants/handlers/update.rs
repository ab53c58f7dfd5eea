//! Replaces and changes a tenant's profile.

use actix_web::web::{Data, Path};
use contracts::permissions::{TenantRead, TenantUpdate};
use platform::{
    Problem,
    http::{AllowedOn, Body, IfMatch, Json, MergePatch, Shown, Shows, access::TenantCaller},
};
use uuid::Uuid;

use super::check_own;
use crate::{
    deps::Deps,
    tenancy::tenants::{
        api::{TenantView, WriteTenant},
        domain::{PlatformFields, TenantFields, check_transition},
        events, store,
    },
};

/// PUT: what is left out becomes empty; what is the platform's stays.
pub async fn replace(
    caller: AllowedOn<TenantUpdate, Shows<TenantRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteTenant>,
    deps: Data<Deps>,
) -> Result<Body<Shown<TenantView>>, Problem> {
    let write = body.into_inner();
    save(&caller, *id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    caller: AllowedOn<TenantUpdate, Shows<TenantRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteTenant>,
    deps: Data<Deps>,
) -> Result<Body<Shown<TenantView>>, Problem> {
    save(&caller, *id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    caller: &TenantCaller,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&TenantView) -> Result<WriteTenant, Problem>,
) -> Result<Body<Shown<TenantView>>, Problem> {
    check_own(caller, id)?;
    let (before, after) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::lock(tx, id).await?;
            if_match.check(before.version)?;
            let write = write(&before)?;
            let platform = PlatformFields::changed(&write, &before);
            platform.allow(caller.platform_role())?;
            let fields = TenantFields::parse(write, &before)?;
            let mut after = store::update(tx, id, &fields, &platform).await?;
            if let Some(status) = platform.status {
                check_transition(&before.status, status)?;
                after = store::set_status(tx, id, status).await?;
            }
            events::updated(tx, &before, &after).await?;
            Ok::<_, Problem>((before, after))
        })
        .await?;
    if before.status != after.status {
        deps.tenant_state_changed(caller.tenant()).await;
    } else if before.timezone != after.timezone {
        // It travels with who is asking.
        deps.forget_access(caller.tenant(), None).await;
    }
    Ok(Body::shown(caller, after))
}
