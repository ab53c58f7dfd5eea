//! Requirements of an operation and its labels in metrics.

use std::sync::Arc;

use contracts::Service;
use platform::http::Meters;

/// Who may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessRequirement {
    /// Public.
    Public,
    /// Public; a token that is sent must be valid.
    Optional,
    /// Holders of an API key; the service checks it.
    ApiKey,
    /// Senders who sign or present a token of another kind; the service checks it.
    Signed,
    /// Every signed-in user.
    SignedIn,
    /// Users with this permission.
    Permission(Arc<str>),
}

/// Where the tenant is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TenantNaming {
    /// Nowhere: the operation acts in none.
    None,
    /// In `X-Tenant-Id` or the host name.
    Header,
    /// In this segment of the path, counted from 0 after the first slash.
    Path(usize),
}

/// One operation of a service.
#[derive(Debug)]
pub struct Operation {
    /// The service that answers it.
    pub service: Service,
    /// HTTP method, upper-case.
    pub method: Box<str>,
    /// Path template.
    pub template: Arc<str>,
    /// Who may call.
    pub demand: AccessRequirement,
    /// Further permissions for its effects: the identity lists those that the caller holds.
    pub effects: Box<[Arc<str>]>,
    /// Where the tenant is named.
    pub tenant: TenantNaming,
    /// Largest body it takes, where that differs from the default, in bytes.
    pub body_limit: Option<u64>,
    /// Whether it reads and sets the cookie of browsers' sessions; no other operation sees a cookie.
    pub takes_cookie: bool,
    /// How it is measured.
    pub meters: Meters,
}

impl Operation {
    /// Whether the gateway looks at the caller's access token, if they sent one.
    pub fn needs_person(&self) -> bool {
        matches!(
            self.demand,
            AccessRequirement::Optional | AccessRequirement::SignedIn | AccessRequirement::Permission(_)
        )
    }

    /// The permission it demands.
    pub fn permission(&self) -> Option<&Arc<str>> {
        match &self.demand {
            AccessRequirement::Permission(code) => Some(code),
            _ => None,
        }
    }
}
