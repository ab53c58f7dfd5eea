//! Explains a decision.

use actix_web::web::Data;
use contracts::{TenantId, UserId, permissions::AccessExplain, problem::FieldError};
use diesel::OptionalExtension;
use platform::{
    Problem,
    db::TenantTx,
    http::{Allowed, Body, Query},
};
use uuid::Uuid;

use super::{
    api::{Explain, ExplainedRole, Explanation, Step},
    domain::{self, Facts},
};
use crate::{
    deps::Deps,
    memberships::{self, api::Membership, hierarchy},
    references,
    roles::{self, catalogue},
    tenants::{self, domain::check_served},
};

/// For a person as a member of the tenant; platform staff is let in by its role on the platform.
pub async fn explain(
    caller: Allowed<AccessExplain>,
    query: Query<Explain>,
    deps: Data<Deps>,
) -> Result<Body<Explanation>, Problem> {
    let Explain { user_id, permission, resource } = query.0;
    if !catalogue::is_permission(&permission) {
        let message = format!("{permission} is no permission");
        return Err(Problem::invalid(vec![FieldError::new("permission", "unknown_permission", message)]));
    }
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let TenantId(tenant) = caller.tenant();
            let tenant_is_served = check_served(&tenants::store::find(tx, tenant).await?.status).is_ok();
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
            let (owner, path) = match resource {
                Some(resource) => below(tx, member.as_ref(), resource).await?,
                None => (None, Vec::new()),
            };
            let reason = domain::decide(&Facts {
                tenant_is_served,
                member: member.as_ref(),
                role_grants: role.as_ref().is_some_and(|role| role.grants),
                owner,
                path: &path,
            });
            Ok(Body::new(Explanation {
                user_id,
                permission,
                resource,
                allowed: domain::allows(reason),
                reason,
                membership_id: member.map(|member| member.id),
                role,
                path,
            }))
        })
        .await
}

/// Whose record it is, and the way down to them.
async fn below(
    tx: &mut TenantTx<'_>,
    member: Option<&Membership>,
    resource: Uuid,
) -> Result<(Option<Uuid>, Vec<Step>), Problem> {
    let owner = match memberships::store::of_user(tx, UserId(resource)).await? {
        Some(owner) => owner,
        None => {
            let unknown = || references::unknown("resource");
            memberships::store::find(tx, resource).await.optional()?.ok_or_else(unknown)?
        }
    };
    let path = match member {
        Some(member) => domain::path(member, &owner, hierarchy::above(tx, owner.id).await?),
        None => Vec::new(),
    };
    Ok((Some(owner.user_id), path))
}
