//! Routes of the gateway itself.

use contracts::identity::PlatformRole;
use reqwest::Method;
use serde_json::json;

use crate::{
    tokens::Person,
    world::{Answer, World},
};

#[actix_web::test]
async fn anybody_learns_whether_the_platform_lives_and_serves_and_no_more() {
    let world = World::start().await;

    for prefix in ["", "/api/v2"] {
        for path in ["/health/status", "/health/ready", "/health/ready/"] {
            let answer = world.send(Method::GET, &format!("{prefix}{path}")).await;
            assert_eq!(answer.status, 200, "{prefix}{path} {answer:?}");
            assert_eq!(answer.body, json!({ "status": "ok" }), "{prefix}{path}");
        }
    }
    assert_eq!(world.send(Method::HEAD, "/health/status").await.status, 200);
    assert_eq!(world.send(Method::GET, "/health/nothing").await.problem(), (404, "not_found"));
    assert_eq!(world.send(Method::POST, "/health/status").await.problem(), (405, "method_not_allowed"));
    world.health.leave();
    let answer = world.send(Method::GET, "/health/ready").await;
    assert_eq!((answer.status.as_u16(), answer.body), (503, json!({ "status": "unavailable" })));
}

#[actix_web::test]
async fn details_of_health_are_for_staff() {
    let world = World::start().await;

    for path in ["/health", "/health/", "/api/v2/health"] {
        assert_eq!(world.send(Method::GET, path).await.problem(), (401, "not_authenticated"), "{path}");
        let person = world.as_person(&Person::new(), None, path).await;
        assert_eq!(person.problem(), (403, "permission_denied"), "{path}");
        for role in [PlatformRole::InternalAdmin, PlatformRole::InternalCs] {
            let answer = world.as_person(&Person::staff(role), None, path).await;
            assert_eq!(answer.status, 200, "{path} {answer:?}");
            assert!(answer.body["memory"].is_object() && answer.body["redis"] == "ok", "{answer:?}");
        }
    }
}

#[actix_web::test]
async fn details_and_metrics_are_on_the_inner_listener() {
    platform::http::health::collect_metrics();
    let world = World::start().await;
    world.send(Method::GET, "/api/v2/imports/7").await;

    assert_eq!(world.inside("/health/status").await.status, 200);
    assert_eq!(world.inside("/health/ready").await.body["redis"], "ok");
    assert!(world.inside("/health").await.body["memory"].is_object());
    let metrics = world.inside("/metrics").await;
    assert_eq!(metrics.status, 200);
    let line = "http_requests_total{method=\"GET\",route=\"/api/v2/imports/{id}\",status=\"200\"}";
    assert!(metrics.text.contains(line), "{}", metrics.text);
    assert!(!metrics.text.contains("/api/v2/imports/7"), "ids are not labels");
    assert_eq!(world.inside("/api/v2/auth/hello").await.status, 404, "nothing else is served there");
    for path in ["/metrics", "/metrics/"] {
        assert_eq!(world.send(Method::GET, path).await.problem(), (404, "not_found"), "{path}");
        let staff = world.as_person(&Person::staff(PlatformRole::InternalAdmin), None, path).await;
        assert_eq!(staff.problem(), (404, "not_found"), "{path}");
    }
}

#[actix_web::test]
async fn the_schema_holds_every_route_that_is_not_internal() {
    let world = World::start().await;

    for path in ["/api/schema", "/api/schema/"] {
        let answer = world.send(Method::GET, path).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body["openapi"], "3.1.0");
        let paths = answer.body["paths"].as_object().unwrap();
        for path in [
            "/api/v2/leads",
            "/api/v2/auth/me",
            "/webhook/meta",
            "/api/v2/enrichment/jobs",
            "/api/v2/context",
        ] {
            assert!(paths.contains_key(path), "{path}");
        }
        assert!(paths.keys().all(|path| !path.starts_with("/internal")));
        assert!(answer.body["components"]["schemas"]["Problem"].is_object());
    }
}

#[actix_web::test]
async fn the_documentation_loads_everything_from_here() {
    let world = World::start().await;

    for path in ["/api/docs", "/api/docs/"] {
        let page = world.send(Method::GET, path).await;
        assert_eq!(page.status, 200);
        assert!(page.header("content-type").unwrap().starts_with("text/html"));
        assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
        let files: Vec<&str> = page
            .text
            .split('"')
            .filter(|part| [".js", ".css", ".png"].iter().any(|end| part.ends_with(end)))
            .collect();
        assert!(files.len() >= 5, "{files:?}");
        for file in files {
            let answer = world.send(Method::GET, file).await;
            assert_eq!(answer.status, 200, "{file}");
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        }
    }
    let start = world.send(Method::GET, "/api/docs/swagger-initializer.js").await;
    assert!(start.text.contains("/api/schema") && !start.text.contains("petstore"), "{}", start.text);
    assert_eq!(world.send(Method::GET, "/api/docs/nothing.js").await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn a_browser_at_the_bare_address_is_shown_where_to_begin() {
    let world = World::start().await;
    let visit = async |method: Method, accept: &str| {
        Answer::read(world.request(method, "/").header("accept", accept)).await
    };

    let page = visit(Method::GET, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8").await;
    assert_eq!(page.status, 200, "{page:?}");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    let links: Vec<&str> =
        page.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(links, ["/api/docs/", "/api/schema/", "/api/docs/tour"]);
    for link in links {
        assert_eq!(world.send(Method::GET, link).await.status, 200, "{link}");
    }
    let tour = world.send(Method::GET, "/api/docs/tour").await;
    assert_eq!(tour.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(tour.text.starts_with("# A tour"), "{}", tour.text);
    assert_eq!(visit(Method::HEAD, "text/html").await.status, 200);
    for accept in ["*/*", "application/json"] {
        assert_eq!(visit(Method::GET, accept).await.problem(), (404, "not_found"), "{accept}");
    }
    assert_eq!(world.send(Method::GET, "/").await.problem(), (404, "not_found"));
    assert_eq!(visit(Method::POST, "text/html").await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn the_schema_says_what_it_is_and_how_to_begin() {
    let world = World::start().await;

    let schema = world.send(Method::GET, "/api/schema/").await.body;

    assert_eq!(schema["info"]["title"], "Leadstream API");
    assert_eq!(schema["info"]["license"]["identifier"], "AGPL-3.0-or-later");
    for word in
        ["/api/v2/auth/login", "X-Tenant-Id", "Idempotency-Key", "application/problem+json", "page_size"]
    {
        assert!(schema["info"]["description"].as_str().unwrap().contains(word), "{word}");
    }
    let servers: Vec<_> = schema["servers"].as_array().unwrap().iter().map(|one| &one["url"]).collect();
    assert_eq!(servers, ["/", "http://app.example.test"]);
    let page = world.send(Method::GET, "/api/docs/").await;
    assert!(page.text.contains("<title>Leadstream API</title>"), "{}", page.text);
}

#[actix_web::test]
async fn redoc_leads_to_the_documentation() {
    let world = World::start().await;

    for path in ["/api/redoc", "/api/redoc/"] {
        let answer = world.send(Method::GET, path).await;
        assert_eq!(answer.status, 302);
        assert_eq!(answer.header("location"), Some("/api/docs/"));
    }
}
