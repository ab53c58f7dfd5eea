//! Start of a session for an authenticated user.

use contracts::{UserId, identity::PlatformRole};
use platform::{Problem, db::GlobalTx};
use uuid::Uuid;

use super::{
    cookies,
    domain::{Device, Tokens, invalid_credentials, new_refresh_token},
    store::{self, NewRow},
};
use crate::{
    deps::Deps,
    security_events::{self, SecurityEvent},
    tokens::{self, SessionFacts},
    users::{self, CheckedPassword, User},
};

/// How the user authenticated.
#[derive(Clone, Copy)]
pub enum Proof<'p> {
    /// The password. It must still be theirs.
    Password(CheckedPassword<'p>),
    /// The password, and a code beside it that was checked and still holds.
    SecondFactor,
    /// Another issuer's token.
    Issuer {
        /// The issuer.
        name: &'p str,
        /// Whether it says that it saw a second factor.
        second_factor: bool,
    },
}

impl Proof<'_> {
    const fn password(&self) -> Option<CheckedPassword<'_>> {
        match self {
            Self::Password(checked) => Some(*checked),
            Self::SecondFactor | Self::Issuer { .. } => None,
        }
    }

    const fn has_second_factor(&self) -> bool {
        match self {
            Self::Password(_) => false,
            Self::SecondFactor => true,
            Self::Issuer { second_factor, .. } => *second_factor,
        }
    }

    const fn name(&self) -> &str {
        match self {
            Self::Password(_) => "password",
            Self::SecondFactor => "second_factor",
            Self::Issuer { name, .. } => name,
        }
    }
}

/// The person and their first pair of tokens. `also` is done in the same transaction, with the person's row locked.
///
/// # Errors
/// 401 `invalid_credentials` when they may not sign in any more; 403 `staff_sign_in_elsewhere` for staff at a tenant's host.
pub async fn begin(
    deps: &Deps,
    user: UserId,
    proof: Proof<'_>,
    device: &Device,
    also: impl AsyncFnOnce(&mut GlobalTx<'_>) -> Result<(), Problem>,
) -> Result<(User, Tokens), Problem> {
    let in_cookie = device.cookie_host.is_some();
    let refresh = if in_cookie { cookies::new_token() } else { new_refresh_token() };
    let session = Uuid::now_v7();
    let second_factor = proof.has_second_factor();
    let (user, issued_at) = deps
        .db
        .in_global(async |tx| {
            // Suspended or given another password since: as if it had been so all along.
            let user =
                users::note_login(tx, user, proof.password()).await?.ok_or_else(invalid_credentials)?;
            if device.is_tenants_host && user.platform_role != PlatformRole::None {
                return Err(cookies::staff_elsewhere());
            }
            also(tx).await?;
            let new = NewRow {
                user: user.id,
                family: session,
                fingerprint: &refresh.fingerprint,
                session_created_at: None,
                second_factor,
                life: deps.lives.refresh,
                parent: None,
                device,
            };
            store::insert(tx, &new).await?;
            let event = SecurityEvent::SignedIn { session, with: proof.name() };
            security_events::record(tx, Some(user.id), &event).await?;
            let issued_at = tokens::issued_at(tx, user.id).await?;
            Ok::<_, Problem>((user, issued_at))
        })
        .await?;
    let host = device.cookie_host.clone();
    let access = deps.issuer.issue(&user, &SessionFacts { id: session, second_factor, issued_at, host })?;
    Ok((user, Tokens { access, refresh: refresh.text, expires_in: deps.issuer.life_seconds() }))
}
