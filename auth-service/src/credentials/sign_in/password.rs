//! Signs in with a password.

use platform::Problem;

use crate::{
    credentials::second_factors,
    deps::Deps,
    security_events::{self, SecurityEvent},
    sessions::{self, Device, Proof, Tokens, email_not_verified, invalid_credentials, user_inactive},
    users::{self, CheckedPassword, User},
};

/// The person and their first pair of tokens. `email` is in lower case.
///
/// The password is checked between two transactions, and the second one takes it only if it still holds. Registrations are not
/// hashed meanwhile.
pub async fn sign_in(
    deps: &Deps,
    email: &str,
    password: &str,
    device: &Device,
) -> Result<(User, Tokens), Problem> {
    let _goes_first = deps.passwords.signing_in();
    let attempt = deps.guard.enter(email, device.ip.as_deref()).await?;
    let (user, is_pending) = deps
        .db
        .in_global(async |tx| {
            let user = users::find_by_email(tx, email).await?;
            attempt.judge(tx, user.as_ref()).await?;
            let is_pending = match &user {
                Some(user) => users::is_registering(tx, user.id).await?,
                None => false,
            };
            Ok::<_, Problem>((user, is_pending))
        })
        .await?;
    let kept = user.as_ref().and_then(|user| user.password_hash.as_deref());
    let is_right = deps.passwords.verify_for_sign_in(password, kept).await?;
    let tried = user.as_ref().map(|user| user.id);
    let (Some(user), true) = (user, is_right) else {
        attempt.failed(&deps.db, tried, "wrong_password").await?;
        return Err(invalid_credentials());
    };
    if is_pending {
        return Err(users::registration_pending());
    }
    if !user.may_sign_in() {
        return refused(deps, &user, user_inactive()).await;
    }
    if deps.demands_verified_email && user.email_verified_at.is_none() {
        return refused(deps, &user, email_not_verified()).await;
    }
    let challenge = deps
        .db
        .in_global(async |tx| {
            let challenge = second_factors::challenge(tx, &user).await?;
            if challenge.is_some() {
                attempt.succeeded(tx).await?;
            }
            Ok::<_, Problem>(challenge)
        })
        .await?;
    if let Some(challenge) = challenge {
        return Err(challenge);
    }
    let kept = user.password_hash.as_deref().unwrap_or_default();
    let renewed = deps.passwords.renewed(password, kept).await?;
    let proof = Proof::Password(CheckedPassword { kept, renewed: renewed.as_deref() });
    sessions::begin(deps, user.id, proof, device, async |tx| attempt.succeeded(tx).await).await
}

/// The right password, and yet no session.
async fn refused<T>(deps: &Deps, user: &User, problem: Problem) -> Result<T, Problem> {
    let event = SecurityEvent::Refused { reason: problem.code };
    deps.db.in_global(async |tx| security_events::record(tx, Some(user.id), &event).await).await?;
    Err(problem)
}
