//! Callers give, take and change no more than they have: permissions, data scope and level.

use contracts::identity::PlatformRole;
use serde_json::{Value, json};
use testkit::{Caller, Reply};
use uuid::Uuid;

use crate::{
    invitations::{invite, try_inviting},
    world::{World, id},
};

/// A role of the tenant's own.
async fn role(admin: &Caller, name: &str, level: i32, scope: &str, permissions: &[&str]) -> Uuid {
    let write = json!({ "name": name, "level": level, "data_scope": scope });
    let role = id(&admin.post("/api/v2/roles", &write).await.expect(201));
    let path = format!("/api/v2/roles/{role}/permissions");
    admin.put(&path, &json!({ "permissions": permissions })).await.expect(200);
    role
}

/// A refusal that names what goes too far.
#[track_caller]
fn assert_beyond(reply: &Reply, member: &str) {
    assert_eq!(reply.problem(), (403, "permission_denied"), "{}", reply.text);
    assert!(!reply.body[member].is_null(), "{}", reply.text);
}

async fn put_below(caller: &Caller, member: Uuid, above: impl Into<Value>) -> Reply {
    let path = format!("/api/v2/tenant-users/{member}/reports_to");
    caller.patch(&path, &json!({ "membership_id": above.into() })).await
}

#[actix_web::test]
async fn an_invitation_offers_no_wider_data_scope_than_the_inviters() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (_, manager) = world.member(&admin, "manager").await;
    let wide = invite(&admin, "wide@acme.example", "support_staff").await;

    let body = json!({ "email": "x@acme.example", "role": "support_staff" });
    assert_beyond(&try_inviting(&manager, &body).await, "data_scope");
    let path = format!("/api/v2/invitations/{}", id(&wide));
    assert_beyond(&manager.post(&format!("{path}/resend"), &json!({})).await, "data_scope");
    assert_beyond(&manager.delete(&path).await, "data_scope");
    for role in ["manager", "sales_manager", "user"] {
        invite(&manager, &format!("{role}@acme.example"), role).await;
    }
}

#[actix_web::test]
async fn a_roles_scope_and_level_are_raised_no_further_than_the_callers() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let own = role(&admin, "Keeper", 20, "own", &["roles:manage", "roles:read"]).await;
    let wide = role(&admin, "Wide", 1, "all", &[]).await;
    let high = role(&admin, "High", 1_000, "own", &[]).await;
    let (_, keeper) = world.member(&admin, "Keeper").await;
    let path = |role: Uuid| format!("/api/v2/roles/{role}");

    for (body, member) in [
        (json!({ "data_scope": "all" }), "data_scope"),
        (json!({ "data_scope": "team" }), "data_scope"),
        (json!({ "level": 21 }), "level"),
    ] {
        assert_beyond(&keeper.patch(&path(own), &body).await, member);
        let mut whole = json!({ "name": "Keeper", "level": 20, "data_scope": "own" });
        whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        assert_beyond(&keeper.put(&path(own), &whole).await, member);
        whole["name"] = json!("Another");
        assert_beyond(&keeper.post("/api/v2/roles", &whole).await, member);
    }
    for (role, member) in [(wide, "data_scope"), (high, "level")] {
        assert_beyond(&keeper.patch(&path(role), &json!({ "description": "x" })).await, member);
        let grants = keeper.put(&format!("{}/permissions", path(role)), &json!({ "permissions": [] })).await;
        assert_beyond(&grants, member);
        assert_beyond(&keeper.delete(&path(role)).await, member);
    }
    assert_eq!(admin.get(&path(own)).await.expect(200)["data_scope"], "own");
    keeper.patch(&path(own), &json!({ "description": "Keeps." })).await.expect(200);
    keeper
        .post("/api/v2/roles", &json!({ "name": "Less", "level": 20, "data_scope": "own" }))
        .await
        .expect(201);
    admin.patch(&path(high), &json!({ "level": 2_000 })).await.faults();
    admin.patch(&path(high), &json!({ "level": 999 })).await.expect(200);
}

#[actix_web::test]
async fn a_member_of_a_higher_level_or_wider_scope_is_not_changed() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    role(&admin, "Deputy", 50, "team", &["tenant_users:update", "tenant_users:read"]).await;
    role(&admin, "Chief", 51, "team", &[]).await;
    role(&admin, "Reader", 1, "all", &[]).await;
    role(&admin, "Clerk", 50, "own", &[]).await;
    let (_, deputy) = world.member(&admin, "Deputy").await;

    for (name, member) in [("Chief", "level"), ("Reader", "data_scope"), ("ceo", "permission")] {
        let (target, person) = world.member(&admin, name).await;
        let path = format!("/api/v2/tenant-users/{target}");
        let leave = format!("/api/v2/tenants/{}/remove_user", admin.tenant());
        let replies = [
            deputy.delete(&path).await,
            deputy.patch(&path, &json!({ "status": "inactive" })).await,
            deputy.patch(&format!("{path}/update_role"), &json!({ "role": "Clerk" })).await,
            deputy.post(&leave, &json!({ "user_id": person.user() })).await,
            put_below(&deputy, target, Value::Null).await,
        ];
        for reply in &replies {
            assert_beyond(reply, member);
        }
    }
    let (clerk, _) = world.member(&admin, "Clerk").await;
    let path = format!("/api/v2/tenant-users/{clerk}");
    for (name, member) in [("Chief", "level"), ("Reader", "data_scope")] {
        let raised = deputy.patch(&format!("{path}/update_role"), &json!({ "role": name })).await;
        assert_beyond(&raised, member);
    }
    deputy.patch(&path, &json!({ "status": "inactive" })).await.expect(200);
    assert_eq!(deputy.delete(&path).await.status.as_u16(), 204);
}

#[actix_web::test]
async fn the_tenants_admins_are_above_every_level() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let all: Vec<&str> = tenant_service::permissions::system_role("ceo").unwrap().permissions();
    role(&admin, "Almighty", 1_000, "all", &all).await;
    let (own, (_, almighty)) = (world.membership_of(&admin).await, world.member(&admin, "Almighty").await);

    let removed = almighty.delete(&format!("/api/v2/tenant-users/{own}")).await;

    assert_beyond(&removed, "level");
    let (_, second) = world.member(&admin, "Almighty").await;
    let path = format!("/api/v2/tenants/{}/remove_user", admin.tenant());
    assert_eq!(admin.post(&path, &json!({ "user_id": second.user() })).await.status.as_u16(), 204);
}

#[actix_web::test]
async fn people_are_moved_only_within_the_team_whose_records_the_caller_sees() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let codes = ["tenant_users:update", "tenant_users:read"];
    role(&admin, "Lead", 50, "team", &codes).await;
    role(&admin, "Loner", 50, "own", &codes).await;
    role(&admin, "Clerk", 1, "own", &[]).await;
    let (boss, _) = world.member(&admin, "Lead").await;
    let (own, mover) = world.member(&admin, "Lead").await;
    let (middle, _) = world.member(&admin, "Lead").await;
    let (worker, _) = world.member(&admin, "Clerk").await;
    let (outsider, _) = world.member(&admin, "Clerk").await;
    let (elsewhere, _) = world.member(&admin, "Lead").await;
    for (member, above) in [(own, boss), (middle, own), (worker, own), (outsider, elsewhere)] {
        put_below(&admin, member, above.to_string()).await.expect(200);
    }

    for (member, above) in [
        (outsider, Some(own)),
        (outsider, Some(middle)),
        (outsider, None),
        (worker, Some(elsewhere)),
        (worker, Some(boss)),
        (worker, None),
        (own, Some(elsewhere)),
        (own, None),
    ] {
        let reply = put_below(&mover, member, above.map(|above| above.to_string())).await;
        assert_beyond(&reply, "data_scope");
    }
    put_below(&mover, worker, middle.to_string()).await.expect(200);
    put_below(&mover, worker, own.to_string()).await.expect(200);
    let (loner_id, loner) = world.member(&admin, "Loner").await;
    put_below(&admin, outsider, loner_id.to_string()).await.expect(200);
    let (below, _) = world.member(&admin, "Clerk").await;
    for member in [outsider, below] {
        let reply = put_below(&loner, member, loner_id.to_string()).await;
        assert_beyond(&reply, "data_scope");
    }
}

#[actix_web::test]
async fn an_invited_person_is_placed_only_within_the_inviters_team() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (own, manager) = world.member(&admin, "manager").await;
    let (other, _) = world.member(&admin, "sales_manager").await;
    let top = world.membership_of(&admin).await;
    let (former, person) = world.member(&admin, "user").await;
    admin.delete(&format!("/api/v2/tenant-users/{former}")).await;
    let body = |email: &str, above: Uuid| json!({ "email": email, "role": "user", "reports_to": above });

    assert_beyond(&try_inviting(&manager, &body("a@acme.example", other)).await, "data_scope");
    assert_beyond(&try_inviting(&manager, &body("b@acme.example", top)).await, "permission");
    let returning = format!("{}@people.example", person.user());
    let returner = try_inviting(&manager, &body(&returning, own)).await;
    assert_beyond(&returner, "data_scope");
    let placed = try_inviting(&admin, &body("c@acme.example", other)).await.expect(201);
    let again = format!("/api/v2/invitations/{}/resend", id(&placed));
    assert_beyond(&manager.post(&again, &json!({})).await, "data_scope");
    try_inviting(&manager, &body("new@acme.example", own)).await.expect(201);
    try_inviting(&admin, &body(&returning, other)).await.expect(201);
}

#[actix_web::test]
async fn what_counts_is_the_role_that_a_caller_holds_when_the_change_is_made() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (demoted, caller) = world.member(&admin, "tenant_admin").await;
    let (worker, _) = world.member(&admin, "user").await;
    let path = format!("/api/v2/tenant-users/{demoted}/update_role");
    admin.patch(&path, &json!({ "role": "user" })).await.expect(200);

    // The identity that the gateway signed a moment ago still names the old role.
    let raise = format!("/api/v2/tenant-users/{worker}/update_role");
    let stale = caller.in_role("tenant_admin").patch(&raise, &json!({ "role": "tenant_admin" })).await;

    assert_beyond(&stale, "permission");
    let stranger = world.app.user(admin.tenant());
    assert_eq!(stranger.patch(&raise, &json!({ "role": "manager" })).await.problem().0, 403);
}

#[actix_web::test]
async fn platform_staff_has_as_much_as_the_tenants_admin_at_most() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let staff = |role| world.app.user(admin.tenant()).with_platform_role(role);
    let own = world.membership_of(&admin).await;
    world.member(&admin, "ceo").await;
    let demote = format!("/api/v2/tenant-users/{own}/update_role");

    let support = staff(PlatformRole::InternalCs).patch(&demote, &json!({ "role": "user" })).await;
    assert_beyond(&support, "permission");
    staff(PlatformRole::InternalAdmin).patch(&demote, &json!({ "role": "user" })).await.expect(200);
}

#[actix_web::test]
async fn answers_of_changes_show_members_and_roles_only_to_those_who_may_read_them() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (worker, _) = world.member(&admin, "user").await;
    let blind = admin.without(&["tenant_users:read", "roles:read", "tenant:read", "offices:read"]);
    let outline = |reply: Reply, status: u16| {
        let body = reply.expect(status);
        let members: Vec<String> = body.as_object().unwrap().keys().cloned().collect();
        (members, id(&body))
    };

    let path = format!("/api/v2/tenant-users/{worker}");
    let changed = outline(blind.patch(&path, &json!({ "department": "IT" })).await, 200);
    assert_eq!(changed, (vec!["id".to_owned(), "version".to_owned()], worker));
    let made = blind.post("/api/v2/roles", &json!({ "name": "Auditor", "data_scope": "own" })).await;
    assert_eq!(outline(made, 201).0, ["id", "version"]);
    let tenant = format!("/api/v2/tenants/{}", admin.tenant());
    assert_eq!(outline(blind.patch(&tenant, &json!({ "name": "Acme" })).await, 200).0, ["id", "version"]);
    let region = blind.post("/api/v2/regions", &json!({ "name": "North" })).await;
    assert_eq!(outline(region, 201).0, ["id", "version"]);
    let invited = try_inviting(&blind, &json!({ "email": "new@acme.example", "role": "user" })).await;
    assert_eq!(outline(invited, 201).0, ["accept_url", "id", "version"]);
}
