//! Pages of other sites.

use reqwest::Method;

use crate::{
    tokens::Person,
    world::{Answer, LEADS, World},
};

const APP: &str = "https://app.example.org";

async fn world() -> World {
    World::start_with(&[("CORS_ALLOWED_ORIGINS", APP)]).await
}

async fn preflight(world: &World, path: &str, origin: &str, method: &str) -> Answer {
    let request = world.request(Method::OPTIONS, path).header("origin", origin);
    Answer::read(request.header("access-control-request-method", method)).await
}

#[actix_web::test]
async fn a_page_of_an_allowed_origin_may_call_and_read() {
    let world = world().await;

    let before = preflight(&world, LEADS, APP, "POST").await;
    assert_eq!(before.status, 204);
    assert_eq!(before.header("access-control-allow-origin"), Some(APP));
    assert_eq!(before.header("access-control-allow-methods"), Some("POST"));
    assert!(before.header("access-control-allow-headers").unwrap().contains("authorization"));
    assert_eq!(before.header("access-control-allow-credentials"), None);

    let (person, tenant) = world.member(&["leads:read"]);
    let request = world.request(Method::GET, LEADS).bearer_auth(person.token()).header("origin", APP);
    let answer = Answer::read(request.header("x-tenant-id", &tenant.client_id)).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some(APP));
    assert!(answer.header("access-control-expose-headers").unwrap().contains("ETag"));
    assert_eq!(answer.header("vary"), Some("Origin"));
    let refused = Answer::read(world.request(Method::GET, LEADS).header("origin", APP)).await;
    assert_eq!(refused.problem(), (401, "not_authenticated"));
    assert_eq!(refused.header("access-control-allow-origin"), Some(APP), "the page may read what went wrong");
}

#[actix_web::test]
async fn a_page_of_any_other_origin_may_not() {
    let world = world().await;

    for origin in
        ["https://evil.example", "null", "http://app.example.org", "https://app.example.org.evil.example"]
    {
        let before = preflight(&world, LEADS, origin, "GET").await;
        assert_eq!(before.problem(), (403, "origin_not_allowed"), "{origin}");
        assert_eq!(before.header("access-control-allow-origin"), None);
        let request = world.request(Method::GET, "/api/v2/auth/hello").header("origin", origin);
        assert_eq!(Answer::read(request).await.header("access-control-allow-origin"), None, "{origin}");
    }
}

#[actix_web::test]
async fn without_configuration_no_other_origin_may() {
    let world = World::start().await;

    assert_eq!(preflight(&world, LEADS, APP, "GET").await.problem(), (403, "origin_not_allowed"));
    let answer = world.as_person(&Person::new(), None, "/api/v2/auth/me").await;
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(answer.header("vary"), None);
}

#[actix_web::test]
async fn where_a_key_is_sent_any_page_may_ask_and_the_service_decides() {
    let world = world().await;

    let before = preflight(&world, "/api/leads/ingest", "https://shop.example", "POST").await;
    assert_eq!(before.status, 204);
    assert_eq!(before.header("access-control-allow-origin"), Some("https://shop.example"));
    assert!(before.header("access-control-allow-headers").unwrap().contains("x-api-key"));
    assert_eq!(before.header("access-control-allow-credentials"), None);

    let request = world.request(Method::POST, "/api/leads/ingest").header("origin", "https://shop.example");
    let answer = Answer::read(request.body("{}")).await;
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("https://form.example"),
        "the service's word"
    );
}

#[actix_web::test]
async fn a_preflight_for_what_does_not_exist_says_so() {
    let world = world().await;

    assert_eq!(preflight(&world, "/api/v2/nowhere", APP, "GET").await.problem(), (404, "not_found"));
    assert_eq!(preflight(&world, LEADS, APP, "DELETE").await.problem(), (405, "method_not_allowed"));
}
