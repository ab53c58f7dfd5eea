//! Stored answers of an `Idempotency-Key`: of the same caller, on the same route with the same query.

use contracts::identity::DataScope;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Caller, Reply, caller::read};

use crate::arrange::{Leads, api_key};

fn is_replayed(reply: &Reply) -> bool {
    reply.header("idempotent-replayed") == Some("true")
}

fn keyed(caller: &Caller) -> Caller {
    caller.with("idempotency-key", "k")
}

#[actix_web::test]
async fn every_post_gives_its_first_answer_again() {
    testkit::app::assert_posts_are_kept::<lead_service::LeadService>();
}

#[actix_web::test]
async fn another_person_with_the_same_key_and_body_makes_their_own() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    let (ada, bob) = (app.user(tenant), app.user(tenant).scoped(DataScope::Own, &[]));
    let body = json!({"name": "Form"});

    let first = keyed(&ada).post("/api/v2/api-keys", &body).await;
    let second = keyed(&bob).post("/api/v2/api-keys", &body).await;
    let again = keyed(&ada).post("/api/v2/api-keys", &body).await;

    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert!(!is_replayed(&second) && second.body["key"] != first.body["key"], "{}", second.text);
    assert!(is_replayed(&again) && again.body["key"] == first.body["key"], "{}", again.text);

    let lead = json!({"first_name": "Grace"});
    let (hers, his) = (
        keyed(&ada).post("/api/v2/leads", &lead).await.expect(201),
        keyed(&bob).post("/api/v2/leads", &lead).await.expect(201),
    );
    assert_ne!(hers["id"], his["id"]);
    let path = format!("/api/v2/leads/{}", his["id"].as_str().unwrap());
    assert_eq!(bob.get(&path).await.status, 200, "what he was shown is his");
}

#[actix_web::test]
async fn another_query_is_another_request() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"email": "grace@example.com"});
    caller.post("/api/v2/leads", &body).await.expect(201);

    let allowed = keyed(&caller).post("/api/v2/leads?allow_duplicate=true", &body).await;
    let refused = keyed(&caller).post("/api/v2/leads", &body).await;
    let again = keyed(&caller).post("/api/v2/leads?allow_duplicate=true", &body).await;

    assert_eq!(allowed.status, 201, "{}", allowed.text);
    assert_eq!(refused.problem(), (409, "possible_duplicate"));
    assert!(is_replayed(&again) && again.body["id"] == allowed.body["id"]);
}

#[actix_web::test]
async fn two_api_keys_of_a_tenant_are_two_callers() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let policy = json!({"duplicate_policy": "create"});
    let keys = [api_key(&caller, policy.clone()).await, api_key(&caller, policy).await];
    for (path, body) in [
        ("/api/leads/ingest", json!({"email": "grace@example.com"})),
        ("/api/leads/ingest/batch", json!({"items": [{"email": "grace@example.com"}]})),
    ] {
        let mut replies = Vec::new();
        for key in [&keys[0], &keys[0], &keys[1]] {
            let form = app.anonymous().with("x-api-key", key);
            replies.push(keyed(&form).post(path, &body).await);
        }
        assert!(!is_replayed(&replies[0]) && is_replayed(&replies[1]), "{path}");
        assert!(!is_replayed(&replies[2]) && replies[2].status.is_success(), "{path} {}", replies[2].text);
        assert_ne!(replies[0].text, replies[2].text, "{path}");
    }
}

#[actix_web::test]
async fn keys_in_the_address_are_told_apart_and_what_a_browser_needs_comes_again() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let origin = "https://shop.example";
    let of_browser = json!({"allowed_origins": [origin], "duplicate_policy": "create"});
    let keys = [api_key(&caller, of_browser.clone()).await, api_key(&caller, of_browser).await];
    let mut replies = Vec::new();
    for key in [&keys[0], &keys[0], &keys[1]] {
        let form = app.anonymous().with("origin", origin);
        let path = format!("/api/leads/ingest?api_key={key}");
        replies.push(keyed(&form).post(&path, &json!({"email": "grace@example.com"})).await);
    }

    let ids: Vec<&Value> = replies.iter().map(|reply| &reply.body["id"]).collect();
    assert!(is_replayed(&replies[1]) && ids[0] == ids[1], "{}", replies[1].text);
    assert!(!is_replayed(&replies[2]) && ids[1] != ids[2], "{}", replies[2].text);
    assert_eq!(replies[1].header("access-control-allow-origin"), Some(origin));
}

#[actix_web::test]
async fn a_post_that_only_reads_is_answered_again_too() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    let (ada, bob) = (app.user(tenant), app.user(tenant));
    let search = json!({"where": {"field": "first_name", "op": "eq", "value": "Grace"}});
    let found = async |caller: &Caller| keyed(caller).post("/api/v2/leads/search", &search).await;
    let first = found(&ada).await;
    ada.post("/api/v2/leads", &json!({"first_name": "Grace"})).await.expect(201);

    let (again, other) = (found(&ada).await, found(&bob).await);

    assert_eq!(first.status, 200, "{}", first.text);
    assert!(is_replayed(&again) && again.text == first.text, "{}", again.text);
    assert!(!is_replayed(&other) && other.text != first.text, "{}", other.text);
}

#[actix_web::test]
async fn a_quarantined_submission_is_entered_once() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let key = caller.post("/api/v2/api-keys", &json!({"name": "Form"})).await.expect(201);
    let path = format!("/api/v2/api-keys/{}/form_mapping", key["id"].as_str().unwrap());
    caller.put(&path, &json!({"honeypot_field": "url2"})).await.expect(200);
    let send = || {
        let form = app.anonymous().with("x-api-key", key["key"].as_str().unwrap());
        let request = keyed(&form).request(Method::POST, "/api/leads/ingest");
        read(request.json(&json!({"email": "grace@example.com", "url2": "spam"})))
    };

    let (first, again) = (send().await, send().await);

    assert_eq!((first.status.as_u16(), &first.text), (201, &again.text));
    assert!(is_replayed(&again));
    let entered = "SELECT count(*) AS number FROM ingests WHERE outcome = 'quarantined'";
    assert_eq!(app.database.number(entered).await, 1);
}
