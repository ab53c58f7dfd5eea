//! Delivery of events to subscribed endpoints.

use chrono::Utc;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::signed_with;
use crate::stage::{Stage, lead_changed, lead_created, receiver};

#[actix_web::test]
async fn an_event_is_posted_signed_to_the_endpoint_that_asks_for_it_and_to_no_other() {
    let stage = Stage::set().await;
    let (asked, other) =
        (receiver(ResponseTemplate::new(200)).await, receiver(ResponseTemplate::new(200)).await);
    let endpoint = stage.endpoint(&format!("{}/hook?x=1", asked.uri()), &["Account.*", "Lead.CREATE"]).await;
    stage.endpoint(&other.uri(), &["Account.*", "Lead.DELETE"]).await;
    let event = lead_created(stage.tenant, &json!({}));

    stage.take_in(std::slice::from_ref(&event)).await;

    let delivery = stage.delivery("delivered", |delivery| delivery["status"] == "succeeded").await;
    assert_eq!((&delivery["endpoint_id"], &delivery["event_id"]), (&endpoint["id"], &json!(event.id)));
    assert_eq!((&delivery["attempts"], &delivery["last_status_code"]), (&json!(1), &json!(200)));
    assert_eq!((&delivery["kind"], &delivery["request_id"]), (&json!("webhook"), &json!("the-request")));
    assert!(delivery["delivered_at"].is_string() && delivery["next_attempt_at"].is_null());
    assert!(other.received_requests().await.unwrap().is_empty());
    let requests = asked.received_requests().await.unwrap();
    let [request] = requests.as_slice() else { panic!("{} requests", requests.len()) };
    let header = |name: &str| request.headers[name].to_str().unwrap();
    assert_eq!((request.url.path(), request.url.query()), ("/hook", Some("x=1")));
    assert_eq!(
        (header("content-type"), header("webhook-id")),
        ("application/json", event.id.to_string().as_str())
    );
    let age = Utc::now().timestamp() - header("webhook-timestamp").parse::<i64>().unwrap();
    assert!((0..10).contains(&age), "{age} s old");
    assert!(signed_with(request, endpoint["secret"].as_str().unwrap()));
    assert!(
        header("traceparent").starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"),
        "the event's trace goes on"
    );
    assert!(!header("traceparent").contains("00f067aa0ba902b7"), "as a step of its own");
    let body: Value = request.body_json().unwrap();
    let client_id = format!("t{}", &stage.tenant.0.simple().to_string()[20..]);
    assert_eq!(
        body,
        json!({
            "id": event.id, "type": "Lead.CREATE", "occurred_at": event.occurred_at,
            "tenant": {"id": stage.tenant, "client_id": client_id},
            "actor": {"kind": "service", "name": "lead"},
            "version": null, "data": event.current_state, "changes": {},
        })
    );
}

#[actix_web::test]
async fn an_update_says_what_changed() {
    let stage = Stage::set().await;
    let receiver = receiver(ResponseTemplate::new(200)).await;
    stage.endpoint(&receiver.uri(), &["Lead.status.UPDATE"]).await;
    let event = lead_changed(stage.tenant, "status", &json!("new"), &json!("qualified"));

    stage.take_in(&[event.clone(), lead_changed(stage.tenant, "score", &json!(1), &json!(2))]).await;

    stage.delivery("delivered", |delivery| delivery["status"] == "succeeded").await;
    let body: Value = receiver.received_requests().await.unwrap()[0].body_json().unwrap();
    assert_eq!(body["data"], json!({"id": event.entity_id, "status": "qualified"}));
    assert_eq!(body["changes"], json!({"status": {"from": "new", "to": "qualified"}}));
}

#[actix_web::test]
async fn an_event_seen_twice_makes_one_delivery_and_one_notification() {
    let stage = Stage::set_quiet().await;
    stage.endpoint("https://hooks.example.com/", &["*"]).await;
    let event = lead_created(stage.tenant, &json!({}));

    stage.take_in(&[event.clone(), event.clone()]).await;
    stage.take_in(std::slice::from_ref(&event)).await;
    // Even where the note that it was handled is gone.
    stage.app.database.execute("DELETE FROM inbox").await;
    stage.take_in(&[event]).await;

    stage.delivery("the only one", |_| true).await;
    for admin in stage.admins {
        assert_eq!(stage.notifications(admin).await.len(), 1);
    }
}

#[actix_web::test]
async fn another_tenants_event_is_not_delivered_here() {
    let stage = Stage::set_quiet().await;
    stage.endpoint("https://hooks.example.com/", &["*"]).await;
    let other = stage.app.tenant().await;

    stage.take_in(&[lead_created(other, &json!({}))]).await;

    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM deliveries").await, 0);
}

#[actix_web::test]
async fn what_a_dead_worker_left_behind_is_sent_by_another() {
    let stage = Stage::set_quiet().await;
    let receiver = receiver(ResponseTemplate::new(200)).await;
    stage.endpoint(&receiver.uri(), &["*"]).await;
    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;
    stage
        .app
        .database
        .execute(
            "UPDATE deliveries SET status = 'in_progress', attempts = 1, next_attempt_at = NULL, \
             leased_until = now() - interval '1 second'",
        )
        .await;

    let stage = Stage { app: stage.app.with_background(), ..stage };

    let delivery = stage.delivery("delivered", |delivery| delivery["status"] == "succeeded").await;
    assert_eq!(delivery["attempts"], 2);
}
