//! Secondary ids are checked like the first one: of this tenant, alive, and seen by the caller.

use contracts::{TenantId, UserId, internal::tenants::CheckMembers, problem::FieldError};
use platform::{
    Problem,
    db::{TenantTx, Visibility},
};
use uuid::Uuid;

use crate::{accounts::api::AccountView, deps::Deps, entities::Entity, products::api::ProductView};

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

/// The account, if one is named, is one the caller sees.
pub async fn check_account(
    tx: &mut TenantTx<'_>,
    id: Option<Uuid>,
    visibility: &Visibility,
) -> Result<(), Problem> {
    check::<AccountView>(tx, "account_id", id, visibility).await.map(drop)
}

/// The product, if one is named, is one of the tenant's.
pub async fn check_product(tx: &mut TenantTx<'_>, id: Option<Uuid>) -> Result<(), Problem> {
    check::<ProductView>(tx, "product_id", id, &Visibility::All).await.map(drop)
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
    let Some(user) = user else { return Ok(()) };
    let checked = deps.peers.call(&CheckMembers { tenant_id: tenant, user_ids: vec![UserId(user)] }).await?;
    if checked.strangers.is_empty() { Ok(()) } else { Err(unknown(field)) }
}
