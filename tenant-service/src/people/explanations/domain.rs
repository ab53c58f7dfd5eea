//! The decision, explained. Pure; the same that the gateway and the services take.

use contracts::identity::DataScope;
use uuid::Uuid;

use super::api::{Reason, Step};
use crate::people::memberships::api::{Membership, MembershipStatus};

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Whether the tenant is served.
    pub tenant_is_served: bool,
    /// The person's membership.
    pub member: Option<&'a Membership>,
    /// Whether their role grants the permission.
    pub role_grants: bool,
    /// Owners of the record, if one is named.
    pub owners: Option<&'a [Uuid]>,
    /// The way from the person down to one of the owners; empty where there is none.
    pub path: &'a [Step],
}

/// What decides.
pub fn decide(facts: &Facts<'_>) -> Reason {
    let Some(member) = facts.member else {
        return if facts.tenant_is_served { Reason::NotAMember } else { Reason::TenantInactive };
    };
    if !facts.tenant_is_served {
        return Reason::TenantInactive;
    }
    if member.status != MembershipStatus::Active.name() {
        return Reason::MembershipInactive;
    }
    if !facts.role_grants {
        return Reason::PermissionDenied;
    }
    match (facts.owners, DataScope::parse(&member.data_scope)) {
        (None, _) => Reason::RoleGrants,
        (Some(_), Some(DataScope::All)) => Reason::ScopeAll,
        (Some(owners), _) if owners.contains(&member.user_id) => Reason::OwnRecord,
        (Some(_), Some(DataScope::Team)) if !facts.path.is_empty() => Reason::TeamRecord,
        _ => Reason::OutOfScope,
    }
}

/// Whether that lets them.
pub fn allows(reason: Reason) -> bool {
    matches!(reason, Reason::RoleGrants | Reason::ScopeAll | Reason::OwnRecord | Reason::TeamRecord)
}

/// The path down from `top`, given all members above `bottom`, nearest first.
pub fn path(top: &Membership, bottom: &Membership, above: Vec<(i32, Membership)>) -> Vec<Step> {
    let Some(place) = above.iter().position(|(_, member)| member.id == top.id) else { return Vec::new() };
    let between = above.into_iter().take(place + 1).rev().map(|(_, member)| member);
    between
        .chain([bottom.clone()])
        .zip(0..)
        .map(|(member, depth)| Step {
            depth,
            membership_id: member.id,
            user_id: member.user_id,
            role: member.role,
        })
        .collect()
}
