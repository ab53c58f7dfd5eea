//! Browser sessions on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{sessions::Tokens, users::PersonView};

/// Continues the session of the cookie.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContinueSession {}

/// An access token; its refresh token is in the cookie.
#[derive(Serialize, ToSchema)]
pub struct GrantView {
    /// To be sent as `Authorization: Bearer`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds for which the access token is good.
    pub expires_in: i64,
}

impl From<&Tokens> for GrantView {
    fn from(tokens: &Tokens) -> Self {
        Self { access_token: tokens.access.clone(), token_type: "Bearer", expires_in: tokens.expires_in }
    }
}

/// An access token with the user.
#[derive(Serialize, ToSchema)]
pub struct BegunView {
    /// To be sent as `Authorization: Bearer`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds for which the access token is good.
    pub expires_in: i64,
    /// Who signed in.
    pub user: PersonView,
}

impl BegunView {
    /// Combines the token with the user.
    pub fn of(tokens: &Tokens, user: PersonView) -> Self {
        let GrantView { access_token, token_type, expires_in } = tokens.into();
        Self { access_token, token_type, expires_in, user }
    }
}
