//! Events as they arrive: through Redis.

use std::time::Duration;

use contracts::events::Envelope;
use platform::{
    Problem,
    db::{
        TenantTx,
        inbox::{self, Arrived, Consumer, Ready},
    },
    streams::{relay::FIELD, stream_key},
};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::stage::{Stage, lead_created, receiver};

#[actix_web::test]
async fn an_event_on_a_producers_stream_becomes_a_webhook_and_a_notification() {
    let stage = Stage::set().await;
    let receiver = receiver(ResponseTemplate::new(200)).await;
    stage.endpoint(&receiver.uri(), &["Lead.*"]).await;
    let redis = &stage.app.base.redis;

    for producer in [contracts::Service::Lead, contracts::Service::Tenant, contracts::Service::Enrichment] {
        let event = serde_json::to_string(&lead_created(stage.tenant, &json!({}))).unwrap();
        redis::cmd("XADD")
            .arg(stream_key(redis, producer))
            .arg("*")
            .arg(FIELD)
            .arg(event)
            .query_async::<String>(&mut redis.connection())
            .await
            .unwrap();
    }

    let all_arrived =
        |rows: &[serde_json::Value]| rows.iter().filter(|row| row["status"] == "succeeded").count() == 3;
    stage.deliveries("delivered, one for each producer", all_arrived).await;
    for _ in 0..100 {
        if stage.notifications(stage.admins[0]).await.len() == 3 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the administrators were not told");
}

/// Panics over one event and does what is to be done about all others.
struct Panicking {
    over: uuid::Uuid,
    consumer: integration_service::consumer::EventConsumer,
}

impl Consumer for Panicking {
    type Prepared = <integration_service::consumer::EventConsumer as Consumer>::Prepared;
    const KEEPS_EVENTS: bool = true;

    fn wants(&self, event_type: &str) -> bool {
        self.consumer.wants(event_type)
    }

    async fn prepare(&self, event: &Envelope) -> Result<Self::Prepared, Problem> {
        self.consumer.prepare(event).await
    }

    async fn handle(
        &self,
        tx: &mut TenantTx<'_>,
        events: &[Ready<'_, Self::Prepared>],
    ) -> Result<(), Problem> {
        assert!(events.iter().all(|ready| ready.event.id != self.over), "this handler panics");
        self.consumer.handle(tx, events).await
    }
}

#[actix_web::test]
async fn a_handler_that_panics_over_one_event_holds_up_no_other() {
    let stage = Stage::set().await;
    let receiver = receiver(ResponseTemplate::new(200)).await;
    stage.endpoint(&receiver.uri(), &["Lead.*"]).await;
    let events: Vec<Envelope> = (0..5).map(|_| lead_created(stage.tenant, &json!({}))).collect();
    let panicking = Panicking { over: events[2].id, consumer: stage.consumer() };

    let batch: Vec<Arrived> = events.iter().cloned().map(Arrived::from).collect();
    inbox::take_in(&stage.app.base.db, &panicking, &batch).await.unwrap();

    let arrived = |rows: &[serde_json::Value]| rows.iter().filter(|row| row["status"] == "succeeded").count();
    stage.deliveries("the four beside it are delivered", |rows| arrived(rows) == 4).await;
    // The retries are made by a handler that is sound.
    stage.deliveries("and the one that failed, once it is handled again", |rows| arrived(rows) == 5).await;
}
