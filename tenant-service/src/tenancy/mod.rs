//! Tenancy: tenants, their hosts, and their logos.

mod domains;
mod logos;
mod tenants;

pub use domains::{OwnHosts, ProofConfig, Prover};
pub use tenants::{
    api::{CreateTenant, FoundingAdmin, TenantView},
    check_own,
    domain::{Founder, NewTenant, check_served},
    events::{created as tenant_created, updated as tenant_updated},
    store::{
        Obstacle, find as find_tenant, insert as insert_tenant, insert_hosts, lock as lock_tenant, obstacles,
        website_taken,
    },
};

use platform::http::Routes;

/// The routes of the context, slice by slice.
pub fn routes() -> Routes {
    domains::routes().and(logos::routes()).and(tenants::routes())
}
