//! The event of a change goes out with the whole record.

use diesel::{QueryableByName, sql_types::Text};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};

use crate::arrange::{Leads, account, api_key, id_of};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    record: String,
}

/// The record that goes with the latest event of this type.
async fn record(app: &Leads, event_type: &str) -> Value {
    let sql = format!(
        "SELECT o.record::text AS record FROM outbox o JOIN events e ON e.id = o.event_id \
         WHERE e.event_type = '{event_type}' ORDER BY o.position DESC LIMIT 1"
    );
    let row: Row = diesel::sql_query(sql).get_result(&mut app.database.superuser().await).await.unwrap();
    serde_json::from_str(&row.record).unwrap()
}

/// The same with times in one writing.
fn timed(mut record: Value) -> Value {
    for value in record.as_object_mut().unwrap().values_mut() {
        let time = value.as_str().and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok());
        if let Some(time) = time {
            *value = json!(time.to_utc());
        }
    }
    record
}

#[actix_web::test]
async fn a_change_by_hand_carries_the_record_as_it_is_then() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let lead =
        caller.post("/api/v2/leads", &json!({"email": "a@example.com", "notes": "x"})).await.expect(201);

    let after = caller
        .patch(&format!("/api/v2/leads/{}", id_of(&lead)), &json!({"status": "contacted"}))
        .await
        .expect(200);

    assert_eq!(record(&app, "Lead.status.UPDATE").await, after);
    caller.delete(&format!("/api/v2/leads/{}", id_of(&lead))).await.expect(204);
    let restored =
        caller.post(&format!("/api/v2/leads/{}/restore", id_of(&lead)), &json!({})).await.expect(200);
    assert_eq!(record(&app, "Lead.deleted.UPDATE").await, restored);
}

#[actix_web::test]
async fn a_submission_and_what_it_fills_carry_the_record() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let form = app
        .anonymous()
        .with("x-api-key", &api_key(&caller, json!({"duplicate_policy": "update_empty"})).await);
    let sent = json!({"email": "a@example.com", "estimated_value": "12.5", "currency": "EUR"});
    let path = format!("/api/v2/leads/{}", id_of(&form.post("/api/leads/ingest", &sent).await.expect(201)));
    let before = caller.get(&path).await.expect(200);

    form.post("/api/leads/ingest", &json!({"email": "a@example.com", "company": "Acme"})).await.expect(200);

    assert_eq!(timed(record(&app, "Lead.submission.UPDATE").await), timed(before));
    assert_eq!(timed(record(&app, "Lead.UPDATE").await), timed(caller.get(&path).await.expect(200)));
    // Of a lead that came with the same batch, what it came with.
    let batch = json!({"items": [{"email": "b@example.com"}, {"email": "b@example.com", "message": "Hi"}]});
    let batch = form.post("/api/leads/ingest/batch", &batch).await.expect(200);
    let same = record(&app, "Lead.submission.UPDATE").await;
    assert_eq!((&same["id"], &same["email"]), (&batch["created"][0]["id"], &json!("b@example.com")));
    assert_eq!(same["version"], 1);
}

#[actix_web::test]
async fn the_start_of_an_enrichment_carries_the_record() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let account = account(&caller).await;

    caller.post("/api/v2/leads/generate", &json!({"account_id": account})).await.expect(202);

    let record = record(&app, "Account.enrichment.UPDATE").await;
    assert_eq!((&record["id"], &record["name"]), (&json!(account), &json!("Acme")));
}
