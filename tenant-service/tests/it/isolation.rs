//! Isolation between tenants.

use platform::Problem;
use reqwest::Method;
use serde_json::json;
use tenant_service::people;
use uuid::Uuid;

use crate::world::{World, id};

#[actix_web::test]
async fn another_tenants_object_is_like_one_that_does_not_exist() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let (member, _) = world.member(&bolt, "user").await;
    let role =
        bolt.post("/api/v2/roles", &json!({ "name": "Auditor", "data_scope": "own" })).await.expect(201);
    let requests = [
        (Method::GET, format!("/api/v2/tenant-users/{member}"), json!(null)),
        (Method::PATCH, format!("/api/v2/tenant-users/{member}"), json!({ "department": "x" })),
        (Method::DELETE, format!("/api/v2/tenant-users/{member}"), json!(null)),
        (Method::PATCH, format!("/api/v2/tenant-users/{member}/update_role"), json!({ "role": "manager" })),
        (
            Method::PATCH,
            format!("/api/v2/tenant-users/{member}/reports_to"),
            json!({ "membership_id": null }),
        ),
        (Method::GET, format!("/api/v2/tenant-users/{member}/subordinates"), json!(null)),
        (Method::GET, format!("/api/v2/tenant-users/{member}/ancestors"), json!(null)),
        (Method::GET, format!("/api/v2/roles/{}", id(&role)), json!(null)),
        (Method::PATCH, format!("/api/v2/roles/{}", id(&role)), json!({ "level": 3 })),
        (
            Method::PUT,
            format!("/api/v2/roles/{}/permissions", id(&role)),
            json!({ "permissions": ["leads:read"] }),
        ),
        (Method::DELETE, format!("/api/v2/roles/{}", id(&role)), json!(null)),
        (Method::GET, format!("/api/v2/tenants/{}", bolt.tenant()), json!(null)),
        (Method::PATCH, format!("/api/v2/tenants/{}", bolt.tenant()), json!({ "city": "x" })),
    ];
    for (method, path, body) in requests {
        let foreign = acme.send(method.clone(), &path, Some(&body)).await;
        assert_eq!(foreign.problem(), (404, "not_found"), "{method} {path}");
        let parts: Vec<&str> = path.split('/').collect();
        let random = path.replace(parts[4], &Uuid::now_v7().to_string());
        let unknown = acme.send(method.clone(), &random, Some(&body)).await;
        assert_eq!(
            (unknown.problem(), &unknown.body["detail"]),
            (foreign.problem(), &foreign.body["detail"]),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn lists_hold_the_tenants_own_only() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    world.member(&bolt, "user").await;
    bolt.post("/api/v2/roles", &json!({ "name": "Auditor", "data_scope": "own" })).await.expect(201);
    assert_eq!(acme.get("/api/v2/tenant-users").await.expect(200)["count"], 1);
    assert_eq!(acme.get("/api/v2/roles?is_system=false").await.expect(200)["count"], 0);
    assert_eq!(bolt.get("/api/v2/roles?is_system=false").await.expect(200)["count"], 1);
}

#[actix_web::test]
async fn another_tenants_role_or_member_cannot_be_named_in_a_body() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let (member, _) = world.member(&acme, "user").await;
    let foreign = world.membership_of(&bolt).await;
    bolt.post("/api/v2/roles", &json!({ "name": "Auditor", "data_scope": "own" })).await.expect(201);
    let path = format!("/api/v2/tenant-users/{member}");

    let superior = acme.patch(&format!("{path}/reports_to"), &json!({ "membership_id": foreign })).await;
    assert_eq!(superior.problem(), (422, "unknown_reference"));
    let role = acme.patch(&format!("{path}/update_role"), &json!({ "role": "Auditor" })).await;
    assert_eq!(role.faults(), [("role".to_owned(), "unknown_role".to_owned())]);
}

#[actix_web::test]
async fn the_database_itself_refuses_to_reach_into_another_tenant() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let foreign_member = world.membership_of(&bolt).await;
    let foreign_role =
        id(&bolt.post("/api/v2/roles", &json!({ "name": "Auditor", "data_scope": "own" })).await.expect(201));
    let own_member = world.membership_of(&acme).await;
    let (tenant, db) = (acme.tenant(), &world.app.deps.db);

    let written = db
        .in_tenant(tenant, async |tx| {
            people::archive_membership(tx, foreign_member).await.map_err(Problem::from)
        })
        .await;
    assert_eq!(written.unwrap(), 0, "an update finds no row of another tenant");

    let user_role: Uuid = db
        .in_tenant(tenant, async |tx| {
            let role = people::role_named(tx, "user").await?.unwrap();
            assert_eq!(people::archive_role(tx, role.id).await?, 0, "the platform's roles are not written");
            Ok::<_, Problem>(role.id)
        })
        .await
        .unwrap();

    for role in [user_role, foreign_role] {
        let widened: Result<_, Problem> = db
            .in_tenant(tenant, async |tx| {
                Ok(people::replace_role_permissions(tx, role, &["leads:delete".into()]).await?)
            })
            .await;
        assert_eq!(widened.unwrap_err().code, "unknown_reference", "the role is not the tenant's");
    }
    let above: Result<_, Problem> = db
        .in_tenant(tenant, async |tx| Ok(people::set_reports_to(tx, own_member, Some(foreign_member)).await?))
        .await;
    assert_eq!(above.unwrap_err().code, "unknown_reference", "nobody reports into another tenant");
}
