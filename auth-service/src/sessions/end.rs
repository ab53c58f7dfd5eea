//! Ends sessions.

use std::time::Duration;

use contracts::UserId;
use platform::Problem;
use uuid::Uuid;

use super::{
    domain::{fingerprint, invalid_token},
    store,
};
use crate::{
    deps::Deps,
    security_events::{self, SecurityEvent},
    tokens::{self, NewRevocation},
    users,
};

/// Ends the session of a refresh token, spent or not, which must be of `owner` where that is said. Ending it again
/// changes nothing.
pub async fn by_token(deps: &Deps, text: &str, owner: Option<UserId>) -> Result<(), Problem> {
    let presented = fingerprint(text).ok_or_else(invalid_token)?;
    let revoked = deps
        .db
        .in_global(async |tx| {
            let token = store::find(tx, &presented, Duration::ZERO).await?.ok_or_else(invalid_token)?;
            let user = UserId(token.user_id);
            if owner.is_some_and(|owner| owner != user) {
                return Err(invalid_token());
            }
            users::lock(tx, user).await?;
            let ends = store::revoke(tx, user, token.family).await?;
            if ends {
                let event = SecurityEvent::SessionEnded { session: token.family, reason: "logged_out" };
                security_events::record(tx, Some(user), &event).await?;
            }
            let void = ends.then(|| NewRevocation::of_session(token.family, deps.lives.revocable));
            Ok(tokens::record_revocations(tx, void.as_slice()).await?)
        })
        .await?;
    tokens::announce_revocations(&deps.redis, revoked).await;
    Ok(())
}

/// Ends one session of a person; 404 when they have no such session.
pub async fn by_id(deps: &Deps, owner: UserId, session: Uuid) -> Result<(), Problem> {
    let revoked = deps
        .db
        .in_global(async |tx| {
            users::lock(tx, owner).await?;
            if !store::is_live(tx, owner, session).await? {
                return Err(Problem::not_found());
            }
            store::revoke(tx, owner, session).await?;
            let event = SecurityEvent::SessionEnded { session, reason: "logged_out" };
            security_events::record(tx, Some(owner), &event).await?;
            let void = NewRevocation::of_session(session, deps.lives.revocable);
            Ok(tokens::record_revocations(tx, &[void]).await?)
        })
        .await?;
    tokens::announce_revocations(&deps.redis, revoked).await;
    Ok(())
}

/// Ends all sessions of a person.
pub async fn all(deps: &Deps, owner: UserId) -> Result<(), Problem> {
    let revoked = deps
        .db
        .in_global(async |tx| {
            users::lock(tx, owner).await?;
            store::revoke_all(tx, owner).await?;
            security_events::record(tx, Some(owner), &SecurityEvent::AllSessionsEnded).await?;
            let void = NewRevocation::of_person(owner, deps.lives.revocable);
            Ok::<_, Problem>(tokens::record_revocations(tx, &[void]).await?)
        })
        .await?;
    tokens::announce_revocations(&deps.redis, revoked).await;
    Ok(())
}
