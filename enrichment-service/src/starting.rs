//! Right to start work that costs.

use contracts::identity::PlatformRole;
use platform::{Problem, http::access::TenantCaller};

/// 403 for the platform's support: it reads and retries, and starts nothing that costs.
///
/// # Errors
/// As said.
pub fn refuse_support(caller: &TenantCaller) -> Result<(), Problem> {
    if caller.membership().is_none() && caller.platform_role() == PlatformRole::InternalCs {
        let detail = "The platform's support starts nothing that costs a tenant money.";
        return Err(Problem::forbidden("permission_denied", detail).with("permission", "enrichment:run"));
    }
    Ok(())
}
