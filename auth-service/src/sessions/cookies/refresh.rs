//! Continues a browser's session.

use std::time::Instant;

use contracts::{UserId, internal::users::Revocation};
use platform::{Problem, db::GlobalTx};

use super::{
    domain::{Verdict, fingerprint, lost_race, new_token, no_session},
    store::{self, TokenRow},
};
use crate::{
    deps::Deps,
    security_events::{self, SecurityEvent},
    sessions::{self, Device, Tokens, store::NewRow},
    tokens::{self, Fingerprint, NewRevocation, Secret, SessionFacts},
    users::{self, User},
};

/// What became of a token. A refusal is an outcome and not an error of the transaction: what it ends must stay ended.
enum Outcome {
    Continued { user: Box<User>, session: SessionFacts },
    LostRace,
    Over(Vec<Revocation>),
}

/// New tokens for the one of a cookie that was sent to `device.cookie_host`. `arrived` is when the request did.
pub async fn refresh(
    deps: &Deps,
    text: Option<&str>,
    device: &Device,
    arrived: Instant,
) -> Result<Tokens, Problem> {
    let presented = text.and_then(fingerprint).ok_or_else(no_session)?;
    let next = new_token();
    let outcome =
        deps.db.in_global(async |tx| exchange(deps, tx, &presented, &next, device, arrived).await).await?;
    match outcome {
        Outcome::Continued { user, session } => {
            let access = deps.issuer.issue(&user, &session)?;
            Ok(Tokens { access, refresh: next.text, expires_in: deps.issuer.life_seconds() })
        }
        Outcome::LostRace => Err(lost_race()),
        Outcome::Over(revoked) => {
            tokens::announce_revocations(&deps.redis, revoked).await;
            Err(no_session())
        }
    }
}

async fn exchange(
    deps: &Deps,
    tx: &mut GlobalTx<'_>,
    presented: &Fingerprint,
    next: &Secret,
    device: &Device,
    arrived: Instant,
) -> Result<Outcome, Problem> {
    let nothing = || Outcome::Over(Vec::new());
    let is_here = |token: &TokenRow| token.cookie_host == device.cookie_host;
    let Some(found) = store::find(tx, presented, arrived.elapsed()).await?.filter(is_here) else {
        return Ok(nothing());
    };
    let owner = UserId(found.user_id);
    let Some(user) = users::lock(tx, owner).await? else { return Ok(nothing()) };
    // As it is now that no other request changes it.
    let Some(token) = store::find(tx, presented, arrived.elapsed()).await? else { return Ok(nothing()) };
    let reason = match token.presented().verdict() {
        Verdict::Continues => None,
        Verdict::LostRace => return Ok(Outcome::LostRace),
        Verdict::Over => return Ok(nothing()),
        Verdict::Reused => Some("token_reused"),
        Verdict::TooMany => Some("too_many_successors"),
    };
    if let Some(reason) = reason {
        tracing::warn!(session.id = %token.family, reason, "a browser's session is ended");
        sessions::store::revoke(tx, owner, token.family).await?;
        let event = SecurityEvent::SessionEnded { session: token.family, reason };
        security_events::record(tx, Some(owner), &event).await?;
        let void = NewRevocation::of_session(token.family, deps.lives.revocable);
        return Ok(Outcome::Over(tokens::record_revocations(tx, &[void]).await?));
    }
    if !user.may_sign_in() {
        return Ok(nothing());
    }
    store::supersede(tx, &token).await?;
    let new = NewRow {
        user: owner,
        family: token.family,
        fingerprint: &next.fingerprint,
        session_created_at: Some(token.session_created_at),
        second_factor: token.second_factor,
        life: deps.lives.refresh,
        parent: Some(token.jti),
        device,
    };
    sessions::store::insert(tx, &new).await?;
    let issued_at = tokens::issued_at(tx, owner).await?;
    let session = SessionFacts {
        id: token.family,
        second_factor: token.second_factor,
        issued_at,
        host: token.cookie_host,
    };
    Ok(Outcome::Continued { user: Box::new(user), session })
}
