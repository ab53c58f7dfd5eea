//! The relay: what it sent to a Redis that is gone is sent again, whoever sent it.

use std::time::Duration;

use contracts::Service;
use diesel_async::SimpleAsyncConnection;
use platform::streams::{relay, stream_key};
use serde_json::json;

use crate::arrange::{Leads, api_key};

async fn entries(app: &Leads) -> i64 {
    let redis = &app.base.redis;
    let stream = stream_key(redis, Service::Lead);
    redis::cmd("XLEN").arg(stream).query_async(&mut redis.connection()).await.unwrap()
}

/// Waits until so many entries are in the stream; gives how many there are in the end.
async fn sent(app: &Leads, wanted: i64) -> i64 {
    for _ in 0..100 {
        if entries(app).await >= wanted {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    entries(app).await
}

#[actix_web::test]
async fn what_another_process_is_noting_as_sent_to_a_lost_redis_is_sent_again() {
    let app = Leads::start().await;
    let key = api_key(&app.user(app.tenant().await), json!({})).await;
    let form = app.anonymous().with("x-api-key", &key);
    form.post("/api/leads/ingest", &json!({"email": "a@example.com"})).await.expect(201);
    let recorded = app.database.number("SELECT count(*) AS number FROM outbox").await;
    let mut other = app.database.superuser().await;

    // Another process has sent the events to a Redis that is gone by now, and is about to commit that it did.
    other
        .batch_execute(
            "BEGIN; SELECT pg_advisory_xact_lock_shared(hashtext('outbox')); UPDATE outbox SET sent_ms = 1, sent_seq = 0",
        )
        .await
        .unwrap();
    actix_web::rt::spawn(relay::run(app.base.db.clone(), app.base.redis.clone(), app.shutdown.clone()));
    tokio::time::sleep(Duration::from_millis(500)).await;
    other.batch_execute("COMMIT").await.unwrap();

    assert!(recorded > 0);
    assert_eq!(sent(&app, recorded).await, recorded);
}
