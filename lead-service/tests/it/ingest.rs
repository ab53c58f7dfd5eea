//! Ingest: whatever a form sends is stored once, or refused with every fault.

use std::time::{Duration, Instant};

use diesel_async::SimpleAsyncConnection;
use reqwest::{Method, multipart};
use serde_json::{Value, json};
use testkit::{Reply, caller::read};

use crate::arrange::{Leads, api_key};

struct Form {
    app: Leads,
    caller: testkit::Caller,
    key: String,
}

impl Form {
    async fn new() -> Self {
        let app = Leads::start().await;
        let caller = app.user(app.tenant().await);
        let key = api_key(&caller, json!({})).await;
        Self { app, caller, key }
    }

    fn request(&self, path: &str) -> reqwest::RequestBuilder {
        self.app.anonymous().with("x-api-key", &self.key).request(Method::POST, path)
    }

    async fn send(&self, body: &Value) -> Reply {
        read(self.request("/api/leads/ingest").json(body)).await
    }

    async fn lead(&self, reply: &Reply) -> Value {
        self.caller.get(&format!("/api/v2/leads/{}", reply.body["id"].as_str().unwrap())).await.expect(200)
    }
}

#[actix_web::test]
async fn json_urlencoded_and_multipart_forms_become_the_same_lead() {
    let mut form = Form::new().await;
    form.key = api_key(&form.caller, json!({"duplicate_policy": "create"})).await;
    let fields = [("name", "Ada Lovelace"), ("email", "Ada@Example.com"), ("budget", "10k")];

    let json = form.send(&json!({"name": "Ada Lovelace", "email": "Ada@Example.com", "budget": "10k"})).await;
    let urlencoded = read(form.request("/api/v2/leads/ingest").form(&fields)).await;
    let multipart =
        fields.iter().fold(multipart::Form::new(), |form, (name, value)| form.text(*name, *value));
    let multipart = read(form.request("/api/leads/ingest").multipart(multipart)).await;

    for reply in [json, urlencoded, multipart] {
        assert_eq!(
            (reply.status.as_u16(), &reply.body["status"]),
            (201, &json!("created")),
            "{}",
            reply.text
        );
        let lead = form.lead(&reply).await;
        assert_eq!(lead["first_name"], "Ada");
        assert_eq!(lead["email"], "ada@example.com");
        assert_eq!(lead["raw_payload"], json!({"budget": "10k"}));
        assert_eq!((&lead["source"], &lead["status"]), (&json!("website"), &json!("new")));
        assert!(lead["api_key_id"].is_string());
    }
}

#[actix_web::test]
async fn the_same_reference_again_is_a_duplicate() {
    let form = Form::new().await;
    let body = json!({"lead_reference_id": "r-1", "email": "a@example.com"});

    let first = form.send(&body).await;
    let again = form.send(&body).await;

    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 200));
    assert_eq!(again.body, json!({"id": first.body["id"], "status": "duplicate"}));
    assert_eq!(form.app.database.number("SELECT count(*) AS number FROM leads").await, 1);
    assert_eq!(
        form.app.database.number("SELECT count(*) AS number FROM events WHERE entity_type = 'Lead'").await,
        1
    );
}

#[actix_web::test]
async fn a_hundred_at_once_with_one_reference_make_one_lead() {
    let form = Form::new().await;
    let body = json!({"lead_reference_id": "r-1", "email": "a@example.com"});

    let replies = futures::future::join_all((0..100).map(|_| form.send(&body))).await;

    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    assert!(replies.iter().all(|reply| reply.body["id"] == replies[0].body["id"]));
    assert_eq!(form.app.database.number("SELECT count(*) AS number FROM leads").await, 1);
}

#[actix_web::test]
async fn a_commit_that_waits_for_a_lock_holds_nobody_else_up() {
    let form = Form::new().await;
    let other = form.app.user(form.app.tenant().await);
    let others_key = api_key(&other, json!({})).await;
    let body = json!({"email": "a@example.com"});
    let known = form.send(&body).await;
    // Another writer is about to claim a key: a writer of the same key waits for it.
    let mut locking = form.app.database.superuser().await;
    locking
        .batch_execute(&format!(
            "BEGIN; INSERT INTO identity_keys (tenant_id, kind, value, lead_id) SELECT tenant_id, kind, 'b@example.com', lead_id \
             FROM identity_keys WHERE lead_id = '{}'",
            known.body["id"].as_str().unwrap()
        ))
        .await
        .unwrap();

    let body = json!({"email": "b@example.com"});
    let waiting = form.send(&body);
    let others = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let started = Instant::now();
        for n in 0..20 {
            let request = form.app.anonymous().with("x-api-key", &others_key);
            let request = request.request(Method::POST, "/api/leads/ingest");
            read(request.json(&json!({"email": format!("o{n}@example.com")}))).await.expect(201);
        }
        let took = started.elapsed();
        locking.batch_execute("ROLLBACK").await.unwrap();
        took
    };
    let (waited, took) = futures::join!(waiting, others);

    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(waited.status, 201, "{}", waited.text);
}

#[actix_web::test]
async fn each_lead_commits_with_its_event() {
    let form = Form::new().await;

    futures::future::join_all((0..50).map(async |n| {
        form.send(&json!({"email": format!("p{n}@example.com"), "name": "P"})).await.expect(201);
    }))
    .await;

    let complete = form
        .app
        .database
        .number(
            "SELECT count(*) AS number FROM leads l JOIN events e ON e.entity_id = l.id JOIN outbox o ON o.event_id = e.id \
             WHERE e.event_type = 'Lead.CREATE' AND e.current_state ->> 'email' = l.email \
             AND e.actor ->> 'kind' = 'api_key' AND e.tenant_id = l.tenant_id",
        )
        .await;
    assert_eq!(complete, 50);
}

#[actix_web::test]
async fn a_bad_submission_among_good_ones_fails_alone() {
    let mut form = Form::new().await;
    form.key = api_key(&form.caller, json!({"strict": true})).await;
    let nowhere = uuid::Uuid::now_v7();

    let (good, bad): (Vec<_>, Vec<_>) = futures::future::join(
        futures::future::join_all(
            (0..20).map(async |n| form.send(&json!({"email": format!("g{n}@example.com")})).await),
        ),
        futures::future::join_all((0..5).map(async |n| {
            form.send(&json!({"email": format!("b{n}@example.com"), "product_id": nowhere})).await
        })),
    )
    .await;

    assert!(good.iter().all(|reply| reply.status == 201));
    assert!(bad.iter().all(|reply| reply.problem() == (422, "unknown_reference")));
    assert_eq!(form.app.database.number("SELECT count(*) AS number FROM leads").await, 20);
}

#[actix_web::test]
async fn every_fault_of_a_submission_is_told() {
    let form = Form::new().await;

    let refused = form.send(&json!({"email": "nope", "phone": "call me", "source": "mars"})).await;

    assert_eq!(refused.problem(), (400, "validation_failed"));
    let fields: Vec<String> = refused.faults().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["email", "phone", "source"]);
}

#[actix_web::test]
async fn hostile_bodies_are_refused_and_never_break_anything() {
    let form = Form::new().await;
    let cases: [(&str, Vec<u8>, u16); 8] = [
        ("application/json", b"{\"email\": \"a@exam".to_vec(), 400),
        ("application/json", b"[]".to_vec(), 400),
        ("application/json", b"{\"name\": \"a\\u0000b\"}".to_vec(), 400),
        ("application/json", format!("{{\"x\": {}1{}}}", "[".repeat(80), "]".repeat(80)).into_bytes(), 400),
        ("application/json", vec![b' '; (1 << 20) + 1], 413),
        ("text/plain", b"hello".to_vec(), 415),
        ("application/x-www-form-urlencoded", b"name=a%00b".to_vec(), 400),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken".to_vec(), 400),
    ];
    for (media, body, status) in cases {
        let reply = read(form.request("/api/leads/ingest").header("content-type", media).body(body)).await;
        assert_eq!(reply.status.as_u16(), status, "{media}: {}", reply.text);
    }
    assert_eq!(form.app.database.number("SELECT count(*) AS number FROM leads").await, 0);
}

#[actix_web::test]
async fn a_batch_keeps_its_good_items_and_names_the_bad_ones() {
    let mut form = Form::new().await;
    form.key = api_key(&form.caller, json!({"strict": true})).await;
    let body = json!({"items": [
        {"email": "a@example.com", "lead_reference_id": "1"},
        {"email": "nope"},
        {"email": "b@example.com", "lead_reference_id": "1"},
        {"email": "c@example.com", "product_id": uuid::Uuid::now_v7()},
    ]});

    let view = read(form.request("/api/leads/ingest/batch").json(&body)).await.expect(200);

    let created: Vec<(u64, &str)> = view["created"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["index"].as_u64().unwrap(), item["status"].as_str().unwrap()))
        .collect();
    assert_eq!(created.len(), 2, "{view}");
    assert_eq!(created.iter().filter(|(_, status)| *status == "created").count(), 1);
    assert_eq!(view["created"][0]["id"], view["created"][1]["id"]);
    assert_eq!((&view["errors"][0]["index"], &view["errors"][1]["index"]), (&json!(1), &json!(3)));
}

#[actix_web::test]
async fn an_idempotency_key_hands_in_once() {
    let form = Form::new().await;
    let send = || {
        read(
            form.request("/api/leads/ingest")
                .header("idempotency-key", "k")
                .json(&json!({"phone": "030 901820"})),
        )
    };

    let (first, again) = (send().await, send().await);

    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.text, again.text);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(form.app.database.number("SELECT count(*) AS number FROM leads").await, 1);
}

#[actix_web::test]
async fn an_idempotency_key_hands_a_batch_in_once() {
    let mut form = Form::new().await;
    form.key = api_key(&form.caller, json!({"strict": true})).await;
    let nowhere = uuid::Uuid::now_v7();
    let body = json!({"items": [
        {"email": "a@example.com"}, {"email": "nope"}, {"email": "b@example.com", "product_id": nowhere},
        {"email": "A@example.com"},
    ]});
    let send = || read(form.request("/api/leads/ingest/batch").header("idempotency-key", "k").json(&body));

    let (first, again) = (send().await, send().await);

    assert_eq!((first.status.as_u16(), &first.text), (200, &again.text));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let statuses: Vec<&Value> =
        first.body["created"].as_array().unwrap().iter().map(|item| &item["status"]).collect();
    assert_eq!(statuses, ["created", "attached"]);
    let faulty: Vec<&Value> =
        first.body["errors"].as_array().unwrap().iter().map(|fault| &fault["index"]).collect();
    assert_eq!(faulty, [&json!(1), &json!(2)]);
    let outcomes = "SELECT count(*) AS number FROM ingests WHERE outcome = 'rejected'";
    assert_eq!(form.app.database.number(outcomes).await, 2);
    assert_eq!(form.app.database.number("SELECT count(*) AS number FROM ingests").await, 4);
    assert_eq!(form.app.database.number("SELECT count(*) AS number FROM leads").await, 1);
}

#[actix_web::test]
async fn leads_of_several_tenants_share_a_commit_and_stay_apart() {
    let form = Form::new().await;
    let other = form.app.user(form.app.tenant().await);
    let other_key = api_key(&other, json!({})).await;

    futures::future::join_all((0..40).map(async |n| {
        let key = if n % 2 == 0 { &form.key } else { &other_key };
        let caller = form.app.anonymous().with("x-api-key", key);
        caller.post("/api/leads/ingest", &json!({"email": format!("p{n}@example.com")})).await.expect(201);
    }))
    .await;

    for caller in [&form.caller, &other] {
        assert_eq!(caller.get("/api/v2/leads").await.body["count"], 20);
    }
}

#[actix_web::test]
async fn a_submission_with_two_keys_is_nobodys() {
    let form = Form::new().await;
    let other = api_key(&form.app.user(form.app.tenant().await), json!({})).await;

    for (one, two) in [(&form.key, &other), (&other, &form.key)] {
        let caller = form.app.anonymous().with("x-api-key", one).with("x-api-key", two);
        let answer = caller.post("/api/leads/ingest", &json!({"email": "two@example.com"})).await;
        assert_eq!(answer.problem(), (400, "ambiguous_api_key"));
    }

    assert_eq!(form.app.database.number("SELECT count(*) AS number FROM leads").await, 0);
}
