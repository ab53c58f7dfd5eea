//! Submissions at the address of a key, for senders that can be given nothing but an address.
//!
//! An address is all that its holder proves to know: it only takes submissions, and its answers say nothing of who is known.

use std::sync::Arc;

use actix_web::web::{Data, Path};
use chrono::Utc;
use platform::{
    Problem,
    http::{Answer, ApiKey, Body},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    body::{Submission, Unread},
    handlers,
    pages::Pages,
    reply::Received,
};
use crate::{
    deps::Deps,
    intake::api_keys::{self, INGEST_SCOPE, cache::CachedKey},
};

/// Longest token that is looked up.
const LONGEST: usize = 100;

/// What an address says when it is looked at.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressHint {
    /// `ready`.
    pub status: &'static str,
    /// What to do with it.
    pub detail: &'static str,
}

/// One submission, or a list of them.
pub async fn submit(
    caller: ApiKey,
    token: Path<String>,
    body: Unread<Submission>,
    deps: Data<Deps>,
) -> Result<Answer<Received>, Problem> {
    let known = find(&token, &deps).await?;
    known.take().map_err(|(seconds, rate)| {
        let detail = "This address is being used faster than the rate limit of its key allows.";
        Problem::throttled(seconds, detail).beyond(rate)
    })?;
    handlers::receive(&caller, body, &deps, &known, None, &Pages::default()).await
}

/// Tools look at an address before they send to it.
pub async fn look(
    _caller: ApiKey,
    token: Path<String>,
    deps: Data<Deps>,
) -> Result<Body<AddressHint>, Problem> {
    find(&token, &deps).await?;
    Ok(Body::new(AddressHint { status: "ready", detail: "This address takes POST." }))
}

/// The key of an address; 404 without a reason for whatever takes nothing.
async fn find(token: &str, deps: &Deps) -> Result<Arc<CachedKey>, Problem> {
    if !(1..=LONGEST).contains(&token.len()) {
        return Err(Problem::not_found());
    }
    let known = deps.keys.find_address(api_keys::digest(token)).await?.ok_or_else(Problem::not_found)?;
    let key = &known.key;
    let takes = key.revoked_at.is_none()
        && key.expires_at.is_none_or(|at| at > Utc::now())
        && key.scopes.iter().any(|scope| scope == INGEST_SCOPE)
        && key.tenant_status.as_deref() == Some("active");
    if takes { Ok(known) } else { Err(Problem::not_found()) }
}
