//! Permissions, as the services register them.

use contracts::{
    Service,
    internal::{
        InternalCall,
        permissions::{RegisterPermissions, RoutePermission},
    },
};
use platform::command::App;
use serde_json::json;
use tenant_service::TenantService;

use crate::world::World;

fn route(code: &str, method: &str, path: &str) -> RoutePermission {
    RoutePermission {
        code: code.into(),
        description: "About it.".into(),
        method: method.into(),
        path: path.into(),
    }
}

async fn register(world: &World, service: Service, routes: Vec<RoutePermission>) {
    let call = RegisterPermissions { service, routes };
    world.app.service(service).put(&call.path(), &json!(call)).await.expect(200);
}

#[actix_web::test]
async fn a_service_replaces_what_it_said_before_and_nothing_of_others() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    register(
        &world,
        Service::Lead,
        vec![route("leads:read", "GET", "/a"), route("leads:create", "POST", "/a")],
    )
    .await;
    register(&world, Service::Auth, vec![route("users:read", "GET", "/a")]).await;

    register(
        &world,
        Service::Lead,
        vec![route("leads:update", "GET", "/a"), route("leads:read", "GET", "/b")],
    )
    .await;

    let body = admin.get("/api/v2/permissions").await.expect(200);
    let rows = body["results"].as_array().unwrap().iter();
    let found: Vec<String> = rows
        .map(|row| ["service", "code", "method", "path"].map(|name| row[name].as_str().unwrap()).join(" "))
        .collect();
    assert_eq!(found, ["lead leads:read GET /b", "lead leads:update GET /a", "auth users:read GET /a"]);
    assert_eq!(admin.get("/api/v2/permissions?service=auth").await.expect(200)["count"], 1);
}

#[actix_web::test]
async fn registering_again_changes_nothing_and_at_once_works_too() {
    let world = World::start().await;
    let own = TenantService::routes().permissions(Service::Tenant);
    let (caller, body) = (world.app.service(Service::Tenant), json!(own));
    let replies =
        futures::future::join_all((0..4).map(|_| caller.put(RegisterPermissions::TEMPLATE, &body))).await;
    for reply in replies {
        assert_eq!(reply.expect(200)["routes"], json!(own.routes.len()));
    }
    let stored = world.app.database.number("SELECT count(*) AS number FROM permissions").await;
    assert_eq!(stored, own.routes.len() as i64);
}

#[actix_web::test]
async fn a_service_speaks_for_itself_only() {
    let world = World::start().await;
    let call = RegisterPermissions { service: Service::Lead, routes: vec![] };
    let reply = world.app.service(Service::Integration).put(&call.path(), &json!(call)).await;
    assert_eq!(reply.problem(), (403, "service_mismatch"));
}
