//! Order of the events of one record.

use std::time::Duration;

use contracts::events::Envelope;
use integration_service::deliveries::{queue, sender};
use platform::Problem;
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::method};

use crate::stage::{Stage, fake, lead_changed, lead_created, receiver};

/// Events of one record: it was created, and its score changed twice.
pub fn story(stage: &Stage, position: i64) -> Vec<Envelope> {
    let mut story = vec![lead_created(stage.tenant, &json!({"assigned_to": stage.caller.user()}))];
    story.extend((1..3).map(|score| lead_changed(stage.tenant, "score", &json!(score - 1), &json!(score))));
    let id = story[0].entity_id;
    for (step, event) in (0..).zip(&mut story) {
        event.entity_id = id;
        event.position = position + step;
        event.record = (step > 0).then(|| json!({"id": id, "email": "ada@example.com", "version": step + 1}));
    }
    story
}

/// The ids of the events that a receiver got, in their order.
pub async fn got(receiver: &MockServer) -> Vec<String> {
    let requests = receiver.received_requests().await.unwrap();
    requests.iter().map(|request| request.headers["webhook-id"].to_str().unwrap().to_owned()).collect()
}

pub fn ids(events: &[Envelope]) -> Vec<String> {
    events.iter().map(|event| event.id.to_string()).collect()
}

pub fn arrived(rows: &[Value], count: usize) -> bool {
    rows.iter().filter(|row| row["status"] == "succeeded").count() == count
}

/// Answers 500 to the events of one record.
struct Failing(String);

impl Respond for Failing {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let fails = request.body_json::<Value>().unwrap()["data"]["id"] == self.0.as_str();
        ResponseTemplate::new(if fails { 500 } else { 200 })
    }
}

#[actix_web::test]
async fn events_of_one_record_arrive_in_their_order_each_after_the_one_before() {
    let stage = Stage::set().await;
    let slow = receiver(ResponseTemplate::new(200).set_delay(Duration::from_millis(300))).await;
    stage.endpoint(&slow.uri(), &["Lead.*"]).await;
    let (mut one, other) = (story(&stage, 1), story(&stage, 10));
    let expected = ids(&one);

    // In one batch in any order, with another record's between them.
    one.reverse();
    stage.take_in(&[one, other.clone()].concat()).await;

    stage.deliveries("all delivered", |all| arrived(all, 6)).await;
    let got = got(&slow).await;
    let of = |wanted: &[String]| got.iter().filter(|id| wanted.contains(id)).cloned().collect::<Vec<_>>();
    assert_eq!((of(&expected), of(&ids(&other))), (expected, ids(&other)));
}

#[actix_web::test]
async fn a_failing_delivery_holds_back_only_what_follows_of_its_record() {
    let stage = Stage::set().await;
    let (failing, sound) = (fake().await, receiver(ResponseTemplate::new(200)).await);
    let (stuck, free) = (story(&stage, 1), story(&stage, 10));
    Mock::given(method("POST")).respond_with(Failing(stuck[0].entity_id.to_string())).mount(&failing).await;
    let endpoint = stage.endpoint(&failing.uri(), &["Lead.*"]).await;
    stage.endpoint(&sound.uri(), &["Lead.*"]).await;

    stage.take_in(&[stuck.clone(), free].concat()).await;

    let rows = stage.deliveries("all but one record's delivered", |all| arrived(all, 9)).await;
    let waiting: Vec<&Value> = rows.iter().filter(|row| row["status"] == "pending").collect();
    assert!(waiting.iter().all(|row| row["endpoint_id"] == endpoint["id"]), "{waiting:?}");
    assert!(waiting.iter().all(|row| row["entity_id"] == json!(stuck[0].entity_id)));
    assert_eq!(waiting.iter().filter(|row| row["held"] == true).count(), 2, "{waiting:?}");
    assert_eq!(got(&failing).await.iter().filter(|id| ids(&stuck)[1..].contains(id)).count(), 0);

    // What comes later waits as well; once the first has arrived, all go on in their order.
    let mut later = lead_changed(stage.tenant, "score", &json!(2), &json!(3));
    (later.entity_id, later.position) = (stuck[0].entity_id, 20);
    stage.take_in(std::slice::from_ref(&later)).await;
    failing.reset().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&failing).await;
    stage.make_due().await;
    stage.deliveries("all delivered", |all| arrived(all, 14)).await;
    assert_eq!(got(&failing).await, [ids(&stuck), vec![later.id.to_string()]].concat());
}

#[actix_web::test]
async fn the_next_one_is_sent_when_a_delivery_is_given_up() {
    let stage = Stage::set_quiet().await;
    let receiver = fake().await;
    let events = story(&stage, 1);
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(500))
        .up_to_n_times(1)
        .mount(&receiver)
        .await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&receiver).await;
    stage.endpoint(&receiver.uri(), &["Lead.*"]).await;
    stage.take_in(&events).await;
    let last_try = format!("UPDATE deliveries SET attempts = 7 WHERE event_id = '{}'", events[0].id);
    stage.app.database.execute(&last_try).await;

    let stage = Stage { app: stage.app.with_background(), ..stage };

    let rows = stage.deliveries("the others delivered", |all| arrived(all, 2)).await;
    let failed: Vec<&Value> = rows.iter().filter(|row| row["status"] == "failed").collect();
    assert_eq!((failed.len(), &failed[0]["event_id"]), (1, &json!(events[0].id)));
    assert_eq!(got(&receiver).await, ids(&events));
}

#[actix_web::test]
async fn an_endpoint_that_keeps_no_order_gets_all_at_once() {
    let stage = Stage::set().await;
    let failing = fake().await;
    let events = story(&stage, 1);
    let first = events[0].id.to_string();
    Mock::given(method("POST"))
        .respond_with(move |request: &Request| {
            ResponseTemplate::new(if request.headers["webhook-id"] == first.as_str() { 500 } else { 200 })
        })
        .mount(&failing)
        .await;
    let body = json!({"url": failing.uri(), "events": ["Lead.*"], "ordered": false});
    let endpoint = stage.caller.post("/api/v2/webhook-endpoints", &body).await.expect(201);
    assert_eq!(endpoint["ordered"], false);

    stage.take_in(&events).await;

    let rows = stage.deliveries("two delivered", |all| arrived(all, 2)).await;
    assert!(rows.iter().all(|row| row["held"] == false), "{rows:?}");
}

#[actix_web::test]
async fn held_deliveries_are_released_when_their_endpoint_stops_keeping_the_order() {
    let stage = Stage::set_quiet().await;
    let endpoint = stage.endpoint("https://hooks.example.com/", &["Lead.*"]).await;
    assert_eq!(endpoint["ordered"], true, "unless it says otherwise");
    stage.take_in(&story(&stage, 1)).await;
    stage.deliveries("held", |all| all.iter().filter(|row| row["held"] == true).count() == 2).await;

    let path = format!("/api/v2/webhook-endpoints/{}", endpoint["id"].as_str().unwrap());
    let patched = stage.caller.patch(&path, &json!({"ordered": false})).await.expect(200);

    assert_eq!(patched["ordered"], false);
    stage.deliveries("free", |all| all.iter().all(|row| row["held"] == false)).await;
}

#[actix_web::test]
async fn the_next_one_is_sent_when_a_410_came_from_an_address_that_the_endpoint_no_longer_has() {
    let stage = Stage::set_quiet().await;
    let (former, current) =
        (receiver(ResponseTemplate::new(410)).await, receiver(ResponseTemplate::new(200)).await);
    let endpoint = stage.endpoint(&former.uri(), &["Lead.*"]).await;
    let events = story(&stage, 1);
    stage.take_in(&events).await;
    let lease = Duration::from_secs(30);
    let claimed = stage
        .app
        .base
        .db
        .in_system(async |tx| queue::claim(tx, 10, 10, lease).await.map_err(Problem::from))
        .await
        .unwrap();
    let path = format!("/api/v2/webhook-endpoints/{}", endpoint["id"].as_str().unwrap());
    stage.caller.patch(&path, &json!({"url": current.uri()})).await.expect(200);

    for delivery in claimed {
        sender::carry_out(stage.app.deps.clone(), delivery).await;
    }

    while stage.send_due().await > 0 {}
    assert_eq!((got(&former).await, got(&current).await), (ids(&events[..1]), ids(&events[1..])));
}

#[actix_web::test]
async fn the_body_has_the_whole_record_its_version_and_what_changed() {
    let stage = Stage::set().await;
    let receiver = receiver(ResponseTemplate::new(200)).await;
    stage.endpoint(&receiver.uri(), &["Lead.score.UPDATE"]).await;
    let events = story(&stage, 1);

    stage.take_in(&events[..2]).await;

    stage.deliveries("delivered", |all| arrived(all, 1)).await;
    let body: Value = receiver.received_requests().await.unwrap()[0].body_json().unwrap();
    let score = events[1].entity_id;
    assert_eq!(body["data"], json!({"id": score, "email": "ada@example.com", "version": 2, "score": 1}));
    assert_eq!((&body["version"], &body["changes"]), (&json!(2), &json!({"score": {"from": 0, "to": 1}})));
}
