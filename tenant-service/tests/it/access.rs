//! Every route refuses callers without the right to it.

use contracts::{TenantId, identity::PlatformRole};
use platform::{command::App, http::openapi};
use reqwest::Method;
use serde_json::json;
use tenant_service::TenantService;
use uuid::Uuid;

use crate::world::World;

fn requests() -> Vec<(Method, String, &'static str)> {
    let routes = TenantService::routes();
    let request = |route: &platform::http::routes::DeclaredRoute| {
        let path = ["{id}", "{move_id}", "{domain_id}"]
            .into_iter()
            .fold(route.path.to_owned(), |path, name| path.replace(name, &Uuid::now_v7().to_string()));
        (route.method.parse().expect("a method"), path, route.rule.access)
    };
    routes.iter().map(request).collect()
}

/// The path with its ids left out.
fn route_of(path: &str) -> String {
    let segments =
        path.split('/').map(|segment| if Uuid::parse_str(segment).is_ok() { "{id}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

#[actix_web::test]
async fn nobody_is_served_past_the_gateway_and_the_anonymous_only_where_anybody_is() {
    let world = World::start_with(&[]).await;
    let mut open = Vec::new();
    for (method, path, access) in requests() {
        let nobody = world.app.nobody().send(method.clone(), &path, Some(&json!({}))).await;
        assert_eq!(nobody.problem(), (401, "not_authenticated"), "{method} {path}");
        let anonymous = world.app.anonymous().send(method.clone(), &path, Some(&json!({}))).await;
        if matches!(access, "public" | "optional") {
            assert_ne!(anonymous.status.as_u16(), 401, "{method} {path}");
            open.push(format!("{method} {}", route_of(&path)));
        } else {
            assert_eq!(anonymous.problem(), (401, "not_authenticated"), "{method} {path}");
        }
    }
    let expected = [
        "GET /api/v2/tenants/{id}/logo",
        "GET /invitations/accept",
        "GET /api/v2/invitations/lookup",
        "POST /api/v2/invitations/accept",
    ];
    assert_eq!(open, expected);
}

#[actix_web::test]
async fn a_person_without_the_permission_is_refused_by_its_name() {
    let world = World::start_with(&[]).await;
    let person = world.app.user(TenantId::new()).holding(&[]);
    for (method, path, access) in requests() {
        let reply = person.send(method.clone(), &path, Some(&json!({}))).await;
        match access {
            "permission" => {
                assert_eq!(reply.problem(), (403, "permission_denied"), "{method} {path}");
                assert!(reply.body["permission"].is_string(), "{method} {path}: {}", reply.text);
            }
            "internal" => assert_eq!(reply.problem(), (401, "not_authenticated"), "{method} {path}"),
            _ => assert!(reply.status.as_u16() < 500, "{method} {path}: {}", reply.text),
        }
    }
}

#[test]
fn no_route_answers_with_a_record_to_a_caller_who_may_not_read_it() {
    let document = openapi::document("tenant-service", "0", &TenantService::routes());

    assert_eq!(testkit::shown::faults(&document), Vec::<String>::new());
}

#[actix_web::test]
async fn a_service_cannot_act_as_a_person() {
    let world = World::start_with(&[]).await;
    let service = world.app.service(contracts::Service::Lead);
    for (method, path, access) in
        requests().into_iter().filter(|(_, _, access)| !matches!(*access, "internal" | "public"))
    {
        let reply = service.send(method.clone(), &path, Some(&json!({}))).await;
        assert_eq!(reply.problem(), (401, "not_authenticated"), "{method} {path} ({access})");
    }
}

#[actix_web::test]
async fn somebody_in_no_tenant_is_asked_for_one() {
    let world = World::start_with(&[]).await;
    let reply = world.app.signed_in(PlatformRole::None).get("/api/v2/tenant-users").await;
    assert_eq!(reply.problem(), (400, "tenant_required"));
}

#[actix_web::test]
async fn every_post_gives_its_first_answer_again() {
    testkit::app::assert_posts_are_kept::<TenantService>();
}
