//! A form never loses a person to a field beside those by which people are reached.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Caller, Reply, caller::read};
use uuid::Uuid;

use crate::arrange::{Leads, api_key, id_of, product};

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

    fn request(&self, path: &str) -> reqwest::RequestBuilder {
        self.app.anonymous().with("x-api-key", &self.key).request(Method::POST, path)
    }

    async fn send(&self, body: &Value) -> Reply {
        read(self.request("/api/leads/ingest").json(body)).await
    }

    async fn lead(&self, reply: &Value) -> Value {
        self.caller.get(&format!("/api/v2/leads/{}", id_of(reply))).await.expect(200)
    }
}

fn warned(reply: &Value) -> Vec<(String, String)> {
    let text = |warning: &Value, name: &str| warning[name].as_str().unwrap().to_owned();
    let warnings = reply["warnings"].as_array().unwrap();
    let mut warned: Vec<_> =
        warnings.iter().map(|warning| (text(warning, "field"), text(warning, "code"))).collect();
    assert!(warnings.iter().all(|warning| !text(warning, "message").is_empty()));
    warned.sort_unstable();
    warned
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(field, code)| (field.to_owned(), code.to_owned())).to_vec()
}

#[actix_web::test]
async fn a_blank_field_hides_no_filled_one() {
    let form = Form::with(json!({})).await;
    let fields = [
        ("name", "Ann"),
        ("email", " "),
        ("email_address", "a@example.com"),
        ("phone", ""),
        ("mobile", "+4917612345678"),
        ("company", ""),
        ("organisation", "Acme"),
        ("notes", ""),
        ("message", "Hello"),
    ];

    let created = read(form.request("/api/leads/ingest").form(&fields)).await.expect(201);

    let lead = form.lead(&created).await;
    assert_eq!((&lead["email"], &lead["phone"]), (&json!("a@example.com"), &json!("+4917612345678")));
    assert_eq!((&lead["company_name"], &lead["notes"]), (&json!("Acme"), &json!("Hello")));
    assert_eq!((&lead["raw_payload"], created.get("warnings")), (&Value::Null, None));
    let again = form.send(&json!({"tel": "+49 176 12345678"})).await.expect(200);
    assert_eq!((&again["id"], &again["status"]), (&created["id"], &json!("attached")), "it is known by it");
}

#[actix_web::test]
async fn a_whole_name_fills_what_its_parts_leave_empty_and_is_kept_where_it_says_more() {
    let form = Form::with(json!({})).await;
    let cases = [
        (json!({"first_name": "Jane", "name": "Doe"}), "Jane", "Doe", Value::Null),
        (json!({"first_name": "Jane", "full_name": "Jane Doe"}), "Jane", "Doe", Value::Null),
        (json!({"last_name": "Doe", "name": "Jane Doe"}), "Jane", "Doe", Value::Null),
        (json!({"first_name": "Jane", "last_name": "Doe", "name": "Jane Doe"}), "Jane", "Doe", Value::Null),
        (
            json!({"first_name": "Jane", "last_name": "Doe", "name": "Dr J. Smith"}),
            "Jane",
            "Doe",
            json!({"name": "Dr J. Smith"}),
        ),
    ];

    for (n, (mut sent, first, last, rest)) in cases.into_iter().enumerate() {
        sent["email"] = json!(format!("j{n}@example.com"));
        let lead = form.lead(&form.send(&sent).await.expect(201)).await;
        assert_eq!((&lead["first_name"], &lead["last_name"]), (&json!(first), &json!(last)), "{sent}");
        assert_eq!(lead["raw_payload"], rest, "{sent}");
    }
}

#[actix_web::test]
async fn what_cannot_be_read_is_kept_and_warned_of_and_the_person_is_created() {
    let form = Form::with(json!({})).await;
    let unreadable = json!({
        "phone": "call me", "estimated_value": "a lot", "source": "mars", "linkedin_url": "not a link",
        "submitted_at": "some day", "product_id": "7"
    });
    let mut sent = unreadable.clone();
    sent["email"] = json!("ada@example.com");

    let created = form.send(&sent).await.expect(201);

    let expected = pairs([
        ("estimated_value", "invalid_money"),
        ("linkedin_url", "invalid_url"),
        ("phone", "invalid_phone"),
        ("product_id", "invalid_uuid"),
        ("source", "not_allowed"),
        ("submitted_at", "invalid_datetime"),
    ]);
    assert_eq!(warned(&created), expected);
    let lead = form.lead(&created).await;
    assert_eq!((&lead["raw_payload"], &lead["source"]), (&unreadable, &json!("website")));
    let entry = form.caller.get("/api/v2/ingests").await.expect(200)["results"][0].clone();
    assert_eq!((&entry["warnings"], &entry["errors"]), (&created["warnings"], &Value::Null));
    // Warnings also come for a known lead.
    let attached = form.send(&json!({"email": "ada@example.com", "phone": "n/a"})).await.expect(200);
    assert_eq!(warned(&attached), pairs([("phone", "invalid_phone")]));
    let batch =
        json!({"items": [{"email": "bob@example.com", "phone": "n/a"}, {"email": "eve@example.com"}]});
    let batch = read(form.request("/api/leads/ingest/batch").json(&batch)).await.expect(200);
    assert_eq!(warned(&batch["created"][0]), pairs([("phone", "invalid_phone")]));
    assert_eq!(batch["created"][1].get("warnings"), None);
}

#[actix_web::test]
async fn what_is_beside_an_address_or_a_number_is_kept() {
    let form = Form::with(json!({})).await;
    let sent = json!({"email": "Ada <ada@example.com>; second@example.com", "phone": "+49 30 901820; +49 30 901821"});

    let created = form.send(&sent).await.expect(201);

    let lead = form.lead(&created).await;
    assert_eq!((&lead["email"], &lead["phone"]), (&json!("ada@example.com"), &json!("+4930901820")));
    let rest = &lead["raw_payload"];
    assert!(rest["email"].as_str().unwrap().contains("second@example.com"), "{rest}");
    assert!(rest["phone"].as_str().unwrap().contains("901821"), "{rest}");
    assert_eq!(warned(&created), pairs([("email", "several_values"), ("phone", "several_values")]));
}

#[actix_web::test]
async fn only_a_person_whom_nothing_reaches_or_a_malformed_address_is_refused() {
    let form = Form::with(json!({})).await;
    for (sent, code) in [
        (json!({"name": "Ada", "city": "Oslo"}), "required"),
        (json!({"name": "Ada", "phone": "call me"}), "required"),
        (json!({"name": "Ada", "linkedin_url": "https://example.com/ada"}), "required"),
        (json!({"email": "nope", "phone": "+49 30 901820"}), "invalid_email"),
    ] {
        let refused = form.send(&sent).await;
        assert_eq!(refused.problem(), (400, "validation_failed"), "{sent}");
        assert!(
            refused.faults().contains(&("email".to_owned(), code.to_owned())),
            "{sent}: {}",
            refused.text
        );
    }
    for (n, sent) in [json!({"phone": "030 901820"}), json!({"linkedin_url": "linkedin.com/in/ada"})]
        .into_iter()
        .enumerate()
    {
        assert_eq!(form.send(&sent).await.status, 201, "{n}: {sent}");
    }
}

#[actix_web::test]
async fn a_strict_key_refuses_every_fault_at_once() {
    let form = Form::with(json!({"strict": true})).await;
    let sent = json!({"email": "a@example.com", "phone": "call me", "source": "mars", "first_name": "x".repeat(101)});

    let refused = form.send(&sent).await;

    assert_eq!(refused.problem(), (400, "validation_failed"));
    let mut faults = refused.faults();
    faults.sort_unstable();
    let expected = [("first_name", "too_long"), ("phone", "invalid_phone"), ("source", "not_allowed")];
    assert_eq!(faults, pairs(expected));
    let unknown = json!({"email": "a@example.com", "product_id": Uuid::now_v7()});
    assert_eq!(form.send(&unknown).await.problem(), (422, "unknown_reference"));
    assert_eq!(form.app.database.number("SELECT count(*) AS number FROM leads").await, 0);

    let key = form.caller.get("/api/v2/api-keys").await.expect(200)["results"][0].clone();
    assert_eq!(key["strict"], true);
    let path = format!("/api/v2/api-keys/{}", id_of(&key));
    form.caller.patch(&path, &json!({"name": "Form"})).await.expect(200);
    assert_eq!(form.caller.get(&path).await.expect(200)["strict"], true, "what is not named stays");
    form.caller.patch(&path, &json!({"strict": false})).await.expect(200);
    assert_eq!(form.send(&sent).await.status, 201);
    let other = form.caller.post("/api/v2/api-keys", &json!({"name": "Other"})).await.expect(201);
    assert_eq!(other["strict"], false);
}

#[actix_web::test]
async fn a_product_that_does_not_exist_is_left_out_and_kept() {
    let form = Form::with(json!({"duplicate_policy": "update_empty"})).await;
    let (known, nowhere) = (product(&form.caller).await, Uuid::now_v7().to_string());
    let sent =
        json!({"email": "a@example.com", "product_id": nowhere, "account_id": nowhere, "budget": "10k"});

    let created = form.send(&sent).await.expect(201);

    let unknown = pairs([("account_id", "unknown_reference"), ("product_id", "unknown_reference")]);
    assert_eq!(warned(&created), unknown);
    let lead = form.lead(&created).await;
    assert_eq!(lead["product_id"], Value::Null);
    assert_eq!(lead["raw_payload"], json!({"product_id": nowhere, "account_id": nowhere, "budget": "10k"}));
    // Neither are those of a known lead, nor those of a batch, nor those with an Idempotency-Key.
    let again = form.send(&json!({"email": "a@example.com", "product_id": nowhere})).await.expect(200);
    assert_eq!(warned(&again), pairs([("product_id", "unknown_reference")]));
    let batch = json!({"items": [{"email": "b@example.com", "product_id": nowhere}, {"email": "c@example.com", "product_id": known}]});
    let batch = read(form.request("/api/leads/ingest/batch").json(&batch)).await.expect(200);
    assert_eq!((batch["created"].as_array().unwrap().len(), &batch["errors"]), (2, &json!([])));
    assert_eq!(form.lead(&batch["created"][1]).await["product_id"], json!(known));
    let keyed = form.request("/api/leads/ingest").header("idempotency-key", "k");
    let keyed = read(keyed.json(&json!({"email": "d@example.com", "product_id": nowhere}))).await.expect(201);
    assert_eq!(warned(&keyed), pairs([("product_id", "unknown_reference")]));
}

#[actix_web::test]
async fn what_is_too_long_is_cut_and_kept_whole() {
    let form = Form::with(json!({})).await;
    let (name, company) = ("x".repeat(120), "y".repeat(300));
    let sent = json!({"email": "a@example.com", "first_name": name, "company": company});

    let created = form.send(&sent).await.expect(201);

    assert_eq!(warned(&created), pairs([("company", "too_long"), ("first_name", "too_long")]));
    let lead = form.lead(&created).await;
    assert_eq!(lead["first_name"], json!("x".repeat(100)));
    assert_eq!(lead["raw_payload"], json!({"first_name": name, "company": company}));
    let whole = format!("Ada {}", "z".repeat(101));
    let created = form.send(&json!({"email": "b@example.com", "name": whole})).await.expect(201);
    assert_eq!(warned(&created), pairs([("name", "too_long")]));
    assert_eq!(form.lead(&created).await["raw_payload"], json!({ "name": whole }));
}

#[actix_web::test]
async fn a_field_of_one_line_has_no_line_breaks() {
    let form = Form::with(json!({})).await;
    let fields = [
        ("first_name", "Ann\r\nBcc: x@example.com"),
        ("last_name", "Lee\u{1b}[31m"),
        ("company", "A\tB"),
        ("title", "Head\nof Sales"),
        ("email", "ann@example.com"),
        ("message", "one\r\ntwo"),
    ];

    let created = read(form.request("/api/leads/ingest").form(&fields)).await.expect(201);

    let lead = form.lead(&created).await;
    assert_eq!(
        (&lead["first_name"], &lead["last_name"]),
        (&json!("Ann Bcc: x@example.com"), &json!("Lee [31m"))
    );
    assert_eq!((&lead["company_name"], &lead["role_title"]), (&json!("A B"), &json!("Head of Sales")));
    assert_eq!(lead["notes"], "one\r\ntwo");
}
