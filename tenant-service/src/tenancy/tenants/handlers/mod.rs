//! One file per verb.

pub mod archive;
pub mod change_status;
pub mod check;
pub mod list;
pub mod read;
pub mod update;

use platform::{Problem, http::access::TenantCaller};
use uuid::Uuid;

/// 404 unless the path names the tenant that the caller was let into.
pub fn check_own(caller: &TenantCaller, id: Uuid) -> Result<(), Problem> {
    if caller.tenant().0 == id { Ok(()) } else { Err(Problem::not_found()) }
}
