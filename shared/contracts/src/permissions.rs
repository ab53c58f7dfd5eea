//! Every permission there is: a type for the handler that demands it, a code for the role that grants it.

/// Something a role may allow. Implemented by one unit type per permission.
pub trait Permission: Copy + 'static {
    /// Stable code, `resource:action`.
    const CODE: &'static str;
    /// What it allows, for a person.
    const ABOUT: &'static str;
}

macro_rules! permissions {
    ($($name:ident = $code:literal, $about:literal;)*) => {
        $(
            #[doc = $about]
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl Permission for $name {
                const CODE: &'static str = $code;
                const ABOUT: &'static str = $about;
            }
        )*

        /// Code and meaning of every permission.
        pub const ALL: &[(&str, &str)] = &[$(($code, $about)),*];
    };
}

permissions! {
    LeadsRead = "leads:read", "See leads.";
    LeadsCreate = "leads:create", "Add leads.";
    LeadsUpdate = "leads:update", "Change leads.";
    LeadsDelete = "leads:delete", "Delete and restore leads.";
    AccountsRead = "accounts:read", "See accounts.";
    AccountsCreate = "accounts:create", "Add accounts.";
    AccountsUpdate = "accounts:update", "Change accounts.";
    AccountsDelete = "accounts:delete", "Delete and restore accounts.";
    ProductsRead = "products:read", "See products.";
    ProductsCreate = "products:create", "Add products.";
    ProductsUpdate = "products:update", "Change products.";
    ProductsDelete = "products:delete", "Delete and restore products.";
    ApiKeysRead = "api_keys:read", "See API keys, never their text.";
    ApiKeysCreate = "api_keys:create", "Make API keys.";
    ApiKeysUpdate = "api_keys:update", "Change, rotate and revoke API keys.";
    ApiKeysDelete = "api_keys:delete", "Delete and restore API keys.";
    EnrichmentRead = "enrichment:read", "See enrichment jobs and their results.";
    EnrichmentRun = "enrichment:run", "Retry and cancel enrichment jobs.";
    WebhookEndpointsRead = "webhook_endpoints:read", "See webhook endpoints.";
    WebhookEndpointsCreate = "webhook_endpoints:create", "Add webhook endpoints.";
    WebhookEndpointsUpdate = "webhook_endpoints:update", "Change webhook endpoints and rotate their secrets.";
    WebhookEndpointsDelete = "webhook_endpoints:delete", "Delete and restore webhook endpoints.";
    DeliveriesRead = "deliveries:read", "See outbound deliveries.";
    DeliveriesReplay = "deliveries:replay", "Send a delivery again.";
    EventsRead = "events:read", "See events and how they were handled.";
    EventsRetry = "events:retry", "Handle a failed event again.";
    NotificationsRead = "notifications:read", "See and mark one's own notifications.";
    TenantsList = "tenants:list", "See every tenant of the platform.";
    TenantsCreate = "tenants:create", "Create tenants.";
    TenantsAdminister = "tenants:administer", "Suspend, activate and delete tenants.";
    TenantRead = "tenant:read", "See the tenant's own profile.";
    TenantUpdate = "tenant:update", "Change the tenant's own profile.";
    TenantUsersRead = "tenant_users:read", "See the members of the tenant.";
    TenantUsersInvite = "tenant_users:invite", "Invite people into the tenant.";
    TenantUsersUpdate = "tenant_users:update", "Change and remove members.";
    RolesRead = "roles:read", "See roles and permissions.";
    RolesManage = "roles:manage", "Make, change and delete the tenant's own roles.";
    UsersRead = "users:read", "See the platform's users.";
    UsersUpdate = "users:update", "Suspend users and set platform roles.";
}
