//! Submissions that are large, deep, or hold what the database cannot: bounded, kept, and never a fault of ours.

use reqwest::{Method, multipart};
use serde_json::{Value, json};
use testkit::{Reply, caller::read};

use crate::intake::{Intake, Key, warned};

const SUBMISSION: usize = 256 << 10;
const FORM: &str = "application/x-www-form-urlencoded";

struct Door {
    intake: Intake,
    key: Key,
}

impl Door {
    async fn new() -> Self {
        let intake = Intake::start().await;
        let key = intake.key(json!({"duplicate_policy": "create"})).await;
        Self { intake, key }
    }

    fn request(&self, path: &str) -> reqwest::RequestBuilder {
        self.intake.holder(&self.key).request(Method::POST, path)
    }

    async fn send(&self, media: &str, body: String) -> Reply {
        read(self.request("/api/leads/ingest").header("content-type", media).body(body)).await
    }

    async fn json(&self, body: &Value) -> Reply {
        self.send("application/json", body.to_string()).await
    }
}

/// A body of so many bytes.
fn padded(start: &str, end: &str, length: usize) -> String {
    format!("{start}{}{end}", "x".repeat(length - start.len() - end.len()))
}

#[actix_web::test]
async fn a_submission_has_at_most_256_kibibytes_whatever_its_form() {
    let door = Door::new().await;
    let json = |length| padded(r#"{"email":"a@example.com","notes":""#, r#""}"#, length);
    let form = |length| padded("email=b%40example.com&notes=", "", length);

    door.send("application/json", json(SUBMISSION)).await.expect(201);
    door.send(FORM, form(SUBMISSION)).await.expect(201);
    door.send("text/plain", json(SUBMISSION)).await.expect(201);
    for (media, body) in [
        ("application/json", json(SUBMISSION + 1)),
        (FORM, form(SUBMISSION + 1)),
        ("text/plain", json(SUBMISSION + 1)),
        ("application/json", json(2 * SUBMISSION)),
        // It begins like a list, and is none.
        (FORM, format!("[{}", form(SUBMISSION))),
    ] {
        let refused = door.send(media, body).await;
        assert_eq!(refused.problem(), (413, "body_too_large"), "{media}");
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(detail.contains("262144"), "{detail}");
    }
    assert_eq!(door.intake.number("leads").await, 3);
}

#[actix_web::test]
async fn the_files_of_a_form_are_not_counted_and_not_kept() {
    let door = Door::new().await;
    let send = async |notes: usize, files: usize| {
        let mut form = multipart::Form::new().text("email", "a@example.com").text("notes", "x".repeat(notes));
        for n in 0..files {
            let file = multipart::Part::bytes(vec![b'x'; 3 << 20]).file_name(format!("{n}.pdf"));
            form = form.part(format!("file{n}"), file);
        }
        read(door.request("/api/leads/ingest").multipart(form)).await
    };

    let made = send(1_000, 3).await.expect(201);
    let dropped = ["file0", "file1", "file2"].map(|file| (file, "file_dropped"));
    assert_eq!(warned(&made["warnings"]), dropped);
    assert_eq!(door.intake.lead(&made).await["raw_payload"], Value::Null);
    let refused = send(SUBMISSION, 0).await;
    assert_eq!(refused.problem(), (413, "body_too_large"), "its texts are");
    assert!(refused.body["detail"].as_str().unwrap().contains("262144"));
}

#[actix_web::test]
async fn a_list_may_be_longer_and_each_of_its_submissions_may_not() {
    let door = Door::new().await;
    let small: Vec<Value> =
        (0..300).map(|n| json!({"email": format!("p{n}@example.com"), "notes": "x".repeat(2_000)})).collect();
    let list = json!(small).to_string();
    assert!(list.len() > 2 * SUBMISSION && list.len() < 1 << 20);
    let large = |end: &str| json!({"email": format!("large@{end}"), "notes": "x".repeat(SUBMISSION)});

    let taken = door.send("application/json", list).await.expect(200);
    assert_eq!(taken["created"].as_array().unwrap().len(), 300);

    let door = Door { key: door.intake.key(json!({})).await, ..door };
    let items = json!([{"email": "a@example.com"}, large("example.com"), {"email": "b@example.com"}]);
    let batch = door.request("/api/leads/ingest/batch").json(&json!({ "items": items }));
    for answer in [door.json(&items).await.expect(200), read(batch).await.expect(200)] {
        assert_eq!(answer["created"].as_array().unwrap().len(), 2);
        let fault = &answer["errors"][0];
        assert_eq!((&fault["index"], &fault["errors"][0]["code"]), (&json!(1), &json!("body_too_large")));
    }
    assert_eq!(door.intake.number("ingests WHERE outcome = 'rejected'").await, 2);
}

#[actix_web::test]
async fn numbers_beside_each_other_are_bounded_however_many_there_are() {
    let door = Door::new().await;
    for (count, between) in [(12_000, " / "), (200_000, ","), (12_000, " or "), (8_000, ":::")] {
        let mut phones = vec!["030 901820"; count].join(between);
        phones.truncate(200_000);
        let made = door.json(&json!({"email": "a@example.com", "phone": phones})).await.expect(201);
        assert_eq!(warned(&made["warnings"]), [("phone", "invalid_phone")], "{between}");
        let lead = door.intake.lead(&made).await;
        assert_eq!((&lead["phone"], &lead["raw_payload"]), (&Value::Null, &json!({ "phone": phones })));
    }
    let some = ["+49 30 901820", "+49 30 901821", "+49 30 901822"].join(" / ");
    let made = door.json(&json!({"email": "a@example.com", "phone": some})).await.expect(201);
    assert_eq!(warned(&made["warnings"]), [("phone", "several_values")]);
    assert_eq!(door.intake.lead(&made).await["phone"], "+4930901820");
}

#[actix_web::test]
async fn a_nested_document_with_long_names_is_looked_through_in_part_and_kept_whole() {
    let door = Door::new().await;
    let items: Vec<Value> = (0..5_000).map(|n| json!({"a": n, "b": "x"})).collect();
    let long = json!({"n".repeat(900): {"m".repeat(900): items}});
    let many = Value::Object((0..400).map(|n| (format!("{n}"), json!(vec![json!({"a": 1}); 50]))).collect());
    let mut deep = json!("x");
    for _ in 0..50 {
        deep = json!({"d".repeat(2_000): deep});
    }
    for data in [long, many, deep] {
        let made = door.json(&json!({"email": "a@example.com", "data": data})).await.expect(201);
        assert_eq!(warned(&made["warnings"]), [("", "partly_recognised")]);
        let lead = door.intake.lead(&made).await;
        assert_eq!(
            (&lead["email"], &lead["raw_payload"]),
            (&json!("a@example.com"), &json!({ "data": data }))
        );
    }
}

#[actix_web::test]
async fn a_nul_is_refused_at_every_door() {
    let door = Door::new().await;
    let address = door.intake.address(&door.key).await;
    let nul = r#"{"email":"a@example.com","custom_fields":{"a\u0000":"b"}}"#;
    let part = "--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na\0@example.com\r\n--x--\r\n";
    for (path, media, body) in [
        ("/api/leads/ingest", "application/json", nul.to_owned()),
        ("/api/leads/ingest", "text/plain", nul.to_owned()),
        ("/api/leads/ingest", "application/json", format!("[{nul},{nul}]")),
        ("/api/leads/ingest/batch", "application/json", format!("{{\"items\":[{nul}]}}")),
        ("/api/leads/ingest", FORM, "email=a%40example.com&utm_source=a%00b".to_owned()),
        ("/api/leads/ingest", "multipart/form-data; boundary=x", part.to_owned()),
        (address.as_str(), "application/json", nul.to_owned()),
    ] {
        let request = if path == address {
            door.intake.app.anonymous().request(Method::POST, path)
        } else {
            door.request(path)
        };
        let refused = read(request.header("content-type", media).body(body)).await;
        assert_eq!(refused.problem(), (400, "nul_not_allowed"), "{path} {media}");
    }
    assert_eq!(door.intake.number("leads").await, 0);
}

#[actix_web::test]
async fn a_nul_in_a_document_within_a_text_stays_a_text() {
    let door = Door::new().await;
    let object = r#"{"a":"\u0000"}"#;
    for field in ["custom_fields", "utm", "consent"] {
        let made = door.json(&json!({"email": "a@example.com", field: object})).await.expect(201);
        assert_eq!(warned(&made["warnings"]), [(field, "wrong_type")]);
        let lead = door.intake.lead(&made).await;
        assert_eq!((&lead[field], &lead["raw_payload"]), (&Value::Null, &json!({field: object})));
    }
    for (field, written) in [
        ("phone", r#"["+49 30 901820\u0000"]"#),
        ("anything", object),
        ("linkedin_url", "https://www.linkedin.com/in/a%00b"),
        ("linkedin_url", "https://www.linkedin.com/in/a%0Ab"),
    ] {
        let made = door.json(&json!({"email": "a@example.com", field: written})).await;
        assert_eq!(made.status, 201, "{field}: {}", made.text);
    }
    let form = format!("email=a%40example.com&utm={}", "%7B%22a%22%3A%22%5Cu0000%22%7D");
    door.send(FORM, form).await.expect(201);
    let odd =
        "SELECT count(*) AS number FROM identity_keys WHERE kind = 'linkedin' AND value ~ '[[:cntrl:]]'";
    assert_eq!(door.intake.app.database.number(odd).await, 0);
}

#[actix_web::test]
async fn a_warning_names_the_field_as_its_sender_does() {
    let door = Door::new().await;
    door.intake
        .map(&door.key, json!({"fields": {"Quelle": "source", "Produkt": "product_id"}}))
        .await
        .expect(200);
    let body = json!({"email": "a@example.com", "Quelle": "Mars", "Produkt": "7"});

    let made = door.json(&body).await.expect(201);

    let warning =
        |field: &str, code: &str, message: &str| json!({"field": field, "code": code, "message": message});
    let mut warnings = made["warnings"].as_array().unwrap().clone();
    warnings.sort_by_key(|warning| warning["field"].to_string());
    assert_eq!(
        warnings,
        [
            warning("Produkt", "invalid_uuid", "is not a UUID"),
            warning("Quelle", "not_allowed", "is not a value that Quelle can have"),
        ]
    );
    assert_eq!(door.intake.lead(&made).await["raw_payload"], json!({"Quelle": "Mars", "Produkt": "7"}));
    let unknown = uuid::Uuid::now_v7();
    let made = door.json(&json!({"email": "a@example.com", "Produkt": unknown})).await.expect(201);
    assert_eq!(warned(&made["warnings"]), [("Produkt", "unknown_reference")]);
    assert_eq!(door.intake.lead(&made).await["raw_payload"], json!({"Produkt": unknown}));
}
