//! Users with a proven address, and tenants that send nothing out because no admin has one.

use contracts::{
    UserId,
    internal::tenants::{NoteProof, ProvisionTenant, TenantRef},
};
use serde_json::json;
use testkit::Caller;

use crate::{
    invitations::{accept, invite_by_mail},
    world::{World, eventually, new_tenant},
};

async fn is_unproven(world: &World, tenant: &Caller) -> bool {
    let sql =
        format!("SELECT count(*) AS number FROM tenants WHERE id = '{}' AND is_unproven", tenant.tenant());
    world.app.database.number(&sql).await == 1
}

async fn may_reach_out(world: &World, person: &Caller) -> bool {
    world.access(person.user(), TenantRef::Id(person.tenant())).await.grant.unwrap().address_proven
}

/// The last published state: whether the tenant is unproven.
async fn told(world: &World) -> Option<bool> {
    let requests = world.integration.received_requests().await.unwrap();
    let mut told = requests.iter().filter_map(|request| request.body_json::<ProvisionTenant>().ok());
    told.next_back().map(|news| news.is_unproven)
}

#[actix_web::test]
async fn whoever_registers_with_a_tenant_reaches_out_once_their_address_is_proven() {
    let world = World::start().await;
    let world = World { app: world.app.with_background(), ..world };
    let admin = world.tenant("acme").await;
    assert!(is_unproven(&world, &admin).await && !may_reach_out(&world, &admin).await);
    assert_eq!(told(&world).await, Some(true));
    let mut listener = world.listen().await;

    for _ in 0..2 {
        world.ask(&NoteProof { user_id: admin.user() }).await;
    }

    assert!(!is_unproven(&world, &admin).await && may_reach_out(&world, &admin).await);
    match listener.next().await {
        contracts::invalidation::Invalidation::Access { tenant_id, user_id } => {
            assert_eq!((tenant_id, user_id), (None, Some(admin.user())));
        }
        other => panic!("{other:?}"),
    }
    eventually("the services are told", async || told(&world).await == Some(false)).await;
}

#[actix_web::test]
async fn one_admin_with_a_proven_address_is_enough_and_the_last_one_counts() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let staff =
        world.app.user(admin.tenant()).with_platform_role(contracts::identity::PlatformRole::InternalAdmin);
    let described = crate::world::summary(staff.user(), "staff@people.example".into());
    let platform_role = contracts::identity::PlatformRole::InternalAdmin;
    let described = contracts::internal::users::UserSummary { platform_role, ..described };
    crate::world::describe(&world.auth, described).await;
    let mailed = invite_by_mail(&world, &staff, "new@acme.example", "tenant_admin").await;
    assert!(is_unproven(&world, &admin).await, "an invitation is no admin");

    let accepted = accept(&world, &mailed).await.expect(200);

    assert!(!is_unproven(&world, &admin).await);
    assert!(!may_reach_out(&world, &admin).await, "the other is as unproven as before");
    let path = format!("/api/v2/tenant-users/{}", accepted["membership_id"].as_str().unwrap());
    for change in [json!({ "status": "inactive" }), json!({ "status": "active" })] {
        admin.patch(&path, &change).await.expect(200);
        assert_eq!(is_unproven(&world, &admin).await, change["status"] == "inactive");
    }
    for role in ["user", "tenant_admin"] {
        admin.patch(&format!("{path}/update_role"), &json!({ "role": role })).await.expect(200);
        assert_eq!(is_unproven(&world, &admin).await, role == "user");
    }
    assert_eq!(admin.delete(&path).await.status, 204);
    assert!(is_unproven(&world, &admin).await);
}

#[actix_web::test]
async fn a_tenant_of_the_platforms_staff_is_not_held_back_for_want_of_an_admin() {
    let world = World::start().await;
    world.staff().post("/api/v2/tenants", &new_tenant("acme")).await.expect(201);

    assert_eq!(told(&world).await, Some(false));
    let _noted = world.ask(&NoteProof { user_id: UserId::new() }).await;
}
