//! Challenge that a correct password leads to when the account has a second factor.

use platform::{Problem, db::GlobalTx};

use super::{
    domain::{CHALLENGE_PREFIX, required},
    store,
};
use crate::{tokens::Secret, users::User};

/// A challenge, if codes are demanded of this person.
///
/// # Errors
/// 503 when the database is away.
pub async fn challenge(tx: &mut GlobalTx<'_>, user: &User) -> Result<Option<Problem>, Problem> {
    if store::find(tx, user.id).await?.is_none_or(|factor| factor.confirmed_at.is_none()) {
        return Ok(None);
    }
    let token = Secret::generate(CHALLENGE_PREFIX);
    store::insert_challenge(tx, user.id, &token.fingerprint).await?;
    Ok(Some(required(&token.text)))
}
