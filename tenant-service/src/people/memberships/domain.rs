//! Changes of a membership and their rules.

use contracts::problem::FieldError;
use platform::Problem;
use uuid::Uuid;

use super::api::{Membership, MembershipStatus, WriteMembership};
use crate::permissions::ADMIN_ROLES;

/// The fields of a membership that people write, in the form in which they are stored.
#[derive(Clone, Debug)]
pub struct MembershipFields {
    /// Where in the organisation they work.
    pub department: Option<String>,
    /// The office they belong to.
    pub branch_id: Option<Uuid>,
    /// Whether they may act in the tenant.
    pub status: MembershipStatus,
}

impl MembershipFields {
    /// Trims the department and empties a blank one.
    pub fn of(write: WriteMembership) -> Self {
        let department = write.department.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Self { department, branch_id: write.branch_id, status: write.status }
    }
}

/// Whether this member administers the tenant at present.
pub fn is_acting_admin(member: &Membership) -> bool {
    member.status == MembershipStatus::Active.name() && ADMIN_ROLES.contains(&member.role.as_str())
}

/// 422 `last_admin` unless the tenant has an admin beside the one who would be lost.
pub fn check_admin_is_left(others: i64) -> Result<(), Problem> {
    if others > 0 {
        return Ok(());
    }
    Err(Problem::unprocessable(
        "last_admin",
        "This is the tenant's last admin. Make somebody else one first.",
    ))
}

/// 400: the body names a role that cannot be given in this tenant.
pub fn unknown_role(name: &str) -> Problem {
    let message = format!("{name} is no role of this tenant");
    Problem::invalid(vec![FieldError::new("role", "unknown_role", message)])
}

/// 422: this field of the body names a membership above that does not exist in this tenant.
pub fn unknown_superior(field: &str) -> Problem {
    let errors = vec![FieldError::new(field, "unknown_reference", "names no member of this tenant")];
    let detail = format!("{field} names no member of this tenant.");
    Problem { errors, ..Problem::unprocessable("unknown_reference", detail) }
}

/// 422: so many steps from the top to the bottom are no organisation any more.
pub fn too_deep(most: i64) -> Problem {
    Problem::unprocessable("hierarchy_too_deep", format!("A hierarchy may have {most} levels at most."))
}

/// 422: a member cannot be their own superior.
pub fn hierarchy_cycle() -> Problem {
    Problem::unprocessable(
        "hierarchy_cycle",
        "A member cannot report to themselves or to somebody below them.",
    )
}
