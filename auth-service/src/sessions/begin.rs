//! Begins a session for somebody who proved who they are.

use chrono::Utc;
use contracts::UserId;
use platform::{Problem, db::GlobalTx};
use uuid::Uuid;

use super::{
    domain::{Device, Tokens, invalid_credentials, new_refresh_token},
    store::{self, NewRow},
};
use crate::{
    deps::Deps,
    revocations,
    users::{self, User},
};

/// What somebody proved who they are with.
#[derive(Clone, Copy)]
pub enum Proof<'p> {
    /// The password of which this is kept. It must still be theirs.
    Password {
        /// What is kept of it.
        kept: &'p str,
        /// What is to be kept of it from now on, where that is made as it no longer would be.
        renewed: Option<&'p str>,
    },
    /// Something else that was checked and still holds.
    Other,
}

/// The person and their first pair of tokens. `also` is done in the same transaction, with the person's row locked.
///
/// # Errors
/// 401 `invalid_credentials` when they may not sign in any more.
pub async fn begin(
    deps: &Deps,
    user: UserId,
    proof: Proof<'_>,
    device: &Device,
    also: impl AsyncFnOnce(&mut GlobalTx<'_>) -> Result<(), Problem>,
) -> Result<(User, Tokens), Problem> {
    let (session, refresh) = (Uuid::now_v7(), new_refresh_token());
    let (user, void_before) = deps
        .db
        .in_global(async |tx| {
            // Suspended or given another password since: as if it had been so all along.
            let user = users::store::note_login(tx, user, proof).await?.ok_or_else(invalid_credentials)?;
            also(tx).await?;
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
