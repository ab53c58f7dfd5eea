//! Completes a browser's sign-in with a code.

use actix_web::{HttpRequest, web::Data};
use platform::{
    Problem,
    http::{Json, Public},
};

use crate::{
    credentials::second_factors::{self, api::AnswerChallenge},
    deps::Deps,
    sessions::{BegunView, Device, Place, WithCookie},
    users::PersonView,
};

/// A challenge is answered once, and bears five wrong codes.
pub async fn second_factor(
    caller: Public,
    body: Json<AnswerChallenge>,
    request: HttpRequest,
    deps: Data<Deps>,
) -> Result<WithCookie<BegunView>, Problem> {
    let place = Place::of(&request, deps.cookie)?;
    let device = Device::of(&request, caller.client_address()).with_cookie_of(place);
    let (user, tokens) = second_factors::answer(&deps, body.into_inner(), &device).await?;
    Ok(WithCookie {
        body: BegunView::of(&tokens, PersonView::from(&user)),
        cookie: deps.cookie.set(&tokens.refresh, deps.lives.refresh),
    })
}
