//! Completes a sign-in with a code.

use actix_web::{HttpRequest, web::Data};
use platform::{
    Problem,
    http::{Body, Json, Public},
};

use crate::{
    credentials::second_factors::{answer, api::AnswerChallenge},
    deps::Deps,
    sessions::{Device, LoginView},
    users::PersonView,
};

/// A challenge is answered once, and bears five wrong codes.
pub async fn login(
    caller: Public,
    body: Json<AnswerChallenge>,
    request: HttpRequest,
    deps: Data<Deps>,
) -> Result<Body<LoginView>, Problem> {
    let device = Device::of(&request, caller.client_address());
    let (user, tokens) = answer(&deps, body.into_inner(), &device).await?;
    Ok(Body::new(LoginView::of(tokens, PersonView::from(&user))))
}
