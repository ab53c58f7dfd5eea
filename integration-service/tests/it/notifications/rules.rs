//! Notifications by event.

use contracts::UserId;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::stage::{Stage, lead_changed, lead_created};

#[actix_web::test]
async fn a_new_lead_is_told_to_its_assignee_only() {
    let stage = Stage::set_quiet().await;
    let assignee = UserId::new();
    let event = lead_created(stage.tenant, &json!({"assigned_to": assignee}));

    stage.take_in(std::slice::from_ref(&event)).await;

    let told = stage.notifications(assignee).await;
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["title"], &told[0]["type"]), (&json!("New lead"), &json!("info")));
    assert_eq!(told[0]["message"], "Ada Lovelace (Engines), from website.");
    assert_eq!(told[0]["related"], json!({"entity_type": "Lead", "entity_id": event.entity_id}));
    assert_eq!((&told[0]["event_id"], &told[0]["read"]), (&json!(event.id), &json!(false)));
    assert!(stage.notifications(stage.admins[0]).await.is_empty());
    assert!(
        stage.tenant_service.received_requests().await.unwrap().is_empty(),
        "tenant-service was not asked"
    );
}

#[actix_web::test]
async fn a_new_lead_without_an_assignee_is_told_to_the_admins_who_are_asked_for_once() {
    let stage = Stage::set_quiet().await;

    stage.take_in(&[lead_created(stage.tenant, &json!({})), lead_created(stage.tenant, &json!({}))]).await;

    for admin in stage.admins {
        assert_eq!(stage.notifications(admin).await.len(), 2);
    }
    assert_eq!(stage.tenant_service.received_requests().await.unwrap().len(), 1);
}

#[actix_web::test]
async fn a_new_assignee_is_told() {
    let stage = Stage::set_quiet().await;
    let (former, latter) = (UserId::new(), UserId::new());

    stage
        .take_in(&[
            lead_changed(stage.tenant, "assigned_to", &json!(former), &json!(latter)),
            lead_changed(stage.tenant, "assigned_to", &json!(latter), &json!(null)),
            lead_changed(stage.tenant, "status", &json!("new"), &json!("qualified")),
        ])
        .await;

    assert_eq!(stage.notifications(latter).await.len(), 1);
    assert!(stage.notifications(former).await.is_empty());
    assert!(stage.notifications(stage.admins[0]).await.is_empty());
}

#[actix_web::test]
async fn while_tenant_service_is_away_an_event_waits_and_those_beside_it_do_not() {
    let stage = Stage::set_quiet().await;
    stage.tenant_service_answers(ResponseTemplate::new(500)).await;
    let assignee = UserId::new();
    let waiting = lead_created(stage.tenant, &json!({}));

    stage.take_in(&[waiting.clone(), lead_created(stage.tenant, &json!({"assigned_to": assignee}))]).await;

    assert_eq!(stage.notifications(assignee).await.len(), 1);
    let path = format!("/api/v2/events/{}", waiting.id);
    assert_eq!(stage.caller.get(&path).await.expect(200)["status"], "PENDING");

    stage.tenant_service_answers(ResponseTemplate::new(200).set_body_json(stage.admins)).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    stage.app.database.execute("UPDATE inbox SET next_attempt_at = now() WHERE status = 'PENDING'").await;
    let tried = platform::db::inbox::retry_due(&stage.app.base.db, &stage.consumer()).await.unwrap();

    assert_eq!(tried, 1);
    assert_eq!(stage.caller.get(&path).await.expect(200)["status"], "COMPLETED");
    assert_eq!(stage.notifications(stage.admins[1]).await.len(), 1);
}
