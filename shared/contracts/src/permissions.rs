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
    LeadsAssign = "leads:assign", "Assign leads.";
    LeadsMerge = "leads:merge", "Merge duplicates and undo that.";
    LeadsExport = "leads:export", "Export leads.";
    IngestsRead = "ingests:read", "See what forms and keys sent.";
    IngestsReplay = "ingests:replay", "Replay submissions.";
    ImportsRead = "imports:read", "See imports.";
    ImportsRun = "imports:run", "Import leads and undo that.";
    AssignmentRulesRead = "assignment_rules:read", "See how leads are assigned.";
    AssignmentRulesManage = "assignment_rules:manage", "Create, change and delete assignment rules.";
    ScoringModelsRead = "scoring_models:read", "See how leads are scored.";
    ScoringModelsManage = "scoring_models:manage", "Create, change and delete scoring models.";
    ContactsRead = "contacts:read", "See contacts.";
    ContactsCreate = "contacts:create", "Add contacts.";
    ContactsUpdate = "contacts:update", "Change contacts.";
    ContactsDelete = "contacts:delete", "Delete and restore contacts.";
    PipelinesRead = "pipelines:read", "See pipelines and their stages.";
    PipelinesManage = "pipelines:manage", "Create, change and delete pipelines and stages.";
    DealsRead = "deals:read", "See deals.";
    DealsCreate = "deals:create", "Add deals.";
    DealsUpdate = "deals:update", "Change, move, win and lose deals.";
    DealsDelete = "deals:delete", "Delete and restore deals.";
    ActivitiesRead = "activities:read", "See activities.";
    ActivitiesCreate = "activities:create", "Add activities.";
    ActivitiesUpdate = "activities:update", "Change activities.";
    ActivitiesDelete = "activities:delete", "Delete and restore activities.";
    TasksRead = "tasks:read", "See tasks.";
    TasksCreate = "tasks:create", "Add tasks.";
    TasksUpdate = "tasks:update", "Change tasks.";
    TasksDelete = "tasks:delete", "Delete and restore tasks.";
    ReportsRead = "reports:read", "See forecasts and funnels.";
    CustomersRead = "customers:read", "See customers, their tags, segments and interactions.";
    CustomersCreate = "customers:create", "Add customers, tags, segments and interactions.";
    CustomersUpdate = "customers:update", "Change and verify customers, change their tags, segments and interactions.";
    CustomersDelete = "customers:delete", "Delete and restore customers, tags, segments and interactions.";
    OrdersRead = "orders:read", "See orders.";
    OrdersCreate = "orders:create", "Add orders.";
    OrdersUpdate = "orders:update", "Change orders and their status.";
    OrdersDelete = "orders:delete", "Delete and restore orders.";
    IssuesRead = "issues:read", "See issues.";
    IssuesCreate = "issues:create", "Add issues.";
    IssuesUpdate = "issues:update", "Change issues.";
    IssuesDelete = "issues:delete", "Delete and restore issues.";
    AccountsRead = "accounts:read", "See accounts.";
    AccountsCreate = "accounts:create", "Add accounts.";
    AccountsUpdate = "accounts:update", "Change accounts.";
    AccountsDelete = "accounts:delete", "Delete and restore accounts.";
    ProductsRead = "products:read", "See products.";
    ProductsCreate = "products:create", "Add products.";
    ProductsUpdate = "products:update", "Change products.";
    ProductsDelete = "products:delete", "Delete and restore products.";
    ApiKeysRead = "api_keys:read", "See API keys, but not the keys themselves.";
    ApiKeysCreate = "api_keys:create", "Create API keys.";
    ApiKeysUpdate = "api_keys:update", "Change, rotate and revoke API keys.";
    ApiKeysDelete = "api_keys:delete", "Delete and restore API keys.";
    EnrichmentRead = "enrichment:read", "See enrichment jobs and their results.";
    EnrichmentRun = "enrichment:run", "Start, pause, retry and cancel enrichment.";
    EnrichmentExport = "enrichment:export", "See what enrichment cost, and export providers' raw answers.";
    EnrichmentProvidersManage = "enrichment_providers:manage", "See, create, change, test and delete enrichment providers.";
    WaterfallsManage = "waterfalls:manage", "Create, change and delete waterfalls.";
    CustomColumnsManage = "custom_columns:manage", "Create, change and delete custom columns.";
    WebhookEndpointsRead = "webhook_endpoints:read", "See webhook endpoints.";
    WebhookEndpointsCreate = "webhook_endpoints:create", "Add webhook endpoints.";
    WebhookEndpointsUpdate = "webhook_endpoints:update", "Change webhook endpoints and rotate their secrets.";
    WebhookEndpointsDelete = "webhook_endpoints:delete", "Delete and restore webhook endpoints.";
    DeliveriesRead = "deliveries:read", "See outbound deliveries.";
    DeliveriesReplay = "deliveries:replay", "Replay webhook deliveries.";
    EventsRead = "events:read", "See events and how they were handled.";
    EventsRetry = "events:retry", "Retry failed events.";
    NotificationsRead = "notifications:read", "See and mark own notifications.";
    TenantsList = "tenants:list", "List the tenants of the platform.";
    TenantsCreate = "tenants:create", "Create tenants.";
    TenantsAdminister = "tenants:administer", "Suspend, activate and delete tenants.";
    TenantRead = "tenant:read", "See the tenant's own profile.";
    TenantUpdate = "tenant:update", "Change the tenant's own profile.";
    TenantUsersRead = "tenant_users:read", "See the members of the tenant.";
    TenantUsersInvite = "tenant_users:invite", "Invite people into the tenant.";
    TenantUsersUpdate = "tenant_users:update", "Change and remove members.";
    RolesRead = "roles:read", "See roles and permissions.";
    RolesManage = "roles:manage", "Create, change and delete the tenant's own roles.";
    SettingsRead = "settings:read", "See the settings of the tenant and own settings.";
    SettingsManage = "settings:manage", "Change the tenant's settings.";
    TenantProductsManage = "tenant_products:manage", "Attach products of the catalogue and detach them.";
    OfficesRead = "offices:read", "See regions and branches.";
    OfficesManage = "offices:manage", "Create, change and delete regions and branches.";
    AuditRead = "audit:read", "See who did what to identity and access.";
    AccessExplain = "access:explain", "Explain access decisions.";
    ConfigsManage = "configs:manage", "See and change configurations of the platform.";
    CatalogueManage = "catalogue:manage", "Create, change and delete industries, categories and products of the catalogue.";
    ServiceAccountsManage = "service_accounts:manage", "Create, change and delete service accounts.";
    UsersRead = "users:read", "See the platform's users.";
    UsersUpdate = "users:update", "Suspend users and set platform roles.";
}

/// Permissions with effects outside the platform: mail to others, or data sent to an address of the user's
/// choice. They require a proven e-mail address.
const REACHING_OUT: &[&str] = &[
    TenantUsersInvite::CODE,
    WebhookEndpointsCreate::CODE,
    WebhookEndpointsUpdate::CODE,
    DeliveriesReplay::CODE,
    EnrichmentProvidersManage::CODE,
];

/// Whether what this permission allows leaves the platform.
pub fn reaches_out(code: &str) -> bool {
    REACHING_OUT.contains(&code)
}
