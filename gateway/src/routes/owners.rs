//! Path prefixes of the services: the only part of routing that services do not declare themselves.

use contracts::Service;

/// Every prefix, whole segments, by service.
pub const OWNERS: [(Service, &[&str]); 5] = [
    (
        Service::Auth,
        &[
            "/api/v2/auth",
            "/api/v2/users",
            "/api/v2/service-accounts",
            "/api/v2/customer/profile",
            "/.well-known/jwks.json",
            "/api/token",
            "/oauth",
            "/verify-email",
            "/reset-password",
        ],
    ),
    (
        Service::Tenant,
        &[
            "/api/v2/tenants",
            "/api/v2/tenant-users",
            "/api/v2/hierarchy",
            "/api/v2/invitations",
            "/api/v2/roles",
            "/api/v2/permissions",
            "/api/v2/configs",
            "/api/v2/settings",
            "/api/v2/context",
            "/api/v2/industries",
            "/api/v2/categories",
            "/api/v2/catalog-products",
            "/api/v2/tenant-products",
            "/api/v2/regions",
            "/api/v2/branches",
            "/api/v2/authz",
            "/api/v2/audit",
            "/invitations/accept",
        ],
    ),
    (
        Service::Lead,
        &[
            "/api/leads",
            "/api/v2/leads",
            "/api/v2/api-keys",
            "/api/v2/products",
            "/api/v2/accounts",
            "/api/v2/ingests",
            "/api/v2/merges",
            "/api/v2/contacts",
            "/api/v2/tasks",
            "/api/v2/issues",
            "/api/v2/activities",
            "/api/v2/pipelines",
            "/api/v2/deals",
            "/api/v2/reports",
            "/api/v2/customers",
            "/api/v2/customer-tags",
            "/api/v2/customer-segments",
            "/api/v2/orders",
            "/api/v2/customer-interactions",
            "/api/v2/customer/companies",
            "/api/v2/customer/orders",
            "/api/v2/assignment-rules",
            "/api/v2/scoring-models",
            "/api/v2/imports",
            "/api/v2/handovers",
        ],
    ),
    (
        Service::Enrichment,
        &[
            "/api/v2/enrichment",
            "/api/v2/custom_columns",
            "/api/v2/lead_column_values",
            "/api/v2/account_column_values",
            "/api/v2/internal/enrichment-callback",
        ],
    ),
    (
        Service::Integration,
        &[
            "/api/v2/integrations",
            "/api/v2/webhook-endpoints",
            "/api/v2/automation-rules",
            "/api/v2/deliveries",
            "/api/v2/events",
            "/api/v2/notifications",
            "/api/v2/email-accounts",
            "/api/v2/email-templates",
            "/api/v2/email-threads",
            "/api/v2/emails",
            "/api/v2/phone-numbers",
            "/api/v2/calls",
            "/api/v2/voicemails",
            "/webhook",
            "/t",
        ],
    ),
];

/// The place of a service in arrays that hold one thing per service; none for the gateway.
pub fn place(service: Service) -> Option<usize> {
    Service::OWNERS_OF_DATA.into_iter().position(|other| other == service)
}

/// The service that answers for a path.
pub fn owner(path: &str) -> Option<Service> {
    let covers = |prefix: &&str| {
        path.strip_prefix(*prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    OWNERS.into_iter().find(|(_, prefixes)| prefixes.iter().any(covers)).map(|(service, _)| service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_covers_whole_segments_only() {
        assert_eq!(owner("/api/v2/leads"), Some(Service::Lead));
        assert_eq!(owner("/api/v2/leads/1/timeline"), Some(Service::Lead));
        assert_eq!(owner("/api/v2/leadsx"), None);
        assert_eq!(owner("/t/o/x.gif"), Some(Service::Integration));
        assert_eq!(owner("/tenants"), None);
        assert_eq!(owner("/internal/access"), None);
        assert_eq!(owner("/api/v2/internal/access"), None);
    }

    #[test]
    fn no_prefix_has_two_owners() {
        for (service, prefixes) in OWNERS {
            for prefix in prefixes {
                assert_eq!(owner(prefix), Some(service), "{prefix}");
            }
        }
    }
}
