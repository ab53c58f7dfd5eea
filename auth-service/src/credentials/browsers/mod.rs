//! Sign-in of browsers: like that of programs, with the refresh token in a cookie instead of the body.

mod handlers;

use platform::http::Routes;

/// The slice's routes.
pub fn routes() -> Routes {
    Routes::tagged("Authentication")
        .post("/api/v2/auth/session", "Sign in as a browser", handlers::begin::begin)
        .named("begin_session")
        .about(
            "The refresh token is set as a cookie that scripts cannot read; the response has the access token. For pages of \
             the platform's own origin: the request must say `Sec-Fetch-Site: same-origin`, as browsers do.",
        )
        .post(
            "/api/v2/auth/session/second-factor",
            "Complete a browser's sign-in with a second factor",
            handlers::second_factor::second_factor,
        )
        .named("complete_session")
        .about("Takes a code of the authenticator app or a recovery code.")
}
