//! Secondary ids are checked like the first one: of this tenant, alive, and seen by the caller.

use contracts::{TenantId, UserId, internal::tenants::CheckMembers, problem::FieldError};
use platform::{
    Problem,
    db::{TenantTx, Visibility},
};
use uuid::Uuid;

use crate::{accounts, deps::Deps, products};

fn unknown(field: &str) -> Problem {
    let mut problem =
        Problem::unprocessable("unknown_reference", format!("{field} names nothing that exists."));
    problem.errors = vec![FieldError::new(field, "unknown_reference", "names nothing that exists")];
    problem
}

fn found<T>(result: diesel::QueryResult<T>, field: &str) -> Result<(), Problem> {
    match result {
        Ok(_) => Ok(()),
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
    let Some(id) = id else { return Ok(()) };
    found(accounts::store::find(tx, id, visibility).await, "account_id")
}

/// The product, if one is named, is one of the tenant's.
pub async fn check_product(tx: &mut TenantTx<'_>, id: Option<Uuid>) -> Result<(), Problem> {
    let Some(id) = id else { return Ok(()) };
    found(products::store::find(tx, id).await, "product_id")
}

/// The person, if one is named, is an active member of the tenant. Asks tenant-service: not inside a transaction.
pub async fn check_assignee(deps: &Deps, tenant: TenantId, user: Option<Uuid>) -> Result<(), Problem> {
    let Some(user) = user else { return Ok(()) };
    let checked = deps.peers.call(&CheckMembers { tenant_id: tenant, user_ids: vec![UserId(user)] }).await?;
    if checked.strangers.is_empty() { Ok(()) } else { Err(unknown("assigned_to")) }
}
