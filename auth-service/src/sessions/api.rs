//! Sessions on the wire. What carries a secret cannot be printed.

use chrono::{DateTime, Utc};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::Tokens;
use crate::users::PersonView;

/// Signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// E-mail address.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// Password.
    #[schema(min_length = 1, max_length = 1024, format = "password")]
    pub password: String,
}

/// Names a session by its refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresentRefreshToken {
    /// The refresh token.
    #[schema(min_length = 1, max_length = 1024)]
    pub refresh_token: String,
}

/// A pair of tokens.
#[derive(Serialize, ToSchema)]
pub struct TokensView {
    /// To be sent as `Authorization: Bearer`.
    pub access_token: String,
    /// Good for one new pair.
    pub refresh_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds for which the access token is good.
    pub expires_in: i64,
}

impl From<Tokens> for TokensView {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access,
            refresh_token: tokens.refresh,
            token_type: "Bearer",
            expires_in: tokens.expires_in,
        }
    }
}

/// A pair of tokens with the user.
#[derive(Serialize, ToSchema)]
pub struct LoginView {
    /// To be sent as `Authorization: Bearer`.
    pub access_token: String,
    /// Good for one new pair.
    pub refresh_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds for which the access token is good.
    pub expires_in: i64,
    /// Who signed in.
    pub user: PersonView,
}

impl LoginView {
    /// Combines the tokens with the user.
    pub fn of(tokens: Tokens, user: PersonView) -> Self {
        let TokensView { access_token, refresh_token, token_type, expires_in } = tokens.into();
        Self { access_token, refresh_token, token_type, expires_in, user }
    }
}

/// A session that can be continued.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// Id.
    pub id: Uuid,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it last got a new pair of tokens.
    pub last_used_at: DateTime<Utc>,
    /// What the client called itself then.
    pub user_agent: Option<String>,
    /// Address of the client then.
    pub ip: Option<String>,
    /// Whether this is the session that asks.
    pub current: bool,
}

impl Listed for SessionView {
    const LISTING: Listing = Listing {
        path: "/api/v2/auth/sessions",
        table: "sessions",
        columns: &[
            column("id", Kind::Uuid),
            column("created_at", Kind::Time),
            column("last_used_at", Kind::Time),
            column("user_agent", Kind::Text),
            column("ip", Kind::Text),
        ],
        search: &[],
        search_text: None,
        json: None,
        owners: &["user_id"],
        ordering: "-last_used_at",
        soft_delete: false,
        cursor: false,
    };
}

/// Signs in, in SimpleJWT's words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SimpleLogin {
    /// E-mail address.
    #[schema(min_length = 1, max_length = 1024)]
    pub username: String,
    /// Password.
    #[schema(min_length = 1, max_length = 1024, format = "password")]
    pub password: String,
}

/// Names a session, in SimpleJWT's words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SimpleRefresh {
    /// The refresh token.
    #[schema(min_length = 1, max_length = 1024)]
    pub refresh: String,
}

/// A pair of tokens, in SimpleJWT's words.
#[derive(Serialize, ToSchema)]
pub struct SimpleTokensView {
    /// Access token.
    pub access: String,
    /// Refresh token.
    pub refresh: String,
}

impl From<Tokens> for SimpleTokensView {
    fn from(tokens: Tokens) -> Self {
        Self { access: tokens.access, refresh: tokens.refresh }
    }
}

/// Nothing to say.
#[derive(Serialize, ToSchema)]
pub struct NothingView {}
