//! Paths on which tenants are made.

use contracts::internal::tenants::FoundTenant;
use platform::http::Routes;

use super::{
    handlers::{create, found},
    isolation,
};

/// The routes of provisioning and isolation.
pub fn routes() -> Routes {
    Routes::tagged("Tenants")
        .post("/api/v2/tenants", "Create a tenant", create::create)
        .about("Responds when every service is ready for the tenant.")
        .internal::<FoundTenant, _, _>("Create a tenant for a registering admin", found::found)
        .and(isolation::routes())
}
