//! Conventions of every endpoint: identity, permission, bodies, queries, pages, idempotency.

use reqwest::Method;
use serde_json::{Value, json};

use crate::arrange::{Leads, product};

#[actix_web::test]
async fn nobody_gets_in_past_the_gateway_whatever_the_path_and_body() {
    let app = Leads::start().await;
    for path in ["/api/v2/products", "/api/v2/nowhere", "/internal/accounts/fill", "/api/leads/ingest"] {
        assert_eq!(
            app.nobody().post(path, &json!("bad")).await.problem(),
            (401, "not_authenticated"),
            "{path}"
        );
    }
    assert_eq!(app.nobody().get("/health/status").await.status, 200);
}

#[actix_web::test]
async fn a_person_without_the_permission_is_refused_by_its_name() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await).holding(&["products:read"]);

    let refused = caller.post("/api/v2/products", &json!({"nonsense": true})).await;

    assert_eq!(refused.problem(), (403, "permission_denied"));
    assert_eq!(refused.body["permission"], "products:create");
    assert_eq!(app.anonymous().get("/api/v2/products").await.problem(), (401, "not_authenticated"));
    let service = app.service(contracts::Service::Tenant);
    assert_eq!(service.get("/api/v2/products").await.problem(), (401, "not_authenticated"));
    assert_eq!(caller.put("/internal/accounts/fill", &json!({})).await.problem(), (401, "not_authenticated"));
}

#[actix_web::test]
async fn all_faults_of_a_body_are_told_at_once() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"name": " ", "website": "ftp://x", "keywords": "fast", "colour": "red"});

    let refused = caller.post("/api/v2/products", &body).await;

    assert_eq!(refused.problem(), (400, "validation_failed"));
    let faults = refused.faults();
    let expected = [
        ("colour", "unknown_field"),
        ("description", "required"),
        ("keywords", "wrong_type"),
        ("name", "required"),
        ("website", "invalid_url"),
    ];
    assert_eq!(faults, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    assert_eq!(refused.body["request_id"].as_str(), refused.header("x-request-id"));
    assert_eq!(refused.body["instance"], "/api/v2/products");
}

#[actix_web::test]
async fn bodies_that_are_broken_oversized_deep_or_bear_nul_are_refused() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let cases: [(&str, String, u16, &str); 5] = [
        ("application/json", "{\"name\": ".to_owned(), 400, "invalid_json"),
        (
            "application/json",
            format!("{{\"name\": {}1{}}}", "[".repeat(70), "]".repeat(70)),
            400,
            "nested_too_deep",
        ),
        ("application/json", "{\"name\": \"a\\u0000b\"}".to_owned(), 400, "nul_not_allowed"),
        ("application/json", format!("{{\"name\": \"{}\"}}", "x".repeat(1 << 20)), 413, "body_too_large"),
        ("text/plain", "{}".to_owned(), 415, "unsupported_media_type"),
    ];
    for (media, body, status, code) in cases {
        let request =
            caller.request(Method::POST, "/api/v2/products").header("content-type", media).body(body);
        let reply = testkit::caller::read(request).await;
        assert_eq!(reply.problem(), (status, code));
    }
}

#[actix_web::test]
async fn unknown_filters_orderings_and_fields_are_refused_by_name() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let query =
        "colour=red&ordering=-shoe&fields=id,hat&page_size=201&created_at__gte=yesterday&name__isnull=maybe";

    let refused = caller.get(&format!("/api/v2/products?{query}")).await;

    let mut fields: Vec<String> = refused.faults().into_iter().map(|(field, _)| field).collect();
    fields.dedup();
    assert_eq!(refused.problem(), (400, "validation_failed"));
    assert_eq!(fields, ["colour", "created_at__gte", "fields", "name__isnull", "ordering", "page_size"]);
    assert!(refused.text.contains("known are: id, name"), "{}", refused.text);
}

#[actix_web::test]
async fn pages_link_to_each_other_and_fields_are_trimmed() {
    let app = Leads::start().await;
    let caller = app
        .user(app.tenant().await)
        .with("x-forwarded-host", "acme.example")
        .with("x-forwarded-proto", "https");
    for _ in 0..5 {
        product(&caller).await;
    }

    let first = caller.get("/api/v2/products?page_size=2&fields=id,name&ordering=name").await.expect(200);
    assert_eq!(first["count"], 5);
    assert_eq!(first["previous"], json!(null));
    assert_eq!(first["results"][0].as_object().unwrap().len(), 2);
    let next = first["next"].as_str().unwrap().strip_prefix("https://acme.example").unwrap();
    let second = caller.get(next).await.expect(200);
    let third = caller
        .get(second["next"].as_str().unwrap().strip_prefix("https://acme.example").unwrap())
        .await
        .expect(200);

    assert_eq!(third["next"], json!(null));
    let names = |page: &Value| -> Vec<String> {
        page["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let all: Vec<String> = [names(&first), names(&second), names(&third)].concat();
    let mut sorted = all.clone();
    sorted.sort();
    assert_eq!((all.len(), &all), (5, &sorted));
    assert_eq!(caller.get("/api/v2/products?count=none").await.body["count"], json!(null));
    assert!(caller.get("/api/v2/products?count=estimated").await.body["count"].is_i64());
}

#[actix_web::test]
async fn an_idempotency_key_makes_a_post_once() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await).with("idempotency-key", "k1");
    let body = json!({"name": "Once", "description": "Only."});

    let first = caller.post("/api/v2/products", &body).await;
    let again = caller.post("/api/v2/products", &body).await;
    let other = caller.post("/api/v2/products", &json!({"name": "Else", "description": "Only."})).await;
    let elsewhere =
        app.user(app.tenant().await).with("idempotency-key", "k1").post("/api/v2/products", &body).await;

    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.text, again.text);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(other.problem(), (422, "idempotency_key_reused"));
    assert_eq!(elsewhere.status, 201);
    assert_ne!(elsewhere.body["id"], first.body["id"]);
}

#[actix_web::test]
async fn twenty_posts_at_once_with_one_key_make_one_product() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await).with("idempotency-key", "burst");
    let body = json!({"name": "Once", "description": "Only."});

    let replies = futures::future::join_all((0..20).map(|_| caller.post("/api/v2/products", &body))).await;

    assert!(
        replies.iter().all(|reply| matches!(reply.problem(), (201, _) | (409, "idempotency_key_in_use")))
    );
    assert!(replies.iter().any(|reply| reply.status == 201));
    assert_eq!(app.database.number("SELECT count(*) AS number FROM products").await, 1);
}

#[actix_web::test]
async fn a_wrong_method_is_405_and_an_unknown_path_404() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    assert_eq!(caller.delete("/api/v2/products").await.problem(), (405, "method_not_allowed"));
    for unknown in
        ["/api/v2/nowhere", "/api/v2/products/", "/api/v2/productsx", "/api/v2/leads/x/y/z", "/api/v2"]
    {
        assert_eq!(caller.get(unknown).await.problem(), (404, "not_found"), "{unknown}");
    }
    assert_eq!(caller.get("/api/v2/products/not-a-uuid").await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn kept_answers_are_forgotten_after_a_day() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    for key in ["old", "new"] {
        let body = json!({"name": key, "description": "d"});
        caller.with("idempotency-key", key).post("/api/v2/products", &body).await.expect(201);
    }
    let age = "UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE ctid = (SELECT min(ctid) FROM idempotency_keys)";
    app.database.execute(age).await;

    let deleted = platform::db::housekeeping::sweep(&app.base.db).await.unwrap();

    assert_eq!(deleted, 1);
    assert_eq!(app.database.number("SELECT count(*) AS number FROM idempotency_keys").await, 1);
}
