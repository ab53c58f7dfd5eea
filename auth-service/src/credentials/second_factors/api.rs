//! Second factors on the wire. What carries a secret cannot be printed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Says who one is once more, before a secret is shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivePassword {
    /// The password; absent for an account without one.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1024, format = "password")]
    pub password: Option<String>,
}

/// A code of the app, or a recovery code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveCode {
    /// The code.
    #[schema(min_length = 6, max_length = 40)]
    pub code: String,
}

/// The answer to a challenge.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerChallenge {
    /// The challenge's token, from the answer to the password.
    #[schema(min_length = 1, max_length = 200)]
    pub challenge_token: String,
    /// A code of the app, or a recovery code.
    #[schema(min_length = 6, max_length = 40)]
    pub code: String,
}

/// What the app needs to know.
#[derive(Serialize, ToSchema)]
pub struct EnrolmentView {
    /// The shared secret in base32.
    pub secret: String,
    /// The same as an address, for a QR code.
    pub otpauth_url: String,
}

/// Shown this once.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodesView {
    /// Each is good once.
    pub recovery_codes: Vec<String>,
}

/// Whether signing in needs a code.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SecondFactorView {
    /// Whether it does.
    pub enabled: bool,
    /// Since when.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// How many recovery codes are left.
    pub recovery_codes_left: i64,
}
