//! Permissions by route, as services register them when they start, and those that the platform's own roles have.

mod api;
mod catalogue;
mod handlers;
mod routes;
mod store;

pub use catalogue::{
    ADMIN_ROLES, PLATFORM_LEVEL, SYSTEM_ROLES, SystemRole, TENANT_ADMIN, find as system_role, is_permission,
    platform_permissions, platform_role_may,
};
pub use routes::routes;
