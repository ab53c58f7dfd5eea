//! Signs a browser in.

use actix_web::{HttpRequest, web::Data};
use platform::{
    Problem,
    http::{Json, Public},
    values,
};

use crate::{
    credentials::sign_in,
    deps::Deps,
    sessions::{BegunView, Device, Login, Place, WithCookie},
    users::PersonView,
};

/// As a sign-in of a program, with the refresh token in a cookie of the host.
pub async fn begin(
    caller: Public,
    body: Json<Login>,
    request: HttpRequest,
    deps: Data<Deps>,
) -> Result<WithCookie<BegunView>, Problem> {
    let place = Place::of(&request, deps.cookie)?;
    let Login { email, password } = body.into_inner();
    let device = Device::of(&request, caller.client_address()).with_cookie_of(place);
    let (user, tokens) = sign_in::sign_in(&deps, &values::email_or_text(&email), &password, &device).await?;
    Ok(WithCookie {
        body: BegunView::of(&tokens, PersonView::from(&user)),
        cookie: deps.cookie.set(&tokens.refresh, deps.lives.refresh),
    })
}
