//! Makes an invitation and its mail in one transaction.

use contracts::{
    TenantId,
    internal::mails::{Mail, QueueMail},
};
use platform::{Problem, db::TenantTx};
use uuid::Uuid;

use super::{
    api::{InvitationView, SentInvitation},
    domain::Token,
    events,
    store::{self, Draft},
};
use crate::{deps::Deps, mails, tenants};

/// Makes it and queues its mail. The caller wakes the mail worker after the commit.
///
/// # Errors
/// When the database is away.
pub async fn new(
    deps: &Deps,
    tx: &mut TenantTx<'_>,
    draft: &Draft<'_>,
    inviter: Option<String>,
) -> Result<SentInvitation, Problem> {
    let token = Token::new(tx.tenant());
    let invitation = store::insert(tx, draft, &token.hash()).await?;
    events::created(tx, &invitation).await?;
    send(deps, tx, invitation, &token, inviter).await
}

/// Puts a new link in place of the old one, good for another seven days, and queues its mail.
///
/// # Errors
/// When the database is away.
pub async fn again(
    deps: &Deps,
    tx: &mut TenantTx<'_>,
    before: &InvitationView,
    inviter: Option<String>,
) -> Result<SentInvitation, Problem> {
    let token = Token::new(tx.tenant());
    let invitation = store::renew(tx, before.id, &token.hash()).await?;
    events::updated(tx, before, &invitation).await?;
    mails::withdraw(tx, invitation.id).await?;
    send(deps, tx, invitation, &token, inviter).await
}

async fn send(
    deps: &Deps,
    tx: &mut TenantTx<'_>,
    invitation: InvitationView,
    token: &Token,
    inviter: Option<String>,
) -> Result<SentInvitation, Problem> {
    let TenantId(tenant) = tx.tenant();
    let accept_url = token.accept_url(&deps.links_url);
    let mail = Mail::Invitation {
        tenant: tenants::store::find(tx, tenant).await?.name,
        inviter,
        role: invitation.role.clone(),
        accept_url: accept_url.clone(),
        expires_at: invitation.expires_at,
    };
    let call = QueueMail { id: Uuid::now_v7(), to: invitation.email.clone(), mail };
    mails::queue(tx, &deps.sealing, invitation.id, &call).await?;
    Ok(SentInvitation { invitation, accept_url })
}
