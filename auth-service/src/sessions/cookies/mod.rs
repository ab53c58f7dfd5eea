//! Sessions of browsers: the refresh token travels in a cookie that no script can read and only these routes do.
//!
//! A token may be presented again while none of its successors was, because its answer may have been lost. The first
//! successor that is presented spends the token and the other successors; a spent token that is presented ends the
//! session, because two hold it. The cookie and the access tokens are bound to the host they were given to.

mod api;
mod config;
mod cookie;
mod domain;
mod end;
mod handlers;
mod refresh;
mod reply;
mod store;

pub use api::BegunView;
pub use config::CookieProfile;
pub use cookie::Place;
pub use domain::{new_token, staff_elsewhere};
pub use reply::WithCookie;

use platform::http::Routes;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Authentication")
        .post("/api/v2/auth/session/refresh", "Continue a browser's session", handlers::refresh::refresh)
        .named("refresh_session")
        .about(
            "Takes the cookie and sets its successor. 401 `no_session` without one. A cookie may be presented again until a \
             successor of it was; after that it ends the session.",
        )
        .delete("/api/v2/auth/session", "End a browser's session", handlers::end::end)
        .named("end_browser_session")
        .about("Ends the session of the cookie, its access tokens included, and removes the cookie.")
}
