//! Sessions: begun with a password, continued with a refresh token that is good once, ended by logging out.
//!
//! A refresh token that comes a second time means that two hold it, and one of them is a thief: the whole session ends
//! (RFC 9700, section 4.14.2). Not so when the second request was already on its way when the first one spent the
//! token, as from two tabs that wake together: it is refused all the same, but the session goes on with what the first
//! one got. A request after the token was spent ends the session, at once or later; a deployment with clients that
//! repeat requests may allow a short grace (`REFRESH_REUSE_GRACE_MS`).

mod api;
mod begin;
mod cookies;
mod domain;
mod end;
mod handlers;
mod refresh;
mod routes;
mod store;

pub use api::{Login, LoginView, NothingView, SimpleLogin, SimpleRefresh, SimpleTokensView};
pub use begin::{Proof, begin};
pub use cookies::{BegunView, CookieProfile, Place, WithCookie};
pub use domain::{Device, Tokens, email_not_verified, invalid_credentials, user_inactive};
pub use end::by_token as end_by_token;
pub use refresh::refresh;
pub use store::{forget_expired, mark_second_factor, revoke_all, revoke_others};

use platform::http::Routes;

/// The routes of the context.
pub fn routes() -> Routes {
    routes::routes().and(cookies::routes())
}
