//! Signs in.

use actix_web::{HttpRequest, web::Data};
use platform::{
    Problem,
    http::{Body, Json, Public},
    values,
};

use crate::{
    credentials::sign_in::password,
    deps::Deps,
    sessions::{Device, Login, LoginView},
    users::PersonView,
};

/// 401 alike for an unknown address and a wrong password, and after the same time.
pub async fn login(
    caller: Public,
    body: Json<Login>,
    request: HttpRequest,
    deps: Data<Deps>,
) -> Result<Body<LoginView>, Problem> {
    let Login { email, password } = body.into_inner();
    let device = Device::of(&request, caller.client_address());
    let (user, tokens) = password::sign_in(&deps, &values::email_or_text(&email), &password, &device).await?;
    Ok(Body::new(LoginView::of(tokens, PersonView::from(&user))))
}
