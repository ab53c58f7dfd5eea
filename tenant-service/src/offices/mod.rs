//! Offices of a tenant: regions and branches.

mod branches;
mod regions;

pub use branches::store::keep as keep_branch;

use platform::http::Routes;

/// The routes of the context, slice by slice.
pub fn routes() -> Routes {
    branches::routes().and(regions::routes())
}
