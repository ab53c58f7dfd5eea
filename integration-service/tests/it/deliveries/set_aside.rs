//! Events that could not be handled at once, and the order of their record's deliveries.

use std::time::Duration;

use contracts::events::Envelope;
use integration_service::deliveries::order;
use platform::{Problem, db::inbox};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::order::{arrived, got, ids, story};
use crate::stage::{Stage, lead_created, receiver};

/// Makes an event that is set aside as long as tenant-service does not answer: its recipients are the tenant's administrators.
fn for_admins(event: &mut Envelope) {
    let state = event.current_state.as_mut().unwrap().as_object_mut().unwrap();
    state.insert("assigned_to".into(), Value::Null);
    event.event_type = "Lead.CREATE".into();
}

/// Handles again what was set aside.
async fn handle_again(stage: &Stage) {
    stage.app.deps.admins.forget(stage.tenant).await;
    stage
        .app
        .database
        .execute("UPDATE inbox SET next_attempt_at = now() - interval '1 second' WHERE status = 'PENDING'")
        .await;
    inbox::retry_due(&stage.app.base.db, &stage.consumer()).await.unwrap();
}

/// Looks for held deliveries that wait for nothing, through all of them, so many records at a time. Gives how often it looked.
async fn sweep(stage: &Stage, most: usize) -> usize {
    let (mut place, mut looked) = (None, 0);
    loop {
        looked += 1;
        let db = &stage.app.base.db;
        place = db
            .in_system(async |tx| order::release_forgotten(tx, place, most).await.map_err(Problem::from))
            .await
            .unwrap();
        if place.is_none() {
            return looked;
        }
    }
}

async fn held(stage: &Stage) -> i64 {
    stage.app.database.number("SELECT count(*) AS number FROM deliveries WHERE held").await
}

#[actix_web::test]
async fn an_event_that_was_set_aside_is_sent_before_those_that_followed() {
    let stage = Stage::set().await;
    let receiver = receiver(ResponseTemplate::new(200)).await;
    stage.endpoint(&receiver.uri(), &["Lead.*"]).await;
    let mut events = story(&stage, 1);
    for_admins(&mut events[0]);
    stage.tenant_service_answers(ResponseTemplate::new(500)).await;

    stage.take_in(&events).await;

    stage.deliveries("waiting", |all| all.len() == 2 && all.iter().all(|row| row["held"] == true)).await;
    assert!(got(&receiver).await.is_empty());
    stage.tenant_service_answers(ResponseTemplate::new(200).set_body_json(stage.admins)).await;
    // An attempt may be under way that was refused before, so that this is said again.
    let delivered = "SELECT count(*) AS number FROM deliveries WHERE status = 'succeeded'";
    for _ in 0..50 {
        stage.app.database.execute("UPDATE inbox SET next_attempt_at = now() WHERE status = 'PENDING'").await;
        if stage.app.database.number(delivered).await == 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    stage.deliveries("all delivered", |all| arrived(all, 3)).await;
    assert_eq!(got(&receiver).await, ids(&events));
}

#[actix_web::test]
async fn an_event_that_was_set_aside_is_not_overtaken_when_the_delivery_before_it_ends() {
    let stage = Stage::set_quiet().await;
    let receiver = receiver(ResponseTemplate::new(200)).await;
    stage.endpoint(&receiver.uri(), &["Lead.*"]).await;
    let mut events = story(&stage, 1);
    for_admins(&mut events[1]);
    stage.tenant_service_answers(ResponseTemplate::new(500)).await;
    stage.take_in(&events).await;

    assert_eq!(stage.send_due().await, 1);

    assert_eq!((stage.send_due().await, held(&stage).await), (0, 1), "the third waits for the second");
    sweep(&stage, 200).await;
    assert_eq!(held(&stage).await, 1);
    stage.tenant_service_answers(ResponseTemplate::new(200).set_body_json(stage.admins)).await;
    handle_again(&stage).await;
    while stage.send_due().await > 0 {}
    assert_eq!(got(&receiver).await, ids(&events));
}

#[actix_web::test]
async fn an_event_that_was_given_up_holds_nothing_back() {
    let stage = Stage::set_quiet().await;
    stage.endpoint("https://hooks.example.com/", &["Lead.*"]).await;
    let mut events = story(&stage, 1);
    for_admins(&mut events[0]);
    stage.tenant_service_answers(ResponseTemplate::new(500)).await;
    stage.take_in(&events).await;
    sweep(&stage, 200).await;
    assert_eq!(held(&stage).await, 2, "while it is tried again, both wait");

    // The last of its tries.
    stage.app.database.execute("UPDATE inbox SET attempts = 7 WHERE status = 'PENDING'").await;
    handle_again(&stage).await;
    sweep(&stage, 200).await;

    let rows = stage.deliveries("one released", |all| all.iter().any(|row| row["held"] == false)).await;
    let released: Vec<&Value> = rows.iter().filter(|row| row["held"] == false).collect();
    assert_eq!((released.len(), &released[0]["event_id"]), (1, &json!(events[1].id)));
}

#[actix_web::test]
async fn an_event_that_an_endpoint_does_not_subscribe_to_holds_nothing_back_from_it() {
    let stage = Stage::set_quiet().await;
    let all = stage.endpoint("https://all.example.com/", &["*"]).await;
    let scores = stage.endpoint("https://scores.example.com/", &["Lead.score.UPDATE"]).await;
    let mut events = story(&stage, 1);
    for_admins(&mut events[0]);
    stage.tenant_service_answers(ResponseTemplate::new(500)).await;

    stage.take_in(&events[..2]).await;

    let rows = stage.deliveries("queued", |all| all.len() == 2).await;
    let held = |endpoint: &Value| {
        let of = |row: &&Value| row["endpoint_id"] == endpoint["id"];
        rows.iter().find(of).unwrap()["held"].clone()
    };
    assert_eq!((held(&all), held(&scores)), (json!(true), json!(false)));
}

#[actix_web::test]
async fn forgotten_deliveries_are_found_a_few_records_at_a_time() {
    let stage = Stage::set_quiet().await;
    stage.endpoint("https://hooks.example.com/", &["Lead.*"]).await;
    for number in 0..5 {
        stage.take_in(&story(&stage, 1 + number * 10)).await;
    }
    stage.take_in(&[lead_created(stage.tenant, &json!({"assigned_to": stage.caller.user()}))]).await;
    assert_eq!(held(&stage).await, 10);
    // As if the process that ended them had not released the next ones.
    stage
        .app
        .database
        .execute("UPDATE deliveries SET status = 'failed', next_attempt_at = NULL WHERE NOT held")
        .await;

    let looked = sweep(&stage, 2).await;

    assert_eq!((looked, held(&stage).await), (3, 5), "one of each record, two records at a time");
    assert_eq!(sweep(&stage, 200).await, 1);
    assert_eq!(held(&stage).await, 5, "what waits for another one stays");
}
