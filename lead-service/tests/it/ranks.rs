//! Ranks of identity keys: an e-mail address decides before a phone number.

use std::collections::HashSet;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Caller, Reply, caller::read};

use crate::arrange::{Leads, api_key, id_of};

const PHONE: &str = "+49 30 901820";

struct Form {
    app: Leads,
    caller: Caller,
    key: String,
}

impl Form {
    async fn new() -> Self {
        let app = Leads::start().await;
        let caller = app.user(app.tenant().await);
        let key = api_key(&caller, json!({"kind": "server"})).await;
        Self { app, caller, key }
    }

    async fn send(&self, body: Value) -> Reply {
        let request =
            self.app.anonymous().with("x-api-key", &self.key).request(Method::POST, "/api/leads/ingest");
        read(request.json(&body)).await
    }

    /// Leads that share a phone number, as the list of possible duplicates has them.
    async fn sharing(&self) -> HashSet<String> {
        let groups = self.caller.get("/api/v2/leads/duplicates").await.expect(200)["results"].clone();
        let groups = groups.as_array().unwrap();
        assert!(groups.iter().all(|group| group["reason"] == "phone"), "{groups:?}");
        groups.iter().flat_map(|group| group["leads"].as_array().unwrap().iter().map(id_of)).collect()
    }
}

#[actix_web::test]
async fn a_new_address_with_a_known_number_is_somebody_else_and_a_possible_duplicate() {
    let form = Form::new().await;
    let ada = form.send(json!({"email": "ada@example.com", "phone": PHONE})).await.expect(201);

    let bob = form.send(json!({"email": "bob@example.com", "phone": PHONE})).await.expect(201);

    assert_ne!(ada["id"], bob["id"]);
    assert_eq!(form.sharing().await, HashSet::from([id_of(&ada), id_of(&bob)]));
    // Each is found again by the own address; the number alone is the one's who had it first.
    for (sent, lead) in [
        (json!({"email": "bob@example.com", "phone": PHONE}), &bob),
        (json!({"email": "ADA@example.com", "phone": PHONE}), &ada),
        (json!({ "phone": PHONE }), &ada),
    ] {
        let again = form.send(sent.clone()).await.expect(200);
        assert_eq!((&again["status"], &again["id"]), (&json!("attached"), &lead["id"]), "{sent}");
    }
    let profile = form.send(json!({"linkedin_url": "linkedin.com/in/ada", "phone": PHONE})).await.expect(200);
    assert_eq!(profile["id"], ada["id"], "nothing says that it is another person's");
    let other = form.send(json!({"linkedin_url": "linkedin.com/in/bob", "phone": PHONE})).await.expect(201);
    assert_eq!(other["status"], "created", "its profile does");
}

#[actix_web::test]
async fn an_address_that_was_not_known_goes_to_whom_only_the_number_was_known_of() {
    let form = Form::new().await;
    let known = form.send(json!({ "phone": PHONE })).await.expect(201);

    let first = form.send(json!({"email": "ada@example.com", "phone": PHONE})).await.expect(200);
    let second = form.send(json!({"email": "bob@example.com", "phone": PHONE})).await.expect(201);

    assert_eq!(first["id"], known["id"]);
    assert_ne!(second["id"], known["id"], "by now the first is known by an address");
    assert_eq!(form.send(json!({"email": "ada@example.com"})).await.expect(200)["id"], known["id"]);
}

#[actix_web::test]
async fn mailboxes_that_many_read_are_addresses_as_well() {
    let form = Form::new().await;
    let ada = form.send(json!({"email": "ada@acme.example", "phone": PHONE})).await.expect(201);
    let office = form.send(json!({"email": "info@acme.example", "phone": PHONE})).await.expect(201);
    assert_ne!(ada["id"], office["id"]);
}

#[actix_web::test]
async fn people_with_one_number_who_come_at_once_are_a_lead_each() {
    let form = Form::new().await;

    let sent =
        (0..60).map(|n| form.send(json!({"email": format!("p{}@example.com", n % 20), "phone": PHONE})));
    let replies = futures::future::join_all(sent).await;

    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 20);
    assert!(replies.iter().all(|reply| reply.status == 201 || reply.body["status"] == "attached"));
    assert_eq!(form.app.database.number("SELECT count(*) AS number FROM leads").await, 20);
    assert_eq!(form.app.database.number("SELECT count(*) AS number FROM identity_keys").await, 21);
    assert_eq!(form.sharing().await.len(), 20);
}
