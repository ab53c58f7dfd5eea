//! Addresses of keys, for senders that can be given nothing but an address.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Caller, Reply, caller::read};

use crate::arrange::{Leads, id_of};

struct Address {
    app: Leads,
    caller: Caller,
    key: Value,
    path: String,
    token: String,
}

impl Address {
    async fn new(key: Value) -> Self {
        let app = Leads::start().await;
        let caller = app.user(app.tenant().await);
        let key = caller.post("/api/v2/api-keys", &key).await.expect(201);
        let path = format!("/api/v2/api-keys/{}/address", id_of(&key));
        let token = token_of(&caller.post(&path, &json!({})).await.expect(201));
        Self { app, caller, key, path, token }
    }

    async fn send_to(&self, token: &str, body: &Value) -> Reply {
        self.app.anonymous().post(&format!("/api/leads/ingest/{token}"), body).await
    }

    async fn send(&self, body: &Value) -> Reply {
        self.send_to(&self.token, body).await
    }

    async fn leads(&self) -> Value {
        self.caller.get("/api/v2/leads?ordering=created_at").await.expect(200)["results"].clone()
    }
}

fn token_of(made: &Value) -> String {
    let token = made["token"].as_str().unwrap().to_owned();
    assert_eq!(made["path"], format!("/api/leads/ingest/{token}"));
    assert!(token.len() >= 52, "256 bits");
    token
}

#[actix_web::test]
async fn an_address_takes_submissions_and_answers_alike_whoever_is_known() {
    let address = Address::new(json!({"name": "Typeform"})).await;
    let ada = json!({"Email": "ada@example.com", "name": "Ada"});

    let new = address.send(&ada).await;
    let known = address.send(&ada).await;
    let list = address.send(&json!([{"email": "b@example.com"}, {"email": "c@example.com"}])).await;

    for reply in [&new, &known, &list] {
        assert_eq!(
            (reply.status.as_u16(), &reply.body),
            (200, &json!({"status": "received"})),
            "{}",
            reply.text
        );
    }
    let leads = address.leads().await;
    assert_eq!(leads.as_array().unwrap().len(), 3);
    assert_eq!(
        (&leads[0]["email"], &leads[0]["api_key_id"]),
        (&json!("ada@example.com"), &address.key["id"])
    );
    assert_eq!(address.send(&json!({"budget": "10k"})).await.status, 400);
    let ledger = address.caller.get("/api/v2/ingests").await.expect(200);
    assert!(!ledger.to_string().contains(&address.token));
}

#[actix_web::test]
async fn an_address_guesses_the_person_only_and_proves_nothing_else() {
    let address = Address::new(json!({"name": "Form"})).await;
    address
        .send(&json!({"email": "a@example.com", "Lead source": "Event", "Deal value": "5000"}))
        .await
        .expect(200);
    let lead = &address.leads().await[0];
    assert_eq!((&lead["source"], &lead["estimated_value"]), (&json!("website"), &Value::Null));

    let as_key = address.app.anonymous().with("x-api-key", &address.token);
    let refused = as_key.post("/api/leads/ingest", &json!({"email": "b@example.com"})).await;
    assert_eq!(refused.problem(), (401, "invalid_api_key"));
    let as_address =
        address.send_to(address.key["key"].as_str().unwrap(), &json!({"email": "b@example.com"})).await;
    assert_eq!(as_address.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn an_address_can_be_looked_at_and_an_unknown_one_says_nothing() {
    let address = Address::new(json!({"name": "Form"})).await;
    let look = async |token: &str| address.app.anonymous().get(&format!("/api/leads/ingest/{token}")).await;

    assert_eq!(look(&address.token).await.expect(200)["status"], "ready");
    let unknown = "a2".repeat(26);
    for reply in [look(&unknown).await, address.send_to(&unknown, &json!({"email": "a@example.com"})).await] {
        assert_eq!(reply.problem(), (404, "not_found"));
        assert_eq!(reply.body["instance"], "/api/leads/ingest/***");
    }
}

#[actix_web::test]
async fn the_address_before_goes_on_until_both_are_revoked() {
    let address = Address::new(json!({"name": "Form"})).await;
    let ada = json!({"email": "ada@example.com"});

    let made = address.caller.post(&address.path, &json!({})).await.expect(201);
    let second = token_of(&made);
    assert!(made["previous_until"].is_string());
    assert_eq!(address.send(&ada).await.status, 200);
    assert_eq!(address.send_to(&second, &ada).await.status, 200);
    let third = token_of(&address.caller.post(&address.path, &json!({})).await.expect(201));
    assert_eq!(address.send(&ada).await.status, 404, "two are valid at once");
    assert_eq!(address.send_to(&second, &ada).await.status, 200);

    address.caller.delete(&address.path).await.expect(204);

    for token in [&second, &third] {
        assert_eq!(address.send_to(token, &ada).await.problem(), (404, "not_found"));
    }
    address.caller.delete(&address.path).await.expect(404);
    let by_key = address.app.anonymous().with("x-api-key", address.key["key"].as_str().unwrap());
    by_key.post("/api/leads/ingest", &json!({"email": "b@example.com"})).await.expect(201);
}

#[actix_web::test]
async fn a_revoked_key_has_no_address_and_gets_none() {
    let address = Address::new(json!({"name": "Form"})).await;
    let path = format!("/api/v2/api-keys/{}/revoke", id_of(&address.key));
    address.caller.post(&path, &json!({})).await.expect(200);

    assert_eq!(address.send(&json!({"email": "a@example.com"})).await.problem(), (404, "not_found"));
    assert_eq!(address.caller.post(&address.path, &json!({})).await.problem(), (409, "api_key_revoked"));
}

#[actix_web::test]
async fn an_address_is_as_fast_as_its_key_and_its_answers_are_kept_nowhere() {
    let address = Address::new(json!({"name": "Form", "rate_limit": 1})).await;
    let send = async |body: Value| {
        let path = format!("/api/leads/ingest/{}", address.token);
        let request = address.app.anonymous().request(Method::POST, &path);
        read(request.header("idempotency-key", "k-1").json(&body)).await
    };
    // As many as take longer to be allowed again than this test runs.
    let list: Vec<Value> = (0..200).map(|n| json!({"email": format!("m{n}@example.com")})).collect();
    assert_eq!(send(json!(list)).await.status, 200);
    assert_eq!(send(json!({"email": "x@example.com"})).await.problem(), (429, "rate_limited"));
    let kept = "SELECT count(*) AS number FROM idempotency_keys";
    assert_eq!(address.app.database.number(kept).await, 0);
}
