//! The same person is the same lead, whatever the writing and however many come at once.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Caller, Reply, caller::read};

use crate::arrange::{Leads, api_key, id_of};

struct Form {
    app: Leads,
    caller: Caller,
    key: String,
}

impl Form {
    async fn with(more: Value) -> Self {
        let app = Leads::start().await;
        let caller = app.user(app.tenant().await);
        let key = api_key(&caller, more).await;
        Self { app, caller, key }
    }

    async fn send_by(&self, key: &str, body: &Value) -> Reply {
        let request = self.app.anonymous().with("x-api-key", key).request(Method::POST, "/api/leads/ingest");
        read(request.json(body)).await
    }

    async fn send(&self, body: &Value) -> Reply {
        self.send_by(&self.key, body).await
    }

    async fn number(&self, of: &str) -> i64 {
        self.app.database.number(&format!("SELECT count(*) AS number FROM {of}")).await
    }
}

fn heard(reply: &Reply) -> (u16, &str) {
    (reply.status.as_u16(), reply.body["status"].as_str().unwrap_or_default())
}

#[actix_web::test]
async fn a_hundred_posts_of_one_person_at_once_in_different_writings_make_one_lead() {
    let form = Form::with(json!({"kind": "server"})).await;
    let writings = [
        json!({"email": "Ada.Lovelace@GMail.com", "phone": "+49 30 901820"}),
        json!({"email": " adalovelace+news@googlemail.com", "linkedin_url": "https://www.linkedin.com/in/Ada-L/"}),
        json!({"phone": "0049 (30) 901820", "linkedin_url": "linkedin.com/in/ada-l?x=1"}),
        json!({"email": "ADALOVELACE@gmail.com", "name": "Ada"}),
    ];
    // The first two connect all four; alone, the third might be another person.
    let first = form.send(&writings[0]).await.expect(201);
    form.send(&writings[1]).await.expect(200);

    let replies = futures::future::join_all((0..100).map(|n| form.send(&writings[n % 4]))).await;

    assert!(replies.iter().all(|reply| heard(reply) == (200, "attached") && reply.body["id"] == first["id"]));
    assert_eq!(form.number("leads").await, 1);
    assert_eq!(form.number("events WHERE event_type = 'Lead.submission.UPDATE'").await, 101);
    assert_eq!(form.number("ingests").await, 102);
}

#[actix_web::test]
async fn a_person_who_is_new_to_a_hundred_posts_at_once_is_one_lead() {
    let form = Form::with(json!({})).await;
    let mails = ["new@example.com", "NEW@example.com", " New@Example.com "];

    let replies =
        futures::future::join_all((0..100).map(async |n| form.send(&json!({"email": mails[n % 3]})).await))
            .await;

    assert_eq!(replies.iter().filter(|reply| heard(reply) == (201, "created")).count(), 1);
    assert_eq!(replies.iter().filter(|reply| heard(reply) == (200, "attached")).count(), 99);
    assert!(replies.iter().all(|reply| reply.body["id"] == replies[0].body["id"]));
    assert_eq!((form.number("leads").await, form.number("identity_keys").await), (1, 1));
    assert_eq!(form.number("ingests WHERE outcome = 'attached'").await, 99);
}

#[actix_web::test]
async fn several_services_writing_the_same_people_at_once_agree() {
    let form = Form::with(json!({})).await;
    // A second process on the same database, from the database's view.
    let other = lead_service_batch(&form, 25);
    let (one, other) = futures::future::join(lead_service_batch(&form, 25), other).await;

    let status = |view: &Value, wanted: &str| {
        view["created"].as_array().unwrap().iter().filter(|item| item["status"] == wanted).count()
    };
    assert_eq!(status(&one, "created") + status(&other, "created"), 25);
    assert_eq!(status(&one, "attached") + status(&other, "attached"), 25);
    let told = "outbox o JOIN events e ON e.id = o.event_id WHERE e.entity_type = 'Lead'";
    assert_eq!((form.number("leads").await, form.number(told).await), (25, 50));
}

async fn lead_service_batch(form: &Form, people: usize) -> Value {
    let items: Vec<Value> = (0..people).map(|n| json!({"email": format!("p{n}@example.com")})).collect();
    let request = form.app.anonymous().with("x-api-key", &form.key);
    request.post("/api/leads/ingest/batch", &json!({ "items": items })).await.expect(200)
}

#[actix_web::test]
async fn a_mailbox_that_many_read_tells_its_readers_apart_by_name() {
    let form = Form::with(json!({})).await;

    let ada = form.send(&json!({"email": "info@acme.example", "name": "Ada L"})).await;
    let bob = form.send(&json!({"email": "info@acme.example", "name": "Bob"})).await;
    let again = form.send(&json!({"email": "Info@acme.example", "name": "ada  l"})).await;
    let nameless = form.send(&json!({"email": "info@acme.example", "phone": "030 901820"})).await;

    assert_eq!(
        (heard(&ada), heard(&bob), heard(&nameless)),
        ((201, "created"), (201, "created"), (201, "created"))
    );
    assert_eq!((heard(&again), &again.body["id"]), ((200, "attached"), &ada.body["id"]));
}

#[actix_web::test]
async fn a_keys_policy_says_what_is_done_about_somebody_known() {
    let form = Form::with(json!({})).await;
    let known = form.send(&json!({"email": "a@example.com", "name": "Ada"})).await.expect(201);
    let path = format!("/api/v2/leads/{}", id_of(&known));
    let again =
        json!({"email": "a@example.com", "name": "Somebody Else", "company": "Acme", "budget": "10k"});
    let key = async |policy: &str| api_key(&form.caller, json!({"duplicate_policy": policy})).await;

    let updated = form.send_by(&key("update_empty").await, &again).await;
    assert_eq!((heard(&updated), &updated.body["id"]), ((200, "updated"), &known["id"]));
    let lead = form.caller.get(&path).await.expect(200);
    assert_eq!((&lead["first_name"], &lead["company_name"]), (&json!("Ada"), &json!("Acme")));
    assert_eq!(lead["last_name"], "Else", "it was empty");
    assert_eq!(form.number("events WHERE event_type = 'Lead.UPDATE'").await, 1);

    let created = form.send_by(&key("create").await, &again).await;
    assert_eq!(heard(&created), (201, "created"));
    assert_ne!(created.body["id"], known["id"]);

    let held = form.send_by(&key("hold").await, &again).await;
    assert_eq!(heard(&held), (202, "held"));
    assert_eq!(form.number("leads").await, 2);
    let entry =
        form.caller.get("/api/v2/ingests?outcome=quarantined").await.expect(200)["results"][0].clone();
    assert_eq!((&entry["id"], &entry["lead_id"]), (&held.body["id"], &known["id"]));
    assert_eq!(entry["sent"], again);
    let refused =
        form.caller.post("/api/v2/api-keys", &json!({"name": "K", "duplicate_policy": "guess"})).await;
    assert_eq!(refused.faults(), [("duplicate_policy".to_owned(), "not_allowed".to_owned())]);
}

#[actix_web::test]
async fn a_browsers_key_never_tells_who_is_known() {
    let form = Form::with(json!({"allowed_origins": ["https://example.com"]})).await;
    let body = json!({"email": "a@example.com", "lead_reference_id": "1"});

    let replies =
        [form.send(&body).await, form.send(&body).await, form.send(&json!({"email": "a@example.com"})).await];

    assert!(replies.iter().all(|reply| heard(reply) == (201, "created")));
    let ids: std::collections::HashSet<String> = replies.iter().map(|reply| id_of(&reply.body)).collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(form.number("leads").await, 1);
}

#[actix_web::test]
async fn an_attached_reference_is_a_duplicate_when_it_comes_again() {
    let form = Form::with(json!({})).await;
    let known = form.send(&json!({"email": "a@example.com"})).await.expect(201);
    let body = json!({"email": "a@example.com", "lead_reference_id": "7"});

    let (first, again) = (form.send(&body).await, form.send(&body).await);

    assert_eq!((heard(&first), heard(&again)), ((200, "attached"), (200, "duplicate")));
    assert_eq!(again.body["id"], known["id"]);
    assert_eq!(form.number("events WHERE event_type = 'Lead.submission.UPDATE'").await, 1);
}

#[actix_web::test]
async fn a_deleted_leads_addresses_are_free_and_a_changed_address_moves() {
    let form = Form::with(json!({})).await;
    let first = id_of(&form.send(&json!({"email": "a@example.com"})).await.expect(201));
    form.caller.delete(&format!("/api/v2/leads/{first}")).await;

    let second = form.send(&json!({"email": "a@example.com"})).await;
    assert_eq!(heard(&second), (201, "created"));
    let second = id_of(&second.body);
    form.caller
        .patch(&format!("/api/v2/leads/{second}"), &json!({"email": "b@example.com"}))
        .await
        .expect(200);

    assert_eq!(form.send(&json!({"email": "B@example.com"})).await.body["id"], json!(second));
    assert_eq!(heard(&form.send(&json!({"email": "a@example.com"})).await), (201, "created"));
}

#[actix_web::test]
async fn two_people_adding_the_same_lead_at_once_add_it_once() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"linkedin_url": "https://linkedin.com/in/ada", "email": "ada@example.com"});

    let replies = futures::future::join_all((0..10).map(|_| caller.post("/api/v2/leads", &body))).await;

    let added: Vec<&Reply> = replies.iter().filter(|reply| reply.status == 201).collect();
    assert_eq!(added.len(), 1);
    for refused in replies.iter().filter(|reply| reply.status != 201) {
        assert_eq!(refused.problem(), (409, "possible_duplicate"));
        assert_eq!(
            refused.body["candidates"],
            json!([{"id": added[0].body["id"], "matched": ["email", "linkedin_url"]}])
        );
    }
    let other_writing = json!({"linkedin_url": "https://de.linkedin.com/in/Ada/"});
    assert_eq!(caller.post("/api/v2/leads", &other_writing).await.problem(), (409, "possible_duplicate"));
}
