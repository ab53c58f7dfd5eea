//! Form mappings, and submissions by bots.

use chrono::{TimeDelta, Utc};
use reqwest::{Method, redirect::Policy};
use serde_json::{Value, json};
use testkit::{Caller, Reply};

use crate::arrange::{Leads, id_of};

struct Form {
    app: Leads,
    caller: Caller,
    path: String,
    key: String,
}

impl Form {
    /// A key with a mapping.
    async fn with(key: Value, mapping: Value) -> Self {
        let app = Leads::start().await;
        let caller = app.user(app.tenant().await);
        let created = caller.post("/api/v2/api-keys", &key).await.expect(201);
        let path = format!("/api/v2/api-keys/{}/form_mapping", id_of(&created));
        caller.put(&path, &mapping).await.expect(200);
        Self { app, caller, path, key: created["key"].as_str().unwrap().to_owned() }
    }

    async fn send(&self, body: &Value) -> Reply {
        self.app.anonymous().with("x-api-key", &self.key).post("/api/leads/ingest", body).await
    }

    async fn entries(&self, outcome: &str) -> Vec<Value> {
        let path = format!("/api/v2/ingests?outcome={outcome}&ordering=created_at");
        self.caller.get(&path).await.expect(200)["results"].as_array().unwrap().clone()
    }
}

#[actix_web::test]
async fn a_forms_fields_feed_known_ones_and_the_ledger_says_which() {
    let mapping =
        json!({"fields": {"your-mail": "email", "wer": "name", "plan": "custom_fields.plan", "title": null}});
    let form = Form::with(json!({"name": "Form"}), mapping).await;
    let sent = json!({
        "your-mail": "Ada@example.com", "wer": "Ada Lovelace", "plan": "gold", "title": "Dr", "budget": "10k",
        "utm_source": "news", "gclid": "g1", "submitted_at": "2026-01-02T03:04:05Z", "is_test": true
    });

    let created = form.send(&sent).await.expect(201);
    let refused = form.send(&json!({"your-mail": "nope"})).await;

    let lead = form.caller.get(&format!("/api/v2/leads/{}", id_of(&created))).await.expect(200);
    assert_eq!((&lead["email"], &lead["last_name"]), (&json!("ada@example.com"), &json!("Lovelace")));
    assert_eq!((&lead["custom_fields"], &lead["role_title"]), (&json!({"plan": "gold"}), &Value::Null));
    assert_eq!(lead["raw_payload"], json!({"title": "Dr", "budget": "10k"}));
    assert_eq!(lead["utm"], json!({"source": "news", "gclid": "g1"}));
    assert_eq!((&lead["submitted_at"], &lead["is_test"]), (&json!("2026-01-02T03:04:05Z"), &json!(true)));
    assert_eq!(form.caller.get("/api/v2/leads?is_test=false").await.expect(200)["count"], 0);
    assert_eq!(refused.faults(), [("your-mail".to_owned(), "invalid_email".to_owned())]);
    let entry = &form.entries("created").await[0];
    let applied = json!({"your-mail": "email", "wer": "name", "plan": "custom_fields.plan"});
    assert_eq!((&entry["mapping"], &entry["sent"], &entry["lead_id"]), (&applied, &sent, &created["id"]));

    form.caller.delete(&form.path).await.expect(204);
    let unmapped = form.send(&json!({"your-mail": "b@example.com", "wer": "Bob"})).await.expect(201);
    let lead = form.caller.get(&format!("/api/v2/leads/{}", id_of(&unmapped))).await.expect(200);
    assert_eq!((&lead["email"], &lead["raw_payload"]), (&json!("b@example.com"), &json!({"wer": "Bob"})));
}

#[actix_web::test]
async fn what_no_person_sent_is_quarantined_unseen_and_taken_in_when_somebody_says_so() {
    let mapping = json!({"honeypot_field": "website2", "started_field": "shown_at", "min_fill_seconds": 2});
    let form = Form::with(json!({"name": "Form"}), mapping).await;
    let before = |seconds| (Utc::now() - TimeDelta::seconds(seconds)).to_rfc3339();

    let person = form.send(&json!({"email": "ada@example.com", "shown_at": before(5), "website2": ""})).await;
    let bot = form.send(&json!({"email": "b@example.com", "shown_at": before(5), "website2": "spam"})).await;
    let hasty = form.send(&json!({"email": "ada@example.com", "name": "Ada", "shown_at": before(0)})).await;
    let batch = json!({"items": [{"email": "c@example.com"}]});
    let batch =
        form.app.anonymous().with("x-api-key", &form.key).post("/api/leads/ingest/batch", &batch).await;

    for heard in [&person, &bot, &hasty] {
        assert_eq!(
            (heard.status.as_u16(), &heard.body["status"]),
            (201, &json!("created")),
            "{}",
            heard.text
        );
    }
    assert_eq!(batch.expect(200)["created"][0]["status"], "created");
    assert_eq!(form.caller.get("/api/v2/leads").await.expect(200)["count"], 1);
    let held = form.entries("quarantined").await;
    let reasons: Vec<_> = held.iter().map(|entry| entry["errors"][0]["code"].clone()).collect();
    assert_eq!(reasons, ["honeypot", "filled_too_fast", "filled_too_fast"]);
    let replayed = form.caller.post(&format!("/api/v2/ingests/{}/replay", id_of(&held[1])), &json!({})).await;
    let replayed = replayed.expect(200);
    assert_eq!((&replayed["outcome"], &replayed["lead_id"]), (&json!("attached"), &person.body["id"]));
}

#[actix_web::test]
async fn a_form_that_needs_consent_refuses_who_gives_none() {
    let mapping = json!({"fields": {"agb": "consent"}, "consent_required": true});
    let form = Form::with(json!({"name": "Form"}), mapping).await;

    let refused = form.send(&json!({"email": "nope"})).await;
    let consenting = form.send(&json!({"email": "ada@example.com", "agb": "on"})).await.expect(201);

    let missing =
        [("consent".to_owned(), "required".to_owned()), ("email".to_owned(), "invalid_email".to_owned())];
    assert_eq!(refused.faults(), missing);
    let lead = form.caller.get(&format!("/api/v2/leads/{}", id_of(&consenting))).await.expect(200);
    assert_eq!(lead["consent"], json!({"given": true}));
}

#[actix_web::test]
async fn a_browser_that_posts_the_form_itself_goes_on_to_a_page() {
    let mapping = json!({
        "redirect_url": "https://acme.example/thanks", "error_redirect_url": "https://acme.example/form?lang=en"
    });
    let key = json!({"name": "Form", "allowed_origins": ["https://acme.example"]});
    let form = Form::with(key, mapping).await;
    let browser = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let address = format!("/api/leads/ingest?api_key={}", form.key);
    let post = async |email: &str, accept: &str, origin: Option<&str>| {
        let mut request = form.app.anonymous().request(Method::POST, &address).form(&[("email", email)]);
        request = request.header("accept", accept);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let answer = browser.execute(request.build().unwrap()).await.unwrap();
        let location = answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
        (answer.status().as_u16(), location)
    };
    let (html, own) = ("text/html,application/xhtml+xml", Some("https://acme.example"));

    assert_eq!(post("a@example.com", html, own).await, (303, Some("https://acme.example/thanks".into())));
    let sorry = "https://acme.example/form?lang=en&error=validation_failed&fields=email".to_owned();
    assert_eq!(post("nope", html, own).await, (303, Some(sorry)));
    assert_eq!(post("b@example.com", "*/*", own).await, (201, None), "a script hears JSON");
    assert_eq!(post("c@example.com", html, Some("https://evil.example")).await.0, 403);
    assert_eq!(post("c@example.com", html, None).await.0, 403, "a key in an address is for browsers");
    let program = form.caller.post("/api/v2/api-keys", &json!({"name": "Program"})).await.expect(201);
    let in_address = format!("/api/leads/ingest?api_key={}", program["key"].as_str().unwrap());
    let refused = form.app.anonymous().post(&in_address, &json!({"name": "Ada"})).await;
    assert_eq!(refused.problem(), (401, "invalid_api_key"));
    assert_eq!(form.app.database.number("SELECT count(*) AS number FROM leads").await, 2);
}

#[actix_web::test]
async fn a_dry_run_says_what_would_become_of_a_submission_and_changes_nothing() {
    let form = Form::with(json!({"name": "Form"}), json!({"fields": {"mail": "email"}})).await;
    form.send(&json!({"mail": "known@example.com"})).await.expect(201);
    let rows = "SELECT (SELECT count(*) FROM leads) + (SELECT count(*) FROM ingests) + (SELECT count(*) FROM events) AS number";
    let before = form.app.database.number(rows).await;
    let path = format!("{}/dry_run", form.path);
    let dry_run = async |body: Value| form.caller.post(&path, &body).await.expect(200);

    let new = dry_run(json!({"sent": {"mail": "New@example.com", "x": "1"}})).await;
    let known = dry_run(json!({"sent": {"mail": "KNOWN@example.com"}})).await;
    let faulty = dry_run(json!({"sent": {"mail": "nope"}})).await;
    let other = json!({"fields": {"contact": "phone"}, "honeypot_field": "trap"});
    let tried = dry_run(json!({"sent": {"contact": "+49 30 901820"}, "mapping": other})).await;
    let trapped = dry_run(json!({"sent": {"contact": "+49 30 901820", "trap": "x"}, "mapping": other})).await;

    assert_eq!((&new["outcome"], &new["mapping"]), (&json!("created"), &json!({"mail": "email"})));
    assert_eq!(
        (&new["lead"]["email"], &new["lead"]["raw_payload"]),
        (&json!("new@example.com"), &json!({"x": "1"}))
    );
    assert_eq!(known["outcome"], "attached");
    assert_eq!((&faulty["outcome"], &faulty["errors"][0]["field"]), (&json!("rejected"), &json!("mail")));
    assert_eq!((&tried["outcome"], &tried["lead"]["phone"]), (&json!("created"), &json!("+4930901820")));
    assert_eq!((&trapped["outcome"], &trapped["lead"]), (&json!("quarantined"), &Value::Null));
    assert_eq!(form.app.database.number(rows).await, before);
}

#[actix_web::test]
async fn a_mapping_is_its_keys_and_its_tenants() {
    let form = Form::with(json!({"name": "Form"}), json!({"fields": {"mail": "email"}})).await;
    let stranger = form.app.user(form.app.tenant().await);
    let dry_run = format!("{}/dry_run", form.path);

    for reply in [
        stranger.get(&form.path).await,
        stranger.put(&form.path, &json!({})).await,
        stranger.delete(&form.path).await,
        stranger.post(&dry_run, &json!({"sent": {}})).await,
    ] {
        assert_eq!(reply.problem(), (404, "not_found"));
    }
    let mapping = form.caller.get(&form.path).await;
    assert_eq!(mapping.header("etag"), Some("\"1\""));
    assert_eq!(mapping.expect(200)["fields"], json!({"mail": "email"}));
    let stale = form.caller.with("if-match", "\"7\"").put(&form.path, &json!({})).await;
    assert_eq!(stale.problem(), (412, "version_conflict"));
    let faults =
        form.caller.put(&form.path, &json!({"fields": {"a": "password"}, "min_fill_seconds": 2})).await;
    let expected = [("fields.a", "unknown_field"), ("started_field", "required")];
    assert_eq!(faults.faults(), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    let told = "SELECT count(*) AS number FROM events WHERE event_type = 'FormMapping.CREATE'";
    assert_eq!(form.app.database.number(told).await, 1);
}
