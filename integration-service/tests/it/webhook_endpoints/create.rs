//! Adding, reading and listing webhook endpoints.

use serde_json::{Value, json};

use crate::stage::Stage;

#[actix_web::test]
async fn the_secret_is_in_the_creating_answer_and_nowhere_else() {
    let stage = Stage::set_quiet().await;

    let created = stage
        .caller
        .post(
            "/api/v2/webhook-endpoints",
            &json!({"url": "https://hooks.example.com/in?x=1", "events": ["Lead.CREATE", "Lead.*"], "description": "CRM"}),
        )
        .await;

    assert_eq!(created.header("etag"), Some("\"1\""));
    let location = created.header("location").unwrap().to_owned();
    let created = created.expect(201);
    let secret = created["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_") && secret.len() == "whsec_".len() + 44, "{secret}");
    assert_eq!(created["url"], "https://hooks.example.com/in?x=1");
    assert_eq!(created["events"], json!(["Lead.CREATE", "Lead.*"]));
    assert_eq!((&created["status"], &created["description"]), (&json!("enabled"), &json!("CRM")));
    assert_eq!(created["created_by"], json!(stage.caller.user()));
    assert_eq!(location, format!("/api/v2/webhook-endpoints/{}", created["id"].as_str().unwrap()));

    let read = stage.caller.get(&location).await;
    let listed = stage.caller.get("/api/v2/webhook-endpoints").await;
    for answer in [&read, &listed] {
        assert!(!answer.text.contains("whsec_") && !answer.text.contains("\"secret\""), "{}", answer.text);
    }
    let mut expected = created.clone();
    expected.as_object_mut().unwrap().remove("secret");
    assert_eq!(read.expect(200), expected);
    assert_eq!(listed.expect(200)["results"], json!([expected]));
    let in_the_clear = "SELECT count(*) AS number FROM webhook_endpoints e \
        WHERE encode(e.secret, 'escape') LIKE '%whsec_%' OR octet_length(e.secret) <= 32";
    assert_eq!(stage.app.database.number(in_the_clear).await, 0);
    let in_events = "SELECT count(*) AS number FROM events WHERE current_state::text LIKE '%secret\":%'";
    assert_eq!(stage.app.database.number(in_events).await, 0);
}

#[actix_web::test]
async fn all_faults_of_an_endpoint_are_told_at_once() {
    let stage = Stage::set_quiet().await;
    let faults = async |body: Value| stage.caller.post("/api/v2/webhook-endpoints", &body).await.faults();
    let expected = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect()
    };

    assert_eq!(
        faults(json!({"url": "https://10.0.0.1/", "events": ["Lead.CREATE", "lead.created", ""]})).await,
        expected(&[("events.1", "invalid_pattern"), ("events.2", "invalid_pattern"), ("url", "invalid_url")])
    );
    assert_eq!(
        faults(json!({"events": [], "colour": "red", "status": "paused"})).await,
        expected(&[
            ("colour", "unknown_field"),
            ("events", "too_few"),
            ("status", "not_allowed"),
            ("url", "required")
        ])
    );
}

#[actix_web::test]
async fn an_address_that_can_never_be_delivered_to_is_refused() {
    let stage = Stage::set_quiet().await;

    for url in [
        "ftp://example.com/",
        "javascript:alert(1)",
        "https://user:password@example.com/",
        "https://192.168.1.1/hook",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.1]/",
        "http://0x0a000001/",
        "https://",
    ] {
        let answer =
            stage.caller.post("/api/v2/webhook-endpoints", &json!({"url": url, "events": ["*"]})).await;
        assert_eq!(answer.problem(), (400, "validation_failed"), "{url}: {}", answer.text);
        assert_eq!(answer.faults(), [("url".to_owned(), "invalid_url".to_owned())], "{url}");
    }
    // The configured exception.
    stage.endpoint("http://127.0.0.1:9999/hook", &["*"]).await;
}

#[actix_web::test]
async fn an_idempotency_key_makes_one_endpoint() {
    let stage = Stage::set_quiet().await;
    let caller = stage.caller.with("idempotency-key", "once");
    let body = json!({"url": "https://hooks.example.com/", "events": ["*"]});

    let first = caller.post("/api/v2/webhook-endpoints", &body).await.expect(201);
    let second = caller.post("/api/v2/webhook-endpoints", &body).await;

    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    assert_eq!(second.expect(201), first);
    assert_eq!(stage.caller.get("/api/v2/webhook-endpoints").await.expect(200)["count"], 1);
}

#[actix_web::test]
async fn the_list_filters_searches_and_refuses_what_it_does_not_know() {
    let stage = Stage::set_quiet().await;
    stage.endpoint("https://one.example.com/", &["*"]).await;
    let two = stage.endpoint("https://two.example.com/", &["*"]).await;
    let path = format!("/api/v2/webhook-endpoints/{}", two["id"].as_str().unwrap());
    stage.caller.patch(&path, &json!({"status": "disabled"})).await.expect(200);
    let count = async |query: &str| {
        stage.caller.get(&format!("/api/v2/webhook-endpoints?{query}")).await.expect(200)["count"].clone()
    };

    assert_eq!(count("status=disabled").await, 1);
    assert_eq!(count("search=ONE.example").await, 1);
    assert_eq!(count("created_at__lte=2020-01-01T00:00:00Z").await, 0);
    let unknown = stage.caller.get("/api/v2/webhook-endpoints?secret=x").await;
    assert_eq!(unknown.faults(), [("secret".to_owned(), "unknown_filter".to_owned())]);
}
