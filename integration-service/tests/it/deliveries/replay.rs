//! Sending a delivery again by hand.

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::stage::{Stage, lead_created, receiver};

#[actix_web::test]
async fn a_replay_sends_the_same_again_under_the_same_id() {
    let stage = Stage::set().await;
    let receiver = receiver(ResponseTemplate::new(200)).await;
    stage.endpoint(&receiver.uri(), &["*"]).await;
    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;
    let delivery = stage.delivery("delivered", |delivery| delivery["status"] == "succeeded").await;
    let path = format!("/api/v2/deliveries/{}/replay", delivery["id"].as_str().unwrap());

    let accepted = stage.caller.post(&path, &json!({})).await.expect(202);

    assert_eq!((&accepted["id"], &accepted["status"]), (&delivery["id"], &json!("pending")));
    let again = stage
        .delivery("delivered again", |row| {
            row["status"] == "succeeded" && row["delivered_at"] != delivery["delivered_at"]
        })
        .await;
    assert_eq!(again["attempts"], 1);
    let requests = receiver.received_requests().await.unwrap();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].headers["webhook-id"], requests[1].headers["webhook-id"]);
    assert_eq!(requests[0].body, requests[1].body);
}

#[actix_web::test]
async fn one_that_was_given_up_has_all_its_tries_again() {
    let stage = Stage::set_quiet().await;
    stage.endpoint("https://hooks.example.com/", &["*"]).await;
    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;
    stage
        .app
        .database
        .execute("UPDATE deliveries SET status = 'failed', attempts = 8, next_attempt_at = NULL")
        .await;
    let delivery = stage.delivery("given up", |_| true).await;
    let path = format!("/api/v2/deliveries/{}/replay", delivery["id"].as_str().unwrap());

    let accepted = stage.caller.post(&path, &json!({})).await.expect(202);

    assert_eq!((&accepted["status"], &accepted["attempts"]), (&json!("pending"), &json!(0)));
    assert!(accepted["next_attempt_at"].is_string());
}

#[actix_web::test]
async fn what_is_being_sent_or_has_nowhere_to_go_is_not_replayed() {
    let stage = Stage::set_quiet().await;
    let endpoint = stage.endpoint("https://hooks.example.com/", &["*"]).await;
    let endpoint_path = format!("/api/v2/webhook-endpoints/{}", endpoint["id"].as_str().unwrap());
    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;
    let delivery = stage.delivery("queued", |_| true).await;
    let path = format!("/api/v2/deliveries/{}/replay", delivery["id"].as_str().unwrap());
    let replay = async || {
        let answer = stage.caller.post(&path, &Value::Null).await;
        (answer.problem().0, answer.problem().1.to_owned())
    };

    let lease = "UPDATE deliveries SET status = 'in_progress', next_attempt_at = NULL, \
                 leased_until = now() + interval '1 minute'";
    stage.app.database.execute(lease).await;
    assert_eq!(replay().await, (409, "delivery_in_progress".to_owned()));
    stage.caller.patch(&endpoint_path, &json!({"status": "disabled"})).await.expect(200);
    assert_eq!(replay().await, (409, "endpoint_disabled".to_owned()));
    stage.caller.delete(&endpoint_path).await.expect(204);
    assert_eq!(replay().await, (409, "endpoint_deleted".to_owned()));
}
