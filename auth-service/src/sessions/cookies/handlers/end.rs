//! Signs a browser out.

use actix_web::{HttpRequest, web::Data};
use platform::{Problem, http::Public};

use crate::{
    deps::Deps,
    sessions::cookies::{cookie::Place, end as ending, reply::SignedOut},
};

/// Signing out without a session is as good as with one.
pub async fn end(_caller: Public, request: HttpRequest, deps: Data<Deps>) -> Result<SignedOut, Problem> {
    let place = Place::of(&request, deps.cookie)?;
    if let Some(token) = deps.cookie.token(&request) {
        ending::end(&deps, &token, &place.host).await?;
    }
    Ok(SignedOut { cookie: deps.cookie.removed() })
}
