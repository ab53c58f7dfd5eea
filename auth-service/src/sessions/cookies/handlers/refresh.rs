//! Continues a browser's session.

use std::time::Instant;

use actix_web::{HttpRequest, web::Data};
use platform::{
    Problem,
    http::{Json, Public},
};

use crate::{
    deps::Deps,
    sessions::Device,
    sessions::cookies::{
        api::{ContinueSession, GrantView},
        cookie::Place,
        refresh as exchange,
        reply::WithCookie,
    },
};

/// 401 `no_session` without a cookie that can be continued.
pub async fn refresh(
    caller: Public,
    _body: Json<ContinueSession>,
    request: HttpRequest,
    deps: Data<Deps>,
) -> Result<WithCookie<GrantView>, Problem> {
    let arrived = Instant::now();
    let place = Place::of(&request, deps.cookie)?;
    let device = Device::of(&request, caller.client_address()).with_cookie_of(place);
    let presented = deps.cookie.token(&request);
    let tokens = exchange::refresh(&deps, presented.as_deref(), &device, arrived).await?;
    Ok(WithCookie {
        body: GrantView::from(&tokens),
        cookie: deps.cookie.set(&tokens.refresh, deps.lives.refresh),
    })
}
