//! The platform's own roles and what each may do, written once. Brought into the database at every start.

use contracts::{
    identity::{DataScope, PlatformRole},
    permissions::*,
};

/// Administers one tenant.
pub const TENANT_ADMIN: &str = "tenant_admin";
/// Roles of a tenant's administrators; each tenant that has such a member keeps one.
pub const ADMIN_ROLES: &[&str] = &[TENANT_ADMIN, "ceo"];

/// Permissions that reach beyond one tenant. Only platform roles hold them, and no tenant can give them.
pub const PLATFORM_LEVEL: &[&str] = &[
    TenantsList::CODE,
    TenantsCreate::CODE,
    TenantsAdminister::CODE,
    ConfigsManage::CODE,
    CatalogueManage::CODE,
    ServiceAccountsManage::CODE,
    UsersRead::CODE,
    UsersUpdate::CODE,
];

/// What platform staff leaves to the members of a tenant: it saves work that goes on later with the rights of the person
/// who saved it.
const MEMBERS_ONLY: &[&str] = &[
    AssignmentRulesManage::CODE,
    WaterfallsManage::CODE,
    CustomColumnsManage::CODE,
    WebhookEndpointsCreate::CODE,
    WebhookEndpointsUpdate::CODE,
];

/// What a system role may do.
#[derive(Clone, Copy, Debug)]
pub enum Grants {
    /// Everything that platform staff may do: platform administration included, what is for members only excluded.
    Staff,
    /// Everything inside its tenant.
    WholeTenant,
    /// The common permissions and these groups.
    Only(&'static [&'static [&'static str]]),
}

/// A role that the platform provides. Tenants cannot change it.
#[derive(Clone, Copy, Debug)]
pub struct SystemRole {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// Rank: holders give, change or take no role of a higher one, but for the tenant's admins, who stand above all.
    pub level: i32,
    /// Which records its holders see.
    pub data_scope: DataScope,
    /// Whether it is for platform staff; then no tenant sees it.
    pub is_platform: bool,
    grants: Grants,
}

impl SystemRole {
    /// Codes of what its holders may do.
    pub fn permissions(&self) -> Vec<&'static str> {
        let all = ALL.iter().map(|(code, _)| *code);
        match self.grants {
            Grants::Staff => all.filter(|code| !MEMBERS_ONLY.contains(code)).collect(),
            Grants::WholeTenant => all.filter(|code| !PLATFORM_LEVEL.contains(code)).collect(),
            Grants::Only(codes) => EVERYBODY.iter().chain(codes.iter().copied().flatten()).copied().collect(),
        }
    }
}

/// What every role allows.
const EVERYBODY: &[&str] =
    &[NotificationsRead::CODE, TenantRead::CODE, SettingsRead::CODE, OfficesRead::CODE];

const LEAD_WORK: &[&str] = &[
    LeadsRead::CODE,
    LeadsCreate::CODE,
    LeadsUpdate::CODE,
    AccountsRead::CODE,
    AccountsCreate::CODE,
    AccountsUpdate::CODE,
    ContactsRead::CODE,
    ContactsCreate::CODE,
    ContactsUpdate::CODE,
    ScoringModelsRead::CODE,
    ProductsRead::CODE,
];
const LEAD_REMOVAL: &[&str] =
    &[LeadsDelete::CODE, AccountsDelete::CODE, ContactsDelete::CODE, LeadsMerge::CODE, LeadsAssign::CODE];
const LEAD_SOURCES: &[&str] = &[
    LeadsExport::CODE,
    ImportsRead::CODE,
    ImportsRun::CODE,
    IngestsRead::CODE,
    IngestsReplay::CODE,
    AssignmentRulesRead::CODE,
    AssignmentRulesManage::CODE,
    ScoringModelsManage::CODE,
];
const PRODUCT_WORK: &[&str] = &[ProductsCreate::CODE, ProductsUpdate::CODE, ProductsDelete::CODE];
const ENRICHMENT_WORK: &[&str] = &[EnrichmentRead::CODE, EnrichmentRun::CODE];
const ENRICHMENT_STEERING: &[&str] = &[WaterfallsManage::CODE, CustomColumnsManage::CODE];
const DEAL_WORK: &[&str] = &[
    PipelinesRead::CODE,
    DealsRead::CODE,
    DealsCreate::CODE,
    DealsUpdate::CODE,
    ActivitiesRead::CODE,
    ActivitiesCreate::CODE,
    ActivitiesUpdate::CODE,
    ActivitiesDelete::CODE,
    TasksRead::CODE,
    TasksCreate::CODE,
    TasksUpdate::CODE,
    TasksDelete::CODE,
];
const DEAL_STEERING: &[&str] = &[DealsDelete::CODE, PipelinesManage::CODE, ReportsRead::CODE];
const CUSTOMER_WORK: &[&str] = &[
    CustomersRead::CODE,
    CustomersCreate::CODE,
    CustomersUpdate::CODE,
    CustomersDelete::CODE,
    OrdersRead::CODE,
    OrdersCreate::CODE,
    OrdersUpdate::CODE,
    OrdersDelete::CODE,
];
const ISSUE_WORK: &[&str] = &[IssuesRead::CODE, IssuesCreate::CODE, IssuesUpdate::CODE, IssuesDelete::CODE];

/// The system roles, most powerful first.
pub const SYSTEM_ROLES: &[SystemRole] = &[
    SystemRole {
        name: PlatformRole::InternalAdmin.name(),
        description: "Administers the platform and every tenant.",
        level: 100,
        data_scope: DataScope::All,
        is_platform: true,
        grants: Grants::Staff,
    },
    SystemRole {
        name: PlatformRole::InternalCs.name(),
        description: "Reads and helps in every tenant; configures nothing of the platform.",
        level: 90,
        data_scope: DataScope::All,
        is_platform: true,
        grants: Grants::Only(&[
            LEAD_WORK,
            ENRICHMENT_WORK,
            &[TenantsList::CODE, TenantUsersRead::CODE, ImportsRead::CODE, IngestsRead::CODE],
        ]),
    },
    SystemRole {
        name: TENANT_ADMIN,
        description: "Everything inside the tenant.",
        level: 80,
        data_scope: DataScope::All,
        is_platform: false,
        grants: Grants::WholeTenant,
    },
    SystemRole {
        name: "ceo",
        description: "Everything inside the tenant; another name for tenant_admin.",
        level: 80,
        data_scope: DataScope::All,
        is_platform: false,
        grants: Grants::WholeTenant,
    },
    SystemRole {
        name: "manager",
        description: "All sales work of the team, its reports, and inviting people.",
        level: 60,
        data_scope: DataScope::Team,
        is_platform: false,
        grants: Grants::Only(&[
            LEAD_WORK,
            LEAD_REMOVAL,
            LEAD_SOURCES,
            PRODUCT_WORK,
            ENRICHMENT_WORK,
            ENRICHMENT_STEERING,
            DEAL_WORK,
            DEAL_STEERING,
            CUSTOMER_WORK,
            ISSUE_WORK,
            &[TenantUsersRead::CODE, TenantUsersInvite::CODE],
        ]),
    },
    SystemRole {
        name: "sales_manager",
        description: "Leads, deals, customers and reports of the team.",
        level: 40,
        data_scope: DataScope::Team,
        is_platform: false,
        grants: Grants::Only(&[
            LEAD_WORK,
            LEAD_REMOVAL,
            ENRICHMENT_WORK,
            DEAL_WORK,
            DEAL_STEERING,
            CUSTOMER_WORK,
        ]),
    },
    SystemRole {
        name: "support_staff",
        description: "Looks after customers and issues; reads leads and accounts.",
        level: 30,
        data_scope: DataScope::All,
        is_platform: false,
        grants: Grants::Only(&[
            CUSTOMER_WORK,
            ISSUE_WORK,
            &[LeadsRead::CODE, AccountsRead::CODE, ContactsRead::CODE],
        ]),
    },
    SystemRole {
        name: "user",
        description: "Works on their own leads, accounts, deals and tasks.",
        level: 10,
        data_scope: DataScope::Own,
        is_platform: false,
        grants: Grants::Only(&[LEAD_WORK, DEAL_WORK, &[EnrichmentRead::CODE]]),
    },
];

/// The system role of that name, however it is capitalised.
pub fn find(name: &str) -> Option<&'static SystemRole> {
    SYSTEM_ROLES.iter().find(|role| role.name.eq_ignore_ascii_case(name))
}

/// What a role on the platform allows outside any tenant, and in all of them.
pub fn platform_permissions(role: PlatformRole) -> Vec<&'static str> {
    let found = SYSTEM_ROLES.iter().find(|system| system.is_platform && system.name == role.name());
    found.map(SystemRole::permissions).unwrap_or_default()
}

/// Whether a role on the platform allows this.
pub fn platform_role_may(role: PlatformRole, code: &str) -> bool {
    platform_permissions(role).contains(&code)
}

/// Whether there is such a permission.
pub fn is_permission(code: &str) -> bool {
    ALL.iter().any(|(known, _)| *known == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permissions(name: &str) -> Vec<&'static str> {
        find(name).unwrap().permissions()
    }

    #[test]
    fn every_role_grants_known_permissions_each_once() {
        for role in SYSTEM_ROLES {
            let mut codes = role.permissions();
            assert!(codes.iter().all(|code| is_permission(code)), "{}: {codes:?}", role.name);
            codes.sort_unstable();
            let count = codes.len();
            codes.dedup();
            assert_eq!(codes.len(), count, "{} grants something twice", role.name);
        }
    }

    #[test]
    fn a_tenant_admin_has_every_permission_that_stays_in_a_tenant() {
        let expected: Vec<&str> =
            ALL.iter().map(|(code, _)| *code).filter(|code| !PLATFORM_LEVEL.contains(code)).collect();
        assert_eq!(permissions(TENANT_ADMIN), expected);
        assert_eq!(permissions("ceo"), expected);
        assert!(expected.contains(&"tenant:update") && !expected.contains(&"tenants:create"));
    }

    #[test]
    fn platform_level_is_what_reaches_beyond_one_tenant() {
        let beyond = ["tenants:", "users:", "configs:", "catalogue:", "service_accounts:"];
        let by_name: Vec<&str> = ALL
            .iter()
            .map(|(code, _)| *code)
            .filter(|code| beyond.iter().any(|resource| code.starts_with(resource)))
            .collect();
        assert_eq!(PLATFORM_LEVEL, by_name);
    }

    #[test]
    fn only_platform_staff_holds_platform_level_permissions() {
        let withheld: Vec<&str> = ALL
            .iter()
            .map(|(code, _)| *code)
            .filter(|code| !permissions("internal_admin").contains(code))
            .collect();
        assert_eq!(
            withheld,
            [
                "assignment_rules:manage",
                "waterfalls:manage",
                "custom_columns:manage",
                "webhook_endpoints:create",
                "webhook_endpoints:update"
            ]
        );
        for role in SYSTEM_ROLES.iter().filter(|role| !role.is_platform) {
            let leaked: Vec<_> =
                role.permissions().into_iter().filter(|code| PLATFORM_LEVEL.contains(code)).collect();
            assert!(leaked.is_empty(), "{}: {leaked:?}", role.name);
        }
        assert!(platform_role_may(PlatformRole::InternalCs, "tenants:list"));
        assert!(!platform_role_may(PlatformRole::InternalCs, "tenants:administer"));
        assert!(platform_permissions(PlatformRole::None).is_empty());
    }

    #[test]
    fn everybody_sees_their_notifications_and_their_tenant() {
        for role in SYSTEM_ROLES {
            let codes = role.permissions();
            assert!(codes.contains(&"notifications:read") && codes.contains(&"tenant:read"), "{}", role.name);
        }
    }

    #[test]
    fn only_roles_that_see_everything_see_events_and_deliveries() {
        for role in SYSTEM_ROLES.iter().filter(|role| role.data_scope != DataScope::All) {
            let whole: Vec<_> = role
                .permissions()
                .into_iter()
                .filter(|code| {
                    ["events:", "deliveries:", "webhook_endpoints:"].iter().any(|of| code.starts_with(of))
                })
                .collect();
            assert!(whole.is_empty(), "{}: {whole:?}", role.name);
        }
    }

    #[test]
    fn a_user_sees_their_own_and_a_manager_their_team() {
        let scope = |name| find(name).unwrap().data_scope;
        assert_eq!(scope("user"), DataScope::Own);
        assert_eq!((scope("manager"), scope("sales_manager")), (DataScope::Team, DataScope::Team));
        assert_eq!((scope("tenant_admin"), scope("support_staff")), (DataScope::All, DataScope::All));
        assert!(!permissions("user").contains(&"leads:delete"));
        assert!(!permissions("support_staff").contains(&"leads:update"));
    }
}
