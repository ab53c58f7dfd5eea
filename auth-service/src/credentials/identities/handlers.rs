//! Handlers that sign in with another issuer's token and resolve such tokens for the gateway.

use actix_web::{HttpRequest, web::Data};
use contracts::internal::identities::{ForeignIdentity, IdentifyForeign, ListIssuers};
use platform::{
    Problem,
    http::{Body, Internal, InternalJson, Json, Public, body::InternalReply},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    domain::ForeignClaims,
    resolve::{self, Resolved},
};
use crate::{
    credentials::proofs,
    deps::Deps,
    sessions::{self, Device, LoginView, Proof},
    tokens,
    users::PersonView,
};

/// A token of another issuer. It cannot be printed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresentIdToken {
    /// The token.
    #[schema(min_length = 1, max_length = 8192)]
    pub id_token: String,
}

/// The person of a token, with what follows from it announced.
async fn resolved(deps: &Deps, claims: &ForeignClaims) -> Result<Resolved, Problem> {
    let mut resolved = deps.db.in_global(async |tx| resolve::resolve(tx, deps, claims).await).await?;
    tokens::announce_revocations(&deps.redis, std::mem::take(&mut resolved.revoked)).await;
    if resolved.is_proven_now {
        proofs::tell(deps, resolved.user.id).await;
    }
    Ok(resolved)
}

/// A session of ours for a token of theirs.
pub async fn exchange(
    caller: Public,
    body: Json<PresentIdToken>,
    request: HttpRequest,
    deps: Data<Deps>,
) -> Result<Body<LoginView>, Problem> {
    let claims = deps.issuers.verify(body.into_inner().id_token.trim()).await?;
    let resolved = resolved(&deps, &claims).await?;
    let device = Device::of(&request, caller.client_address());
    let proof = Proof::Issuer { name: &claims.issuer, second_factor: claims.second_factor };
    let begun = sessions::begin(&deps, resolved.user.id, proof, &device, async |_| Ok(())).await?;
    let (user, tokens) = begun;
    Ok(Body::new(LoginView::of(tokens, PersonView::from(&user))))
}

/// Lists the issuers of tokens that the gateway may resolve.
pub async fn issuers(
    _caller: Internal,
    _call: InternalJson<ListIssuers>,
    deps: Data<Deps>,
) -> Result<InternalReply<Vec<String>>, Problem> {
    Ok(InternalReply(deps.issuers.names()))
}

/// The person of a token that came to the gateway as it is.
pub async fn identify(
    _caller: Internal,
    call: InternalJson<IdentifyForeign>,
    deps: Data<Deps>,
) -> Result<InternalReply<ForeignIdentity>, Problem> {
    let claims = deps.issuers.verify(&call.0.token).await?;
    let resolved = resolved(&deps, &claims).await?;
    Ok(InternalReply(ForeignIdentity {
        user_id: resolved.user.id,
        identity_id: resolved.identity,
        platform_role: resolved.user.platform_role,
        second_factor: claims.second_factor,
        issued_at: claims.issued_at,
        expires_at: claims.expires_at,
    }))
}
