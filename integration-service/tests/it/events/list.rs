//! Listing and reading events.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::stage::{Stage, lead_changed, lead_created};

#[actix_web::test]
async fn events_are_listed_latest_first_and_read_whole() {
    let stage = Stage::set_quiet().await;
    let created = lead_created(stage.tenant, &json!({}));
    let changed = lead_changed(stage.tenant, "score", &json!(1), &json!(2));
    stage.take_in(&[created.clone(), changed.clone()]).await;

    let page = stage.caller.get("/api/v2/events").await.expect(200);

    let ids: Vec<&Value> = page["results"].as_array().unwrap().iter().map(|event| &event["id"]).collect();
    assert_eq!(ids, [&json!(changed.id), &json!(created.id)]);
    let path = format!("/api/v2/events/{}", created.id);
    let event = stage.caller.get(&path).await.expect(200);
    assert_eq!((&event["status"], &event["attempts"]), (&json!("COMPLETED"), &json!(1)));
    assert_eq!(event["envelope"], json!(created));
    let filtered =
        stage.caller.get(&format!("/api/v2/events?entity_id={}", changed.entity_id)).await.expect(200);
    assert_eq!(filtered["count"], 1);
    let unknown = stage.caller.get("/api/v2/events?envelope=x").await;
    assert_eq!(unknown.faults(), [("envelope".to_owned(), "unknown_filter".to_owned())]);
}

#[actix_web::test]
async fn a_cursor_reads_every_event_once() {
    let stage = Stage::set_quiet().await;
    stage.take_in(&(0..5).map(|_| lead_created(stage.tenant, &json!({}))).collect::<Vec<_>>()).await;
    let (mut cursor, mut seen): (String, Vec<Value>) = (String::new(), Vec::new());

    loop {
        let stretch =
            stage.caller.get(&format!("/api/v2/events?page_size=2&cursor={cursor}")).await.expect(200);
        seen.extend(stretch["results"].as_array().unwrap().iter().map(|row| row["id"].clone()));
        match stretch["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }

    seen.sort_by_key(Value::to_string);
    seen.dedup();
    assert_eq!(seen.len(), 5);
}

#[actix_web::test]
async fn another_tenants_event_is_answered_like_a_random_id() {
    let stage = Stage::set_quiet().await;
    let event = lead_created(stage.tenant, &json!({}));
    stage.take_in(std::slice::from_ref(&event)).await;
    stage.app.database.execute("UPDATE inbox SET status = 'FAILED'").await;
    let stranger = stage.app.user(stage.app.tenant().await);

    for id in [event.id, Uuid::now_v7()] {
        assert_eq!(stranger.get(&format!("/api/v2/events/{id}")).await.problem(), (404, "not_found"));
        let retry = stranger.post(&format!("/api/v2/events/{id}/retry"), &json!({})).await;
        assert_eq!(retry.problem(), (404, "not_found"));
    }
    assert_eq!(stranger.get("/api/v2/events").await.expect(200)["count"], 0);
}
