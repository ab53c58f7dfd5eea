//! The same under the names that clients of Django's SimpleJWT know.

use std::time::Instant;

use actix_web::{HttpRequest, web::Data};
use platform::{
    Problem,
    http::{Body, Json, Public},
    values,
};

use crate::{
    credentials::sign_in::password,
    deps::Deps,
    sessions::{self, Device, NothingView, SimpleLogin, SimpleRefresh, SimpleTokensView},
};

/// The username is the e-mail address.
pub async fn obtain(
    caller: Public,
    body: Json<SimpleLogin>,
    request: HttpRequest,
    deps: Data<Deps>,
) -> Result<Body<SimpleTokensView>, Problem> {
    let SimpleLogin { username, password } = body.into_inner();
    let device = Device::of(&request, caller.client_address());
    let (_, tokens) = password::sign_in(&deps, &values::email_or_text(&username), &password, &device).await?;
    Ok(Body::new(tokens.into()))
}

/// Good once.
pub async fn refresh(
    caller: Public,
    body: Json<SimpleRefresh>,
    request: HttpRequest,
    deps: Data<Deps>,
) -> Result<Body<SimpleTokensView>, Problem> {
    let arrived = Instant::now();
    let device = Device::of(&request, caller.client_address());
    let tokens = sessions::refresh(&deps, &body.into_inner().refresh, &device, arrived).await?;
    Ok(Body::new(tokens.into()))
}

/// The holder of the token may end its session.
pub async fn blacklist(
    _caller: Public,
    body: Json<SimpleRefresh>,
    deps: Data<Deps>,
) -> Result<Body<NothingView>, Problem> {
    sessions::end_by_token(&deps, &body.into_inner().refresh, None).await?;
    Ok(Body::new(NothingView {}))
}
