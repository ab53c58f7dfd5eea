//! Providers: added, changed, tried; their credentials stay hidden and at home, their failures are told apart.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::Caller;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path},
};

use crate::stage::{Stage, redirect};

const PATH: &str = "/api/v2/enrichment/providers";

/// A provider of kind `http` that asks this server.
pub fn http(server: &MockServer) -> Value {
    json!({
        "kind": "http", "name": "Vendor", "credentials": { "api_key": "s3cret/key" },
        "config": {
            "url": format!("{}/company?d={{{{account.domain}}}}", server.uri()),
            "headers": { "X-Api-Key": "{{credentials.api_key}}" }, "covers": ["COMPANY_INFO"],
            "found_when": "$.found",
            "fields": {
                "industry": { "path": "$.industry", "confidence": 0.9 },
                "employee_count": { "path": "$.size", "confidence": "$.sure" },
            },
        },
        "price_per_call": "0.01", "price_per_hit": 0.02,
    })
}

pub async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(path("/company")).respond_with(answer).mount(&server).await;
    server
}

async fn create(caller: &Caller, body: &Value) -> Value {
    caller.post(PATH, body).await.expect(201)
}

fn of(id: &Value, rest: &str) -> String {
    format!("{PATH}/{}{rest}", id.as_str().unwrap())
}

fn input() -> Value {
    json!({ "input": { "account": { "website": "https://www.acme.example/about" } } })
}

#[actix_web::test]
async fn a_new_tenant_has_its_website_as_a_provider_and_a_default_waterfall_for_each_type() {
    let stage = Stage::set().await;
    let caller = stage.app.user(stage.tenant);

    let providers = caller.get(PATH).await.expect(200);
    let waterfalls = caller.get("/api/v2/enrichment/waterfalls?is_default=true").await.expect(200);

    let [website] = providers["results"].as_array().unwrap().as_slice() else { panic!("{providers}") };
    assert_eq!((&website["kind"], &website["has_credentials"]), (&json!("website"), &json!(false)));
    assert_eq!(waterfalls["count"], 3);
    let company =
        waterfalls["results"].as_array().unwrap().iter().find(|one| one["enrichment_type"] == "COMPANY_INFO");
    assert_eq!(company.unwrap()["steps"], json!([{ "provider_id": website["id"] }]));
}

#[actix_web::test]
async fn credentials_are_stored_sealed_and_never_answered() {
    let stage = Stage::set().await;
    let caller = stage.app.user(stage.tenant);
    let server = answering(ResponseTemplate::new(200)).await;

    let made = caller.post(PATH, &http(&server)).await;
    let id = made.body["id"].clone();
    let read = caller.get(&of(&id, "")).await;
    let patched = caller.patch(&of(&id, ""), &json!({ "name": "Other" })).await;

    assert_eq!(made.status, 201);
    for reply in [&made, &read, &patched] {
        assert!(!reply.text.contains("s3cret"), "{}", reply.text);
        assert_eq!(reply.body["has_credentials"], true);
    }
    assert_eq!((&read.body["price_per_call"], &read.body["price_per_hit"]), (&json!("0.01"), &json!("0.02")));
    let stored = stage
        .json("SELECT to_jsonb(position('s3cret'::bytea in credentials)) AS value FROM enrichment_providers WHERE kind = 'http'")
        .await;
    assert_eq!(stored, 0);
    let told = "SELECT count(*) AS number FROM events WHERE current_state::text LIKE '%s3cret%'";
    assert_eq!(stage.app.database.number(told).await, 0);
    let removed = caller.patch(&of(&id, ""), &json!({ "credentials": null })).await.expect(200);
    assert_eq!(removed["has_credentials"], false);
}

#[actix_web::test]
async fn credentials_go_nowhere_else_than_where_they_were_entered_for() {
    let stage = Stage::set().await;
    let caller = stage.app.user(stage.tenant);
    let server = answering(ResponseTemplate::new(200)).await;
    let id = create(&caller, &http(&server)).await["id"].clone();
    let elsewhere = json!({ "config": { "url": "https://evil.example/company?d={{account.domain}}" } });

    let refused = caller.patch(&of(&id, ""), &elsewhere).await;
    let mut with_secret = elsewhere;
    with_secret["credentials"] = json!({ "api_key": "another one" });
    let taken = caller.patch(&of(&id, ""), &with_secret).await;
    let same_place = json!({ "config": { "url": "https://evil.example/other?d={{account.domain}}" } });

    assert_eq!(refused.problem(), (400, "credentials_required"));
    assert_eq!(taken.status, 200);
    caller.patch(&of(&id, ""), &same_place).await.expect(200);
    let vendor =
        create(&caller, &json!({ "kind": "apollo", "name": "A", "credentials": { "api_key": "key" } })).await;
    let moved = caller.patch(&of(&vendor["id"], ""), &json!({ "base_url": server.uri() })).await;
    assert_eq!(moved.problem(), (400, "credentials_required"));
}

#[actix_web::test]
async fn what_could_never_be_asked_is_refused_with_every_fault() {
    let stage = Stage::set_with(&[("PUBLIC_URL", "https://leads.example")]).await;
    let caller = stage.app.user(stage.tenant);
    let server = answering(ResponseTemplate::new(200)).await;
    let sound = http(&server);
    let cases: [(Value, &str); 8] = [
        (json!({ "kind": "model", "name": "x" }), "base_url"),
        (json!({ "kind": "model", "name": "x", "base_url": "http://10.0.0.1/v1" }), "base_url"),
        (json!({ "kind": "model", "name": "x", "base_url": "https://acme.leads.example/v1" }), "base_url"),
        (json!({ "kind": "website", "name": "x", "credentials": { "a": "b" } }), "credentials"),
        (json!({ "kind": "http", "name": "x" }), "config"),
        (json!({ "kind": "apollo", "name": "x", "monthly_budget": "-1" }), "monthly_budget"),
        (json!({ "kind": "apollo", "name": "x", "max_concurrency": 1000 }), "max_concurrency"),
        (json!({ "kind": "magic", "name": "x" }), "kind"),
    ];
    for (body, field) in cases {
        let refused = caller.post(PATH, &body).await;
        assert_eq!(refused.status, 400, "{body}");
        assert!(refused.faults().iter().any(|(at, _)| at == field), "{body}: {}", refused.text);
    }
    let own = json!({ "config": { "url": "https://leads.example/api/v2/leads" } });
    let mut body = sound.clone();
    body["config"]["url"] = own["config"]["url"].clone();
    assert_eq!(caller.post(PATH, &body).await.status, 400);
    create(&caller, &sound).await;
    assert_eq!(caller.post(PATH, &sound).await.problem(), (409, "already_exists"));
    let kind = caller.get(PATH).await.expect(200)["results"][0]["id"].clone();
    assert_eq!(caller.patch(&of(&kind, ""), &json!({ "kind": "pdl" })).await.status, 400, "the kind stays");
}

#[actix_web::test]
async fn a_trial_shows_what_would_be_found_and_writes_the_ledger_only() {
    let stage = Stage::set().await;
    let caller = stage.app.user(stage.tenant);
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(header("x-api-key", "s3cret/key"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({
            "found": true, "industry": "Aerospace", "size": 7, "sure": 40, "echo": "s3cret/key",
        })))
        .mount(&server)
        .await;
    let id = create(&caller, &http(&server)).await["id"].clone();

    let tried = caller.post(&of(&id, "/test"), &input()).await.expect(200);

    assert_eq!((&tried["ok"], &tried["status"], &tried["cost"]), (&json!(true), &json!(200), &json!("0.03")));
    let expected = json!([
        { "field": "employee_count", "value": 7, "confidence": 0.4 },
        { "field": "industry", "value": "Aerospace", "confidence": 0.9 },
    ]);
    assert_eq!(tried["findings"], expected);
    let asked = server.received_requests().await.unwrap();
    assert_eq!(asked[0].url.query(), Some("d=acme.example"));
    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM enrichment_calls").await, 1);
    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM raw_records").await, 0);
    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM jobs").await, 0);
}

#[actix_web::test]
async fn each_misbehaviour_is_told_for_what_it_is_and_no_secret_with_it() {
    let stage = Stage::set().await;
    let caller = stage.app.user(stage.tenant);
    let cases: [(ResponseTemplate, &str, bool); 9] = [
        (ResponseTemplate::new(401).set_body_string("Invalid API key s3cret/key"), "reauth_required", false),
        (ResponseTemplate::new(402), "out_of_credit", false),
        (ResponseTemplate::new(429).insert_header("retry-after", "1"), "rate_limited", true),
        (ResponseTemplate::new(451), "erased", false),
        (ResponseTemplate::new(422), "refused", false),
        (ResponseTemplate::new(503), "server_error", true),
        (ResponseTemplate::new(200).set_body_raw("{\"found\": tr", "application/json"), "malformed", true),
        (ResponseTemplate::new(200).set_delay(Duration::from_secs(3)), "timeout", true),
        (redirect("https://evil.example/"), "refused", false),
    ];
    for (index, (answer, code, retryable)) in cases.into_iter().enumerate() {
        let server = answering(answer).await;
        let mut body = http(&server);
        body["name"] = json!(format!("Vendor {index}"));
        body["timeout_ms"] = json!(300);
        let id = create(&caller, &body).await["id"].clone();

        let tried = caller.post(&of(&id, "/test"), &input()).await;

        assert_eq!((tried.status.as_u16(), &tried.body["ok"]), (200, &json!(false)), "{code}");
        let error = &tried.body["error"];
        assert_eq!((&error["code"], &error["retryable"]), (&json!(code), &json!(retryable)), "{error}");
        assert!(!tried.text.contains("s3cret"), "{}", tried.text);
        assert_eq!(
            server.received_requests().await.unwrap().len(),
            1,
            "{code}: nothing is tried twice, no redirect followed"
        );
    }
}

#[actix_web::test]
async fn a_miss_is_no_failure_and_costs_the_price_of_a_call() {
    let stage = Stage::set().await;
    let caller = stage.app.user(stage.tenant);
    for (name, answer) in [
        ("absent", ResponseTemplate::new(404)),
        ("empty", ResponseTemplate::new(200).set_body_json(json!({ "found": null }))),
        (
            "nothing in it",
            ResponseTemplate::new(200).set_body_json(json!({ "found": true, "industry": " " })),
        ),
    ] {
        let server = answering(answer).await;
        let mut body = http(&server);
        body["name"] = json!(name);
        let id = create(&caller, &body).await["id"].clone();

        let tried = caller.post(&of(&id, "/test"), &input()).await.expect(200);

        assert_eq!(
            (&tried["ok"], &tried["findings"], &tried["cost"]),
            (&json!(true), &json!([]), &json!("0.01")),
            "{name}"
        );
    }
}

#[actix_web::test]
async fn a_question_with_a_hole_is_not_asked() {
    let stage = Stage::set().await;
    let caller = stage.app.user(stage.tenant);
    let server = answering(ResponseTemplate::new(200)).await;
    let id = create(&caller, &http(&server)).await["id"].clone();

    let tried = caller
        .post(&of(&id, "/test"), &json!({ "input": { "account": { "name": "Acme" } } }))
        .await
        .expect(200);

    assert_eq!((&tried["ok"], &tried["error"]["code"]), (&json!(false), &json!("missing_input")));
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM enrichment_calls").await, 0);
}

#[actix_web::test]
async fn a_dead_credential_stops_the_asking_until_it_is_renewed() {
    let stage = Stage::set().await;
    let caller = stage.app.user(stage.tenant);
    let server = answering(ResponseTemplate::new(403)).await;
    let id = create(&caller, &http(&server)).await["id"].clone();
    caller.post(&of(&id, "/test"), &input()).await.expect(200);

    let stopped = caller.get(&of(&id, "")).await.expect(200);
    let resumed = caller.post(&of(&id, "/resume"), &json!({})).await.expect(200);
    caller.post(&of(&id, "/test"), &input()).await.expect(200);
    let renewed =
        caller.patch(&of(&id, ""), &json!({ "credentials": { "api_key": "new one" } })).await.expect(200);

    assert_eq!(stopped["status"], "reauth_required");
    assert!(stopped["status_reason"].as_str().unwrap().contains("credentials"));
    assert_eq!((&resumed["status"], &renewed["status"]), (&json!("ok"), &json!("ok")));
    let events =
        "SELECT count(*) AS number FROM events WHERE event_type = 'EnrichmentProvider.status.UPDATE'";
    assert_eq!(stage.app.database.number(events).await, 4, "stopped, resumed, stopped, renewed");
}

#[actix_web::test]
async fn a_vendor_with_its_own_dialect_is_understood() {
    let stage = Stage::set().await;
    let caller = stage.app.user(stage.tenant);
    for (kind, status, code) in [
        ("hunter", 403, "rate_limited"),
        ("hunter", 429, "out_of_credit"),
        ("pdl", 429, "rate_limited"),
        ("apollo", 429, "rate_limited"),
        ("apollo", 403, "reauth_required"),
    ] {
        let server = MockServer::start().await;
        Mock::given(wiremock::matchers::any())
            .respond_with(ResponseTemplate::new(status))
            .mount(&server)
            .await;
        let body = json!({
            "kind": kind, "name": format!("{kind} {status}"), "base_url": server.uri(), "credentials": { "api_key": "key!" },
        });
        let id = create(&caller, &body).await["id"].clone();

        let tried = caller.post(&of(&id, "/test"), &input()).await.expect(200);

        assert_eq!(tried["error"]["code"], code, "{kind} {status}");
    }
}

#[actix_web::test]
async fn presets_can_be_created_as_they_are() {
    let stage = Stage::set().await;
    let caller = stage.app.user(stage.tenant);

    let presets = caller.get("/api/v2/enrichment/presets").await.expect(200);

    let presets = presets["results"].as_array().unwrap().clone();
    assert!(presets.len() >= 5);
    for preset in presets {
        let names = preset["credentials"].as_array().unwrap().clone();
        let mut body = json!({ "kind": preset["kind"], "name": preset["name"], "config": preset["config"] });
        if !names.is_empty() {
            let secrets = names.iter().map(|name| (name.as_str().unwrap().to_owned(), json!("a secret")));
            body["credentials"] = Value::Object(secrets.collect());
        }
        create(&caller, &body).await;
    }
}

#[actix_web::test]
async fn providers_are_for_admins_and_stay_in_their_tenant() {
    let stage = Stage::set().await;
    let server = answering(ResponseTemplate::new(200)).await;
    let id = create(&stage.app.user(stage.tenant), &http(&server)).await["id"].clone();
    let reader = stage.app.user(stage.tenant).holding(&["enrichment:read", "enrichment:run"]);
    let stranger = stage.app.user(stage.app.tenant().await);

    assert_eq!(reader.get(PATH).await.problem(), (403, "permission_denied"));
    assert_eq!(reader.post(&of(&id, "/test"), &input()).await.problem(), (403, "permission_denied"));
    assert_eq!(stranger.get(&of(&id, "")).await.problem(), (404, "not_found"));
    assert_eq!(stranger.post(&of(&id, "/test"), &input()).await.problem(), (404, "not_found"));
    assert_eq!(stranger.delete(&of(&id, "")).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn a_deleted_provider_comes_back_as_it_was() {
    let stage = Stage::set().await;
    let caller = stage.app.user(stage.tenant);
    let server = answering(ResponseTemplate::new(200)).await;
    let id = create(&caller, &http(&server)).await["id"].clone();

    assert_eq!(caller.delete(&of(&id, "")).await.status, 204);
    assert_eq!(caller.get(&of(&id, "")).await.problem(), (404, "not_found"));
    let restored = caller.post(&of(&id, "/restore"), &json!({})).await.expect(200);

    assert_eq!((&restored["id"], &restored["has_credentials"]), (&id, &json!(true)));
}
