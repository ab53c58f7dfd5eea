//! Exchanges a refresh token.

use std::time::Instant;

use actix_web::{HttpRequest, web::Data};
use platform::{
    Problem,
    http::{Body, Json, Public},
};

use crate::{
    deps::Deps,
    sessions::{
        api::{PresentRefreshToken, TokensView},
        domain::Device,
        refresh as exchange,
    },
};

/// Good once.
pub async fn refresh(
    caller: Public,
    body: Json<PresentRefreshToken>,
    request: HttpRequest,
    deps: Data<Deps>,
) -> Result<Body<TokensView>, Problem> {
    let arrived = Instant::now();
    let device = Device::of(&request, caller.client_address());
    let tokens = exchange::refresh(&deps, &body.into_inner().refresh_token, &device, arrived).await?;
    Ok(Body::new(tokens.into()))
}
