//! Proof of address: what shows that an account's e-mail address belongs to the person who uses the account.
//!
//! An address is proven by a token that was only ever mailed to it, by an issuer that is configured and says so, or by
//! the platform's operator. Every effect that depends on an address asks [`User::is_proven`] here, or its copy
//! `email_verified` in other services. A user who proves an address for the first time other than by confirming their own
//! registration gets the account with all previous access removed: [`hand_over`].

mod store;
pub mod worker;

use std::time::Duration;

use contracts::{
    UserId,
    internal::users::{ADDRESS_UNPROVEN, Revocation},
};
use platform::{Problem, db::GlobalTx};
use uuid::Uuid;

pub use worker::tell;

use crate::{
    credentials::{identities, second_factors},
    security_events::{self, SecurityEvent},
    sessions,
    tokens::{self, NewRevocation},
    users::{self, User},
};

/// The evidence that an address belongs to the caller.
#[derive(Clone, Copy, Debug)]
pub enum Evidence<'e> {
    /// A token that was only ever mailed to the address.
    MailedToken,
    /// Another issuer's word.
    Issuer(&'e str),
    /// A command of the platform's operator.
    Operator,
}

impl<'e> Evidence<'e> {
    const fn name(self) -> &'e str {
        match self {
            Self::MailedToken => "mailed_link",
            Self::Issuer(name) => name,
            Self::Operator => "operator",
        }
    }
}

/// Access tokens that are void since an account was handed over. To be recorded at the end of the transaction.
#[must_use = "what let somebody in before must be recorded as void"]
pub struct HandedOver {
    void: Vec<NewRevocation>,
}

impl HandedOver {
    /// Records them; the last thing that a transaction does. What it gives is announced after the commit.
    ///
    /// # Errors
    /// 503 when the database is away.
    pub async fn record(self, tx: &mut GlobalTx<'_>) -> Result<Vec<Revocation>, Problem> {
        Ok(tokens::record_revocations(tx, &self.void).await?)
    }
}

/// Notes that the address is proven by the person who uses the account already: they followed the link that their
/// registration was answered with. The person's row is locked. [`tell`] is called after the commit.
///
/// # Errors
/// 503 when the database is away.
pub async fn confirm(tx: &mut GlobalTx<'_>, user: &User) -> Result<(), Problem> {
    if !users::mark_proven(tx, user.id).await? {
        return Ok(());
    }
    noted(tx, user.id, Evidence::MailedToken, false).await
}

/// Gives the account to the person who proved its address, with all previous access removed: its
/// password, sessions, second factor, recovery codes, links to other issuers and tokens that wait are gone. The person's
/// row is locked. Access tokens live for at most `life`. [`tell`] is called after the commit, where that is possible.
///
/// # Errors
/// 503 when the database is away.
pub async fn hand_over(
    tx: &mut GlobalTx<'_>,
    user: UserId,
    evidence: Evidence<'_>,
    life: Duration,
) -> Result<HandedOver, Problem> {
    users::clear(tx, user).await?;
    second_factors::store::remove(tx, user).await?;
    second_factors::store::end_challenges(tx, user).await?;
    tokens::spend_every_one_time_token(tx, user).await?;
    let unlinked = identities::store::remove_all(tx, user).await?;
    let ended = sessions::revoke_others(tx, user, Uuid::nil()).await?;
    noted(tx, user, evidence, true).await?;
    // The gateway knows a person who presents another issuer's token by the link, in the place of a session.
    let void = ended.into_iter().chain(unlinked).map(|session| NewRevocation::of_session(session, life));
    Ok(HandedOver { void: void.collect() })
}

async fn noted(
    tx: &mut GlobalTx<'_>,
    user: UserId,
    evidence: Evidence<'_>,
    handed_over: bool,
) -> Result<(), Problem> {
    let event = SecurityEvent::AddressProven { with: evidence.name(), handed_over };
    security_events::record(tx, Some(user), &event).await?;
    store::enqueue(tx, user).await?;
    Ok(())
}

/// 422: the user's address has to be proven.
pub fn unproven(user: &User) -> Problem {
    let detail = format!("{} is not confirmed as the address of this person.", user.email);
    Problem::unprocessable(ADDRESS_UNPROVEN, detail)
}
