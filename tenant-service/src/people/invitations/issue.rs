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
    store::{self, Draft, Giver, TokenHashes},
};
use crate::{deps::Deps, people::mails, tenancy};

/// The tokens of an invitation: one for the mail, which proves the address, and one for the answer, which does not.
struct Tokens {
    answered: Token,
    mailed: Token,
}

impl Tokens {
    fn new(tenant: TenantId) -> Self {
        Self { answered: Token::new(tenant), mailed: Token::new(tenant) }
    }

    fn hashes(&self) -> TokenHashes {
        TokenHashes { answered: self.answered.hash(), mailed: self.mailed.hash() }
    }
}

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
    let tokens = Tokens::new(tx.tenant());
    let invitation = store::insert(tx, draft, &tokens.hashes()).await?;
    events::created(tx, &invitation).await?;
    send(deps, tx, invitation, &tokens, inviter).await
}

/// Puts new links in place of the old ones, good for another seven days, and queues its mail. It is `giver`'s from now on.
///
/// # Errors
/// When the database is away.
pub async fn again(
    deps: &Deps,
    tx: &mut TenantTx<'_>,
    before: &InvitationView,
    giver: Giver,
    inviter: Option<String>,
) -> Result<SentInvitation, Problem> {
    let tokens = Tokens::new(tx.tenant());
    let invitation = store::renew(tx, before.id, giver, &tokens.hashes()).await?;
    events::updated(tx, before, &invitation).await?;
    mails::withdraw(tx, invitation.id).await?;
    send(deps, tx, invitation, &tokens, inviter).await
}

async fn send(
    deps: &Deps,
    tx: &mut TenantTx<'_>,
    invitation: InvitationView,
    tokens: &Tokens,
    inviter: Option<String>,
) -> Result<SentInvitation, Problem> {
    let TenantId(tenant) = tx.tenant();
    let mail = Mail::Invitation {
        tenant: tenancy::find_tenant(tx, tenant).await?.name,
        inviter,
        role: invitation.role.clone(),
        accept_url: tokens.mailed.accept_url(&deps.links_url),
        expires_at: invitation.expires_at,
    };
    let call =
        QueueMail { id: Uuid::now_v7(), to: invitation.email.clone(), tenant_id: Some(tx.tenant()), mail };
    mails::queue(tx, &deps.sealing, invitation.id, &call).await?;
    Ok(SentInvitation { invitation, accept_url: tokens.answered.accept_url(&deps.links_url) })
}
