//! Fairness between endpoints, and leases of deliveries.

use std::time::{Duration, Instant};

use chrono::Utc;
use contracts::events::Envelope;
use diesel::{
    dsl::{select, sql},
    sql_types::BigInt,
};
use integration_service::deliveries::{
    domain::{DeliveryStatus, Outcome},
    queue, store,
};
use platform::Problem;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::stage::{Stage, lead_changed, lead_created, receiver};

#[actix_web::test]
async fn a_slow_endpoint_does_not_hold_up_others() {
    let stage =
        Stage::set_with(&[("DELIVERIES_AT_ONCE", "6"), ("DELIVERIES_AT_ONCE_PER_ENDPOINT", "4")]).await;
    let slow = receiver(ResponseTemplate::new(200).set_delay(Duration::from_secs(8))).await;
    let quick = receiver(ResponseTemplate::new(200)).await;
    stage.endpoint(&slow.uri(), &["Lead.CREATE"]).await;
    let quick_endpoint = stage.endpoint(&quick.uri(), &["Lead.score.UPDATE"]).await;
    let assigned = json!({"assigned_to": stage.caller.user()});
    let backlog: Vec<Envelope> = (0..50).map(|_| lead_created(stage.tenant, &assigned)).collect();
    stage.take_in(&backlog).await;
    stage
        .deliveries("busy", |all| all.iter().filter(|row| row["status"] == "in_progress").count() == 4)
        .await;

    let begun = Instant::now();
    let changes: Vec<Envelope> =
        (0..20).map(|score| lead_changed(stage.tenant, "score", &json!(score), &json!(score + 1))).collect();
    stage.take_in(&changes).await;

    let rows = stage
        .deliveries("delivered to the quick one", |all| {
            let quick = all.iter().filter(|row| row["endpoint_id"] == quick_endpoint["id"]);
            quick.filter(|row| row["status"] == "succeeded").count() == 20
        })
        .await;
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    let slow_in_progress = rows.iter().filter(|row| row["status"] == "in_progress").count();
    assert_eq!(slow_in_progress, 4, "no more than its share");
}

#[actix_web::test]
async fn a_delivery_is_leased_to_one_worker_at_a_time() {
    let stage = Stage::set_quiet().await;
    stage.endpoint("https://hooks.example.com/", &["*"]).await;
    stage.endpoint("https://hooks.example.org/", &["*"]).await;
    let assigned = json!({"assigned_to": stage.caller.user()});
    let events: Vec<Envelope> = (0..5).map(|_| lead_created(stage.tenant, &assigned)).collect();
    stage.take_in(&events).await;
    let claim = async |most| {
        let claimed = stage
            .app
            .base
            .db
            .in_system(async |tx| {
                queue::claim(tx, most, 3, Duration::from_secs(30)).await.map_err(Problem::from)
            })
            .await
            .unwrap();
        claimed.into_iter().map(|claimed| (claimed.endpoint_id, claimed.id)).collect::<Vec<_>>()
    };

    let first = claim(4).await;
    let (second, third) = (claim(100).await, claim(100).await);

    assert_eq!(first.len(), 4);
    let endpoint = first[0].0;
    assert_eq!(first.iter().filter(|(of, _)| *of == endpoint).count(), 2, "the endpoints take turns");
    assert_eq!(second.len(), 2, "three at once for each of two endpoints");
    assert!(second.iter().all(|claimed| !first.contains(claimed)));
    assert!(third.is_empty());
    stage
        .app
        .database
        .execute("UPDATE deliveries SET leased_until = now() WHERE status = 'in_progress'")
        .await;
    assert_eq!(claim(100).await.len(), 6, "an expired lease is free");
}

#[actix_web::test]
async fn a_worker_whose_lease_ran_out_does_not_overwrite_what_another_does() {
    let stage = Stage::set_quiet().await;
    stage.endpoint("https://hooks.example.com/", &["*"]).await;
    stage.take_in(&[lead_created(stage.tenant, &json!({"assigned_to": stage.caller.user()}))]).await;
    let db = &stage.app.base.db;
    let claim = async || {
        let lease = Duration::from_secs(30);
        let claimed = db
            .in_system(async |tx| queue::claim(tx, 1, 1, lease).await.map_err(Problem::from))
            .await
            .unwrap();
        claimed.into_iter().next().expect("one is due")
    };
    let late = claim().await;
    stage.app.database.execute("UPDATE deliveries SET leased_until = now()").await;
    let current = claim().await;
    let finish = async |claimed: &queue::Claimed, status| {
        let outcome = Outcome { delivered_at: Some(Utc::now()), ..Outcome::ended(status, "done") };
        db.in_tenant(stage.tenant, async |tx| {
            let finished = store::finish(tx, claimed, &outcome).await?;
            // It follows every try, so that it must not be parsed and planned each time.
            let kept =
                "(SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'UPDATE \"deliveries\"%')";
            let kept: i64 =
                diesel_async::RunQueryDsl::get_result(select(sql::<BigInt>(kept)), &mut **tx).await?;
            assert_eq!(kept, 1);
            Ok::<_, Problem>(finished)
        })
        .await
        .unwrap()
    };

    assert!(!finish(&late, DeliveryStatus::Failed).await);
    stage.delivery("still being sent", |delivery| delivery["status"] == "in_progress").await;
    assert!(finish(&current, DeliveryStatus::Succeeded).await);
    stage.delivery("as the other says", |delivery| delivery["status"] == "succeeded").await;
}
