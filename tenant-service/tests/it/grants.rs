//! The look-ups that other services make.

use chrono::Utc;
use contracts::{
    TenantId, UserId,
    identity::{DataScope, PlatformRole},
    internal::tenants::{
        CheckMembers, Leaver, Leaving, ListAdmins, ListMemberships, ListTeam, LookUpAccess,
        LookUpPlatformAccess, TenantRef, TenantStatus,
    },
    permissions,
};
use serde_json::json;

use tenant_service::permissions::platform_permissions;
use testkit::Caller;

use crate::world::World;

#[actix_web::test]
async fn a_tenant_is_named_by_uuid_client_id_or_host() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let names = [
        TenantRef::Id(admin.tenant()),
        TenantRef::ClientId("acme".into()),
        TenantRef::Host("acme.localhost".into()),
    ];
    for name in names {
        let answer = world.access(admin.user(), name.clone()).await;
        let tenant = answer.tenant.unwrap_or_else(|| panic!("{name:?}"));
        assert_eq!(
            (tenant.id, tenant.client_id.as_str(), tenant.status),
            (admin.tenant(), "acme", TenantStatus::Active)
        );
        let grant = answer.grant.unwrap();
        assert_eq!((grant.role.as_str(), grant.data_scope), ("tenant_admin", DataScope::All));
        assert!(grant.permissions.contains(&"roles:manage".to_owned()));
        assert!(!grant.permissions.contains(&"tenants:list".to_owned()));
    }
    for name in [
        TenantRef::Id(TenantId::new()),
        TenantRef::ClientId("nobody".into()),
        TenantRef::Host("acme.example".into()),
        TenantRef::ClientId("acme' OR true --".into()),
    ] {
        let answer = world.access(admin.user(), name).await;
        assert!(answer.tenant.is_none() && answer.grant.is_none());
    }
}

#[actix_web::test]
async fn the_only_tenant_of_a_person_is_found_without_its_name() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let (_, member) = world.member(&acme, "user").await;
    let only = async || world.access(member.user(), TenantRef::Only).await;

    let answer = only().await;
    assert_eq!(answer.tenant.unwrap().id, acme.tenant());
    assert_eq!(answer.grant.unwrap().role, "user");

    let (second, _) = world.join(bolt.tenant(), member.user(), "user").await;
    assert!(only().await.tenant.is_none(), "two tenants are not one");

    bolt.delete(&format!("/api/v2/tenant-users/{second}")).await.expect(204);
    assert_eq!(only().await.tenant.unwrap().id, acme.tenant());
    assert!(world.access(UserId::new(), TenantRef::Only).await.tenant.is_none());
}

#[actix_web::test]
async fn strangers_and_inactive_members_may_do_nothing() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let (id, member) = world.member(&acme, "user").await;
    let grant = async |user, tenant| world.access(user, TenantRef::Id(tenant)).await.grant;

    assert!(grant(bolt.user(), acme.tenant()).await.is_none());
    assert!(grant(member.user(), bolt.tenant()).await.is_none());
    assert_eq!(grant(member.user(), acme.tenant()).await.unwrap().membership_id, Some(id));

    acme.patch(&format!("/api/v2/tenant-users/{id}"), &json!({ "status": "inactive" })).await.expect(200);
    assert!(grant(member.user(), acme.tenant()).await.is_none());
    assert!(world.ask(&ListMemberships { user_id: member.user() }).await.is_empty());

    acme.patch(&format!("/api/v2/tenant-users/{id}"), &json!({ "status": "active" })).await.expect(200);
    acme.delete(&format!("/api/v2/tenant-users/{id}")).await;
    assert!(grant(member.user(), acme.tenant()).await.is_none());
}

#[actix_web::test]
async fn platform_staff_gets_its_role_in_every_tenant() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    for role in [PlatformRole::InternalAdmin, PlatformRole::InternalCs] {
        let count = platform_permissions(role).len();
        // Even where they are members: the role on the platform is what counts.
        let call = LookUpAccess {
            user_id: admin.user(),
            platform_role: role,
            tenant: TenantRef::Id(admin.tenant()),
        };
        let grant = world.ask(&call).await.grant.unwrap();
        assert_eq!((grant.role.as_str(), grant.membership_id), (role.name(), None));
        assert_eq!((grant.data_scope, grant.permissions.len()), (DataScope::All, count), "{role:?}");
        let platform = world.ask(&LookUpPlatformAccess { platform_role: role }).await;
        assert_eq!(platform.permissions.len(), count);
    }
    let withheld = permissions::ALL.len() - platform_permissions(PlatformRole::InternalAdmin).len();
    assert_eq!(withheld, 5, "what is for members only");
    let nobody = world.ask(&LookUpPlatformAccess { platform_role: PlatformRole::None }).await;
    assert!(nobody.permissions.is_empty());
}

#[actix_web::test]
async fn a_team_is_everybody_below_and_nobody_else() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (boss, boss_caller) = world.member(&admin, "manager").await;
    let (middle, middle_caller) = world.member(&admin, "sales_manager").await;
    let (worker, worker_caller) = world.member(&admin, "user").await;
    world.member(&admin, "user").await;
    let below = async |member, above| {
        let path = format!("/api/v2/tenant-users/{member}/reports_to");
        admin.patch(&path, &json!({ "membership_id": above })).await.expect(200);
    };
    below(worker, middle).await;
    below(middle, boss).await;
    let team = async |user: UserId| {
        let mut team = world.access(user, TenantRef::Id(admin.tenant())).await.grant.unwrap().team;
        team.sort_unstable();
        team
    };

    let mut expected = vec![middle_caller.user(), worker_caller.user()];
    expected.sort_unstable();
    assert_eq!(team(boss_caller.user()).await, expected);
    assert_eq!(team(middle_caller.user()).await, [worker_caller.user()]);
    assert!(team(worker_caller.user()).await.is_empty());
    assert!(team(admin.user()).await.is_empty(), "whoever sees all needs no team");
}

#[actix_web::test]
async fn memberships_are_listed_with_what_each_allows() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let (_, member) = world.member(&acme, "user").await;
    let user = member.user();
    world
        .app
        .deps
        .db
        .in_tenant(bolt.tenant(), async |tx| {
            let role = tenant_service::people::role_named(tx, "manager").await?.unwrap();
            tenant_service::people::insert_membership(tx, user, role.id).await?;
            Ok::<_, platform::Problem>(())
        })
        .await
        .unwrap();

    let memberships = world.ask(&ListMemberships { user_id: user }).await;

    let roles: Vec<_> =
        memberships.iter().map(|one| (one.client_id.as_str(), one.role.as_str(), one.data_scope)).collect();
    assert_eq!(roles, [("acme", "user", DataScope::Own), ("bolt", "manager", DataScope::Team)]);
    assert!(memberships[1].permissions.contains(&"tenant_users:invite".to_owned()));
    assert!(!memberships[0].permissions.contains(&"tenant_users:read".to_owned()));

    world.staff().delete(&format!("/api/v2/tenants/{}", bolt.tenant())).await;
    assert_eq!(world.ask(&ListMemberships { user_id: user }).await.len(), 1);
}

#[actix_web::test]
async fn admins_are_the_active_tenant_admins_and_ceos() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (_, ceo) = world.member(&admin, "ceo").await;
    let (former, _) = world.member(&admin, "tenant_admin").await;
    world.member(&admin, "manager").await;
    admin
        .patch(&format!("/api/v2/tenant-users/{former}"), &json!({ "status": "inactive" }))
        .await
        .expect(200);

    let admins = world.ask(&ListAdmins { tenant_id: admin.tenant() }).await;

    assert_eq!(admins, [admin.user(), ceo.user()]);
    assert!(world.ask(&ListAdmins { tenant_id: TenantId::new() }).await.is_empty());
}

#[actix_web::test]
async fn strangers_are_told_from_members() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let stranger = UserId::new();
    let call = CheckMembers { tenant_id: acme.tenant(), user_ids: vec![acme.user(), stranger, bolt.user()] };
    assert_eq!(world.ask(&call).await.strangers, [stranger, bolt.user()]);
}

#[actix_web::test]
async fn a_large_team_is_answered_by_membership() {
    let world = World::start().await;
    let (admin, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let (boss, _) = world.member(&admin, "manager").await;
    let (worker, worker_caller) = world.member(&admin, "user").await;
    let path = format!("/api/v2/tenant-users/{worker}/reports_to");
    admin.patch(&path, &json!({ "membership_id": boss })).await.expect(200);

    let team = world.ask(&ListTeam { tenant_id: admin.tenant(), membership_id: boss }).await;

    assert_eq!(team, [worker_caller.user()]);
    let foreign = world.ask(&ListTeam { tenant_id: bolt.tenant(), membership_id: boss }).await;
    assert!(foreign.is_empty());
}

#[actix_web::test]
async fn of_those_who_left_it_is_known_when_what_they_hold_goes_and_who_gets_it() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (boss, boss_caller) = world.member(&admin, "manager").await;
    let (lead, lead_caller) = world.member(&admin, "manager").await;
    let (worker, worker_caller) = world.member(&admin, "user").await;
    for (member, above) in [(lead, boss), (worker, lead)] {
        let path = format!("/api/v2/tenant-users/{member}/reports_to");
        admin.patch(&path, &json!({ "membership_id": above })).await.expect(200);
    }
    let leaver = async |person: &Caller| {
        let call = CheckMembers { tenant_id: admin.tenant(), user_ids: vec![person.user()] };
        world.ask(&call).await.leavers.pop()
    };
    let days = |leaver: &Leaver| (leaver.hands_over_at - leaver.since).num_days();
    let status = async |status: &str| {
        let path = format!("/api/v2/tenant-users/{worker}");
        admin.patch(&path, &json!({ "status": status })).await.expect(200);
    };
    assert_eq!(leaver(&worker_caller).await, None);

    status("inactive").await;
    let inactive = leaver(&worker_caller).await.unwrap();
    assert_eq!((inactive.leaving, days(&inactive)), (Leaving::Inactive, 3));
    assert_eq!(inactive.manager, Some(lead_caller.user()));
    assert!((Utc::now() - inactive.since).num_minutes() < 5);
    let path = format!("/api/v2/tenant-users/{worker}");
    admin.patch(&path, &json!({ "department": "Sales" })).await.expect(200);
    assert_eq!(leaver(&worker_caller).await.unwrap().since, inactive.since, "other changes are none of it");

    let tenant = format!("/api/v2/tenants/{}", admin.tenant());
    admin.patch(&tenant, &json!({ "settings": { "handover_after_days": 10 } })).await.expect(200);
    assert_eq!(days(&leaver(&worker_caller).await.unwrap()), 10);
    let setting = json!({ "key": "handover_after_days", "value": 0, "scope": "tenant" });
    admin.post("/api/v2/settings", &setting).await.expect(201);
    assert_eq!(days(&leaver(&worker_caller).await.unwrap()), 0);
    let wrong = admin.patch(&tenant, &json!({ "settings": { "handover_after_days": "soon" } })).await;
    assert_eq!(wrong.faults()[0].0, "settings.handover_after_days");

    admin.delete(&format!("/api/v2/tenant-users/{lead}")).await.expect(204);
    assert_eq!(leaver(&worker_caller).await.unwrap().manager, Some(boss_caller.user()));
    admin.delete(&path).await.expect(204);
    let removed = leaver(&worker_caller).await.unwrap();
    assert_eq!((removed.leaving, days(&removed)), (Leaving::Removed, 0));
    assert_eq!(removed.manager, Some(boss_caller.user()));
}
