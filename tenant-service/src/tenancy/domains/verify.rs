//! Looks for the proof that a host name is a tenant's.

use actix_web::web::{Data, Path};
use contracts::{
    TenantId,
    permissions::{TenantRead, TenantUpdate},
};
use platform::{
    Problem,
    db::outbox::Change,
    http::{
        AllowedOn, Answer, Body, Needs,
        context::{self, RequestContext},
    },
};
use uuid::Uuid;

use super::{
    ENTITY,
    api::DomainView,
    domain::{self, Domain},
    store,
};
use crate::{
    audit,
    deps::Deps,
    tenancy::tenants::{self, check_own},
};

/// 422 `proof_not_found` says what was looked for and what was there. A name that another tenant has verified is 409, unless
/// that tenant's own proof is gone: then it passes on.
pub async fn verify(
    caller: AllowedOn<TenantUpdate, Needs<TenantRead>>,
    path: Path<(Uuid, Uuid)>,
    deps: Data<Deps>,
) -> Result<Answer<Body<DomainView>>, Problem> {
    let (tenant, id) = path.into_inner();
    check_own(&caller, tenant)?;
    if let Some(answer) = deps.answered_before(caller.tenant()).await? {
        return Ok(answer);
    }
    let domain = deps
        .db
        .in_tenant(caller.tenant(), async |tx| store::find(tx, id).await.map_err(Problem::from))
        .await?;
    if domain.verified_at.is_none() {
        deps.prover.find(&domain.challenge()).await?;
        take_over(&deps, &domain).await?;
    }
    let answer = deps
        .db
        .once(caller.tenant(), async |tx| {
            tenants::store::lock(tx, tenant).await?;
            let before = store::find(tx, id).await?;
            if before.verified_at.is_some() {
                let version = before.version;
                return Ok(Body::versioned(before.view(&deps.own_hosts), version));
            }
            let after = store::set_verified(tx, &domain, true).await?.ok_or_else(changed)?;
            let (before, after) = (before.view(&deps.own_hosts), after.view(&deps.own_hosts));
            audit::record(tx, Change::updated(ENTITY, id, &before, &after, &["status"])).await?;
            let version = after.version;
            Ok(Body::versioned(after, version))
        })
        .await?;
    deps.forget_access(caller.tenant(), None).await;
    Ok(answer)
}

/// Takes a name that was just proven from a tenant that no longer can prove it, or never did.
async fn take_over(deps: &Deps, domain: &Domain) -> Result<(), Problem> {
    let holder =
        deps.db.in_system(async |tx| store::verified(tx, &domain.host).await.map_err(Problem::from)).await?;
    let Some(holder) = holder.filter(|holder| holder.tenant_id != domain.tenant_id) else { return Ok(()) };
    match deps.prover.find(&holder.challenge()).await {
        Ok(()) => return Err(domain::taken()),
        Err(absence) if !absence.is_certain => return Err(Problem::unavailable(absence.detail)),
        Err(_) => {}
    }
    let tenant = TenantId(holder.tenant_id);
    let losing = deps.db.in_tenant(tenant, async |tx| {
        tenants::store::lock(tx, holder.tenant_id).await?;
        let Some(after) = store::set_verified(tx, &holder, false).await? else { return Ok(()) };
        if holder.is_primary {
            store::promote_oldest(tx).await?;
        }
        let (before, after) = (holder.clone().view(&deps.own_hosts), after.view(&deps.own_hosts));
        audit::record(tx, Change::updated(ENTITY, holder.id, &before, &after, &["status"])).await
    });
    // The losing tenant's event must not contain the other tenant's request.
    context::within(RequestContext::background(None), losing).await?;
    tracing::info!(tenant.id = %tenant, domain.id = %holder.id, "a host name passed on to a tenant that has proven it");
    deps.forget_access(tenant, None).await;
    Ok(())
}

/// The name was changed while its proof was looked for.
fn changed() -> Problem {
    Problem::conflict("domain_changed", "The host name was changed meanwhile. Look at it, then try again.")
}
