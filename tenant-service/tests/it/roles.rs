//! Roles: the platform's, and those a tenant makes.

use crate::world::{World, id};
use contracts::{identity::PlatformRole, internal::tenants::TenantRef};
use serde_json::json;
use tenant_service::permissions::SYSTEM_ROLES;

#[actix_web::test]
async fn a_tenant_sees_the_platforms_roles_that_it_can_give() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;

    let body = admin.get("/api/v2/roles?is_system=true").await.expect(200);

    let names: Vec<&str> =
        body["results"].as_array().unwrap().iter().map(|role| role["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["ceo", "tenant_admin", "manager", "sales_manager", "support_staff", "user"]);
    let user = &body["results"][5];
    let expected = SYSTEM_ROLES.iter().find(|role| role.name == "user").unwrap().permissions().len();
    assert_eq!(user["permissions"].as_array().unwrap().len(), expected);
    let one = admin.get(&format!("/api/v2/roles/{}", id(user))).await.expect(200);
    assert_eq!(&one, user);
}

#[actix_web::test]
async fn the_platforms_roles_cannot_be_changed() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let body = admin.get("/api/v2/roles?name=user").await.expect(200);
    let path = format!("/api/v2/roles/{}", id(&body["results"][0]));
    let write = json!({ "name": "users", "data_scope": "all" });
    let replies = [
        admin.patch(&path, &json!({ "data_scope": "all" })).await,
        admin.put(&path, &write).await,
        admin.put(&format!("{path}/permissions"), &json!({ "permissions": ["leads:delete"] })).await,
        admin.delete(&path).await,
    ];
    for reply in replies {
        assert_eq!(reply.problem(), (403, "system_role"));
    }
}

#[actix_web::test]
async fn a_role_is_made_allowed_something_given_and_deleted() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let (member, person) = world.member(&admin, "user").await;
    let write = json!({ "name": "Auditor", "level": 5, "data_scope": "all", "description": "Reads." });

    let made = admin.post("/api/v2/roles", &write).await;
    assert_eq!(made.header("etag"), Some("\"1\""));
    let made = made.expect(201);
    assert_eq!((&made["permissions"], &made["is_system"]), (&json!([]), &json!(false)));
    let path = format!("/api/v2/roles/{}", id(&made));

    let codes = json!({ "permissions": ["leads:read", "accounts:read", "leads:read"] });
    let allowed = admin.put(&format!("{path}/permissions"), &codes).await.expect(200);
    assert_eq!(allowed["permissions"], json!(["accounts:read", "leads:read"]));

    let give = format!("/api/v2/tenant-users/{member}/update_role");
    admin.patch(&give, &json!({ "role": "auditor" })).await.expect(200);
    let grant = world.access(person.user(), TenantRef::Id(admin.tenant())).await.grant.unwrap();
    assert_eq!(
        (grant.role.as_str(), grant.permissions.join(" ").as_str()),
        ("Auditor", "accounts:read leads:read")
    );

    let mut listener = world.listen().await;
    admin.put(&format!("{path}/permissions"), &json!({ "permissions": [] })).await.expect(200);
    listener.expect_access(admin.tenant(), None).await;
    let grant = world.access(person.user(), TenantRef::Id(admin.tenant())).await.grant.unwrap();
    assert!(grant.permissions.is_empty());

    assert_eq!(admin.delete(&path).await.problem(), (409, "role_in_use"));
    admin.patch(&give, &json!({ "role": "user" })).await.expect(200);
    assert_eq!(admin.delete(&path).await.status.as_u16(), 204);
    assert_eq!(admin.get(&path).await.problem(), (404, "not_found"));
    let types = world.event_types(id(&made)).await;
    assert_eq!(types, ["Role.CREATE", "Role.permissions.UPDATE", "Role.permissions.UPDATE", "Role.DELETE"]);
}

#[actix_web::test]
async fn names_are_unique_whatever_the_case_and_never_the_platforms() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let named = |name: &str| json!({ "name": name, "data_scope": "own" });
    acme.post("/api/v2/roles", &named("Auditor")).await.expect(201);
    for taken in ["Auditor", "AUDITOR", "Tenant_Admin", "internal_admin"] {
        let reply = acme.post("/api/v2/roles", &named(taken)).await;
        assert_eq!(reply.problem(), (409, "already_exists"), "{taken}");
        assert_eq!(reply.faults().len(), 1, "{taken}");
    }
    bolt.post("/api/v2/roles", &named("Auditor")).await.expect(201);
}

#[actix_web::test]
async fn unknown_and_platform_level_permissions_are_refused_by_name() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let made =
        admin.post("/api/v2/roles", &json!({ "name": "Auditor", "data_scope": "own" })).await.expect(201);
    let path = format!("/api/v2/roles/{}/permissions", id(&made));

    let unknown = admin.put(&path, &json!({ "permissions": ["leads:read", "leads:fly"] })).await;
    assert_eq!(unknown.status.as_u16(), 400);
    assert_eq!(unknown.faults(), [("permissions.1".to_owned(), "unknown_permission".to_owned())]);

    let staff = world.app.user(admin.tenant()).with_platform_role(PlatformRole::InternalAdmin);
    for caller in [&admin, &staff] {
        let platform = caller.put(&path, &json!({ "permissions": ["tenants:administer"] })).await;
        assert_eq!(platform.problem(), (422, "platform_permission"));
    }
    let none = admin.get(&format!("/api/v2/roles/{}", id(&made))).await.expect(200);
    assert_eq!(none["permissions"], json!([]));
}

#[actix_web::test]
async fn whoever_manages_roles_gives_no_more_than_they_hold() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let made =
        admin.post("/api/v2/roles", &json!({ "name": "Keeper", "data_scope": "own" })).await.expect(201);
    let path = format!("/api/v2/roles/{}/permissions", id(&made));
    let own = json!({ "permissions": ["roles:manage", "roles:read", "leads:read"] });
    admin.put(&path, &own).await.expect(200);
    let (_, keeper) = world.member(&admin, "Keeper").await;

    let more =
        keeper.put(&path, &json!({ "permissions": ["leads:read", "leads:delete", "roles:manage"] })).await;
    assert_eq!(more.problem(), (403, "permission_denied"));
    assert_eq!(more.body["permission"], "leads:delete");
    keeper.put(&path, &json!({ "permissions": ["leads:read", "roles:manage"] })).await.expect(200);
}

#[actix_web::test]
async fn a_role_is_changed_with_its_version() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let made =
        admin.post("/api/v2/roles", &json!({ "name": "Auditor", "data_scope": "own" })).await.expect(201);
    let path = format!("/api/v2/roles/{}", id(&made));

    let changed = admin
        .with("If-Match", "\"1\"")
        .patch(&path, &json!({ "data_scope": "team", "level": 7 }))
        .await
        .expect(200);
    assert_eq!(
        (&changed["data_scope"], &changed["level"], &changed["name"]),
        (&json!("team"), &json!(7), &json!("Auditor"))
    );
    let stale = admin.with("If-Match", "\"1\"").delete(&path).await;
    assert_eq!(stale.problem(), (412, "version_conflict"));
    assert_eq!(world.event_types(id(&made)).await, ["Role.CREATE", "Role.data_scope.UPDATE", "Role.UPDATE"]);
    let faults =
        admin.post("/api/v2/roles", &json!({ "name": "", "data_scope": "sky", "level": -1 })).await.faults();
    let fields: Vec<&str> = faults.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["data_scope", "level", "name"]);
}
