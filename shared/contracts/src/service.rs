//! The processes that make up the platform, by name.

use serde::{Deserialize, Serialize};

/// One of the platform's processes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// The single entry point.
    Gateway,
    /// Users, sessions, signing keys.
    Auth,
    /// Tenants, memberships, roles, access.
    Tenant,
    /// Leads, accounts, products, ingest.
    Lead,
    /// Enrichment jobs and providers.
    Enrichment,
    /// Webhooks, deliveries, notifications.
    Integration,
}

impl Service {
    /// The services behind the gateway: each owns a database of the same name.
    pub const OWNERS_OF_DATA: [Self; 5] =
        [Self::Auth, Self::Tenant, Self::Lead, Self::Enrichment, Self::Integration];

    /// The name used for the database, the audience of tokens and the Redis keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Auth => "auth",
            Self::Tenant => "tenant",
            Self::Lead => "lead",
            Self::Enrichment => "enrichment",
            Self::Integration => "integration",
        }
    }

    /// The default port.
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Gateway => 8000,
            Self::Auth => 8001,
            Self::Tenant => 8002,
            Self::Lead => 8003,
            Self::Enrichment => 8004,
            Self::Integration => 8005,
        }
    }
}

impl std::fmt::Display for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
