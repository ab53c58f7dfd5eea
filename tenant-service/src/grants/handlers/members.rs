//! Handlers that list a tenant's members for other services.

use actix_web::web::Data;
use contracts::{
    UserId,
    internal::tenants::{CheckMembers, CheckedMembers, ListAdmins, ListTeam},
};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
};

use crate::{
    deps::Deps,
    memberships::{hierarchy, store},
};

/// Active members who administer the tenant, oldest first.
pub async fn admins(
    _caller: Internal,
    call: InternalJson<ListAdmins>,
    deps: Data<Deps>,
) -> Result<InternalReply<Vec<UserId>>, Problem> {
    let admins = deps
        .db
        .in_tenant(call.0.tenant_id, async |tx| store::admins(tx).await.map_err(Problem::from))
        .await?;
    Ok(InternalReply(admins.into_iter().map(UserId).collect()))
}

/// All members below a member; none for an unknown one.
pub async fn team(
    _caller: Internal,
    call: InternalJson<ListTeam>,
    deps: Data<Deps>,
) -> Result<InternalReply<Vec<UserId>>, Problem> {
    let ListTeam { tenant_id, membership_id } = call.0;
    let team = deps
        .db
        .in_tenant(tenant_id, async |tx| hierarchy::team(tx, membership_id).await.map_err(Problem::from))
        .await?;
    Ok(InternalReply(team.into_iter().map(UserId).collect()))
}

/// Those of the asked who are not active members.
pub async fn check(
    _caller: Internal,
    call: InternalJson<CheckMembers>,
    deps: Data<Deps>,
) -> Result<InternalReply<CheckedMembers>, Problem> {
    let CheckMembers { tenant_id, user_ids } = call.0;
    let asked: Vec<uuid::Uuid> = user_ids.iter().map(|user| user.0).collect();
    let members = deps
        .db
        .in_tenant(tenant_id, async |tx| store::active_among(tx, &asked).await.map_err(Problem::from))
        .await?;
    let strangers = user_ids.into_iter().filter(|user| !members.contains(&user.0)).collect();
    Ok(InternalReply(CheckedMembers { strangers }))
}
