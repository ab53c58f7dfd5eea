//! One file per verb.

pub mod confirm;
pub mod disable;
pub mod enrol;
pub mod login;
pub mod read;
pub mod renew;

use contracts::UserId;
use platform::{Problem, db::GlobalTx};
use uuid::Uuid;

use super::{
    check::{self, Taken},
    domain::{self, RECOVERY_CODES, not_enrolled, recovery_code, recovery_fingerprint},
    store,
};
use crate::{
    deps::Deps,
    mails::{self, EmailTemplate, NewMail},
    security_events::{self, SecurityEvent},
    users::{self, User},
};

/// Creates a user's recovery codes: plain for the answer, hashed for the database.
async fn new_recovery_codes(tx: &mut GlobalTx<'_>, user: UserId) -> Result<Vec<String>, Problem> {
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
    let kept: Vec<_> = codes.iter().map(|code| recovery_fingerprint(code)).collect();
    store::set_recovery_codes(tx, user, &kept).await?;
    Ok(codes)
}

/// Records and mails that two-factor authentication was switched on or off.
async fn tell(tx: &mut GlobalTx<'_>, deps: &Deps, user: &User, on: bool) -> Result<(), Problem> {
    let template = EmailTemplate::SecondFactorChanged { first_name: user.first_name.clone(), on };
    let mail = NewMail { id: Uuid::now_v7(), user: Some(user.id), to: &user.email, template: &template };
    mails::queue(tx, deps, &mail).await?;
    security_events::record(tx, Some(user.id), &SecurityEvent::SecondFactorChanged { on }).await
}

/// Runs an action of a signed-in user that requires a code of the active factor. Wrong codes are counted like wrong
/// passwords.
async fn with_code<T>(
    deps: &Deps,
    user: UserId,
    code: &str,
    work: impl AsyncFnOnce(&mut GlobalTx<'_>, &User) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let attempt = deps.guard.enter(&format!("second factor of {user}"), None).await?;
    let outcome = deps
        .db
        .in_global(async |tx| {
            attempt.judge(tx, None).await?;
            let user = users::lock(tx, user).await?.ok_or_else(Problem::not_found)?;
            let factor = store::find(tx, user.id).await?.filter(|factor| factor.confirmed_at.is_some());
            let factor = factor.ok_or_else(not_enrolled)?;
            if !check::spend(tx, &deps.sealing, &user, &factor, code, Taken::Any).await? {
                return Ok(None);
            }
            attempt.succeeded(tx).await?;
            work(tx, &user).await.map(Some)
        })
        .await?;
    match outcome {
        Some(done) => Ok(done),
        None => {
            attempt.failed(&deps.db, Some(user), "wrong_code").await?;
            Err(domain::wrong_code_in_form())
        }
    }
}
