//! Relay: entries sent to a lost Redis are sent again, by any process.

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

/// Whatever the planner thinks of how much is in the queue.
#[actix_web::test]
async fn a_backlog_is_sent_without_looking_at_all_of_it_for_each_event() {
    const BACKLOG: i64 = 40_000;
    let app = Leads::start().await;
    let key = api_key(&app.user(app.tenant().await), json!({})).await;
    let form = app.anonymous().with("x-api-key", &key);
    actix_web::rt::spawn(relay::run(app.base.db.clone(), app.base.redis.clone(), app.shutdown.clone()));
    let recorded = "SELECT count(*) AS number FROM events";
    for n in 0..12 {
        form.post("/api/leads/ingest", &json!({"email": format!("p{n}@example.com")})).await.expect(201);
        let wanted = app.database.number(recorded).await;
        assert_eq!(sent(&app, wanted).await, wanted);
    }
    let before = entries(&app).await;
    // A vacuum that finds everything sent and forgotten leaves the planner with a table that holds nothing per page.
    app.database.execute("DELETE FROM outbox").await;
    app.database.execute("VACUUM (ANALYZE, TRUNCATE FALSE) outbox").await;

    let backlog = format!(
        "WITH made AS (INSERT INTO events (id, tenant_id, event_type, entity_type, entity_id, action, actor) \
         SELECT gen_random_uuid(), tenant_id, event_type, entity_type, entity_id, action, actor \
         FROM (SELECT * FROM events ORDER BY id LIMIT 1) e, generate_series(1, {BACKLOG}) RETURNING id, tenant_id) \
         INSERT INTO outbox (tenant_id, event_id) SELECT tenant_id, id FROM made"
    );
    app.database.execute(&backlog).await;
    let began = std::time::Instant::now();
    while entries(&app).await < before + BACKLOG && began.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    // An unoptimised build on a busy machine needs some 10 s; with every event looked for among all, it was minutes.
    assert!(began.elapsed() < Duration::from_secs(30), "{} sent", entries(&app).await - before);
}
