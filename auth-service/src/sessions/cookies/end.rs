//! Ends a browser's session.

use std::time::Duration;

use contracts::UserId;
use platform::Problem;

use super::{domain::fingerprint, store};
use crate::{
    deps::Deps,
    security_events::{self, SecurityEvent},
    sessions,
    tokens::{self, NewRevocation},
    users,
};

/// Ends the session of a cookie's token, spent or not. Without a session of that host there is nothing to end.
pub async fn end(deps: &Deps, text: &str, host: &str) -> Result<(), Problem> {
    let Some(presented) = fingerprint(text) else { return Ok(()) };
    let revoked = deps
        .db
        .in_global(async |tx| {
            let token = store::find(tx, &presented, Duration::ZERO).await?;
            let Some(token) = token.filter(|token| token.cookie_host.as_deref() == Some(host)) else {
                return Ok(Vec::new());
            };
            let user = UserId(token.user_id);
            users::lock(tx, user).await?;
            let ends = sessions::store::revoke(tx, user, token.family).await?;
            if ends {
                let event = SecurityEvent::SessionEnded { session: token.family, reason: "logged_out" };
                security_events::record(tx, Some(user), &event).await?;
            }
            let void = ends.then(|| NewRevocation::of_session(token.family, deps.lives.revocable));
            Ok::<_, Problem>(tokens::record_revocations(tx, void.as_slice()).await?)
        })
        .await?;
    tokens::announce_revocations(&deps.redis, revoked).await;
    Ok(())
}
