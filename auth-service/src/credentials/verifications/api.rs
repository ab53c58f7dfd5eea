//! Wire types of address verification.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Names an account by its address.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameAddress {
    /// E-mail address.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
}

/// Presents the token of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresentToken {
    /// The token.
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
}

/// The same for every address.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OnItsWayView {
    /// A sentence for a person.
    pub detail: &'static str,
}

impl OnItsWayView {
    /// The one there is.
    pub fn new() -> Self {
        Self { detail: "If there is such an account, a mail is on its way." }
    }
}

impl Default for OnItsWayView {
    fn default() -> Self {
        Self::new()
    }
}

/// An address that is proven.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VerifiedView {
    /// The address.
    pub email: String,
    /// Always true.
    pub email_verified: bool,
}
