//! Ends the session of a refresh token, or all sessions.

use actix_web::web::Data;
use platform::{
    Problem,
    http::{Json, NoContent, SignedIn},
};

use crate::{
    deps::Deps,
    sessions::{api::PresentRefreshToken, end},
};

/// The token must be one's own; 401 otherwise.
pub async fn logout(
    caller: SignedIn,
    body: Json<PresentRefreshToken>,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    end::by_token(&deps, &body.into_inner().refresh_token, Some(caller.user())).await?;
    Ok(NoContent)
}

/// The session that asks included.
pub async fn logout_all(caller: SignedIn, deps: Data<Deps>) -> Result<NoContent, Problem> {
    end::all(&deps, caller.user()).await?;
    Ok(NoContent)
}
