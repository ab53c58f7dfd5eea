//! Secondary ids are checked like the first one: of this tenant, alive, and seen by the caller.

use contracts::{
    TenantId, UserId,
    internal::{
        tenants::CheckMembers,
        users::{ADDRESS_UNPROVEN, DescribeUsers},
    },
    problem::FieldError,
};
use platform::{
    Problem,
    db::{TenantTx, Visibility},
};
use uuid::Uuid;

use super::Entity;
use crate::deps::Deps;

/// 422: `field` names nothing that the caller may know of.
pub fn unknown(field: &str) -> Problem {
    let mut problem =
        Problem::unprocessable("unknown_reference", format!("{field} names nothing that exists."));
    problem.errors = vec![FieldError::new(field, "unknown_reference", "names nothing that exists")];
    problem
}

/// The entity, if one is named in `field`, is one the caller sees.
pub async fn check<E: Entity>(
    tx: &mut TenantTx<'_>,
    field: &str,
    id: Option<Uuid>,
    visibility: &Visibility,
) -> Result<Option<E>, Problem> {
    let Some(id) = id else { return Ok(None) };
    match E::find(tx, id, visibility).await {
        Ok(entity) => Ok(Some(entity)),
        Err(diesel::result::Error::NotFound) => Err(unknown(field)),
        Err(error) => Err(error.into()),
    }
}

/// As [`check`], and lets the reference name the entity by the id it has today: that of a merged one is its winner's.
pub async fn settle<E: Entity>(
    tx: &mut TenantTx<'_>,
    field: &str,
    id: &mut Option<Uuid>,
    visibility: &Visibility,
) -> Result<(), Problem> {
    *id = check::<E>(tx, field, *id, visibility).await?.map(|entity| entity.id());
    Ok(())
}

/// The person, if one is named, is an active member of the tenant. Asks tenant-service: not inside a transaction.
pub async fn check_assignee(deps: &Deps, tenant: TenantId, user: Option<Uuid>) -> Result<(), Problem> {
    check_member(deps, tenant, "assigned_to", user).await
}

/// The person, if one is named in `field`, is an active member of the tenant. Not inside a transaction either.
pub async fn check_member(
    deps: &Deps,
    tenant: TenantId,
    field: &str,
    user: Option<Uuid>,
) -> Result<(), Problem> {
    let strangers = strangers(deps, tenant, user.into_iter().collect()).await?;
    if strangers.is_empty() { Ok(()) } else { Err(unknown(field)) }
}

/// Those of the people who are not active members of the tenant. Not inside a transaction either.
pub async fn strangers(deps: &Deps, tenant: TenantId, people: Vec<Uuid>) -> Result<Vec<Uuid>, Problem> {
    if people.is_empty() {
        return Ok(people);
    }
    let user_ids = people.into_iter().map(UserId).collect();
    let checked = deps.peers.call(&CheckMembers { tenant_id: tenant, user_ids }).await?;
    Ok(checked.strangers.into_iter().map(|user| user.0).collect())
}

/// The person, if one is named in `field`, may sign in and has a proven address. Asks auth-service: not inside a transaction.
pub async fn check_user(deps: &Deps, field: &str, user: Option<Uuid>) -> Result<(), Problem> {
    let Some(user) = user else { return Ok(()) };
    let known = deps.peers.call(&DescribeUsers { user_ids: vec![UserId(user)] }).await?;
    let Some(known) = known.iter().find(|known| known.active) else { return Err(unknown(field)) };
    if known.email_verified { Ok(()) } else { Err(unproven(field)) }
}

/// 422: the person named in this field has not proven their e-mail address.
fn unproven(field: &str) -> Problem {
    let errors = vec![FieldError::new(field, ADDRESS_UNPROVEN, "has not confirmed their e-mail address")];
    let detail = format!("The person that {field} names has not confirmed their e-mail address.");
    Problem { errors, ..Problem::unprocessable(ADDRESS_UNPROVEN, detail) }
}
