//! UpstreamRequest requests and responses.

use contracts::{Service, identity::Caller};
use reqwest::Method;

use crate::world::{Answer, World};

const HELLO: &str = "/api/v2/auth/hello";

#[actix_web::test]
async fn what_a_caller_says_about_identity_and_origin_does_not_reach_the_service() {
    let world = World::start().await;
    let forged = world.keys.sign_service_call(Service::Lead, Service::Auth, "GET", HELLO, "r");

    let request = world
        .request(Method::GET, HELLO)
        .header("x-leadstream-identity", &forged)
        .header("X-Leadstream-Anything", "1")
        .header("x-forwarded-for", "6.6.6.6")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "https")
        .header("forwarded", "for=6.6.6.6")
        .header("x-real-ip", "6.6.6.6")
        .header("connection", "keep-alive, X-Secret")
        .header("x-secret", "1")
        .header("te", "trailers")
        .header("proxy-authorization", "Basic x")
        .header("authorization", "Bearer x")
        .header("accept-language", "de");
    assert_eq!(Answer::read(request).await.status, 200);

    let seen = world.last_seen();
    assert!(matches!(seen.identity.who, Caller::Anonymous));
    assert_eq!(seen.identity.client_address.as_deref(), Some("127.0.0.1"));
    assert_eq!(seen.header("x-forwarded-for"), Some("127.0.0.1"));
    assert_eq!(seen.header("x-forwarded-proto"), Some("http"));
    assert_eq!(seen.header("x-forwarded-host"), Some(world.addr.to_string().as_str()));
    assert_eq!(seen.headers.iter().filter(|(name, _)| name == "x-leadstream-identity").count(), 1);
    assert_eq!(seen.header("accept-language"), Some("de"));
    for name in [
        "x-leadstream-anything",
        "forwarded",
        "x-real-ip",
        "x-secret",
        "te",
        "proxy-authorization",
        "authorization",
    ] {
        assert_eq!(seen.header(name), None, "{name}");
    }
}

#[actix_web::test]
async fn behind_a_known_proxy_its_word_counts() {
    let world = World::start_with(&[("TRUSTED_PROXIES", "127.0.0.0/8")]).await;

    let request = world
        .request(Method::GET, HELLO)
        .header("x-forwarded-for", "6.6.6.6, 203.0.113.9")
        .header("x-forwarded-host", "acme.example")
        .header("x-forwarded-proto", "https");
    assert_eq!(Answer::read(request).await.status, 200);

    let seen = world.last_seen();
    assert_eq!(seen.identity.client_address.as_deref(), Some("203.0.113.9"));
    assert_eq!(seen.header("x-forwarded-for"), Some("203.0.113.9"));
    assert_eq!(seen.header("x-forwarded-host"), Some("acme.example"));
    assert_eq!(seen.header("x-forwarded-proto"), Some("https"));
}

#[actix_web::test]
async fn keys_and_signatures_reach_the_service_that_checks_them() {
    let world = World::start().await;

    let key = world.request(Method::POST, "/api/leads/ingest").header("x-api-key", "demo_live_x").body("{}");
    assert_eq!(Answer::read(key).await.status, 200);
    assert_eq!(world.last_seen().header("x-api-key"), Some("demo_live_x"));

    let signed = world.request(Method::POST, "/webhook/meta").header("x-hub-signature-256", "sha256=00");
    assert_eq!(
        Answer::read(signed.header("authorization", "Bearer service-token").body("{}")).await.status,
        200
    );
    let seen = world.last_seen();
    assert_eq!(seen.header("x-hub-signature-256"), Some("sha256=00"));
    assert_eq!(seen.header("authorization"), Some("Bearer service-token"));
}

#[actix_web::test]
async fn a_sane_request_id_and_trace_go_through_and_insane_ones_are_replaced() {
    let world = World::start().await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    let request = world.request(Method::GET, HELLO).header("x-request-id", "my-id.1");
    let answer = Answer::read(request.header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"))).await;
    let seen = world.last_seen();
    assert_eq!(answer.header("x-request-id"), Some("my-id.1"));
    assert_eq!(seen.header("x-request-id"), Some("my-id.1"));
    assert_eq!(seen.identity.request_id, "my-id.1");
    assert!(seen.header("traceparent").unwrap().contains(trace));

    let request = world.request(Method::GET, HELLO).header("x-request-id", "a b <script>");
    let answer = Answer::read(request.header("traceparent", "nonsense")).await;
    let id = answer.header("x-request-id").unwrap();
    assert!(uuid::Uuid::parse_str(id).is_ok(), "{id}");
    assert_eq!(world.last_seen().header("x-request-id"), Some(id));
    assert_eq!(world.last_seen().header("traceparent").unwrap().len(), 55);
}

#[actix_web::test]
async fn an_answer_carries_what_browsers_need_and_nothing_internal() {
    let world = World::start().await;

    let answer = world.send(Method::GET, HELLO).await;

    assert_eq!(answer.header("etag"), Some("\"7\""));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    for name in ["x-leadstream-build", "x-leadstream-secret", "access-control-allow-origin", "server"] {
        assert_eq!(answer.header(name), None, "{name}");
    }
}

#[actix_web::test]
async fn a_service_s_own_problem_passes_as_it_is() {
    let world = World::start().await;

    let answer = world.send(Method::GET, "/api/v2/imports/problem").await;

    assert_eq!(answer.status, 409);
    assert_eq!(answer.text, "{\"code\":\"taken\"}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
}
