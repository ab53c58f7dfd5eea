//! Tokens that go out by mail and are good once: to prove an address, to choose another password.

pub mod domain;
pub mod store;

use contracts::UserId;
use platform::{Problem, db::GlobalTx};
use uuid::Uuid;

pub use domain::Purpose;

use crate::{
    deps::Deps,
    mails::{self, NewMail, Queued},
    tokens::secrets::Secret,
    users::User,
};

/// Queues a mail with a new token, unless too many mails went to the address lately. That is only logged: the answer
/// would say whether there is such an account.
///
/// # Errors
/// 503 when the database is away.
pub async fn send(tx: &mut GlobalTx<'_>, deps: &Deps, user: &User, purpose: Purpose) -> Result<(), Problem> {
    let token = Secret::generate(purpose.prefix());
    let expires_at = chrono::Utc::now() + purpose.life();
    let template = purpose.template(&deps.links_url, &token.text, user.first_name.clone(), expires_at);
    let mail = NewMail { id: Uuid::now_v7(), user: Some(user.id), to: &user.email, template: &template };
    if mails::queue(tx, deps, &mail).await? == Queued::New {
        store::insert(tx, user.id, purpose, &token.fingerprint, expires_at).await?;
    }
    Ok(())
}

/// The user of a token, without spending it.
///
/// # Errors
/// 400 `invalid_token` for one that never was, 410 for one that is spent or too old.
pub async fn check(tx: &mut GlobalTx<'_>, text: &str, purpose: Purpose) -> Result<UserId, Problem> {
    let presented = domain::fingerprint(text, purpose)?;
    let found = store::find(tx, &presented, purpose).await?.ok_or_else(domain::unknown)?;
    found.usable()?;
    Ok(UserId(found.user_id))
}

/// Spends a token, in the transaction of its effect and with its person's row locked. Of any number who try, one does.
///
/// # Errors
/// As [`check`].
pub async fn spend(tx: &mut GlobalTx<'_>, text: &str, purpose: Purpose) -> Result<(), Problem> {
    let presented = domain::fingerprint(text, purpose)?;
    if store::spend(tx, &presented, purpose).await? {
        return Ok(());
    }
    check(tx, text, purpose).await?;
    Err(domain::spent())
}
