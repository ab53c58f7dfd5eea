//! Access tokens: what auth-service signs and the gateway reads.
//!
//! A JWT (RFC 9068) signed with Ed25519. Its header names the key by `kid`, to be looked up in the published key set and
//! nowhere else.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{UserId, identity::PlatformRole};

/// `iss` of every access token.
pub const ISSUER: &str = "leadstream";
/// `aud` of every access token; no other kind of token has it.
pub const AUDIENCE: &str = "leadstream:access";
/// `typ` in the header of every access token.
pub const TOKEN_TYPE: &str = "at+jwt";
/// Path of auth-service's key set (RFC 7517).
pub const JWKS_PATH: &str = "/.well-known/jwks.json";

/// What `amr` holds when more than a password was given (RFC 8176).
const SECOND_FACTOR: &str = "mfa";

/// What an access token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccessClaims {
    /// [`ISSUER`].
    pub iss: String,
    /// [`AUDIENCE`].
    pub aud: String,
    /// The person.
    pub sub: UserId,
    /// The session; its access tokens are void once it is revoked.
    #[serde(rename = "sid")]
    pub session: Uuid,
    /// Role on the platform itself.
    #[serde(rename = "prl")]
    pub platform_role: PlatformRole,
    /// E-mail address of the person.
    pub email: String,
    /// How its session was begun, as far as that matters: see [`AccessClaims::methods`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// The host that a browser's session is bound to; such a token is good nowhere else.
    #[serde(rename = "hst", default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Unix time in seconds of issue. Never before the person's last revocation, up to a second in the future.
    pub iat: i64,
    /// Unix time in seconds of expiry.
    pub exp: i64,
    /// Id of this very token.
    pub jti: Uuid,
}

impl AccessClaims {
    /// `amr` of a session that was begun with a second factor or without.
    pub fn methods(second_factor: bool) -> Vec<String> {
        if second_factor { vec![SECOND_FACTOR.to_owned()] } else { Vec::new() }
    }

    /// Whether the session was begun with a second factor.
    pub fn has_second_factor(&self) -> bool {
        self.amr.iter().any(|method| method == SECOND_FACTOR)
    }
}
