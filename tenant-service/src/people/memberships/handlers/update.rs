//! Changes a membership.

use actix_web::web::{Data, Path};
use contracts::{
    UserId,
    permissions::{TenantUsersRead, TenantUsersUpdate},
};
use platform::{
    Problem,
    http::{Allowed, Body, IfMatch, MergePatch, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    offices,
    people::{
        invitations,
        memberships::{
            api::{MembershipStatus, TenantUserView, WriteMembership},
            domain::{MembershipFields, check_admin_is_left, is_acting_admin},
            events, seats, store,
        },
        proven_people,
        roles::escalation,
    },
    references,
};

/// PATCH: department, branch and status. The last admin stays active; a seat is needed to come back. What an inactive member
/// holds goes to others after `handover_after_days`, a setting of the tenant.
pub async fn update(
    caller: Allowed<TenantUsersUpdate, Shows<TenantUsersRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteMembership>,
    deps: Data<Deps>,
) -> Result<Body<Shown<TenantUserView>>, Problem> {
    let (before, after) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            store::serialise(tx).await?;
            let before = store::find(tx, *id).await?;
            if_match.check(before.version)?;
            escalation::check_roles(tx, &caller, &[&before.role]).await?;
            let fields = MembershipFields::of(patch.apply(&before)?);
            if let Some(branch) = fields.branch_id
                && before.branch_id != fields.branch_id
                && !offices::keep_branch(tx, branch).await?
            {
                return Err(references::unknown("branch_id"));
            }
            if before.status != fields.status.name() && fields.status == MembershipStatus::Active {
                seats::check(tx, seats::Counting::Taken).await?;
            }
            let after = store::update(tx, *id, &fields).await?;
            if is_acting_admin(&before) && !is_acting_admin(&after) {
                check_admin_is_left(store::other_admins(tx, *id).await?)?;
            }
            events::updated(tx, &before, &after).await?;
            if before.status != after.status {
                invitations::authority::withdraw_ended(tx).await?;
                proven_people::store::judge_tenant(tx).await?;
            }
            Ok::<_, Problem>((before, after))
        })
        .await?;
    if before.status != after.status {
        deps.forget_access(caller.tenant(), UserId(after.user_id)).await;
    }
    Ok(Body::shown(&caller, deps.people.name_one(after).await))
}
