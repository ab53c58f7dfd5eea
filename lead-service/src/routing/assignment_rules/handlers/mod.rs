//! One file per verb.

pub mod create;
pub mod reorder;
pub mod simulate;
pub mod update;

use contracts::{TenantId, UserId, internal::tenants::CheckMembers, problem::FieldError};
use platform::Problem;
use uuid::Uuid;

use crate::deps::Deps;

/// 422 unless all users that a rule names are members of the tenant. Asks tenant-service: not inside a transaction.
async fn check_people(deps: &Deps, tenant: TenantId, people: &[Uuid]) -> Result<(), Problem> {
    let user_ids = people.iter().copied().map(UserId).collect();
    let checked = deps.peers.call(&CheckMembers { tenant_id: tenant, user_ids }).await?;
    if checked.strangers.is_empty() {
        return Ok(());
    }
    let faults =
        people.iter().enumerate().filter(|(_, person)| checked.strangers.contains(&UserId(**person)));
    let faults = faults.map(|(index, _)| {
        FieldError::new(
            format!("action.members.{index}.user_id"),
            "unknown_reference",
            "is no active member of the tenant",
        )
    });
    Err(Problem {
        errors: faults.collect(),
        ..Problem::unprocessable("unknown_reference", "The rule names somebody who is no active member.")
    })
}
