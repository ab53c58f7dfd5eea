//! Routing of paths to services.

use std::sync::Arc;

use contracts::Service;
use reqwest::Method;
use serde_json::json;

use crate::{
    fake::Script,
    tokens,
    world::{Answer, World, document},
};

#[actix_web::test]
async fn a_path_leads_to_the_service_that_declared_it() {
    let world = World::start().await;

    for (path, service) in [
        ("/api/v2/auth/hello", "auth"),
        ("/api/v2/enrichment/jobs", "enrichment"),
        ("/t/o/abc.gif", "integration"),
    ] {
        let answer = world.send(Method::GET, path).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.body["service"], service);
    }
}

#[actix_web::test]
async fn a_trailing_slash_means_the_same_and_the_query_passes_untouched() {
    let world = World::start().await;

    let answer = world.send(Method::GET, "/api/v2/auth/hello/?a=%2e%2e/%2f;b&c=1+2").await;

    assert_eq!(answer.body["target"], "/api/v2/auth/hello?a=%2e%2e/%2f;b&c=1+2");
}

#[actix_web::test]
async fn an_unknown_path_is_404_and_another_method_405_with_those_that_are_known() {
    let world = World::start().await;

    for path in ["/", "/api/v2/nowhere", "/api/v2/auth/nowhere", "/api/v2/authx", "/api/v2/auth/hello/more"] {
        assert_eq!(world.send(Method::GET, path).await.problem(), (404, "not_found"), "{path}");
    }
    let answer = world.send(Method::DELETE, "/api/v2/auth/hello").await;
    assert_eq!(answer.problem(), (405, "method_not_allowed"));
    assert_eq!(answer.header("allow"), Some("GET, POST, HEAD, OPTIONS"));
}

#[actix_web::test]
async fn internal_routes_are_not_served() {
    let world = World::start().await;

    for path in
        ["/internal/accounts/fill", "/internal/openapi.json", "/internal/access", "/api/v2/internal/access"]
    {
        for method in [Method::GET, Method::PUT, Method::POST] {
            assert_eq!(world.send(method, path).await.problem(), (404, "not_found"), "{path}");
        }
    }
    assert_eq!(world.seen(), 0);
}

#[actix_web::test]
async fn until_a_service_has_said_its_routes_its_paths_are_503_and_others_are_served() {
    let script = Arc::new(Script::default());
    *script.key_set.lock().unwrap() = tokens::key_set(&[0]);
    script.documents.lock().unwrap().insert(Service::Auth, ("b".into(), document(Service::Auth)));
    let world = World::start_on(script, &[]).await;
    world
        .wait("auth's routes", async || world.send(Method::GET, "/api/v2/auth/hello").await.status == 200)
        .await;

    let answer = world.send(Method::GET, "/api/v2/leads").await;
    assert_eq!(answer.problem(), (503, "unavailable"));
    assert!(answer.header("retry-after").is_some());
    assert_eq!(world.send(Method::GET, "/health/ready").await.status, 503);
    assert_eq!(world.send(Method::GET, "/health/status").await.status, 200);

    let documents = Service::OWNERS_OF_DATA.map(|service| (service, ("b".to_owned(), document(service))));
    world.script.documents.lock().unwrap().extend(documents);
    world.ready().await;
    assert_eq!(world.send(Method::GET, "/api/v2/leads").await.problem(), (401, "not_authenticated"));
}

#[actix_web::test]
async fn an_answer_of_another_build_has_its_routes_loaded_again() {
    let world = World::start().await;
    assert_eq!(world.send(Method::GET, "/api/v2/auth/new").await.status, 404);
    let paths = json!({
        "/api/v2/auth/hello": { "get": { "x-access": "public", "x-tenant": "none" } },
        "/api/v2/auth/new": { "get": { "x-access": "public", "x-tenant": "none" } },
    });
    let changed = ("build-2".to_owned(), json!({ "paths": paths }));
    world.script.documents.lock().unwrap().insert(Service::Auth, changed);

    assert_eq!(world.send(Method::GET, "/api/v2/auth/hello").await.status, 200);

    world
        .wait("the new route", async || world.send(Method::GET, "/api/v2/auth/new").await.status == 200)
        .await;
}

#[actix_web::test]
async fn head_is_answered_like_get_without_the_body() {
    let world = World::start().await;

    let get = world.send(Method::GET, "/api/v2/auth/hello").await;
    let head = world.send(Method::HEAD, "/api/v2/auth/hello").await;

    assert_eq!(head.status, 200);
    assert_eq!(head.text, "");
    assert_eq!(head.header("content-length"), get.header("content-length"));
    assert_eq!(head.header("etag"), Some("\"7\""));
    assert_eq!(world.last_seen().method, "GET");
}

#[actix_web::test]
async fn options_names_the_methods_of_a_path() {
    let world = World::start().await;

    let answer = Answer::read(world.request(Method::OPTIONS, "/api/v2/leads")).await;

    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("allow"), Some("GET, POST, HEAD, OPTIONS"));
}
