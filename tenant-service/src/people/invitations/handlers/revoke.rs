//! Withdraws an invitation.

use actix_web::web::{Data, Path};
use contracts::permissions::TenantUsersInvite;
use platform::{
    Problem,
    http::{Allowed, IfMatch, NoContent},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::{
        invitations::{
            domain::{check_resendable, closed},
            events, store,
        },
        mails,
        roles::escalation,
    },
};

/// Its link is good for nothing any more. One that was accepted or withdrawn is 409.
pub async fn revoke(
    caller: Allowed<TenantUsersInvite>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::lock(tx, *id).await?;
            if_match.check(before.version)?;
            check_resendable(before.status).map_err(|_| closed(before.status))?;
            escalation::check_roles(tx, &caller, &[&before.role]).await?;
            let after = store::revoke(tx, *id).await?;
            events::updated(tx, &before, &after).await?;
            mails::withdraw(tx, *id).await?;
            Ok(NoContent)
        })
        .await
}
