//! Bodies of submissions: whatever character set, media type and shape they have.

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
    async fn new() -> Self {
        let app = Leads::start().await;
        let caller = app.user(app.tenant().await);
        let key = api_key(&caller, json!({"duplicate_policy": "create"})).await;
        Self { app, caller, key }
    }

    fn request(&self, path: &str) -> reqwest::RequestBuilder {
        self.app.anonymous().with("x-api-key", &self.key).request(Method::POST, path)
    }

    async fn send(&self, media: &str, body: impl Into<reqwest::Body>) -> Reply {
        read(self.request("/api/leads/ingest").header("content-type", media).body(body)).await
    }

    async fn lead(&self, answer: &Value) -> Value {
        self.caller.get(&format!("/api/v2/leads/{}", id_of(answer))).await.expect(200)
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

#[actix_web::test]
async fn a_form_is_read_in_its_own_character_set() {
    let door = Door::new().await;
    let cases: [(&str, &[u8]); 6] = [
        ("application/x-www-form-urlencoded; charset=iso-8859-1", b"name=Zo%EB&email=z@example.com"),
        ("application/x-www-form-urlencoded; charset=windows-1252", b"name=Zo\xeb&email=z@example.com"),
        (FORM, b"name=Zo%EB&email=z@example.com"),
        (FORM, b"name=Zo%EB&email=z@example.com&_charset_=iso-8859-1"),
        (FORM, b"name=Zo%C3%AB&email=z@example.com"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nZo\xeb\r\n\
              --x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nz@example.com\r\n--x--\r\n",
        ),
    ];
    for (media, body) in cases {
        let created = door.send(media, body.to_vec()).await.expect(201);
        assert_eq!(door.lead(&created).await["first_name"], "Zo\u{eb}", "{media}");
    }
}

#[actix_web::test]
async fn json_is_read_whatever_the_content_type_says() {
    let door = Door::new().await;
    let body = r#"{"email":"a@example.com","name":"Ada & Co = 1"}"#;
    for media in ["application/json", "text/plain;charset=UTF-8", FORM, "application/octet-stream"] {
        let created = door.send(media, body).await.expect(201);
        assert_eq!(door.lead(&created).await["email"], "a@example.com", "{media}");
    }
    let bare = read(door.request("/api/leads/ingest").body(body)).await.expect(201);
    assert_eq!(door.lead(&bare).await["email"], "a@example.com");
    let form = door.send("text/plain", "email=b%40example.com&name=Bob").await.expect(201);
    assert_eq!(door.lead(&form).await["email"], "b@example.com");
    assert_eq!(door.send("text/plain", "hello").await.problem(), (415, "unsupported_media_type"));
    assert_eq!(
        door.send("text/html", "<p>a@example.com</p>").await.problem(),
        (415, "unsupported_media_type")
    );
    assert_eq!(door.send("text/plain", "{\"email\":").await.problem(), (400, "invalid_json"));
}

#[actix_web::test]
async fn large_numbers_keep_their_digits() {
    let door = Door::new().await;
    let send = async |reference: &str, email: &str| {
        let body = format!(
            r#"{{"lead_reference_id":{reference},"email":"{email}","order":{reference},"small":1.5}}"#
        );
        door.send("application/json", body).await
    };
    let first = send("6963887712520725123456", "a@example.com").await.expect(201);
    let second = send("6963887712520725123457", "b@example.com").await.expect(201);
    let again = send("6963887712520725123456", "a@example.com").await.expect(200);

    assert_eq!((&again["id"], &again["status"]), (&first["id"], &json!("duplicate")));
    let lead = door.lead(&second).await;
    assert_eq!(lead["lead_reference_id"], "6963887712520725123457");
    assert_eq!(lead["raw_payload"], json!({"order": "6963887712520725123457", "small": 1.5}));
    let batch = r#"{"items":[{"lead_reference_id":6963887712520725123458,"email":"c@example.com"}]}"#;
    let request =
        door.request("/api/leads/ingest/batch").header("content-type", "application/json").body(batch);
    let batch = read(request).await.expect(200);
    assert_eq!(door.lead(&batch["created"][0]).await["lead_reference_id"], "6963887712520725123458");
}

#[actix_web::test]
async fn a_file_never_costs_the_person() {
    let door = Door::new().await;
    let file = multipart::Part::bytes(vec![0_u8; 2 << 20]).file_name("cv.pdf");
    let form = multipart::Form::new().text("name", "Ada").text("email", "a@example.com").part("cv", file);
    let created = read(door.request("/api/leads/ingest").multipart(form)).await.expect(201);

    let (field, code) = (&created["warnings"][0]["field"], &created["warnings"][0]["code"]);
    assert_eq!((field, code), (&json!("cv"), &json!("file_dropped")));
    let lead = door.lead(&created).await;
    assert_eq!((&lead["email"], &lead["raw_payload"]), (&json!("a@example.com"), &Value::Null));
    let empty = multipart::Part::bytes(Vec::new()).file_name("");
    let form = multipart::Form::new().text("email", "b@example.com").part("cv", empty);
    let created = read(door.request("/api/leads/ingest").multipart(form)).await.expect(201);
    assert_eq!(created["warnings"], Value::Null);
    let large = format!("name={}", "x".repeat(1 << 20));
    assert_eq!(door.send(FORM, large).await.problem(), (413, "body_too_large"));
}

#[actix_web::test]
async fn each_item_of_a_list_is_a_submission() {
    let door = Door::new().await;
    let list = json!([{"email": "a@example.com"}, {"json": {"Email": "b@example.com"}}, {"budget": "10k"}]);
    let answer = door.send("application/json", list.to_string()).await.expect(200);
    let places: Vec<&Value> =
        answer["created"].as_array().unwrap().iter().map(|item| &item["index"]).collect();
    assert_eq!(places, [0, 1]);
    assert_eq!(
        (&answer["errors"][0]["index"], &answer["errors"][0]["errors"][0]["code"]),
        (&json!(2), &json!("required"))
    );
    assert_eq!(door.lead(&answer["created"][1]).await["email"], "b@example.com");

    let one = door.send("application/json", r#"[{"email":"c@example.com"}]"#).await.expect(201);
    assert_eq!(one["status"], "created");
    let many: Vec<Value> = (0..1_001).map(|n| json!({"email": format!("m{n}@example.com")})).collect();
    for refused in [json!(many), json!([]), json!([1]), json!([{"email": "d@example.com"}, "x"])] {
        assert_eq!(door.send("application/json", refused.to_string()).await.status, 400);
    }
    assert_eq!(door.caller.get("/api/v2/leads").await.expect(200)["count"], 3);
}

#[actix_web::test]
async fn a_list_counts_each_of_its_submissions_against_the_keys_rate() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let key = api_key(&caller, json!({"rate_limit": 2})).await;
    let send =
        async |body: Value| app.anonymous().with("x-api-key", &key).post("/api/leads/ingest", &body).await;
    let list: Vec<Value> = (0..200).map(|n| json!({"email": format!("m{n}@example.com")})).collect();

    send(json!(list)).await.expect(200);

    assert_eq!(send(json!({"email": "x@example.com"})).await.problem(), (429, "rate_limited"));
}

#[actix_web::test]
async fn hostile_documents_are_refused_or_left_unread() {
    let door = Door::new().await;
    let deep = format!("{}1{}", "[".repeat(60), "]".repeat(60));
    let inner =
        json!({"email": "a@example.com", "raw": format!("{{\"a\":{deep}}}"), "nul": "{\"b\":\"\\u0000\"}"});
    let created = door.send("application/json", inner.to_string()).await.expect(201);
    assert_eq!(door.lead(&created).await["raw_payload"]["nul"], "{\"b\":\"\\u0000\"}");
    let bombs =
        ["[".repeat(40), "{\"a\":".repeat(40)].map(|start| json!({"email": "b@example.com", "raw": start}));
    for bomb in bombs {
        door.send("application/json", bomb.to_string()).await.expect(201);
    }
    let brackets = format!("email=c%40example.com&a{}=1", "[b]".repeat(2_000));
    door.send(FORM, brackets).await.expect(201);
}
