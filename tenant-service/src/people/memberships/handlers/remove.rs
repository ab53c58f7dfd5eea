//! Removes a member, by membership or by person.

use actix_web::web::{Data, Path};
use contracts::{UserId, permissions::TenantUsersUpdate};
use platform::{
    Problem,
    db::TenantTx,
    http::{Allowed, AllowedOn, Answer, IfMatch, Json, NoContent, access::TenantCaller},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::{
        invitations,
        memberships::{
            api::{Membership, RemoveUser},
            domain::{check_admin_is_left, is_acting_admin},
            events, hierarchy, store,
        },
        proven_people,
        roles::escalation,
    },
    tenancy::check_own,
};

/// Their reports move to their superior, and their invitations end. The last admin
/// cannot be removed.
pub async fn remove(
    caller: Allowed<TenantUsersUpdate>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            store::serialise(tx).await?;
            let member = store::find(tx, *id).await?;
            if_match.check(member.version)?;
            take_out(tx, &caller, &member).await
        })
        .await?;
    // The teams of all members above lost a member.
    deps.forget_access(caller.tenant(), None).await;
    Ok(NoContent)
}

/// The same for the person's membership in the tenant of the path.
pub async fn remove_user(
    caller: AllowedOn<TenantUsersUpdate>,
    id: Path<Uuid>,
    body: Json<RemoveUser>,
    deps: Data<Deps>,
) -> Result<Answer<NoContent>, Problem> {
    check_own(&caller, *id)?;
    let user = UserId(body.into_inner().user_id);
    let answer = deps
        .db
        .once(caller.tenant(), async |tx| {
            store::serialise(tx).await?;
            let member = store::of_user(tx, user).await?.ok_or_else(Problem::not_found)?;
            take_out(tx, &caller, &member).await?;
            Ok(NoContent)
        })
        .await?;
    deps.forget_access(caller.tenant(), None).await;
    Ok(answer)
}

async fn take_out(tx: &mut TenantTx<'_>, caller: &TenantCaller, member: &Membership) -> Result<(), Problem> {
    escalation::check_roles(tx, caller, &[&member.role]).await?;
    if is_acting_admin(member) {
        check_admin_is_left(store::other_admins(tx, member.id).await?)?;
    }
    let mut moved = Vec::new();
    for report in store::direct_reports(tx, member.id).await? {
        hierarchy::shift(tx, report.id, member.reports_to).await?;
        let after = store::set_reports_to(tx, report.id, member.reports_to).await?;
        moved.push((report, after));
    }
    hierarchy::remove(tx, member.id).await?;
    store::archive(tx, member.id).await?;
    events::removed(tx, member, &moved).await?;
    invitations::authority::withdraw_ended(tx).await?;
    proven_people::store::judge_tenant(tx).await?;
    Ok(())
}
