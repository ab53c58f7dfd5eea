//! Invalidations of cached data, for all processes.
//!
//! Published on Redis. A process that misses a message (Redis away) relies on its cache's expiry.

use serde::{Deserialize, Serialize};

use crate::{TenantId, UserId, internal::users::Revocation};

/// Channel on which invalidations are published.
pub const CHANNEL: &str = "invalidate";

/// What to forget.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Invalidation {
    /// What this person may do in this tenant; all its members when no user is named, all tenants when no tenant is.
    Access {
        /// The tenant.
        tenant_id: Option<TenantId>,
        /// The person.
        user_id: Option<UserId>,
    },
    /// Access tokens of a session or person.
    Revoked(Revocation),
    /// API keys of a tenant.
    ApiKeys {
        /// The tenant.
        tenant_id: TenantId,
    },
}
