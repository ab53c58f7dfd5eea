//! Service tokens: what auth-service gives to outside workers, each for one audience.
//!
//! A JWT signed with the same keys as access tokens and distinguished by `typ` and `aud`: neither is accepted as the
//! other.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `typ` in the header of every service token.
pub const TOKEN_TYPE: &str = "st+jwt";
/// Audience of tokens that hand in results of enrichment.
pub const ENRICHMENT_CALLBACK: &str = "leadstream:enrichment-callback";
/// Every audience that a service account may be given.
pub const AUDIENCES: &[&str] = &[ENRICHMENT_CALLBACK];

/// What a service token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceClaims {
    /// [`crate::access_tokens::ISSUER`].
    pub iss: String,
    /// One of [`AUDIENCES`].
    pub aud: String,
    /// The service account.
    pub sub: Uuid,
    /// Its client id.
    pub client_id: String,
    /// Unix time in seconds of issue.
    pub iat: i64,
    /// Unix time in seconds of expiry.
    pub exp: i64,
    /// Id of this very token.
    pub jti: Uuid,
}
