//! Callers give, take and change no more than they have: permissions, data scope and level are compared in one place.

use contracts::{
    identity::{DataScope, PlatformRole},
    problem::FieldError,
};
use platform::{Problem, db::TenantTx, http::access::TenantCaller};

use super::{api::RoleView, domain::RoleFields, store};
use crate::{
    people::memberships::{self, api::Membership, hierarchy},
    permissions::{self, ADMIN_ROLES, PLATFORM_LEVEL},
};

/// What a role amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Codes of what it allows.
    pub permissions: Vec<String>,
    /// Which records it sees.
    pub data_scope: DataScope,
    /// Its rank; see [`Reach::rank`].
    pub level: i32,
}

impl Reach {
    /// A role that allows nothing and sees its holder's records.
    const NOTHING: Self = Self { permissions: Vec::new(), data_scope: DataScope::Own, level: i32::MIN };

    /// The rank of a role: those who administer the tenant stand above every level.
    pub fn rank(name: &str, level: i32) -> i32 {
        if ADMIN_ROLES.contains(&name) { i32::MAX } else { level }
    }

    /// A role as it is.
    pub fn of(role: &RoleView) -> Self {
        Self {
            permissions: role.permissions.clone(),
            // One that is not known counts as the widest.
            data_scope: DataScope::parse(&role.data_scope).unwrap_or(DataScope::All),
            level: Self::rank(&role.name, role.level),
        }
    }

    /// A role as it is about to be, but for what it allows.
    pub fn written(fields: &RoleFields) -> Self {
        Self { data_scope: fields.data_scope(), level: fields.level(), ..Self::NOTHING }
    }

    /// Whether this is within `held`.
    pub fn is_within(&self, held: &Self) -> bool {
        self.check_within(held).is_ok()
    }

    /// 403 unless this is within `held`: the comparison on which everything here rests.
    fn check_within(&self, held: &Self) -> Result<(), Problem> {
        let mut beyond: Vec<&String> =
            self.permissions.iter().filter(|code| !held.permissions.contains(code)).collect();
        beyond.sort_unstable();
        beyond.dedup();
        if let Some(first) = beyond.first() {
            let errors = beyond
                .iter()
                .map(|code| FieldError::new("", "not_held", format!("you do not hold {code} yourself")));
            let detail = "This takes permissions that you do not hold yourself.";
            let denied = Problem::forbidden("permission_denied", detail).with("permission", first.as_str());
            return Err(Problem { errors: errors.collect(), ..denied });
        }
        if self.data_scope > held.data_scope {
            let (wanted, own) = (self.data_scope.name(), held.data_scope.name());
            let detail = format!("This takes the data scope {wanted}; yours is {own}.");
            return Err(Problem::forbidden("permission_denied", detail).with("data_scope", wanted));
        }
        if self.level > held.level {
            let detail = "This takes a role of a higher level than yours.";
            return Err(Problem::forbidden("permission_denied", detail).with("level", held.level));
        }
        Ok(())
    }
}

/// 403 unless each of these is within what the caller has.
pub async fn check(tx: &mut TenantTx<'_>, caller: &TenantCaller, wanted: &[Reach]) -> Result<(), Problem> {
    let held = held(tx, caller).await?;
    wanted.iter().try_for_each(|reach| reach.check_within(&held))
}

/// 403 unless each role of these names is within what the caller has.
pub async fn check_roles(
    tx: &mut TenantTx<'_>,
    caller: &TenantCaller,
    names: &[&str],
) -> Result<(), Problem> {
    let wanted = store::reaches(tx, names).await?;
    check(tx, caller, &wanted).await
}

/// Who is placed in the hierarchy.
#[derive(Clone, Copy, Debug)]
pub enum Placed<'a> {
    /// A member, with everyone below.
    Member(&'a Membership),
    /// A person who joins and has no records yet.
    Newcomer,
    /// A person who was a member before and has left records behind.
    Returner,
}

/// 403 unless the caller may place a person under `above`, or at the top.
///
/// A superior with scope `team` sees the records of those below. So the roles of both must be within what the caller has;
/// and a caller who does not see the whole tenant may place only members with visible records, and only in their own team.
pub async fn check_placing(
    tx: &mut TenantTx<'_>,
    caller: &TenantCaller,
    placed: Placed<'_>,
    above: Option<&Membership>,
) -> Result<(), Problem> {
    let member = match placed {
        Placed::Member(member) => Some(member),
        Placed::Newcomer | Placed::Returner => None,
    };
    let roles: Vec<&str> = member.into_iter().chain(above).map(|placed| placed.role.as_str()).collect();
    check_roles(tx, caller, &roles).await?;
    if held(tx, caller).await?.data_scope == DataScope::All {
        return Ok(());
    }
    let outside = || {
        let detail = "Without the data scope all, people are placed only within your own team.";
        Problem::forbidden("permission_denied", detail).with("data_scope", "all")
    };
    let own = memberships::store::of_user(tx, caller.user()).await?.ok_or_else(outside)?;
    let is_seen = match placed {
        Placed::Member(member) => {
            own.data_scope == DataScope::Team.name()
                && member.id != own.id
                && hierarchy::is_within(tx, member.id, own.id).await?
        }
        Placed::Newcomer => true,
        Placed::Returner => false,
    };
    let stays_in_team = match above {
        Some(above) => hierarchy::is_within(tx, above.id, own.id).await?,
        None => false,
    };
    if is_seen && stays_in_team { Ok(()) } else { Err(outside()) }
}

/// What the caller has, read in the transaction that it decides about. A platform admin counts as the tenant's admin, also for
/// what staff does not do in a tenant itself, such as saving rules; other staff has what its role on the platform allows; a
/// person who is no active member has nothing.
async fn held(tx: &mut TenantTx<'_>, caller: &TenantCaller) -> Result<Reach, Problem> {
    if caller.platform_role().is_none() {
        return Ok(store::reach_of_member(tx, caller.user()).await?.unwrap_or(Reach::NOTHING));
    }
    of_staff(tx, caller.platform_role()).await
}

/// What platform staff with this role has inside the tenant.
pub async fn of_staff(tx: &mut TenantTx<'_>, role: PlatformRole) -> Result<Reach, Problem> {
    if role == PlatformRole::InternalAdmin {
        return Ok(store::reaches(tx, &[permissions::TENANT_ADMIN]).await?.pop().unwrap_or(Reach::NOTHING));
    }
    let codes = permissions::platform_permissions(role).into_iter();
    let in_tenant = codes.filter(|code| !PLATFORM_LEVEL.contains(code));
    Ok(Reach {
        permissions: in_tenant.map(str::to_owned).collect(),
        data_scope: DataScope::All,
        level: i32::MAX,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(permissions: &[&str], data_scope: DataScope, level: i32) -> Reach {
        Reach { permissions: permissions.iter().map(|&code| code.to_owned()).collect(), data_scope, level }
    }

    #[test]
    fn permissions_scope_and_level_each_hold_back() {
        let held = reach(&["a", "b"], DataScope::Team, 60);

        for (wanted, member) in [
            (reach(&["c"], DataScope::Own, 0), Some("permission")),
            (reach(&["a"], DataScope::All, 0), Some("data_scope")),
            (reach(&["a"], DataScope::Own, 61), Some("level")),
            (reach(&["a"], DataScope::Own, Reach::rank("ceo", 1)), Some("level")),
            (reach(&["b", "a"], DataScope::Team, 60), None),
        ] {
            let refused = wanted.check_within(&held).err();
            let named = refused.map(|problem| {
                assert_eq!((problem.status.as_u16(), problem.code), (403, "permission_denied"));
                problem.extra.keys().next().cloned().unwrap_or_default()
            });
            assert_eq!(named.as_deref(), member, "{wanted:?}");
        }
        let admin = reach(&["a"], DataScope::All, Reach::rank("tenant_admin", 80));
        assert!(reach(&["a"], DataScope::All, 1_000).check_within(&admin).is_ok());
    }
}
