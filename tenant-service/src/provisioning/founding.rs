//! The first step of making a tenant: its row, hosts and first member, committed before any service is asked.

use contracts::{
    TenantId, UserId,
    internal::{
        mails::{Mail, QueueMail},
        users::UserSummary,
    },
};
use platform::{Problem, db::TenantTx};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::{self, Draft, Giver},
    permissions::TENANT_ADMIN,
    tenancy::{self, Founder, FoundingAdmin, NewTenant, Obstacle, TenantView},
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
        .in_tenant(TenantId(tenant.id), async |tx| {
            // A user who registers with a tenant has not confirmed the address yet.
            let is_unproven = match tenant.founder {
                Founder::Known(user) => !people::is_proven(tx, UserId(user)).await?,
                Founder::Unnamed | Founder::Named(_) => false,
            };
            let Some(made) = tenancy::insert_tenant(tx, tenant, is_unproven).await? else {
                return judge(tenancy::obstacles(tx, tenant).await?, tenant);
            };
            let hosts = tenant.hosts(deps.public_host.as_deref());
            tenancy::insert_hosts(tx, &hosts, tenant.created_by).await?;
            tenancy::tenant_created(tx, &made).await?;
            if let Founder::Known(user) = tenant.founder {
                add_admin(tx, UserId(user)).await?;
            }
            Ok(Founded::Made(made))
        })
        .await
}

/// Makes this person an admin of the tenant, unless they belong to it already.
pub async fn add_admin(tx: &mut TenantTx<'_>, user: UserId) -> Result<(), Problem> {
    let role = admin_role(tx).await?;
    if let Some(membership) = people::insert_membership(tx, user, role).await? {
        people::membership_created(tx, &membership).await?;
    }
    Ok(())
}

/// Makes the user the tenant's first admin and sends a mail, if there is an account with this address, proven. Otherwise
/// the address is invited, and its owner joins on acceptance.
pub async fn admit(
    deps: &Deps,
    tx: &mut TenantTx<'_>,
    wanted: &FoundingAdmin,
    known: Option<&UserSummary>,
) -> Result<(), Problem> {
    match known.filter(|person| person.email_verified) {
        Some(person) => {
            people::insert_proven_person(tx, person.id).await?;
            add_admin(tx, person.id).await?;
            people::judge_tenant(tx).await?;
            let id = tx.tenant();
            let tenant = tenancy::find_tenant(tx, id.0).await?.name;
            let call = QueueMail {
                id: Uuid::now_v7(),
                to: person.email.clone(),
                tenant_id: Some(id),
                mail: Mail::Welcome { tenant, role: TENANT_ADMIN.to_owned() },
            };
            people::queue_mail(tx, &deps.sealing, person.id.0, &call).await?;
        }
        None if people::pending_invitation(tx, &wanted.email).await?.is_none() => {
            let draft = Draft {
                email: &wanted.email,
                role: admin_role(tx).await?,
                department: None,
                reports_to: None,
                first_name: wanted.first_name.as_deref(),
                last_name: wanted.last_name.as_deref(),
                giver: Giver::Platform,
            };
            people::issue_invitation(deps, tx, &draft, None).await?;
        }
        None => {}
    }
    super::store::admin_found(tx).await?;
    Ok(())
}

async fn admin_role(tx: &mut TenantTx<'_>) -> Result<Uuid, Problem> {
    let role = people::role_named(tx, TENANT_ADMIN).await?;
    role.map(|role| role.id).ok_or_else(|| Problem::internal("the role tenant_admin is missing"))
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
        None => Err(tenancy::website_taken()),
    }
}

/// 409: another tenant has this client id, or had it.
pub fn client_id_taken() -> Problem {
    Problem::conflict("client_id_taken", "This client id is taken.")
}
