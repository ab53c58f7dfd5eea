//! Finds or makes the person that another issuer's token is about.

use contracts::{identity::PlatformRole, internal::users::Revocation};
use platform::{Problem, db::GlobalTx};
use uuid::Uuid;

use super::{
    domain::{ForeignClaims, email_not_verified, revoked},
    store,
};
use crate::{
    credentials::proofs::{self, Evidence},
    deps::Deps,
    security_events::{self, SecurityEvent},
    sessions::user_inactive,
    tokens,
    users::{self, AccountType, NewUser, User},
};

/// The user that a token belongs to.
pub struct Resolved {
    /// The person, their row locked.
    pub user: User,
    /// Who they are at the issuer.
    pub identity: Uuid,
    /// To be announced after the commit.
    pub revoked: Vec<Revocation>,
    /// Whether this proves the user's address; to be published after the commit.
    pub is_proven_now: bool,
}

/// The person of an identity; otherwise the one with its verified address, or a new one, who has it from now on.
///
/// An account with an unproven address is handed over.
///
/// # Errors
/// 401 for a token from before the person's sessions were ended, 403 when they may not sign in or the address is not
/// verified.
pub async fn resolve(
    tx: &mut GlobalTx<'_>,
    deps: &Deps,
    claims: &ForeignClaims,
) -> Result<Resolved, Problem> {
    let mut handed_over = None;
    if store::find(tx, claims).await?.is_none() {
        let email = claims.verified_email.as_deref().ok_or_else(email_not_verified)?;
        let new = NewUser {
            email: email.to_owned(),
            password_hash: None,
            first_name: claims.first_name.clone(),
            last_name: claims.last_name.clone(),
            account_type: AccountType::Company,
            platform_role: PlatformRole::None,
            email_verified: true,
        };
        let user = match users::insert(tx, &new).await? {
            Some(made) => made,
            None => {
                let gone = || Problem::unavailable("the person with that address was deleted just now");
                let found = users::find_by_email(tx, email).await?.ok_or_else(gone)?;
                let user = users::lock(tx, found.id).await?.ok_or_else(gone)?;
                if users::is_registering(tx, user.id).await? {
                    return Err(users::registration_pending());
                }
                if !user.is_proven() {
                    let evidence = Evidence::Issuer(&claims.issuer);
                    let life = deps.lives.revocable;
                    handed_over = Some(proofs::hand_over(tx, user.id, evidence, life).await?);
                }
                user
            }
        };
        if store::link(tx, claims, user.id).await? > 0 {
            let event = SecurityEvent::IdentityLinked { issuer: &claims.issuer };
            security_events::record(tx, Some(user.id), &event).await?;
        }
    }
    let missing = || Problem::internal("an identity is missing that was just made");
    let (identity, owner) = store::find(tx, claims).await?.ok_or_else(missing)?;
    let user = users::lock(tx, owner).await?.filter(User::may_sign_in).ok_or_else(user_inactive)?;
    let void_before = tokens::void_before(tx, user.id).await?;
    if void_before.is_some_and(|time| claims.issued_at.saturating_mul(1_000) < time.timestamp_millis()) {
        return Err(revoked());
    }
    store::note_use(tx, identity).await?;
    let user = users::note_login(tx, user.id, None).await?.ok_or_else(user_inactive)?;
    let is_proven_now = handed_over.is_some();
    let revoked = match handed_over {
        Some(handed_over) => handed_over.record(tx).await?,
        None => Vec::new(),
    };
    Ok(Resolved { user, identity, revoked, is_proven_now })
}
