//! Payloads of form tools, each in its own shape, and the resulting leads.

use std::{fs, path::Path};

use reqwest::{Method, multipart};
use serde_json::{Value, json};
use testkit::{Caller, Reply, caller::read};

use crate::arrange::{Leads, api_key, id_of};

struct Door {
    app: Leads,
    caller: Caller,
    key: String,
}

impl Door {
    async fn new(key: Value) -> Self {
        let app = Leads::start().await;
        let caller = app.user(app.tenant().await);
        let key = api_key(&caller, key).await;
        Self { app, caller, key }
    }

    fn request(&self) -> reqwest::RequestBuilder {
        self.app.anonymous().with("x-api-key", &self.key).request(Method::POST, "/api/leads/ingest")
    }

    async fn send(&self, body: &Value) -> Reply {
        read(self.request().json(body)).await
    }

    async fn send_as(&self, media: &str, body: impl Into<reqwest::Body>) -> Reply {
        read(self.request().header("content-type", media).body(body)).await
    }

    async fn send_fixture(&self, fixture: &Value) -> Reply {
        let sent = &fixture["sent"];
        let pairs = || -> Vec<(String, String)> { serde_json::from_value(sent.clone()).unwrap() };
        let text = || sent.as_str().unwrap_or_default().to_owned();
        match fixture["as"].as_str().unwrap() {
            "json" => self.send(sent).await,
            "urlencoded" => read(self.request().form(&pairs())).await,
            "multipart" => {
                let parts = pairs().into_iter();
                let form = parts.fold(multipart::Form::new(), |form, (name, value)| form.text(name, value));
                read(self.request().multipart(form)).await
            }
            "text" => self.send_as("text/plain;charset=UTF-8", text()).await,
            "as_form" => self.send_as("application/x-www-form-urlencoded", text()).await,
            "bare" => read(self.request().body(text())).await,
            other => panic!("{other}"),
        }
    }

    async fn lead(&self, answer: &Value) -> Value {
        self.caller.get(&format!("/api/v2/leads/{}", id_of(answer))).await.expect(200)
    }

    async fn entry(&self, answer: &Value) -> Value {
        let path = format!("/api/v2/ingests?lead_id={}", id_of(answer));
        self.caller.get(&path).await.expect(200)["results"][0].clone()
    }
}

#[actix_web::test]
async fn what_each_tool_sends_becomes_the_lead_that_it_is_about() {
    let door = Door::new(json!({"duplicate_policy": "create"})).await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/senders");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut wrong = Vec::new();
    for file in &files {
        let fixture: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        let name = file.file_stem().unwrap().to_string_lossy();
        let reply = door.send_fixture(&fixture).await;
        if reply.status != 201 {
            wrong.push(format!("{name}: {} {}", reply.status, reply.text));
            continue;
        }
        let lead = door.lead(&reply.body).await;
        for (field, expected) in fixture["lead"].as_object().unwrap() {
            if lead[field] != *expected {
                wrong.push(format!("{name}: {field} is {}, not {expected}", lead[field]));
            }
        }
        let sender = &door.entry(&reply.body).await["sender"];
        if *sender != fixture["sender"] {
            wrong.push(format!("{name}: sender is {sender}, not {}", fixture["sender"]));
        }
    }
    assert!(files.len() > 40, "the fixtures are there");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[actix_web::test]
async fn names_are_recognised_however_they_are_written_and_the_ledger_says_which() {
    let door = Door::new(json!({"duplicate_policy": "create"})).await;
    for (name, field) in [
        ("E-mail Address *", "email"),
        ("emailAddress", "email"),
        ("EMAIL (required)", "email"),
        ("Correo electrónico", "email"),
        ("E-postadress", "email"),
        ("What is your best email?", "email"),
        ("f_4711", "email"),
    ] {
        let created = door.send(&json!({name: "Ada@example.com", "budget": "10k"})).await.expect(201);
        let lead = door.lead(&created).await;
        assert_eq!(lead["email"], "ada@example.com", "{name}");
        assert_eq!(lead["raw_payload"], json!({"budget": "10k"}), "{name}");
        assert_eq!(door.entry(&created).await["mapping"], json!({ name: field }), "{name}");
    }
    let sent = json!({
        "Vorname": "Ada", "Nachname": "Lovelace", "E-Mail": "a@example.com", "Handynummer": "+44 20 7946 0958", "Firma": "Acme",
        "Position": "CTO", "Nachricht": "Hallo"
    });
    let lead = door.lead(&door.send(&sent).await.expect(201)).await;
    for (field, value) in [
        ("first_name", "Ada"),
        ("last_name", "Lovelace"),
        ("phone", "+442079460958"),
        ("company_name", "Acme"),
        ("role_title", "CTO"),
        ("notes", "Hallo"),
    ] {
        assert_eq!(lead[field], value, "{field}");
    }
    assert_eq!(lead["raw_payload"], Value::Null);
}

#[actix_web::test]
async fn the_more_telling_name_wins_and_a_form_of_address_is_no_job() {
    let door = Door::new(json!({})).await;
    let sent = json!({
        "email": "a@example.com", "Title": "Dr", "Job Title": "CFO", "Mobile": "", "Work phone": "+44 20 7946 0958",
        "Owner email": "owner@example.com", "Email status": "valid"
    });
    let lead = door.lead(&door.send(&sent).await.expect(201)).await;
    assert_eq!((&lead["role_title"], &lead["phone"]), (&json!("CFO"), &json!("+442079460958")));
    assert_eq!((&lead["email"], &lead["raw_payload"]["Title"]), (&json!("a@example.com"), &json!("Dr")));
    let lead =
        door.lead(&door.send(&json!({"email": "b@example.com", "title": "Mrs."})).await.expect(201)).await;
    assert_eq!((&lead["role_title"], &lead["raw_payload"]), (&Value::Null, &json!({"title": "Mrs."})));
}

#[actix_web::test]
async fn a_key_for_browsers_guesses_the_person_and_nothing_that_is_for_people_to_decide() {
    let sent = json!({
        "Email": "a@example.com", "Lead source": "Event", "Score": 99, "status": "qualified", "Owner": "b@example.com", "Tags": "vip",
        "Newsletter": "yes", "Deal value": "5000", "Submission ID": "r-1"
    });
    let server = Door::new(json!({})).await;
    let lead = server.lead(&server.send(&sent).await.expect(201)).await;
    assert_eq!((&lead["source"], &lead["estimated_value"]), (&json!("event"), &json!("5000.00")));
    let browser = Door::new(json!({"allowed_origins": ["https://shop.example"]})).await;
    browser.send(&sent).await.expect(201);
    let leads = browser.caller.get("/api/v2/leads?email=a@example.com").await.expect(200);
    let guessed = &leads["results"][0];
    for lead in [&lead, guessed] {
        assert_eq!((&lead["status"], &lead["consent"]), (&json!("new"), &Value::Null));
        assert_eq!(lead["raw_payload"]["Score"], 99);
        assert_eq!(lead["raw_payload"]["Newsletter"], "yes");
    }
    assert_eq!((&guessed["source"], &guessed["estimated_value"]), (&json!("website"), &Value::Null));
    assert_eq!(guessed["lead_reference_id"], Value::Null);
}

#[actix_web::test]
async fn the_name_of_a_form_is_no_persons_and_other_people_in_a_payload_are_not_the_lead() {
    let door = Door::new(json!({})).await;
    let sent = json!({
        "name": "Contact Form", "answers": {"email": "a@example.com", "message": "Hi"},
        "created_by": {"email": "staff@example.com", "name": "Staff"}
    });
    let lead = door.lead(&door.send(&sent).await.expect(201)).await;
    assert_eq!((&lead["email"], &lead["first_name"]), (&json!("a@example.com"), &Value::Null));
    assert_eq!((&lead["notes"], &lead["raw_payload"]["name"]), (&json!("Hi"), &json!("Contact Form")));
}

#[actix_web::test]
async fn a_mapping_takes_paths_and_a_dry_run_shows_the_guesses() {
    let door = Door::new(json!({})).await;
    let keys = door.caller.get("/api/v2/api-keys").await.expect(200);
    let path = format!("/api/v2/api-keys/{}/form_mapping", id_of(&keys["results"][0]));
    let sent = json!({"form_response": {"answers": [
        {"email": "Ada@example.com"}, {"mobile": "+44 20 7946 0958"}, {"what": "gold"}
    ]}});
    let fields = json!({
        "form_response.answers[0].email": "email", "$.form_response.answers[2].what": "custom_fields.plan",
        "form_response.answers[1].mobile": null
    });

    let guessed = door.caller.post(&format!("{path}/dry_run"), &json!({ "sent": sent })).await.expect(200);
    door.caller.put(&path, &json!({ "fields": fields })).await.expect(200);
    let created = door.send(&sent).await.expect(201);

    let guesses: Vec<(&Value, &Value)> = guessed["guesses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|guess| (&guess["path"], &guess["field"]))
        .collect();
    let expected = [
        (json!("form_response.answers[0].email"), json!("email")),
        (json!("form_response.answers[1].mobile"), json!("phone")),
        (json!("form_response.answers[2].what"), Value::Null),
    ];
    assert_eq!(guesses, expected.iter().map(|(path, field)| (path, field)).collect::<Vec<_>>());
    assert!(guessed["guesses"][0]["confidence"].as_f64().unwrap() > 0.9);
    let lead = door.lead(&created).await;
    assert_eq!((&lead["email"], &lead["phone"]), (&json!("ada@example.com"), &Value::Null));
    assert_eq!(lead["custom_fields"], json!({"plan": "gold"}));
    assert_eq!(lead["raw_payload"], sent);
}

#[actix_web::test]
async fn secrets_of_senders_are_not_kept() {
    let door = Door::new(json!({})).await;
    let column = json!({"column_id": "EMAIL", "string_value": "a@example.com"});
    let created = door
        .send(&json!({"google_key": "top secret", "lead_id": "x1", "user_column_data": [column]}))
        .await
        .expect(201);
    let (lead, entry) = (door.lead(&created).await, door.entry(&created).await);
    assert!(!format!("{lead}{entry}").contains("top secret"));
    assert_eq!(entry["sender"], "google_ads");
}
