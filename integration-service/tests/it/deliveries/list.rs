//! Listing deliveries.

use serde_json::{Value, json};

use super::order::story;
use crate::stage::{Stage, lead_changed, lead_created};

#[actix_web::test]
async fn deliveries_are_filtered_by_endpoint_event_type_and_status() {
    let stage = Stage::set_quiet().await;
    let leads = stage.endpoint("https://one.example.com/", &["Lead.CREATE"]).await;
    stage.endpoint("https://two.example.com/", &["Lead.*"]).await;
    let created = lead_created(stage.tenant, &json!({}));
    stage.take_in(&[created.clone(), lead_changed(stage.tenant, "score", &json!(1), &json!(2))]).await;
    stage
        .app
        .database
        .execute(
            "UPDATE deliveries SET status = 'failed', next_attempt_at = NULL WHERE event_type LIKE '%UPDATE'",
        )
        .await;
    let count = async |query: String| {
        stage.caller.get(&format!("/api/v2/deliveries?{query}")).await.expect(200)["count"].clone()
    };

    assert_eq!(count(String::new()).await, 3);
    assert_eq!(count(format!("endpoint_id={}", leads["id"].as_str().unwrap())).await, 1);
    assert_eq!(count(format!("event_id={}", created.id)).await, 2);
    assert_eq!(count("event_type=Lead.score.UPDATE".into()).await, 1);
    assert_eq!(count("status__in=failed,cancelled".into()).await, 1);
    assert_eq!(count("created_at__gte=2020-01-01&created_at__lte=2021-01-01".into()).await, 0);
    let faults = stage.caller.get("/api/v2/deliveries?status=lost&payload=x").await.faults();
    let expected = [("payload", "unknown_filter"), ("status", "not_allowed")];
    assert_eq!(faults, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
}

#[actix_web::test]
async fn deliveries_are_filtered_by_record_and_by_whether_they_are_held() {
    let stage = Stage::set_quiet().await;
    stage.endpoint("https://one.example.com/", &["Lead.*"]).await;
    let events = story(&stage, 1);
    stage.take_in(&events).await;
    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;
    let of = async |query: String| {
        let page = stage.caller.get(&format!("/api/v2/deliveries?{query}")).await.expect(200);
        let rows = page["results"].as_array().unwrap().clone();
        rows.iter().map(|row| row["event_id"].clone()).collect::<Vec<_>>()
    };

    let ids: Vec<Value> = events.iter().rev().map(|event| json!(event.id)).collect();
    let ordered = "ordering=-event_id";
    assert_eq!(of(format!("entity_id={}&{ordered}", events[0].entity_id)).await, ids);
    assert_eq!(of(format!("held=true&{ordered}")).await, ids[..2]);
    assert_eq!(of(format!("held=false&entity_id={}", events[0].entity_id)).await, ids[2..]);
    assert_eq!(of(format!("entity_id={}", uuid::Uuid::now_v7())).await, Vec::<Value>::new());
    let faults = stage.caller.get("/api/v2/deliveries?held=perhaps&entity_id=x").await.faults();
    assert_eq!(faults.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["entity_id", "held"]);
}

#[actix_web::test]
async fn a_cursor_reads_every_delivery_once_newest_first() {
    let stage = Stage::set_quiet().await;
    stage.endpoint("https://one.example.com/", &["*"]).await;
    for _ in 0..5 {
        stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;
    }
    let (mut cursor, mut seen): (String, Vec<Value>) = (String::new(), Vec::new());

    loop {
        let stretch =
            stage.caller.get(&format!("/api/v2/deliveries?page_size=2&cursor={cursor}")).await.expect(200);
        seen.extend(stretch["results"].as_array().unwrap().iter().map(|row| row["id"].clone()));
        match stretch["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }

    let page = stage.caller.get("/api/v2/deliveries").await.expect(200);
    let all: Vec<Value> = page["results"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
    assert_eq!((seen.len(), &seen), (5, &all));
    assert!(all.windows(2).all(|pair| pair[0].as_str() > pair[1].as_str()), "newest first: {all:?}");
}
