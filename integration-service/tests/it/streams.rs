//! Events as they arrive: through Redis.

use std::time::Duration;

use platform::streams::{relay::FIELD, stream_key};
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
