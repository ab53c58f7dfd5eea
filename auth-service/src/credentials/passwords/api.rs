//! Passwords on the wire. Nothing here can be printed.

use serde::Deserialize;
use utoipa::ToSchema;

/// A change of one's own password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password so far.
    #[schema(min_length = 1, max_length = 1024, format = "password")]
    pub current_password: String,
    /// The password from now on.
    #[schema(min_length = 8, max_length = 128, format = "password")]
    pub new_password: String,
}

/// A new password, with the token from the mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The token of the link.
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
    /// The password from now on.
    #[serde(default)]
    #[schema(min_length = 8, max_length = 128, format = "password")]
    pub new_password: Option<String>,
    /// Another name for `new_password`.
    #[serde(default)]
    #[schema(min_length = 8, max_length = 128, format = "password")]
    pub password: Option<String>,
}
