//! Another tenant's delivery is as if it were not there.

use serde_json::json;
use uuid::Uuid;

use crate::stage::{Stage, lead_created};

#[actix_web::test]
async fn another_tenants_delivery_is_answered_like_a_random_id() {
    let stage = Stage::set_quiet().await;
    stage.endpoint("https://hooks.example.com/", &["*"]).await;
    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;
    let delivery = stage.delivery("queued", |_| true).await;
    let stranger = stage.app.user(stage.app.tenant().await);

    for id in [delivery["id"].as_str().unwrap(), &Uuid::now_v7().to_string()] {
        assert_eq!(stranger.get(&format!("/api/v2/deliveries/{id}")).await.problem(), (404, "not_found"));
        let replay = stranger.post(&format!("/api/v2/deliveries/{id}/replay"), &json!({})).await;
        assert_eq!(replay.problem(), (404, "not_found"));
    }
    assert_eq!(stranger.get("/api/v2/deliveries").await.expect(200)["count"], 0);
}
