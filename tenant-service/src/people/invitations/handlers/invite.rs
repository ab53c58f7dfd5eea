//! Handler that creates an invitation.

use actix_web::web::{Data, Path};
use contracts::{
    internal::users::FindUser,
    permissions::{TenantUsersInvite, TenantUsersRead},
};
use diesel::OptionalExtension;
use platform::{
    Problem,
    http::{AllowedOn, Answer, Created, Json, Shows},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::{
        invitations::{
            api::{InviteUser, SentInvitationView},
            domain::{NewInvitation, already_invited, already_member},
            issue,
            store::{self, Draft, Giver},
        },
        mails,
        memberships::{self, seats},
        roles::{
            self,
            escalation::{self, Placed},
        },
    },
    tenancy::check_own,
};

/// Neither the role nor the place in the hierarchy may exceed what the caller has. A person who is a member or invited already is
/// 409, and so is a tenant without a free seat 422. An address that gets too many mails is 429 `limit_reached`.
pub async fn invite(
    caller: AllowedOn<TenantUsersInvite, Shows<TenantUsersRead>>,
    id: Path<Uuid>,
    body: Json<InviteUser>,
    deps: Data<Deps>,
) -> Result<Answer<Created<SentInvitationView>>, Problem> {
    check_own(&caller, *id)?;
    let new = NewInvitation::parse(body.into_inner())?;
    let known = deps.peers.call(&FindUser { email: new.email.clone() }).await?;
    mails::check_limits(&deps, caller.tenant(), &new.email).await?;
    let inviter = deps.people.called(caller.user()).await;
    let answer = deps
        .db
        .once(caller.tenant(), async |tx| {
            memberships::store::serialise(tx).await?;
            if let Some(known) = &known
                && memberships::store::of_user(tx, known.id).await?.is_some()
            {
                return Err(already_member());
            }
            let unknown_role = || memberships::domain::unknown_role(&new.role);
            let role = roles::store::named(tx, &new.role).await?.ok_or_else(unknown_role)?;
            escalation::check_roles(tx, &caller, &[&role.name]).await?;
            if let Some(above) = new.reports_to {
                let unknown = || memberships::domain::unknown_superior("reports_to");
                let above = memberships::store::find(tx, above).await.optional()?.ok_or_else(unknown)?;
                let placed = match &known {
                    Some(known) if memberships::store::was_member(tx, known.id).await? => Placed::Returner,
                    _ => Placed::Newcomer,
                };
                escalation::check_placing(tx, &caller, placed, Some(&above)).await?;
            }
            if let Some(pending) = store::pending_for(tx, &new.email).await? {
                return Err(already_invited(pending));
            }
            seats::check(tx, seats::Counting::Promised).await?;
            let draft = Draft {
                email: &new.email,
                role: role.id,
                department: new.department.as_deref(),
                reports_to: new.reports_to,
                first_name: None,
                last_name: None,
                giver: Giver::of(&caller),
            };
            let sent = issue::new(&deps, tx, &draft, inviter).await?;
            let (id, version) = (sent.invitation.id, sent.invitation.version);
            Ok(Created::at(format!("/api/v2/invitations/{id}"), sent.shown(&caller)).version(version))
        })
        .await?;
    deps.mail_queued.notify_one();
    Ok(answer)
}
