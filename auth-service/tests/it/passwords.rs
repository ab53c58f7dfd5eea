//! Changing one's password.

use contracts::Service;
use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{PASSWORD, Session, Stage};

const NEW: &str = "a staple for the battery";

async fn change(stage: &Stage, session: &Session, current: &str, new: &str) -> testkit::Reply {
    let body = json!({"current_password": current, "new_password": new});
    stage.send(session, Method::POST, "/api/v2/auth/password/change", Some(&body)).await
}

#[actix_web::test]
async fn a_changed_password_is_the_only_one_that_signs_in() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;

    change(&stage, &session, PASSWORD, NEW).await.expect(204);

    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    stage.app.anonymous().post("/api/v2/auth/login", &body).await.expect(401);
    stage.login_with("ada@example.com", NEW).await;
}

#[actix_web::test]
async fn changing_the_password_ends_all_sessions_but_the_one_that_asks() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let other = stage.login("ada@example.com").await;

    change(&stage, &session, PASSWORD, NEW).await.expect(204);

    stage.refresh(&other.refresh).await.expect(401);
    stage.refresh(&session.refresh).await.expect(200);
    let gateway = stage.app.service(Service::Gateway);
    let revocations = gateway.post("/internal/revocations", &json!({"after": 0})).await.expect(200);
    let void: Vec<(&Value, &Value)> =
        revocations.as_array().unwrap().iter().map(|one| (&one["subject"], &one["issued_before"])).collect();
    assert_eq!(void, [(&json!(other.id), &Value::Null)], "the asking session's access token stays good");
}

#[actix_web::test]
async fn a_wrong_current_password_changes_nothing() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;

    let reply = change(&stage, &session, "wrong wrong", NEW).await;

    assert_eq!(reply.problem(), (400, "validation_failed"));
    assert_eq!(reply.faults(), [("current_password".to_owned(), "wrong_password".to_owned())]);
    stage.login("ada@example.com").await;
}

#[actix_web::test]
async fn a_new_password_obeys_the_rules_for_passwords() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;

    for (new, code) in
        [("short", "too_short"), ("iloveyou123", "password_too_common"), (&"x".repeat(129), "too_long")]
    {
        let reply = change(&stage, &session, PASSWORD, new).await;
        assert_eq!(reply.faults(), [("new_password".to_owned(), code.to_owned())]);
    }
}

#[actix_web::test]
async fn an_account_without_a_password_has_none_to_change() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    stage.arrange("UPDATE users SET password_hash = NULL").await;

    assert_eq!(change(&stage, &session, PASSWORD, NEW).await.problem(), (422, "no_password"));
}
