//! Authentication, tenant, authorisation and rate limits of a request.

use std::sync::Arc;

use actix_web::HttpRequest;
use contracts::{
    TenantId,
    identity::{ActingIn, Caller, SignedInUser},
    internal::{tenants::TenantRef, users::ADDRESS_UNPROVEN},
};
use platform::{
    Problem,
    http::{context::RequestContext, query},
};

use super::context::ProxyContext;
use crate::{
    access::{
        cache::Cause,
        decide::{self, Access, Mode},
        tenant_reference,
    },
    auth::token::{AccessToken, Fault},
    limits::Subject,
    routes::operation::{AccessRequirement, Operation, TenantNaming},
    state::Gateway,
};

/// The caller's identity for the service, once authenticated, authorised and within the limits.
///
/// # Errors
/// 400, 401, 403, 404, 429 as the contract says; 503 where that cannot be decided.
pub async fn admit(
    gateway: &Gateway,
    ctx: &mut ProxyContext,
    operation: &Operation,
    request: &HttpRequest,
    path: &str,
) -> Result<Caller, Problem> {
    if !operation.needs_person() {
        if let Some(key) = api_key(operation, request) {
            spend(gateway, ctx, key)?;
        }
        return Ok(Caller::Anonymous);
    }
    if operation.demand == AccessRequirement::Optional && !request.headers().contains_key("authorization") {
        return Ok(Caller::Anonymous);
    }
    let token =
        gateway.verifier.person(single(request, "authorization").map_err(|()| Fault::Invalid)?).await?;
    token.check_host(ctx.client.host.as_deref())?;
    ctx.token = Some(Arc::clone(&token));
    let permission = operation.permission().map(|code| &**code);
    let (acting_in, effects) = acting_in(gateway, ctx, operation, request, path, &token).await?.unzip();
    ctx.tenant = acting_in.as_ref().map(|tenant: &ActingIn| tenant.id);
    spend(gateway, ctx, Subject::user(token.user))?;
    if let Some(tenant) = &acting_in {
        spend(gateway, ctx, Subject::tenant(tenant.id))?;
    }
    Ok(Caller::User(Box::new(SignedInUser {
        id: token.user,
        session: token.session,
        platform_role: token.role,
        permission: permission.map(str::to_owned),
        effects: effects.unwrap_or_default(),
        tenant: acting_in,
    })))
}

/// Last part of the templates of addresses that stand for a key.
const ADDRESS: &str = "/{address_token}";

/// The API key that a request is made with, where one is asked for: the address that stands for one, or else that of the
/// header, or of the query where there is no header. The services read it alike.
pub fn api_key(operation: &Operation, request: &HttpRequest) -> Option<Subject> {
    if operation.demand != AccessRequirement::ApiKey {
        return None;
    }
    if operation.template.ends_with(ADDRESS) {
        let token = request.path().trim_end_matches('/').rsplit('/').next()?;
        return Some(Subject::key(token.as_bytes()));
    }
    if let Some(key) = request.headers().get("x-api-key") {
        return Some(Subject::key(key.as_bytes().trim_ascii()));
    }
    let pairs = query::pairs(request.query_string()).ok()?;
    let (_, key) = pairs.into_iter().find(|(name, _)| name == "api_key")?;
    Some(Subject::key(key.trim().as_bytes()))
}

/// Admits platform staff, within their limit.
///
/// # Errors
/// 401, 403 `permission_denied`, 429.
pub async fn admit_staff(
    gateway: &Gateway,
    ctx: &mut ProxyContext,
    request: &HttpRequest,
) -> Result<(), Problem> {
    let token =
        gateway.verifier.person(single(request, "authorization").map_err(|()| Fault::Invalid)?).await?;
    token.check_host(ctx.client.host.as_deref())?;
    ctx.token = Some(Arc::clone(&token));
    spend(gateway, ctx, Subject::user(token.user))?;
    if token.role.is_none() {
        return Err(Problem::forbidden("permission_denied", "This is for the platform's staff."));
    }
    Ok(())
}

/// Checks that an admitted caller would still be admitted, with the same token, operation and tenant.
///
/// # Errors
/// Why not.
pub async fn readmit(
    gateway: &Gateway,
    operation: &Operation,
    token: &AccessToken,
    tenant: Option<TenantId>,
) -> Result<(), Problem> {
    gateway.verifier.still_accepts(token)?;
    let permission = operation.permission().map(|code| &**code);
    let cause = || RequestContext::background(None);
    match tenant {
        Some(tenant) => {
            let access =
                gateway.access.in_tenant(token.user, token.role, TenantRef::Id(tenant), &cause).await?;
            let mode = match operation.tenant {
                TenantNaming::Path(_) => Mode::Path,
                TenantNaming::Header | TenantNaming::None => Mode::Header,
            };
            access.decide(mode, permission, token).map(drop)
        }
        None => match permission {
            Some(code) => decide::check(&*gateway.access.on_platform(token.role, &cause).await?, code),
            None => Ok(()),
        },
    }
}

/// Spends one request of a subject's limit.
///
/// # Errors
/// 429.
pub fn spend(gateway: &Gateway, ctx: &mut ProxyContext, subject: Subject) -> Result<(), Problem> {
    match gateway.limiter.spend(subject) {
        None => Ok(()),
        Some(Ok(limit_state)) => {
            ctx.set_limit_state(limit_state);
            Ok(())
        }
        Some(Err((wait, limit_state))) => Err(ctx.throttled(subject, wait, limit_state)),
    }
}

/// The tenant that the person acts in, and which of the operation's further effects they may have there.
async fn acting_in(
    gateway: &Gateway,
    ctx: &ProxyContext,
    operation: &Operation,
    request: &HttpRequest,
    path: &str,
    token: &AccessToken,
) -> Result<Option<(ActingIn, Vec<String>)>, Problem> {
    let permission = operation.permission().map(|code| &**code);
    let cause = || ctx.context();
    let by_header = || single(request, "x-tenant-id").map_err(|()| mismatch());
    match operation.tenant {
        TenantNaming::None => {
            if let Some(code) = permission {
                decide::check(&*gateway.access.on_platform(token.role, &cause).await?, code)?;
            }
            Ok(None)
        }
        TenantNaming::Header => {
            let by_header = by_header()?.filter(|text| !text.trim().is_empty());
            let by_header = by_header
                .map(tenant_reference::by_header)
                .transpose()
                .map_err(|_| decide::tenant_not_found())?;
            let by_host = ctx.client.host.as_deref().and_then(|host| gateway.own_hosts.tenant_host(host));
            let look_up = |tenant| gateway.access.in_tenant(token.user, token.role, tenant, &cause);
            let access = match (by_header, by_host) {
                // Staff may act in any tenant, so that none is theirs.
                (None, None) if token.role.is_none() => {
                    let only = look_up(TenantRef::Only).await?;
                    only.tenant_id().ok_or_else(tenant_required)?;
                    only
                }
                (None, None) => return Err(tenant_required()),
                (Some(tenant), None) | (None, Some(tenant)) => look_up(tenant).await?,
                (Some(by_header), Some(by_host)) => {
                    let (named, host) = (look_up(by_header).await?, look_up(by_host).await?);
                    // A host name without a tenant, such as an alias of our own, contradicts nothing.
                    if host.tenant_id().is_some() && host.tenant_id() != named.tenant_id() {
                        return Err(mismatch());
                    }
                    named
                }
            };
            let decided = decided(gateway, &access, Mode::Header, permission, token, &cause).await?;
            Ok(Some(with_effects(operation, decided)))
        }
        TenantNaming::Path(place) => {
            let id = path
                .split('/')
                .nth(place + 1)
                .and_then(tenant_reference::by_path)
                .ok_or_else(Problem::not_found)?;
            let access = gateway.access.in_tenant(token.user, token.role, TenantRef::Id(id), &cause).await?;
            let decided = decided(gateway, &access, Mode::Path, permission, token, &cause).await?;
            let acting_in = &decided.0;
            // A browser's session at a tenant's host is one of that tenant alone.
            let at_host = token.host.as_deref().and_then(|host| gateway.own_hosts.tenant_host(host));
            if let Some(host) = at_host {
                let at_host = gateway.access.in_tenant(token.user, token.role, host, &cause).await?;
                if at_host.tenant_id() != Some(acting_in.id) {
                    return Err(mismatch());
                }
            }
            let agrees = match by_header()?.map(tenant_reference::by_header) {
                None => true,
                Some(Ok(TenantRef::Id(named))) => named == acting_in.id,
                Some(Ok(TenantRef::ClientId(named))) => named == acting_in.client_id,
                Some(Ok(TenantRef::Host(_) | TenantRef::Only) | Err(_)) => false,
            };
            if agrees { Ok(Some(with_effects(operation, decided))) } else { Err(mismatch()) }
        }
    }
}

/// What is decided. Where it is a refusal for want of a proven address, tenant-service is asked again first: people go on
/// right after they have confirmed theirs, and what is remembered may be from before.
async fn decided(
    gateway: &Gateway,
    access: &Arc<Access>,
    mode: Mode,
    permission: Option<&str>,
    token: &AccessToken,
    cause: Cause<'_>,
) -> Result<(ActingIn, Arc<Access>), Problem> {
    match (access.decide(mode, permission, token), access.tenant_id()) {
        (Err(problem), Some(tenant)) if problem.code == ADDRESS_UNPROVEN => {
            gateway.access.forget(Some(tenant), Some(token.user));
            let now = gateway.access.in_tenant(token.user, token.role, TenantRef::Id(tenant), cause).await?;
            Ok((now.decide(mode, permission, token)?, now))
        }
        (outcome, _) => Ok((outcome?, Arc::clone(access))),
    }
}

/// The tenant that the person acts in, with those of the operation's further effects that they may have there.
fn with_effects(
    operation: &Operation,
    (acting_in, access): (ActingIn, Arc<Access>),
) -> (ActingIn, Vec<String>) {
    (acting_in, access.held(&operation.effects))
}

/// The one value of a header; an error when there are several or it is no text.
fn single<'r>(request: &'r HttpRequest, name: &str) -> Result<Option<&'r str>, ()> {
    let mut values = request.headers().get_all(name);
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() { Err(()) } else { value.to_str().map(Some).map_err(|_| ()) }
}

fn mismatch() -> Problem {
    Problem::bad_request("tenant_mismatch", "The header, host name and path must name the same tenant.")
}

fn tenant_required() -> Problem {
    let detail = "Name the tenant in X-Tenant-Id, or use its host name. Only a member of exactly one tenant may leave it out.";
    Problem::bad_request("tenant_required", detail)
}
