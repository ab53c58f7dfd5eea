//! Sends an invitation again.

use actix_web::web::{Data, Path};
use contracts::permissions::{TenantUsersInvite, TenantUsersRead};
use diesel::OptionalExtension;
use platform::{
    Problem,
    http::{Allowed, Answer, Body, Shows},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::{
        invitations::{
            api::{InvitationStatus, SentInvitationView},
            domain::check_resendable,
            issue,
            store::{self, Giver},
        },
        mails,
        memberships::{self, seats},
        roles::escalation::{self, Placed},
    },
};

/// With new links and its whole time again; the old ones are good for nothing any more. It is the caller's invitation from
/// now on, so the caller must be able to do what the role allows. One that was accepted or withdrawn is 409; an address that
/// gets too many mails is 429 `limit_reached`.
pub async fn resend(
    caller: Allowed<TenantUsersInvite, Shows<TenantUsersRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<SentInvitationView>>, Problem> {
    let email = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let invitation = store::find(tx, *id).await?;
            check_resendable(invitation.status)?;
            escalation::check_roles(tx, &caller, &[&invitation.role]).await?;
            Ok::<_, Problem>(invitation.email)
        })
        .await?;
    mails::check_limits(&deps, caller.tenant(), &email).await?;
    let inviter = deps.people.called(caller.user()).await;
    let answer = deps
        .db
        .once(caller.tenant(), async |tx| {
            memberships::store::serialise(tx).await?;
            let before = store::lock(tx, *id).await?;
            check_resendable(before.status)?;
            escalation::check_roles(tx, &caller, &[&before.role]).await?;
            if let Some(above) = before.reports_to
                && let Some(above) = memberships::store::find(tx, above).await.optional()?
            {
                escalation::check_placing(tx, &caller, Placed::Newcomer, Some(&above)).await?;
            }
            if before.status == InvitationStatus::Expired {
                seats::check(tx, seats::Counting::Promised).await?;
            }
            let sent = issue::again(&deps, tx, &before, Giver::of(&caller), inviter).await?;
            let version = sent.invitation.version;
            Ok(Body::versioned(sent.shown(&caller), version))
        })
        .await?;
    deps.mail_queued.notify_one();
    Ok(answer)
}
