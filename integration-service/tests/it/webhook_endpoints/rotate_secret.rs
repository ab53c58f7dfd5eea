//! Giving a webhook endpoint a new secret.

use chrono::{DateTime, Utc};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::{
    deliveries::signed_with,
    stage::{Stage, lead_created, receiver},
};

#[actix_web::test]
async fn both_secrets_sign_during_a_rotation_and_only_the_new_one_afterwards() {
    let stage = Stage::set().await;
    let receiver = receiver(ResponseTemplate::new(204)).await;
    let endpoint = stage.endpoint(&receiver.uri(), &["*"]).await;
    let path = format!("/api/v2/webhook-endpoints/{}", endpoint["id"].as_str().unwrap());
    let old = endpoint["secret"].as_str().unwrap();

    let rotated = stage.caller.post(&format!("{path}/rotate_secret"), &json!({})).await.expect(200);

    let new = rotated["secret"].as_str().unwrap();
    assert_ne!(new, old);
    let expires: DateTime<Utc> = rotated["previous_secret_expires_at"].as_str().unwrap().parse().unwrap();
    assert!(((expires - Utc::now()).num_minutes() - 24 * 60).abs() <= 1, "{expires}");
    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;
    stage.delivery("delivered", |delivery| delivery["status"] == "succeeded").await;
    let request = &receiver.received_requests().await.unwrap()[0];
    assert_eq!(request.headers["webhook-signature"].to_str().unwrap().split(' ').count(), 2);
    assert!(signed_with(request, old) && signed_with(request, new));

    stage.app.database.execute("UPDATE webhook_endpoints SET previous_secret_expires_at = now()").await;
    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;
    stage
        .deliveries("delivered", |all| all.iter().filter(|row| row["status"] == "succeeded").count() == 2)
        .await;

    let request = &receiver.received_requests().await.unwrap()[1];
    assert!(signed_with(request, new) && !signed_with(request, old));
}

#[actix_web::test]
async fn an_idempotency_key_rotates_a_secret_once() {
    let stage = Stage::set_quiet().await;
    let endpoint = stage.endpoint("https://hooks.example.com/", &["*"]).await;
    let path = format!("/api/v2/webhook-endpoints/{}/rotate_secret", endpoint["id"].as_str().unwrap());
    let caller = stage.caller.with("idempotency-key", "once");

    let first = caller.post(&path, &json!({})).await.expect(200);
    let second = caller.post(&path, &json!({})).await;

    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    let second = second.expect(200);
    assert_eq!((&second, &second["version"]), (&first, &json!(2)));
    assert_ne!(first["secret"], endpoint["secret"]);
}
