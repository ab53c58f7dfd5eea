//! Explains a decision.

use actix_web::web::Data;
use contracts::{
    TenantId, UserId,
    internal::owners::{FindOwners, FoundOwners, KINDS},
    permissions::AccessExplain,
    problem::FieldError,
};
use diesel::OptionalExtension;
use platform::{
    Problem,
    db::TenantTx,
    http::{Allowed, Body, Query, access::TenantCaller},
};
use uuid::Uuid;

use super::{
    api::{Explain, ExplainedRole, Explanation, Step},
    domain::{self, Facts},
};
use crate::{
    deps::Deps,
    people::{
        memberships::{self, api::Membership, hierarchy},
        roles,
    },
    permissions, references,
    tenancy::{self, check_served},
};

/// For a person as a member of the tenant; platform staff is let in by its role on the platform.
pub async fn explain(
    caller: Allowed<AccessExplain>,
    query: Query<Explain>,
    deps: Data<Deps>,
) -> Result<Body<Explanation>, Problem> {
    let Explain { user_id, permission, resource } = query.0;
    if !permissions::is_permission(&permission) {
        let message = format!("{permission} is no permission");
        return Err(Problem::invalid(vec![FieldError::new("permission", "unknown_permission", message)]));
    }
    let record = record(&deps, caller.tenant(), &permission, resource).await?;
    if let Some(record) = &record {
        check_seen(&caller, record)?;
    }
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let TenantId(tenant) = caller.tenant();
            let tenant_is_served = check_served(&tenancy::find_tenant(tx, tenant).await?.status).is_ok();
            let member = memberships::store::of_user(tx, UserId(user_id)).await?;
            let role = match &member {
                Some(member) => {
                    let codes = roles::store::permissions_of(tx, &[&member.role]).await?;
                    Some(ExplainedRole {
                        name: member.role.clone(),
                        data_scope: member.data_scope.clone(),
                        grants: codes.contains(&permission),
                    })
                }
                None => None,
            };
            let owners: Option<Vec<Uuid>> = match (record, resource) {
                (Some(record), _) => Some(record.owners.into_iter().map(|owner| owner.0).collect()),
                (None, Some(resource)) => Some(vec![person(tx, resource).await?]),
                (None, None) => None,
            };
            let path = match (&member, &owners) {
                (Some(member), Some(owners)) => way_down(tx, member, owners).await?,
                _ => Vec::new(),
            };
            let reason = domain::decide(&Facts {
                tenant_is_served,
                member: member.as_ref(),
                role_grants: role.as_ref().is_some_and(|role| role.grants),
                owners: owners.as_deref(),
                path: &path,
            });
            Ok(Body::new(Explanation {
                user_id,
                permission,
                resource,
                owners: owners.unwrap_or_default(),
                allowed: domain::allows(reason),
                reason,
                membership_id: member.map(|member| member.id),
                role,
                path,
            }))
        })
        .await
}

/// The resource's owners according to lead-service; none when it is no record of the kind that the permission is about.
async fn record(
    deps: &Deps,
    tenant: TenantId,
    permission: &str,
    resource: Option<Uuid>,
) -> Result<Option<FoundOwners>, Problem> {
    let kind = permission.split(':').next().unwrap_or_default();
    match resource {
        Some(id) if KINDS.contains(&kind) => {
            let call = FindOwners { tenant_id: tenant, kind: kind.to_owned(), id };
            Ok(deps.peers.call(&call).await?)
        }
        _ => Ok(None),
    }
}

/// 422 as for an id that nothing has, unless the caller sees the record.
fn check_seen(caller: &TenantCaller, record: &FoundOwners) -> Result<(), Problem> {
    let owners: Vec<Option<Uuid>> = record.owners.iter().map(|owner| Some(owner.0)).collect();
    if caller.visibility().covers(&owners) { Ok(()) } else { Err(references::unknown("resource")) }
}

/// The person that is named, by themselves or by their membership.
async fn person(tx: &mut TenantTx<'_>, resource: Uuid) -> Result<Uuid, Problem> {
    if let Some(member) = memberships::store::of_user(tx, UserId(resource)).await? {
        return Ok(member.user_id);
    }
    let found = memberships::store::find(tx, resource).await.optional()?;
    found.map(|member| member.user_id).ok_or_else(|| references::unknown("resource"))
}

/// The shortest way down from a member to one of the owners.
async fn way_down(tx: &mut TenantTx<'_>, member: &Membership, owners: &[Uuid]) -> Result<Vec<Step>, Problem> {
    let mut shortest: Vec<Step> = Vec::new();
    for owner in owners {
        let Some(owner) = memberships::store::of_user(tx, UserId(*owner)).await? else { continue };
        let way = domain::path(member, &owner, hierarchy::above(tx, owner.id).await?);
        if !way.is_empty() && (shortest.is_empty() || way.len() < shortest.len()) {
            shortest = way;
        }
    }
    Ok(shortest)
}
