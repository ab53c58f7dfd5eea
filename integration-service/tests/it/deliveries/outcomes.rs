//! Outcomes of receivers' answers.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

use super::signed_with;
use crate::stage::{Stage, fake, lead_created, receiver};

fn seconds_until_next_try(delivery: &Value) -> i64 {
    let at: DateTime<Utc> =
        delivery["next_attempt_at"].as_str().expect("a next try").parse().expect("a time");
    (at - Utc::now()).num_seconds()
}

fn tried_once(delivery: &Value) -> bool {
    delivery["status"] != "in_progress" && delivery["attempts"] == 1
}

/// What becomes of a delivery to a receiver that answers so, and the receiver.
async fn first_outcome(stage: &Stage, answer: ResponseTemplate) -> (Value, MockServer) {
    let receiver = receiver(answer).await;
    stage.endpoint(&receiver.uri(), &["*"]).await;
    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;
    (stage.delivery("tried once", tried_once).await, receiver)
}

#[actix_web::test]
async fn a_receiver_that_fails_is_tried_again_on_schedule_with_the_same_id() {
    let stage = Stage::set().await;
    let receiver = fake().await;
    let failing = ResponseTemplate::new(500).set_body_string("x".repeat(5_000));
    Mock::given(method("POST")).respond_with(failing).up_to_n_times(1).mount(&receiver).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&receiver).await;
    let endpoint = stage.endpoint(&receiver.uri(), &["*"]).await;

    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;

    let failed = stage.delivery("tried once", tried_once).await;
    assert_eq!((&failed["status"], &failed["last_status_code"]), (&json!("pending"), &json!(500)));
    assert_eq!(failed["last_error"], "The receiver answered 500.");
    assert!((0..=3).contains(&seconds_until_next_try(&failed)), "{failed}");
    let path = format!("/api/v2/deliveries/{}", failed["id"].as_str().unwrap());
    assert_eq!(stage.caller.get(&path).await.expect(200)["last_response"], "x".repeat(2_048));

    stage.make_due().await;

    let arrived = stage.delivery("delivered", |delivery| delivery["status"] == "succeeded").await;
    assert_eq!((&arrived["attempts"], &arrived["last_error"]), (&json!(2), &json!(null)));
    let requests = receiver.received_requests().await.unwrap();
    assert_eq!(requests[0].headers["webhook-id"], requests[1].headers["webhook-id"]);
    assert_eq!(requests[0].body, requests[1].body);
    let secret = endpoint["secret"].as_str().unwrap();
    assert!(requests.iter().all(|request| signed_with(request, secret)));
}

#[actix_web::test]
async fn the_eighth_failure_is_the_last() {
    let stage = Stage::set().await;
    let (_, _receiver) = first_outcome(&stage, ResponseTemplate::new(500)).await;

    stage.app.database.execute("UPDATE deliveries SET attempts = 6, next_attempt_at = now()").await;
    let seventh = stage.delivery("tried", |row| row["status"] == "pending" && row["attempts"] == 7).await;
    assert!(seconds_until_next_try(&seventh) > 6 * 3_600, "{seventh}");
    stage.make_due().await;

    let last = stage.delivery("given up", |row| row["status"] == "failed").await;
    assert_eq!((&last["attempts"], &last["next_attempt_at"]), (&json!(8), &json!(null)));
}

#[actix_web::test]
async fn a_redirect_is_a_failure_and_is_not_followed() {
    let stage = Stage::set().await;
    let target = receiver(ResponseTemplate::new(200)).await;

    let answer = ResponseTemplate::new(302).insert_header("location", target.uri().as_str());
    let (delivery, _receiver) = first_outcome(&stage, answer).await;

    assert_eq!((&delivery["status"], &delivery["last_status_code"]), (&json!("pending"), &json!(302)));
    assert!(target.received_requests().await.unwrap().is_empty());
}

#[actix_web::test]
async fn a_receiver_that_is_gone_is_switched_off_and_the_admins_are_told() {
    let stage = Stage::set().await;
    let receiver = receiver(ResponseTemplate::new(410)).await;
    let endpoint = stage.endpoint(&receiver.uri(), &["*"]).await;
    let endpoint_path = format!("/api/v2/webhook-endpoints/{}", endpoint["id"].as_str().unwrap());
    let assigned = json!({"assigned_to": stage.caller.user()});
    stage.take_in(&[lead_created(stage.tenant, &assigned)]).await;

    let delivery = stage.delivery("given up", |delivery| delivery["status"] == "failed").await;

    assert_eq!((&delivery["attempts"], &delivery["last_status_code"]), (&json!(1), &json!(410)));
    let endpoint = stage.caller.get(&endpoint_path).await.expect(200);
    assert_eq!(endpoint["status"], "disabled");
    assert_eq!(endpoint["disabled_reason"], "The receiver answered 410: it wants no more events.");
    for admin in stage.admins {
        let told = stage.notifications(admin).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["type"], "warning");
        assert_eq!(
            told[0]["related"],
            json!({"entity_type": "WebhookEndpoint", "entity_id": endpoint["id"]})
        );
    }
    stage.take_in(&[lead_created(stage.tenant, &assigned)]).await;
    stage.delivery("the only one", |_| true).await;
    assert_eq!(receiver.received_requests().await.unwrap().len(), 1);
}

#[actix_web::test]
async fn an_endpoint_is_switched_off_even_while_the_admins_cannot_be_found_out() {
    let stage = Stage::set().await;
    stage.tenant_service_answers(ResponseTemplate::new(500)).await;
    let receiver = receiver(ResponseTemplate::new(410)).await;
    stage.endpoint(&receiver.uri(), &["*"]).await;

    stage.take_in(&[lead_created(stage.tenant, &json!({"assigned_to": stage.admins[0]}))]).await;

    stage.delivery("given up", |delivery| delivery["status"] == "failed").await;
    let told = stage.notifications(stage.caller.user()).await;
    assert_eq!(told.len(), 1, "the creator of the endpoint is notified");
    assert_eq!(told[0]["related"]["entity_type"], "WebhookEndpoint");
}

#[actix_web::test]
async fn retry_after_is_honoured() {
    for status in [429, 503] {
        let stage = Stage::set().await;
        let answer = ResponseTemplate::new(status).insert_header("retry-after", "7200");

        let (delivery, _receiver) = first_outcome(&stage, answer).await;

        assert!((7_190..=7_200).contains(&seconds_until_next_try(&delivery)), "{delivery}");
    }
}

#[actix_web::test]
async fn retry_after_cannot_put_a_delivery_off_for_more_than_a_day() {
    let stage = Stage::set().await;
    let answer = ResponseTemplate::new(503).insert_header("retry-after", "99999999");

    let (delivery, _receiver) = first_outcome(&stage, answer).await;

    assert!((86_390..=86_400).contains(&seconds_until_next_try(&delivery)), "{delivery}");
}

#[actix_web::test]
async fn a_receiver_that_takes_too_long_is_tried_again() {
    let stage = Stage::set_with(&[("DELIVERIES_DEADLINE_MS", "200")]).await;
    let answer = ResponseTemplate::new(200).set_delay(Duration::from_secs(5));

    let (delivery, _receiver) = first_outcome(&stage, answer).await;

    assert_eq!((&delivery["status"], &delivery["last_status_code"]), (&json!("pending"), &json!(null)));
    assert!(delivery["last_error"].as_str().unwrap().starts_with("timeout: "), "{delivery}");
}

#[actix_web::test]
async fn nobody_listening_is_tried_again() {
    let stage = Stage::set().await;
    stage.endpoint("http://127.0.0.1:9/", &["*"]).await;

    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;

    let delivery = stage.delivery("tried once", tried_once).await;
    assert_eq!(delivery["status"], "pending");
    assert!(delivery["last_error"].as_str().unwrap().starts_with("unreachable: "), "{delivery}");
}

#[actix_web::test]
async fn an_address_that_is_not_public_any_more_fails_at_once() {
    let stage = Stage::set_quiet().await;
    stage.endpoint("https://hooks.example.com/", &["*"]).await;
    stage.app.database.execute("UPDATE webhook_endpoints SET url = 'http://10.0.0.1/'").await;
    let stage = Stage { app: stage.app.with_background(), ..stage };

    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;

    let delivery = stage.delivery("tried once", tried_once).await;
    assert_eq!(delivery["status"], "failed");
    assert!(delivery["last_error"].as_str().unwrap().starts_with("blocked: "), "{delivery}");
}
