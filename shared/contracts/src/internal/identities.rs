//! Calls to auth-service about tokens of other issuers.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CallKind, InternalCall};
use crate::{Service, UserId, identity::PlatformRole};

/// Lists the trusted issuers. Tokens of other issuers need not be resolved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListIssuers {}

impl InternalCall for ListIssuers {
    type Answer = Vec<String>;
    const SERVICE: Service = Service::Auth;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/issuers";
}

/// Resolves another issuer's token. The user is found or created as when signing in with it. Refused with a 401 or
/// 403 when it is not accepted.
#[derive(Clone, Serialize, Deserialize)]
pub struct IdentifyForeign {
    /// The token.
    pub token: String,
}

/// The answer to [`IdentifyForeign`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ForeignIdentity {
    /// The person.
    pub user_id: UserId,
    /// Who they are at that issuer; stands in the place of a session.
    pub identity_id: Uuid,
    /// Role on the platform itself.
    pub platform_role: PlatformRole,
    /// Whether the issuer says that it saw a second factor.
    #[serde(default)]
    pub second_factor: bool,
    /// Unix time in seconds of the token's issue.
    pub issued_at: i64,
    /// Unix time in seconds after which it is not taken.
    pub expires_at: i64,
}

impl InternalCall for IdentifyForeign {
    type Answer = ForeignIdentity;
    const SERVICE: Service = Service::Auth;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/identities/identify";
}
