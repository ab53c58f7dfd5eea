//! Explanations on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What to explain.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Explain {
    /// The person.
    pub user_id: Uuid,
    /// What they want to do, by its code.
    #[schema(min_length = 1, max_length = 100)]
    pub permission: String,
    /// The resource: a record of the kind that the permission is about, or the owner of a possible record, by
    /// user or membership.
    #[serde(default)]
    pub resource: Option<Uuid>,
}

platform::text_enum! {
    /// What decided.
    Reason {
        /// The tenant is not active, so everything is denied.
        TenantInactive = "tenant_inactive",
        /// The person does not belong to the tenant.
        NotAMember = "not_a_member",
        /// Their membership is switched off.
        MembershipInactive = "membership_inactive",
        /// Their role does not grant the permission.
        PermissionDenied = "permission_denied",
        /// Their role grants it; no record was named.
        RoleGrants = "role_grants",
        /// Their role sees all records.
        ScopeAll = "scope_all",
        /// The record is their own.
        OwnRecord = "own_record",
        /// The record belongs to a member below them, and their role sees those.
        TeamRecord = "team_record",
        /// Their role does not see the owner's records.
        OutOfScope = "out_of_scope",
    }
}

/// The decision and what it rests on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Explanation {
    /// The person.
    pub user_id: Uuid,
    /// What they want to do.
    pub permission: String,
    /// What they want to do it to.
    pub resource: Option<Uuid>,
    /// Its owners: the assignee and the creator.
    pub owners: Vec<Uuid>,
    /// Whether they may.
    pub allowed: bool,
    /// What decided.
    pub reason: Reason,
    /// Their membership.
    pub membership_id: Option<Uuid>,
    /// Their role, and whether it grants the permission.
    pub role: Option<ExplainedRole>,
    /// The way down the hierarchy from them to one of the owners, both included; empty where there is none.
    pub path: Vec<Step>,
}

/// A role as far as it decides.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExplainedRole {
    /// Name.
    pub name: String,
    /// Which records its holders see.
    pub data_scope: String,
    /// Whether it grants the permission.
    pub grants: bool,
}

/// One member on the way down the hierarchy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Step {
    /// Steps from the top of the way.
    pub depth: i32,
    /// The membership.
    pub membership_id: Uuid,
    /// The person.
    pub user_id: Uuid,
    /// Name of their role.
    pub role: String,
}
