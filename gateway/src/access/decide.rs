//! The decision: may this person do this here? Pure.

use std::{collections::HashSet, sync::Arc};

use contracts::{
    TenantId, UserId,
    identity::{ActingIn, DataScope},
    internal::{
        tenants::{AccessAnswer, TenantStatus, TenantSummary},
        users::{ADDRESS_UNPROVEN, ADDRESS_UNPROVEN_DETAIL},
    },
    permissions,
};
use platform::{Problem, auth::teams};
use uuid::Uuid;

use crate::auth::token::AccessToken;

/// What a person is in a tenant, prepared for quick decisions.
#[derive(Clone, Debug)]
pub struct Access {
    /// The tenant; none when there is no such tenant.
    pub tenant: Option<TenantSummary>,
    /// What they may do there; none for a stranger.
    pub grant: Option<Grant>,
}

/// What a person may do in a tenant.
#[derive(Clone, Debug)]
pub struct Grant {
    membership: Option<Uuid>,
    role: String,
    permissions: HashSet<String>,
    scope: DataScope,
    demands_second_factor: bool,
    address_proven: bool,
    team: Vec<UserId>,
    time_zone: Option<String>,
    own_time_zone: Option<String>,
    /// Digest of a team too large to travel.
    digest: Option<String>,
}

/// How the tenant was named, which decides the answer to a user who is no member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// By header or host: faults are named.
    Header,
    /// By the path: what one may not know of does not exist. Platform staff may act on tenants that are not active.
    Path,
}

impl From<AccessAnswer> for Access {
    fn from(answer: AccessAnswer) -> Self {
        let grant = answer.grant.map(|grant| Grant {
            digest: (grant.team.len() > teams::TRAVELLING).then(|| teams::digest(&grant.team)),
            membership: grant.membership_id,
            role: grant.role,
            permissions: grant.permissions.into_iter().collect(),
            scope: grant.data_scope,
            demands_second_factor: grant.demands_second_factor,
            address_proven: grant.address_proven,
            team: grant.team,
            time_zone: grant.time_zone,
            own_time_zone: grant.own_time_zone,
        });
        Self { tenant: answer.tenant, grant }
    }
}

impl Access {
    /// The tenant's id.
    pub fn tenant_id(&self) -> Option<TenantId> {
        self.tenant.as_ref().map(|tenant| tenant.id)
    }

    /// Those of these permissions that the person holds.
    pub fn held(&self, codes: &[Arc<str>]) -> Vec<String> {
        let Some(grant) = &self.grant else { return Vec::new() };
        codes
            .iter()
            .filter(|code| grant.permissions.contains(&***code))
            .map(|code| (**code).to_owned())
            .collect()
    }

    /// The identity's tenant part, if access is allowed.
    ///
    /// # Errors
    /// 403 or 404 as the contract says.
    pub fn decide(
        &self,
        mode: Mode,
        permission: Option<&str>,
        token: &AccessToken,
    ) -> Result<ActingIn, Problem> {
        let unknown = || match mode {
            Mode::Header => tenant_not_found(),
            Mode::Path => Problem::not_found(),
        };
        let tenant = self.tenant.as_ref().ok_or_else(unknown)?;
        if mode == Mode::Path && self.grant.is_none() {
            return Err(Problem::not_found());
        }
        let staff_on_path = mode == Mode::Path && !token.role.is_none();
        if tenant.status != TenantStatus::Active && !staff_on_path {
            return Err(Problem::forbidden("tenant_inactive", "The tenant is not active."));
        }
        let stranger = || Problem::forbidden("not_a_member", "You are not a member of this tenant.");
        let grant = self.grant.as_ref().ok_or_else(stranger)?;
        if grant.demands_second_factor && !token.second_factor {
            return Err(second_factor_required());
        }
        if let Some(code) = permission {
            check(&grant.permissions, code)?;
            if !grant.address_proven && permissions::reaches_out(code) {
                return Err(address_unproven());
            }
        }
        let team = if grant.scope == DataScope::Team { grant.team.as_slice() } else { &[] };
        let digest = if team.is_empty() { None } else { grant.digest.clone() };
        Ok(ActingIn {
            id: tenant.id,
            client_id: tenant.client_id.clone(),
            membership: grant.membership,
            role: grant.role.clone(),
            data_scope: grant.scope,
            team: if digest.is_some() { Vec::new() } else { team.to_vec() },
            team_digest: digest,
            time_zone: grant.time_zone.clone(),
            own_time_zone: grant.own_time_zone.clone(),
        })
    }
}

/// 404 for a tenant that a header or host names and that does not exist.
pub fn tenant_not_found() -> Problem {
    Problem::new(actix_web::http::StatusCode::NOT_FOUND, "tenant_not_found", "There is no such tenant.")
}

/// 403: what leaves the platform takes a proven address.
fn address_unproven() -> Problem {
    Problem::forbidden(ADDRESS_UNPROVEN, ADDRESS_UNPROVEN_DETAIL)
}

fn second_factor_required() -> Problem {
    Problem::forbidden(
        "second_factor_required",
        "This tenant lets in only who signed in with a second factor. Set one up, or sign in again with it.",
    )
}

/// Whether the permission is among those held.
///
/// # Errors
/// 403 that names it.
pub fn check(held: &HashSet<String>, code: &str) -> Result<(), Problem> {
    if held.contains(code) {
        return Ok(());
    }
    Err(Problem::forbidden("permission_denied", format!("This needs the permission {code}."))
        .with("permission", code))
}

#[cfg(test)]
mod tests {
    use contracts::identity::PlatformRole;

    use super::*;

    fn token(role: PlatformRole, second_factor: bool) -> AccessToken {
        let (user, session) = (UserId(Uuid::from_u128(1)), Uuid::from_u128(2));
        AccessToken { user, session, role, second_factor, issued_at: 0, expires_at: 0, host: None }
    }

    fn access(status: TenantStatus, permissions: Option<&[&str]>) -> Access {
        let (id, client_id) = (TenantId(Uuid::from_u128(1)), "acme".to_owned());
        Access {
            tenant: Some(TenantSummary { id, client_id, name: "Acme".into(), status }),
            grant: permissions.map(|codes| Grant {
                membership: None,
                role: "user".into(),
                permissions: codes.iter().map(|&code| code.to_owned()).collect(),
                scope: DataScope::Own,
                demands_second_factor: false,
                address_proven: true,
                team: vec![UserId(Uuid::from_u128(9))],
                time_zone: None,
                own_time_zone: None,
                digest: None,
            }),
        }
    }

    fn code(access: &Access, mode: Mode, role: PlatformRole) -> (u16, &'static str) {
        match access.decide(mode, Some("leads:read"), &token(role, false)) {
            Ok(_) => (200, "ok"),
            Err(problem) => (problem.status.as_u16(), problem.code),
        }
    }

    #[test]
    fn of_an_operations_effects_those_are_told_that_the_person_holds() {
        let effects = ["leads:assign", "leads:read"].map(Arc::from);

        let told = |held: Option<&[&str]>| access(TenantStatus::Active, held).held(&effects);

        assert_eq!(told(Some(&["leads:read", "leads:update"])), ["leads:read"]);
        assert!(told(Some(&[])).is_empty() && told(None).is_empty());
    }

    #[test]
    fn each_fault_has_its_own_code_when_the_header_names_the_tenant() {
        let held: &[&str] = &["leads:read"];
        for (access, expected) in [
            (Access { tenant: None, grant: None }, (404, "tenant_not_found")),
            (access(TenantStatus::Suspended, Some(held)), (403, "tenant_inactive")),
            (access(TenantStatus::Active, None), (403, "not_a_member")),
            (access(TenantStatus::Active, Some(&["leads:create"])), (403, "permission_denied")),
            (access(TenantStatus::Active, Some(held)), (200, "ok")),
        ] {
            assert_eq!(code(&access, Mode::Header, PlatformRole::None), expected);
        }
        let staff = PlatformRole::InternalAdmin;
        assert_eq!(
            code(&access(TenantStatus::Inactive, Some(held)), Mode::Header, staff),
            (403, "tenant_inactive")
        );
    }

    #[test]
    fn on_a_path_a_stranger_learns_nothing() {
        let none = PlatformRole::None;
        let absent = Access { tenant: None, grant: None };
        assert_eq!(code(&absent, Mode::Path, none), (404, "not_found"));
        assert_eq!(code(&access(TenantStatus::Active, None), Mode::Path, none), (404, "not_found"));
        assert_eq!(code(&access(TenantStatus::Suspended, None), Mode::Path, none), (404, "not_found"));
    }

    #[test]
    fn platform_staff_may_act_on_a_tenant_that_is_not_active() {
        let access = access(TenantStatus::Suspended, Some(&["leads:read"]));
        assert_eq!(code(&access, Mode::Path, PlatformRole::InternalCs), (200, "ok"));
        assert_eq!(code(&access, Mode::Path, PlatformRole::None), (403, "tenant_inactive"));
    }

    #[test]
    fn a_large_team_travels_as_its_digest() {
        let answer = |size: u128| AccessAnswer {
            tenant: access(TenantStatus::Active, None).tenant,
            grant: Some(contracts::internal::tenants::Grant {
                membership_id: Some(Uuid::nil()),
                role: "manager".into(),
                permissions: vec![],
                data_scope: DataScope::Team,
                team: (0..size).map(|person| UserId(Uuid::from_u128(person))).collect(),
                demands_second_factor: false,
                address_proven: true,
                time_zone: None,
                own_time_zone: None,
            }),
        };
        let nobody_special = token(PlatformRole::None, false);
        let acting = |size| Access::from(answer(size)).decide(Mode::Header, None, &nobody_special).unwrap();
        assert_eq!((acting(100).team.len(), acting(100).team_digest), (100, None));
        let large = acting(5_000);
        assert!(
            large.team.is_empty()
                && large.team_digest.is_some()
                && large.team_digest != acting(4_999).team_digest
        );
        assert!(serde_json::to_string(&large).unwrap().len() < 500);
    }

    #[test]
    fn a_denial_names_the_permission_and_a_team_travels_only_with_its_scope() {
        let nobody_special = token(PlatformRole::None, false);
        let access = access(TenantStatus::Active, Some(&[]));

        let problem = access.decide(Mode::Header, Some("leads:read"), &nobody_special).unwrap_err();
        assert_eq!(problem.extra["permission"], "leads:read");
        let acting = access.decide(Mode::Header, None, &nobody_special).unwrap();
        assert!(acting.team.is_empty());
    }

    #[test]
    fn a_tenant_that_demands_a_second_factor_lets_nobody_in_without_one() {
        let mut access = access(TenantStatus::Active, Some(&["leads:read"]));
        access.grant.as_mut().unwrap().demands_second_factor = true;

        for mode in [Mode::Header, Mode::Path] {
            for role in [PlatformRole::None, PlatformRole::InternalCs, PlatformRole::InternalAdmin] {
                let decide = |second_factor| {
                    access.decide(mode, Some("leads:read"), &token(role, second_factor)).map(drop)
                };
                let refused = decide(false).unwrap_err();
                assert_eq!((refused.status.as_u16(), refused.code), (403, "second_factor_required"));
                assert!(decide(true).is_ok());
            }
        }
    }

    #[test]
    fn whose_address_is_not_proven_works_in_their_tenant_and_does_nothing_that_leaves_it() {
        let reaching = [
            "tenant_users:invite",
            "webhook_endpoints:create",
            "webhook_endpoints:update",
            "deliveries:replay",
        ];
        let mut access = access(TenantStatus::Active, Some(&[&reaching[..], &["leads:read"]].concat()));
        access.grant.as_mut().unwrap().address_proven = false;
        let person = token(PlatformRole::None, false);

        for mode in [Mode::Header, Mode::Path] {
            for code in reaching {
                let refused = access.decide(mode, Some(code), &person).unwrap_err();
                assert_eq!((refused.status.as_u16(), refused.code), (403, "address_unproven"), "{code}");
            }
            assert!(access.decide(mode, Some("leads:read"), &person).is_ok());
            let lacking = access.decide(mode, Some("leads:create"), &person).unwrap_err();
            assert_eq!(lacking.code, "permission_denied");
        }
        access.grant.as_mut().unwrap().address_proven = true;
        assert!(access.decide(Mode::Header, Some("tenant_users:invite"), &person).is_ok());
    }
}
