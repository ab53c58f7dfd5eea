//! Handling a failed event again.

use contracts::UserId;
use platform::db::inbox;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::stage::{Stage, lead_created};

#[actix_web::test]
async fn a_failed_event_is_handled_again_on_demand() {
    let stage = Stage::set_quiet().await;
    stage.tenant_service_answers(ResponseTemplate::new(500)).await;
    let event = lead_created(stage.tenant, &json!({}));
    stage.take_in(std::slice::from_ref(&event)).await;
    // The last of its tries.
    stage.app.database.execute("UPDATE inbox SET attempts = 7, next_attempt_at = now()").await;
    inbox::retry_due(&stage.app.base.db, &stage.consumer()).await.unwrap();
    let path = format!("/api/v2/events/{}", event.id);
    let failed = stage.caller.get(&path).await.expect(200);
    assert_eq!((&failed["status"], &failed["attempts"]), (&json!("FAILED"), &json!(8)));
    assert!(failed["last_error"].as_str().unwrap().contains("unavailable"), "{failed}");

    let accepted = stage.caller.post(&format!("{path}/retry"), &json!({})).await.expect(202);

    assert_eq!((&accepted["status"], &accepted["attempts"]), (&json!("PENDING"), &json!(0)));
    stage.tenant_service_answers(ResponseTemplate::new(200).set_body_json(stage.admins)).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    inbox::retry_due(&stage.app.base.db, &stage.consumer()).await.unwrap();
    let handled = stage.caller.get(&path).await.expect(200);
    assert_eq!((&handled["status"], &handled["last_error"]), (&json!("COMPLETED"), &json!(null)));
    assert_eq!(stage.notifications(stage.admins[0]).await.len(), 1);
}

#[actix_web::test]
async fn an_event_that_has_not_failed_is_not_handled_again() {
    let stage = Stage::set_quiet().await;
    let event = lead_created(stage.tenant, &json!({"assigned_to": UserId::new()}));
    stage.take_in(std::slice::from_ref(&event)).await;

    let answer = stage.caller.post(&format!("/api/v2/events/{}/retry", event.id), &json!({})).await;

    assert_eq!(answer.problem(), (409, "event_not_failed"));
}
