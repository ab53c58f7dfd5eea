//! Begins a session with a password.

use chrono::Utc;
use platform::Problem;
use uuid::Uuid;

use super::{
    domain::{Device, RefreshToken, Tokens, invalid_credentials, user_inactive},
    store::{self, NewRow},
};
use crate::{
    deps::Deps,
    registrations, revocations,
    users::{self, User},
};

/// The person and their first pair of tokens. `email` is in lower case.
///
/// The password is checked between two transactions, and the second one takes it only if it still holds.
pub async fn sign_in(
    deps: &Deps,
    email: &str,
    password: &str,
    device: &Device,
) -> Result<(User, Tokens), Problem> {
    let (user, is_pending) = deps
        .db
        .in_global(async |tx| {
            let Some(user) = users::store::find_by_email(tx, email).await? else { return Ok((None, false)) };
            let is_pending = registrations::store::find(tx, user.id).await?.is_some();
            Ok::<_, Problem>((Some(user), is_pending))
        })
        .await?;
    let kept = user.as_ref().and_then(|user| user.password_hash.as_deref());
    let is_right = deps.passwords.verify(password, kept).await?;
    let (Some(user), true) = (user, is_right) else { return Err(invalid_credentials()) };
    if is_pending {
        return Err(registrations::domain::pending());
    }
    if !user.may_sign_in() {
        return Err(user_inactive());
    }
    begin(deps, user, device).await
}

async fn begin(deps: &Deps, user: User, device: &Device) -> Result<(User, Tokens), Problem> {
    let (session, refresh) = (Uuid::now_v7(), RefreshToken::generate());
    let checked = user.password_hash.as_deref().unwrap_or_default();
    let (user, void_before) = deps
        .db
        .in_global(async |tx| {
            // Suspended or given another password since: as if it had been so all along.
            let user =
                users::store::note_login(tx, user.id, checked).await?.ok_or_else(invalid_credentials)?;
            let new = NewRow {
                user: user.id,
                family: session,
                fingerprint: &refresh.fingerprint,
                session_created_at: Utc::now(),
                life: deps.lives.refresh,
                device,
            };
            store::insert(tx, &new).await?;
            let void_before = revocations::store::void_before(tx, user.id).await?;
            Ok::<_, Problem>((user, void_before))
        })
        .await?;
    let access = deps.issuer.issue(&user, session, void_before)?;
    Ok((user, Tokens { access, refresh: refresh.text, expires_in: deps.issuer.life_seconds() }))
}
