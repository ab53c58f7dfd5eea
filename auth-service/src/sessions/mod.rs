//! Sessions: begun with a password, continued with a refresh token that is good once, ended by logging out.
//!
//! A refresh token that comes a second time means that two hold it, and one of them is a thief: the whole session ends
//! (RFC 9700, section 4.14.2). Not so when the second request was already on its way when the first one spent the
//! token, as from two tabs that wake together: it is refused all the same, but the session goes on with what the first
//! one got. A request after the token was spent ends the session, at once or later; a deployment with clients that
//! repeat requests may allow a short grace (`REFRESH_REUSE_GRACE_MS`).

pub mod api;
pub mod begin;
pub mod domain;
mod end;
mod handlers;
mod refresh;
mod routes;
pub mod sign_in;
pub mod store;

pub use routes::routes;
