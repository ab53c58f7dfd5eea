//! Continues a session: a refresh token is spent for a new pair, once.

use std::time::Instant;

use contracts::{UserId, internal::users::Revocation};
use platform::{Problem, db::GlobalTx};

use super::{
    domain::{Device, Refusal, Tokens, fingerprint, invalid_token, new_refresh_token, user_inactive},
    store::{self, NewRow, Spent},
};
use crate::{
    deps::Deps,
    security_events::{self, SecurityEvent},
    tokens::{self, Fingerprint, NewRevocation, Secret, SessionFacts},
    users::{self, User},
};

/// What became of a token. A refusal is an outcome and not an error of the transaction: what it ends must stay ended.
enum Outcome {
    Continued { user: Box<User>, session: SessionFacts },
    Unknown,
    Inactive,
    Refused(Refusal, Vec<Revocation>),
}

/// A new pair for a refresh token. `arrived` is when the request did.
pub async fn refresh(deps: &Deps, text: &str, device: &Device, arrived: Instant) -> Result<Tokens, Problem> {
    let spent = fingerprint(text).ok_or_else(invalid_token)?;
    let next = new_refresh_token();
    let outcome =
        deps.db.in_global(async |tx| exchange(deps, tx, &spent, &next, device, arrived).await).await?;
    match outcome {
        Outcome::Continued { user, session } => {
            let access = deps.issuer.issue(&user, &session)?;
            Ok(Tokens { access, refresh: next.text, expires_in: deps.issuer.life_seconds() })
        }
        Outcome::Unknown => Err(invalid_token()),
        Outcome::Inactive => Err(user_inactive()),
        Outcome::Refused(refusal, revoked) => {
            if refusal == Refusal::Reused {
                tracing::warn!(sessions_ended = revoked.len(), "a spent refresh token was presented again");
            }
            tokens::announce_revocations(&deps.redis, revoked).await;
            Err(refusal.problem())
        }
    }
}

async fn exchange(
    deps: &Deps,
    tx: &mut GlobalTx<'_>,
    spent: &Fingerprint,
    next: &Secret,
    device: &Device,
    arrived: Instant,
) -> Result<Outcome, Problem> {
    let under_way = arrived.elapsed() + deps.lives.reuse_grace;
    let Some(token) = store::find(tx, spent, under_way).await? else { return Ok(Outcome::Unknown) };
    let (owner, session) = (UserId(token.user_id), token.family);
    let Some(user) = users::lock(tx, owner).await? else { return Ok(Outcome::Unknown) };
    let Some(Spent { second_factor }) = store::spend(tx, spent).await? else {
        let refusal = Refusal::of(token.found());
        let ends = refusal == Refusal::Reused && store::revoke(tx, owner, session).await?;
        if ends {
            let event = SecurityEvent::SessionEnded { session, reason: "token_reused" };
            security_events::record(tx, Some(owner), &event).await?;
        }
        let void = ends.then(|| NewRevocation::of_session(session, deps.lives.revocable));
        return Ok(Outcome::Refused(refusal, tokens::record_revocations(tx, void.as_slice()).await?));
    };
    if !user.may_sign_in() {
        return Ok(Outcome::Inactive);
    }
    let new = NewRow {
        user: owner,
        family: session,
        fingerprint: &next.fingerprint,
        session_created_at: Some(token.session_created_at),
        second_factor,
        life: deps.lives.refresh,
        parent: None,
        device,
    };
    store::insert(tx, &new).await?;
    let issued_at = tokens::issued_at(tx, owner).await?;
    let session = SessionFacts { id: session, second_factor, issued_at, host: None };
    Ok(Outcome::Continued { user: Box::new(user), session })
}
