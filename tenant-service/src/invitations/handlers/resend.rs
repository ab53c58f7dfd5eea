//! Sends an invitation again.

use actix_web::web::{Data, Path};
use contracts::permissions::TenantUsersInvite;
use platform::{
    Problem,
    http::{Allowed, Answer, Body},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    invitations::{
        api::{InvitationStatus, SentInvitation},
        domain::check_resendable,
        issue, store,
    },
    memberships::{self, seats},
    roles::escalation,
};

/// With a new link and its whole time anew; the old link is good for nothing any more. Whoever gets to see the link must
/// be able to do what the role allows. One that was accepted or withdrawn is 409.
pub async fn resend(
    caller: Allowed<TenantUsersInvite>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<SentInvitation>>, Problem> {
    let inviter = deps.people.called(caller.user()).await;
    let answer = deps
        .db
        .once(caller.tenant(), async |tx| {
            memberships::store::serialise(tx).await?;
            let before = store::lock(tx, *id).await?;
            check_resendable(before.status)?;
            escalation::check_roles(tx, &caller, &[&before.role]).await?;
            if before.status == InvitationStatus::Expired {
                seats::check(tx, seats::Counting::Promised).await?;
            }
            let sent = issue::again(&deps, tx, &before, inviter).await?;
            let version = sent.invitation.version;
            Ok(Body::versioned(sent, version))
        })
        .await?;
    deps.mail_queued.notify_one();
    Ok(answer)
}
