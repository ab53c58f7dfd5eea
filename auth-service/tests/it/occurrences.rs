//! What happens to people's access reaches the audit of their tenants.

use auth_service::occurrences::worker::hand_over_due;
use contracts::{events::Actor, identity::PlatformRole, internal::audit::RecordOccurrences};
use reqwest::Method;
use serde_json::json;

use crate::stage::{PASSWORD, Session, Stage};

const AUDIT: &str = "/internal/audit";

async fn audit_answers(stage: &Stage, status: u16) {
    stage.tenant_service_answers("PUT", AUDIT, status, &json!({"recorded": 1})).await;
}

/// Everything that was handed over, in its order.
async fn told(stage: &Stage) -> Vec<contracts::internal::audit::Occurrence> {
    let calls = stage.asked_of_tenant_service().await.into_iter();
    calls.flat_map(|call| serde_json::from_value::<RecordOccurrences>(call).unwrap().occurrences).collect()
}

async fn actions(stage: &Stage) -> Vec<String> {
    told(stage).await.into_iter().map(|occurrence| occurrence.action).collect()
}

async fn waiting(stage: &Stage) -> i64 {
    stage.app.database.number("SELECT count(*) AS number FROM occurrences").await
}

async fn try_password(stage: &Stage, email: &str, password: &str) -> u16 {
    let body = json!({"email": email, "password": password});
    stage.app.anonymous().post("/api/v2/auth/login", &body).await.status.as_u16()
}

async fn change_password(stage: &Stage, session: &Session, new: &str) -> u16 {
    let body = json!({"current_password": PASSWORD, "new_password": new});
    let path = "/api/v2/auth/password/change";
    stage.send(session, Method::POST, path, Some(&body)).await.status.as_u16()
}

#[actix_web::test]
async fn sign_ins_failures_and_changes_are_told_with_who_and_from_where() {
    let stage = Stage::set().await;
    audit_answers(&stage, 200).await;
    let ada = stage.register("ada@example.com").await;
    assert_eq!(try_password(&stage, "ada@example.com", "wrong").await, 401);
    let session = stage.login("ada@example.com").await;
    assert_eq!(change_password(&stage, &session, "another good one").await, 204);
    let body = json!({"refresh_token": session.refresh});
    stage.send(&session, Method::POST, "/api/v2/auth/logout", Some(&body)).await.expect(204);

    hand_over_due(&stage.app.deps).await.unwrap();

    let mut told = told(&stage).await;
    told.sort_by_key(|occurrence| occurrence.id);
    let actions: Vec<_> = told.iter().map(|occurrence| occurrence.action.as_str()).collect();
    assert_eq!(actions, ["Session.REFUSED", "Session.CREATE", "User.password.UPDATE", "Session.DELETE"]);
    assert_eq!(told[0].details, Some(json!({"reason": "wrong_password"})));
    assert!(matches!(told[0].actor, Actor::Service { .. }), "nobody knows who that was");
    assert_eq!(told[1].details, Some(json!({"with": "password"})));
    assert_eq!(told[1].entity_id, Some(session.id));
    for occurrence in &told {
        assert!(serde_json::to_string(&occurrence.concerns).unwrap().contains(&ada.to_string()));
        assert!(occurrence.client_address.is_some() && occurrence.request_id.is_some());
        assert!(!serde_json::to_string(occurrence).unwrap().contains(PASSWORD));
    }
    for occurrence in &told[1..] {
        assert_eq!(occurrence.actor, Actor::User { id: ada });
    }
    assert_eq!(waiting(&stage).await, 0);
}

#[actix_web::test]
async fn an_attempt_at_an_account_that_does_not_exist_costs_the_same_and_is_told_to_nobody() {
    let stage = Stage::set().await;
    audit_answers(&stage, 200).await;
    assert_eq!(try_password(&stage, "nobody@example.com", "wrong").await, 401);
    assert_eq!(waiting(&stage).await, 1, "as much is written as for one that does");

    hand_over_due(&stage.app.deps).await.unwrap();

    assert_eq!(actions(&stage).await, Vec::<String>::new());
    assert_eq!(waiting(&stage).await, 0);
}

#[actix_web::test]
async fn what_cannot_be_handed_over_waits_for_the_audit_to_be_back() {
    let stage = Stage::set().await;
    audit_answers(&stage, 503).await;
    stage.registered_session("ada@example.com").await;
    hand_over_due(&stage.app.deps).await.unwrap();
    assert_eq!(waiting(&stage).await, 1);
    assert_eq!(hand_over_due(&stage.app.deps).await.unwrap(), 0, "not at once");

    audit_answers(&stage, 200).await;
    stage.arrange("UPDATE occurrences SET next_attempt_at = now()").await;
    hand_over_due(&stage.app.deps).await.unwrap();

    assert_eq!(actions(&stage).await, ["Session.CREATE"]);
    assert_eq!(waiting(&stage).await, 0);
}

#[actix_web::test]
async fn what_did_not_happen_is_not_told() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    stage.arrange("DELETE FROM occurrences").await;

    assert_eq!(change_password(&stage, &session, "password").await, 400);

    assert_eq!(waiting(&stage).await, 0);
}

#[actix_web::test]
async fn a_suspension_is_told_as_the_doing_of_whoever_suspends() {
    let stage = Stage::set().await;
    audit_answers(&stage, 200).await;
    let ada = stage.register("ada@example.com").await;
    let admin = stage.app.signed_in(PlatformRole::InternalAdmin);

    admin.patch(&format!("/api/v2/users/{ada}"), &json!({"status": "suspended"})).await.expect(200);
    assert_eq!(try_password(&stage, "ada@example.com", PASSWORD).await, 403);
    hand_over_due(&stage.app.deps).await.unwrap();

    let mut told = told(&stage).await;
    told.sort_by_key(|occurrence| occurrence.id);
    assert_eq!(told[0].action, "User.status.UPDATE");
    assert_eq!(told[0].details, Some(json!({"status": "suspended", "before": "active"})));
    assert_eq!(told[0].actor, Actor::User { id: admin.user() });
    assert_eq!(
        (told[1].action.as_str(), &told[1].details),
        ("Session.REFUSED", &Some(json!({"reason": "user_inactive"})))
    );
}

#[actix_web::test]
async fn a_stolen_refresh_token_that_is_used_again_is_told() {
    let stage = Stage::set().await;
    audit_answers(&stage, 200).await;
    let session = stage.registered_session("ada@example.com").await;
    stage.refresh(&session.refresh).await.expect(200);
    stage.refresh(&session.refresh).await.expect(401);

    hand_over_due(&stage.app.deps).await.unwrap();

    let ended =
        told(&stage).await.into_iter().find(|occurrence| occurrence.action == "Session.DELETE").unwrap();
    assert_eq!(ended.details, Some(json!({"reason": "token_reused"})));
    assert!(matches!(ended.actor, Actor::Service { .. }));
}
