//! Authority of an invitation: whether its inviter may still give the role. It is checked when the invitation is read and
//! accepted, and invitations of an inviter who loses the right are withdrawn in the same transaction.

use contracts::{
    UserId,
    internal::users::UserSummary,
    permissions::{Permission, TenantUsersInvite},
};
use diesel::OptionalExtension;
use platform::{Problem, db::TenantTx};
use uuid::Uuid;

use super::{
    domain, events,
    store::{self, Giver},
};
use crate::people::{
    mails,
    memberships::{self, api::MembershipStatus},
    roles::{
        self,
        escalation::{self, Reach},
    },
};

/// 410 `invitation_ended` unless the giver may still give the role. `person` is what auth-service says of the giver now.
///
/// # Errors
/// That, or when the database is away.
pub async fn check(
    tx: &mut TenantTx<'_>,
    giver: Giver,
    person: Option<&UserSummary>,
    role: Uuid,
) -> Result<(), Problem> {
    let is_active = |user: UserId| person.is_some_and(|person| person.id == user && person.active);
    let may = match giver {
        Giver::Platform => true,
        Giver::Member(user) => is_active(user) && member_may(tx, user, role).await?,
        Giver::Staff(user) => {
            let role_on_platform = person.map(|person| person.platform_role).unwrap_or_default();
            let held = escalation::of_staff(tx, role_on_platform).await?;
            let role = roles::store::find(tx, role).await?;
            is_active(user)
                && held.permissions.iter().any(|code| code == TenantUsersInvite::CODE)
                && Reach::of(&role).is_within(&held)
        }
    };
    if may { Ok(()) } else { Err(domain::ended()) }
}

/// Withdraws open invitations that their inviters may no longer give. Call it when a member leaves or gets
/// another role, and when a role allows less, after the change and in its transaction.
///
/// # Errors
/// When the database is away.
pub async fn withdraw_ended(tx: &mut TenantTx<'_>) -> Result<(), Problem> {
    for (id, giver, role) in store::given_by_members(tx).await? {
        let Giver::Member(user) = giver else { continue };
        if member_may(tx, user, role).await? {
            continue;
        }
        let before = store::find(tx, id).await?;
        let after = store::revoke(tx, id).await?;
        events::updated(tx, &before, &after).await?;
        mails::withdraw(tx, id).await?;
    }
    Ok(())
}

async fn member_may(tx: &mut TenantTx<'_>, user: UserId, role: Uuid) -> Result<bool, Problem> {
    let member = memberships::store::of_user(tx, user).await?;
    let Some(member) = member.filter(|member| member.status == MembershipStatus::Active.name()) else {
        return Ok(false);
    };
    let Some(own) = roles::store::named(tx, &member.role).await? else { return Ok(false) };
    let own = roles::store::find(tx, own.id).await?;
    let Some(given) = roles::store::find(tx, role).await.optional()? else { return Ok(false) };
    Ok(own.permissions.iter().any(|code| code == TenantUsersInvite::CODE)
        && Reach::of(&given).is_within(&Reach::of(&own)))
}
