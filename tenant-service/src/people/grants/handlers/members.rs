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
    people::memberships::{hierarchy, leavers, store},
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

/// Those of the asked who are not active members, and what is known of those who left.
pub async fn check(
    _caller: Internal,
    call: InternalJson<CheckMembers>,
    deps: Data<Deps>,
) -> Result<InternalReply<CheckedMembers>, Problem> {
    let CheckMembers { tenant_id, user_ids } = call.0;
    let asked: Vec<uuid::Uuid> = user_ids.iter().map(|user| user.0).collect();
    let (strangers, mut leavers) = deps
        .db
        .in_tenant(tenant_id, async |tx| {
            let members = store::active_among(tx, &asked).await?;
            let strangers: Vec<_> = asked.iter().copied().filter(|user| !members.contains(user)).collect();
            let leavers = leavers::among(tx, &strangers).await?;
            Ok::<_, Problem>((strangers, leavers))
        })
        .await?;
    for leaver in &mut leavers {
        leaver.name = deps.people.called(leaver.user_id).await;
    }
    Ok(InternalReply(CheckedMembers { strangers: strangers.into_iter().map(UserId).collect(), leavers }))
}
