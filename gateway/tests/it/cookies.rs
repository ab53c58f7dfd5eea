//! Cookies: one kind of operation sees them, for pages of the same origin.

use contracts::Service;
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::{
    tokens::Person,
    world::{Answer, World},
};

const SESSION: &str = "/api/v2/auth/session";

/// A world with browsers' sessions.
async fn world() -> World {
    let world = World::start().await;
    {
        let mut documents = world.script.documents.lock().unwrap();
        let (build, document) = documents.get_mut(&Service::Auth).unwrap();
        *build = "build-2".into();
        let open = json!({ "x-access": "public", "x-tenant": "none" });
        document["paths"][SESSION] = json!({ "post": open, "delete": open });
    }
    world.gateway.routes.load(&world.gateway.peers, Service::Auth).await.unwrap();
    world
}

fn with_cookie(request: RequestBuilder) -> RequestBuilder {
    request.header("cookie", "__Host-leadstream=lsc_1")
}

#[actix_web::test]
async fn a_cookie_reaches_browsers_sessions_and_nothing_else() {
    let world = world().await;

    let request = with_cookie(world.request(Method::POST, SESSION)).header("sec-fetch-site", "same-origin");
    let answer = Answer::read(request.json(&json!({}))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let seen = world.last_seen();
    assert_eq!(seen.header("cookie"), Some("__Host-leadstream=lsc_1"));
    assert_eq!(seen.header("x-leadstream-own-host"), Some("1"));
    assert!(answer.header("set-cookie").is_some());

    let answer = Answer::read(with_cookie(world.request(Method::GET, "/api/v2/auth/hello"))).await;
    assert_eq!(answer.status, 200);
    let seen = world.last_seen();
    assert_eq!((seen.header("cookie"), seen.header("x-leadstream-own-host")), (None, None));
    assert_eq!(answer.header("set-cookie"), None, "a service sets no other cookie");
}

#[actix_web::test]
async fn a_tenants_host_is_told_apart_and_a_caller_cannot_say_it() {
    let world = world().await;
    let tenant = world.tenant("active");

    let request = world.request(Method::DELETE, SESSION).header("host", tenant.host());
    let request = request.header("sec-fetch-site", "same-origin").header("x-leadstream-own-host", "1");
    assert_eq!(Answer::read(request).await.status, 200);

    assert_eq!(world.last_seen().header("x-leadstream-own-host"), Some("0"));
}

#[actix_web::test]
async fn pages_of_other_origins_are_refused_before_the_service_sees_the_cookie() {
    let world = world().await;
    let before = world.seen();

    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "http://evil.example"),
        ("x-nothing", "1"),
    ] {
        let request = with_cookie(world.request(Method::POST, SESSION)).header(name, value).json(&json!({}));
        assert_eq!(Answer::read(request).await.problem(), (403, "cross_site_request"), "{name}: {value}");
    }
    let form = with_cookie(world.request(Method::POST, SESSION)).header("sec-fetch-site", "same-origin");
    let form = form.form(&[("email", "a@b.example")]);
    assert_eq!(Answer::read(form).await.problem(), (415, "unsupported_media_type"));

    assert_eq!(world.seen(), before);
    let own = with_cookie(world.request(Method::POST, SESSION)).json(&json!({}));
    let own = own.header("origin", format!("http://{}", world.addr));
    assert_eq!(Answer::read(own).await.status, 200);
}

#[actix_web::test]
async fn an_access_token_of_a_host_is_good_there_alone() {
    let world = world().await;
    let (person, tenant) = world.member(&["tenant:read", "leads:read"]);
    let other = world.tenant("active");
    world.grant(&person, &other, "active", &["tenant:read", "leads:read"]);
    let ask = async |host: &str, bound: &str, path: &str| {
        let token = person.token_with(&json!({ "hst": bound }), &json!({}), 0);
        Answer::read(world.request(Method::GET, path).header("host", host).bearer_auth(token)).await
    };
    let (here, there) = (tenant.host(), other.host());

    assert_eq!(ask(&here, &here, "/api/v2/auth/me").await.status, 200);
    assert_eq!(ask(&here, &here, "/api/v2/leads").await.status, 200);
    assert_eq!(ask(&there, &here, "/api/v2/auth/me").await.problem(), (401, "invalid_token"));
    assert_eq!(ask(&there, &here, "/api/v2/leads").await.problem(), (401, "invalid_token"));
    let own = format!("/api/v2/tenants/{}", tenant.id);
    assert_eq!(ask(&here, &here, &own).await.status, 200);
    let foreign = format!("/api/v2/tenants/{}", other.id);
    assert_eq!(ask(&here, &here, &foreign).await.problem(), (400, "tenant_mismatch"));
    let free = world.request(Method::GET, "/api/v2/auth/me").bearer_auth(Person::new().token());
    assert_eq!(Answer::read(free).await.status, 200, "a program's token is bound to no host");
}
