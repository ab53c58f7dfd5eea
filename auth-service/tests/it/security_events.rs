//! Security events, shown to the user and to the platform's staff.

use contracts::identity::PlatformRole;
use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{PASSWORD, Session, Stage};

const OWN: &str = "/api/v2/auth/security-events";

/// The person's own events, oldest first.
async fn own(stage: &Stage, session: &Session) -> Vec<Value> {
    let path = format!("{OWN}?ordering=occurred_at");
    let listed = stage.send(session, Method::GET, &path, None).await.expect(200);
    listed["results"].as_array().unwrap().clone()
}

fn actions(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["action"].as_str().unwrap()).collect()
}

async fn stored(stage: &Stage) -> i64 {
    stage.app.database.number("SELECT count(*) AS number FROM security_events").await
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
async fn a_person_sees_sign_ins_failures_and_changes_with_who_and_from_where() {
    let stage = Stage::set().await;
    let ada = stage.register("ada@example.com").await;
    assert_eq!(try_password(&stage, "ada@example.com", "wrong").await, 401);
    let session = stage.login("ada@example.com").await;
    assert_eq!(change_password(&stage, &session, "another good one").await, 204);
    let body = json!({"refresh_token": session.refresh});
    stage.send(&session, Method::POST, "/api/v2/auth/logout", Some(&body)).await.expect(204);

    let events = own(&stage, &session).await;

    assert_eq!(
        actions(&events),
        ["Session.REFUSED", "Session.CREATE", "User.password.UPDATE", "Session.DELETE"]
    );
    assert_eq!(events[0]["details"], json!({"reason": "wrong_password"}));
    assert_eq!(events[0]["actor_kind"], "service", "nobody knows who that was");
    assert_eq!(events[1]["details"], json!({"with": "password"}));
    assert_eq!(events[1]["entity_id"], json!(session.id));
    for event in &events {
        assert_eq!(event["user_id"], json!(ada));
        assert!(event["client_address"].is_string() && event["request_id"].is_string(), "{event}");
        assert!(!event.to_string().contains(PASSWORD));
    }
    for event in &events[1..] {
        assert_eq!((&event["actor_kind"], &event["actor_id"]), (&json!("user"), &json!(ada)));
    }
}

#[actix_web::test]
async fn nobody_sees_those_of_others_but_the_platforms_staff() {
    let stage = Stage::set().await;
    let ada = stage.registered_session("ada@example.com").await;
    let bob = stage.registered_session("bob@example.com").await;
    let path = format!("/api/v2/users/{}/security-events", ada.user);

    let bobs = own(&stage, &bob).await;
    let filter = format!("{OWN}?user_id={}", ada.user);
    let filtered = stage.send(&bob, Method::GET, &filter, None).await.expect(200);
    let staff = stage.app.signed_in(PlatformRole::InternalAdmin);
    let seen = staff.get(&path).await.expect(200);

    assert!(bobs.iter().all(|event| event["user_id"] == json!(bob.user)), "{bobs:?}");
    assert_eq!(filtered["count"], 0);
    assert_eq!((&seen["count"], &seen["results"][0]["user_id"]), (&json!(1), &json!(ada.user)));
    assert_eq!(staff.holding(&[]).get(&path).await.problem(), (403, "permission_denied"));
    let unknown = format!("/api/v2/users/{}/security-events", uuid::Uuid::now_v7());
    assert_eq!(staff.get(&unknown).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn no_other_service_is_told() {
    let stage = Stage::set().await;
    let stage = Stage { app: stage.app.with_background(), ..stage };
    let session = stage.registered_session("ada@example.com").await;
    assert_eq!(try_password(&stage, "ada@example.com", "wrong").await, 401);
    assert_eq!(change_password(&stage, &session, "another good one").await, 204);

    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;

    assert_eq!(stage.asked_of_tenant_service().await, Vec::<Value>::new());
}

#[actix_web::test]
async fn an_attempt_at_an_account_that_does_not_exist_costs_the_same_and_is_forgotten_soon() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    assert_eq!(try_password(&stage, "ada@example.com", "wrong").await, 401);
    assert_eq!(try_password(&stage, "nobody@example.com", "wrong").await, 401);
    assert_eq!(stored(&stage).await, 2, "as much is written as for one that does");
    stage.arrange("UPDATE security_events SET occurred_at = now() - interval '2 days'").await;

    auth_service::housekeeping::clean(&stage.app.deps).await.unwrap();

    let left = "SELECT count(*) AS number FROM security_events WHERE user_id IS NOT NULL";
    assert_eq!((stored(&stage).await, stage.app.database.number(left).await), (1, 1));
}

#[actix_web::test]
async fn what_did_not_happen_is_not_recorded() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    stage.arrange("DELETE FROM security_events").await;

    assert_eq!(change_password(&stage, &session, "password").await, 400);

    assert_eq!(stored(&stage).await, 0);
}

#[actix_web::test]
async fn a_suspension_is_the_doing_of_whoever_suspends() {
    let stage = Stage::set().await;
    let ada = stage.register("ada@example.com").await;
    let admin = stage.app.signed_in(PlatformRole::InternalAdmin);

    admin.patch(&format!("/api/v2/users/{ada}"), &json!({"status": "suspended"})).await.expect(200);
    assert_eq!(try_password(&stage, "ada@example.com", PASSWORD).await, 403);

    let path = format!("/api/v2/users/{ada}/security-events?ordering=occurred_at");
    let seen = admin.get(&path).await.expect(200);
    let events = seen["results"].as_array().unwrap();
    assert_eq!(actions(events), ["User.status.UPDATE", "Session.REFUSED"]);
    assert_eq!(events[0]["details"], json!({"status": "suspended", "before": "active"}));
    assert_eq!(events[0]["actor_id"], json!(admin.user()));
    assert_eq!(events[1]["details"], json!({"reason": "user_inactive"}));
}

#[actix_web::test]
async fn a_stolen_refresh_token_that_is_used_again_is_recorded() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    stage.refresh(&session.refresh).await.expect(200);
    stage.refresh(&session.refresh).await.expect(401);

    let events = own(&stage, &session).await;

    let ended = events.iter().find(|event| event["action"] == "Session.DELETE").unwrap();
    assert_eq!(ended["details"], json!({"reason": "token_reused"}));
    assert_eq!(ended["actor_kind"], "service");
}
