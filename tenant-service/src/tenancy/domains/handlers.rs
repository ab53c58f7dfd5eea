//! Host name handlers for a tenant's admins. Each change invalidates cached hosts.

use actix_web::web::{Data, Path};
use contracts::permissions::{TenantRead, TenantUpdate};
use platform::{
    Problem,
    db::{TenantTx, outbox::Change},
    http::{
        AllowedOn, Answer, Body, Created, IfMatch, Json, MergePatch, Needs, NoContent, access::TenantCaller,
    },
};
use uuid::Uuid;

use super::{
    ENTITY,
    api::{DomainView, Domains, WriteDomain},
    domain::{Domain, MOST, NewDomain, check_primary_stays, too_many},
    store,
};
use crate::{
    audit,
    deps::Deps,
    tenancy::tenants::{self, check_own},
};

/// All of them.
pub async fn list(
    caller: AllowedOn<TenantRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<Domains>, Problem> {
    check_own(&caller, *id)?;
    let all: Vec<Domain> =
        deps.db.in_tenant(caller.tenant(), async |tx| store::all(tx).await.map_err(Problem::from)).await?;
    let results: Vec<_> = all.into_iter().map(|domain| domain.view(&deps.own_hosts)).collect();
    Ok(Body::new(Domains { count: results.len(), next: None, previous: None, results }))
}

/// One with its version.
pub async fn read(
    caller: AllowedOn<TenantRead>,
    path: Path<(Uuid, Uuid)>,
    deps: Data<Deps>,
) -> Result<Body<DomainView>, Problem> {
    let (tenant, id) = path.into_inner();
    check_own(&caller, tenant)?;
    let domain = deps
        .db
        .in_tenant(caller.tenant(), async |tx| store::find(tx, id).await.map_err(Problem::from))
        .await?;
    let version = domain.version;
    Ok(Body::versioned(domain.view(&deps.own_hosts), version))
}

/// Until it is verified it leads nowhere, and other tenants can add it too.
pub async fn create(
    caller: AllowedOn<TenantUpdate, Needs<TenantRead>>,
    id: Path<Uuid>,
    body: Json<WriteDomain>,
    deps: Data<Deps>,
) -> Result<Answer<Created<DomainView>>, Problem> {
    check_own(&caller, *id)?;
    let write = body.into_inner();
    let answer = deps
        .db
        .once(caller.tenant(), async |tx| {
            let new = serialised(tx, &deps, &write).await?;
            new.check_primary(new.is_given)?;
            if store::all(tx).await?.len() >= MOST {
                return Err(too_many());
            }
            if new.is_primary {
                store::clear_primary(tx).await?;
            }
            let domain = store::insert(tx, &new, caller.user()).await?.view(&deps.own_hosts);
            audit::record(tx, vec![Change::created(ENTITY, domain.id, &domain)]).await?;
            let version = domain.version;
            let location = format!("/api/v2/tenants/{}/domains/{}", *id, domain.id);
            Ok(Created::at(location, domain).version(version))
        })
        .await?;
    deps.forget_access(caller.tenant(), None).await;
    Ok(answer)
}

/// PUT: what is left out becomes its default.
pub async fn replace(
    caller: AllowedOn<TenantUpdate, Needs<TenantRead>>,
    path: Path<(Uuid, Uuid)>,
    if_match: IfMatch,
    body: Json<WriteDomain>,
    deps: Data<Deps>,
) -> Result<Body<DomainView>, Problem> {
    let write = body.into_inner();
    save(&caller, path.into_inner(), if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    caller: AllowedOn<TenantUpdate, Needs<TenantRead>>,
    path: Path<(Uuid, Uuid)>,
    if_match: IfMatch,
    patch: MergePatch<WriteDomain>,
    deps: Data<Deps>,
) -> Result<Body<DomainView>, Problem> {
    save(&caller, path.into_inner(), if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    caller: &TenantCaller,
    (tenant, id): (Uuid, Uuid),
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&DomainView) -> Result<WriteDomain, Problem>,
) -> Result<Body<DomainView>, Problem> {
    check_own(caller, tenant)?;
    let after = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::find(tx, id).await?;
            let new = serialised(tx, deps, &write(&before.view(&deps.own_hosts))?).await?;
            let before = store::find(tx, id).await?;
            if_match.check(before.version)?;
            check_primary_stays(&before, new.is_primary)?;
            let is_same = before.host == new.host;
            new.check_primary(new.is_given || is_same && before.verified_at.is_some())?;
            if new.is_primary && !before.is_primary {
                store::clear_primary(tx).await?;
            }
            let after = store::update(tx, &before, &new).await?.view(&deps.own_hosts);
            let before = before.view(&deps.own_hosts);
            audit::record(tx, Change::updated(ENTITY, id, &before, &after, &[])).await?;
            Ok::<_, Problem>(after)
        })
        .await?;
    deps.forget_access(caller.tenant(), None).await;
    let version = after.version;
    Ok(Body::versioned(after, version))
}

/// Another tenant may register it afterwards. The primary host cannot be removed.
pub async fn remove(
    caller: AllowedOn<TenantUpdate>,
    path: Path<(Uuid, Uuid)>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    let (tenant, id) = path.into_inner();
    check_own(&caller, tenant)?;
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            tenants::store::lock(tx, tenant).await?;
            let before = store::find(tx, id).await?;
            if_match.check(before.version)?;
            check_primary_stays(&before, false)?;
            store::delete(tx, id).await?;
            audit::record(tx, vec![Change::deleted(ENTITY, id, &before.view(&deps.own_hosts))]).await
        })
        .await?;
    deps.forget_access(caller.tenant(), None).await;
    Ok(NoContent)
}

/// The name that is wanted, one change of the tenant's names being made at a time.
async fn serialised(tx: &mut TenantTx<'_>, deps: &Deps, write: &WriteDomain) -> Result<NewDomain, Problem> {
    let tenant = tx.tenant().0;
    let tenant = tenants::store::lock(tx, tenant).await?;
    NewDomain::parse(write, &tenant.client_id, &deps.own_hosts)
}
