//! Sending a delivery again by hand.

use std::time::Duration;

use integration_service::deliveries::{queue, sender};
use platform::Problem;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::order::{got, story};
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

#[actix_web::test]
async fn a_replayed_delivery_waits_until_the_one_of_its_record_that_is_under_way_has_ended() {
    let stage = Stage::set_quiet().await;
    let receiver = receiver(ResponseTemplate::new(200)).await;
    stage.endpoint(&receiver.uri(), &["Lead.*"]).await;
    let events = story(&stage, 1);
    stage.take_in(&events).await;
    // The first was given up, the second is under way.
    let statements = [
        format!(
            "UPDATE deliveries SET status = 'failed', next_attempt_at = NULL WHERE event_id = '{}'",
            events[0].id
        ),
        format!("UPDATE deliveries SET held = false WHERE event_id = '{}'", events[1].id),
    ];
    stage.app.database.execute(&statements.join("; ")).await;
    let lease = Duration::from_secs(30);
    let under_way = stage
        .app
        .base
        .db
        .in_system(async |tx| queue::claim(tx, 10, 10, lease).await.map_err(Problem::from))
        .await
        .unwrap();
    let event = events[0].id;
    let page = stage.caller.get(&format!("/api/v2/deliveries?event_id={event}")).await.expect(200);
    let path = format!("/api/v2/deliveries/{}/replay", page["results"][0]["id"].as_str().unwrap());

    let accepted = stage.caller.post(&path, &json!({})).await.expect(202);

    assert_eq!((&accepted["status"], &accepted["held"]), (&json!("pending"), &json!(true)));
    assert_eq!(stage.send_due().await, 0);
    for delivery in under_way {
        sender::carry_out(stage.app.deps.clone(), delivery).await;
    }
    while stage.send_due().await > 0 {}
    let expected = [1, 0, 2].map(|number: usize| events[number].id.to_string());
    assert_eq!(got(&receiver).await, expected);
}

#[actix_web::test]
async fn a_replayed_delivery_goes_before_a_later_one_of_its_record_that_waits_for_its_next_try() {
    let stage = Stage::set_quiet().await;
    stage.endpoint("https://hooks.example.com/", &["Lead.*"]).await;
    let events = story(&stage, 1);
    stage.take_in(&events).await;
    let statements = [
        format!(
            "UPDATE deliveries SET status = 'failed', next_attempt_at = NULL WHERE event_id = '{}'",
            events[0].id
        ),
        format!(
            "UPDATE deliveries SET held = false, attempts = 3, next_attempt_at = now() + interval '1 hour' \
             WHERE event_id = '{}'",
            events[1].id
        ),
    ];
    stage.app.database.execute(&statements.join("; ")).await;
    let event = events[0].id;
    let page = stage.caller.get(&format!("/api/v2/deliveries?event_id={event}")).await.expect(200);
    let path = format!("/api/v2/deliveries/{}/replay", page["results"][0]["id"].as_str().unwrap());

    let accepted = stage.caller.post(&path, &json!({})).await.expect(202);

    assert_eq!((&accepted["status"], &accepted["held"]), (&json!("pending"), &json!(false)));
    let rows = stage
        .deliveries("the others held", |all| all.iter().filter(|row| row["held"] == true).count() == 2)
        .await;
    let second = rows.iter().find(|row| row["event_id"] == json!(events[1].id)).unwrap();
    assert_eq!(second["attempts"], 3, "its tries are still counted");
}
