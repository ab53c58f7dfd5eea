//! The first step of making a tenant: its row, hosts and first member, committed before any service is asked.

use contracts::{TenantId, UserId};
use platform::{Problem, db::TenantTx};

use crate::{
    deps::Deps,
    memberships,
    roles::catalogue::TENANT_ADMIN,
    tenants::{
        api::TenantView,
        domain::{Founder, NewTenant},
        events,
        store::{self, Obstacle},
    },
};

/// What became of a request for a new tenant.
#[derive(Debug)]
pub enum Founded {
    /// It was added now and waits for the services.
    Made(TenantView),
    /// The same person asked for it before, and it still waits for the services.
    Unfinished(TenantView),
    /// The same person asked for it before, and it is complete.
    Finished(TenantView),
}

/// Adds the tenant in state `provisioning`, unless the same was asked for before.
///
/// # Errors
/// 409 `client_id_taken` or `website_taken` when another tenant stands in the way.
pub async fn start(deps: &Deps, tenant: &NewTenant) -> Result<Founded, Problem> {
    deps.db
        .in_tenant(TenantId(tenant.id), async |tx| match store::insert(tx, tenant).await? {
            Some(made) => {
                store::insert_hosts(tx, &tenant.hosts(deps.public_host.as_deref()), tenant.created_by)
                    .await?;
                events::created(tx, &made).await?;
                if let Founder::Known(user) = tenant.founder {
                    add_admin(tx, UserId(user)).await?;
                }
                Ok(Founded::Made(made))
            }
            None => judge(store::obstacles(tx, tenant).await?, tenant),
        })
        .await
}

/// Makes this person an admin of the tenant, unless they belong to it already.
pub async fn add_admin(tx: &mut TenantTx<'_>, user: UserId) -> Result<(), Problem> {
    let role = crate::roles::store::named(tx, TENANT_ADMIN)
        .await?
        .ok_or_else(|| Problem::internal("the role tenant_admin is missing"))?;
    if let Some(membership) = memberships::store::insert(tx, user, role.id).await? {
        memberships::events::created(tx, &membership).await?;
    }
    Ok(())
}

fn judge(obstacles: Vec<Obstacle>, tenant: &NewTenant) -> Result<Founded, Problem> {
    if obstacles.is_empty() {
        return Err(Problem::unavailable("what stood in the way of a new tenant has gone meanwhile"));
    }
    let is_taken = obstacles
        .iter()
        .any(|there| there.tenant.client_id == tenant.client_id.as_str() || there.tenant.id == tenant.id);
    match obstacles.into_iter().find(|there| there.is_same(tenant)) {
        Some(same) if same.is_settled => Ok(Founded::Finished(same.tenant)),
        Some(same) => Ok(Founded::Unfinished(same.tenant)),
        None if is_taken => Err(client_id_taken()),
        None => Err(store::website_taken()),
    }
}

/// 409: another tenant has this client id, or had it.
pub fn client_id_taken() -> Problem {
    Problem::conflict("client_id_taken", "This client id is taken.")
}
