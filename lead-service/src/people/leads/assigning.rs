//! Right to assign leads, checked wherever an assignee is written.

use contracts::{permissions::LeadsAssign, problem::FieldError};
use platform::{Problem, http::access::TenantCaller};
use uuid::Uuid;

use super::api::LeadView;

/// 403 when a new lead is for another person than its creator, unless the caller may assign leads. A lead without an owner is
/// assigned by the tenant's rules, which takes no permission of the caller.
pub fn check_new(assigned_to: Option<Uuid>, caller: &TenantCaller) -> Result<(), Problem> {
    if assigned_to.is_none_or(|person| person == caller.user().0) { Ok(()) } else { demand(caller) }
}

/// 403 when a lead's owner is set, changed or removed, unless the caller may assign leads.
pub fn check_change(before: &LeadView, after: &LeadView, caller: &TenantCaller) -> Result<(), Problem> {
    if before.assigned_to == after.assigned_to { Ok(()) } else { demand(caller) }
}

fn demand(caller: &TenantCaller) -> Result<(), Problem> {
    caller.demand::<LeadsAssign>().map_err(|denied| Problem {
        errors: vec![FieldError::new("assigned_to", denied.code, denied.detail.clone())],
        ..denied
    })
}
