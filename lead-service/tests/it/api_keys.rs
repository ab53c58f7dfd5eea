//! API keys: shown once, refused by name, gone at once.

use serde_json::{Value, json};
use testkit::{Caller, Reply};

use crate::arrange::{Leads, api_key};

async fn hand_in(app: &Leads, key: &str) -> Reply {
    hand_in_as(&app.anonymous(), key).await
}

async fn hand_in_as(caller: &Caller, key: &str) -> Reply {
    caller
        .with("x-api-key", key)
        .post("/api/leads/ingest", &json!({"name": "Ada", "phone": "030 901820"}))
        .await
}

#[actix_web::test]
async fn a_keys_text_is_shown_once_and_stored_as_a_digest() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);

    let twice = caller.with("idempotency-key", "k");
    let created = twice.post("/api/v2/api-keys", &json!({"name": "Form"})).await.expect(201);
    let again = twice.post("/api/v2/api-keys", &json!({"name": "Form"})).await.expect(201);

    assert_eq!(created, again);
    let (key, prefix) = (created["key"].as_str().unwrap(), created["prefix"].as_str().unwrap());
    assert!(key.starts_with(&format!("{prefix}_live_")));
    assert_eq!(created["scopes"], json!(["leads:ingest"]));
    let path = format!("/api/v2/api-keys/{}", created["id"].as_str().unwrap());
    for later in [caller.get(&path).await, caller.get("/api/v2/api-keys").await] {
        assert!(!later.text.contains(key) && !later.text.contains("sha256"));
    }
    let random = key.rsplit_once('_').unwrap().1;
    for table in ["api_keys", "events", "idempotency_keys"] {
        let text = hex::encode(random);
        let sql = format!(
            "SELECT count(*) AS number FROM {table} t WHERE t::text LIKE '%{random}%' OR t::text LIKE '%{text}%'"
        );
        assert_eq!(app.database.number(&sql).await, 0, "{table}");
    }
}

#[actix_web::test]
async fn a_bad_key_is_refused_by_name() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let live = api_key(&caller, json!({})).await;
    let expired = api_key(&caller, json!({"expires_at": "2020-01-01T00:00:00Z"})).await;
    let scopeless = api_key(&caller, json!({"scopes": []})).await;

    assert_eq!(hand_in(&app, &live).await.status, 201);
    assert_eq!(hand_in(&app, "ls_live_unknown").await.problem(), (401, "invalid_api_key"));
    assert_eq!(
        app.anonymous().post("/api/leads/ingest", &json!("x")).await.problem(),
        (401, "invalid_api_key")
    );
    assert_eq!(hand_in(&app, &expired).await.problem(), (401, "api_key_expired"));
    assert_eq!(hand_in(&app, &scopeless).await.problem(), (403, "scope_missing"));
    assert_eq!(
        caller.post("/api/v2/api-keys", &json!({"name": "x", "scopes": ["root"]})).await.faults(),
        [("scopes.0".to_owned(), "not_allowed".to_owned())]
    );
}

#[actix_web::test]
async fn a_revoked_rotated_or_deleted_key_stops_at_once() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    for (verb, refusal) in
        [("revoke", "api_key_revoked"), ("rotate", "invalid_api_key"), ("", "invalid_api_key")]
    {
        let created = caller.post("/api/v2/api-keys", &json!({"name": "Form"})).await.expect(201);
        let (id, key) = (created["id"].as_str().unwrap(), created["key"].as_str().unwrap());
        assert_eq!(hand_in(&app, key).await.status, 201);

        let path = format!("/api/v2/api-keys/{id}");
        let changed: Value = match verb {
            "" => caller.delete(&path).await.expect(204),
            verb => caller.post(&format!("{path}/{verb}"), &json!({})).await.expect(200),
        };

        assert_eq!(hand_in(&app, key).await.problem(), (401, refusal), "{verb}");
        if verb == "rotate" {
            assert_eq!(hand_in(&app, changed["key"].as_str().unwrap()).await.status, 201);
        }
    }
}

#[actix_web::test]
async fn a_browser_may_use_a_key_from_its_origins_only() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let key = api_key(&caller, json!({"allowed_origins": ["https://acme.example"]})).await;

    let own = hand_in_as(&app.anonymous().with("origin", "https://acme.example"), &key).await;
    let foreign = hand_in_as(&app.anonymous().with("origin", "https://evil.example"), &key).await;

    assert_eq!(own.status, 201);
    assert_eq!(own.header("access-control-allow-origin"), Some("https://acme.example"));
    assert_eq!(foreign.problem(), (403, "origin_not_allowed"));
}

#[actix_web::test]
async fn a_key_has_its_own_rate() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let key = api_key(&caller, json!({"rate_limit": 2})).await;

    let mut replies = Vec::new();
    for _ in 0..6 {
        replies.push(hand_in(&app, &key).await);
    }

    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 4, "a burst of twice the rate");
    let refused = replies.last().unwrap();
    assert_eq!(refused.problem(), (429, "rate_limited"));
    assert!(refused.header("retry-after").is_some());
    assert_eq!(refused.header("x-leadstream-rate"), Some("2"), "for the gateway");
}

#[actix_web::test]
async fn the_key_of_a_suspended_tenant_is_refused() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    let key = api_key(&app.user(tenant), json!({})).await;
    assert_eq!(hand_in(&app, &key).await.status, 201);

    let state = json!({"tenant_id": tenant, "client_id": "x", "status": "suspended", "revision": 2});
    app.service(contracts::Service::Tenant)
        .put(&format!("/internal/tenants/{tenant}"), &state)
        .await
        .expect(200);

    assert_eq!(hand_in(&app, &key).await.problem(), (403, "tenant_inactive"));
    let late = json!({"tenant_id": tenant, "client_id": "x", "status": "active", "revision": 1});
    app.service(contracts::Service::Tenant)
        .put(&format!("/internal/tenants/{tenant}"), &late)
        .await
        .expect(200);
    assert_eq!(hand_in(&app, &key).await.problem(), (403, "tenant_inactive"), "an older state arriving late");
}
