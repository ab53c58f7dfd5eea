//! Listing and ending sessions.

use contracts::{Service, internal::users::Revocation};
use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{PASSWORD, Session, Stage};

const SESSIONS: &str = "/api/v2/auth/sessions";

async fn revocations(stage: &Stage) -> Vec<Revocation> {
    let body = json!({"after": 0});
    let answer = stage.app.service(Service::Gateway).post("/internal/revocations", &body).await.expect(200);
    serde_json::from_value(answer).unwrap()
}

async fn logout(stage: &Stage, session: &Session, token: &str) -> testkit::Reply {
    stage.send(session, Method::POST, "/api/v2/auth/logout", Some(&json!({"refresh_token": token}))).await
}

#[actix_web::test]
async fn logging_out_ends_the_session_and_voids_its_access_tokens() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;

    logout(&stage, &session, &session.refresh).await.expect(204);

    assert_eq!(stage.refresh(&session.refresh).await.problem(), (401, "token_revoked"));
    let [revocation] = revocations(&stage).await.try_into().unwrap();
    assert_eq!((revocation.subject, revocation.issued_before), (session.id, None));
    let claims = stage.claims(&session.access).await;
    assert!(
        revocation.expires_at.timestamp() > claims.exp + 5,
        "the token would be taken again before it expires"
    );
}

#[actix_web::test]
async fn logging_out_twice_is_as_good_as_once() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;

    logout(&stage, &session, &session.refresh).await.expect(204);
    logout(&stage, &session, &session.refresh).await.expect(204);

    assert_eq!(revocations(&stage).await.len(), 1);
}

#[actix_web::test]
async fn a_spent_token_still_names_its_session_for_logging_out() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let newer = stage.refresh(&session.refresh).await.expect(200);

    logout(&stage, &session, &session.refresh).await.expect(204);

    stage.refresh(newer["refresh_token"].as_str().unwrap()).await.expect(401);
}

#[actix_web::test]
async fn nobody_logs_somebody_else_out() {
    let stage = Stage::set().await;
    let ada = stage.registered_session("ada@example.com").await;
    let bob = stage.registered_session("bob@example.com").await;
    let never = format!("lsr_{}", "A".repeat(43));

    let foreign = logout(&stage, &bob, &ada.refresh).await;
    let unknown = logout(&stage, &bob, &never).await;

    assert_eq!(foreign.problem(), (401, "invalid_token"));
    assert_eq!(unknown.problem(), (401, "invalid_token"));
    stage.refresh(&ada.refresh).await.expect(200);
}

#[actix_web::test]
async fn logging_out_everywhere_ends_all_of_ones_sessions_and_nobody_elses() {
    let stage = Stage::set().await;
    let (ada, bob) = (
        stage.registered_session("ada@example.com").await,
        stage.registered_session("bob@example.com").await,
    );
    let second = stage.login("ada@example.com").await;

    stage.send(&ada, Method::POST, "/api/v2/auth/logout_all", None).await.expect(204);

    stage.refresh(&ada.refresh).await.expect(401);
    stage.refresh(&second.refresh).await.expect(401);
    stage.refresh(&bob.refresh).await.expect(200);
    let [revocation] = revocations(&stage).await.try_into().unwrap();
    assert_eq!(revocation.subject, ada.user.0);
    let issued = stage.claims(&second.access).await.iat * 1_000;
    assert!(issued < revocation.issued_before.unwrap().timestamp_millis());
}

#[actix_web::test]
async fn signing_in_right_after_logging_out_everywhere_gives_a_token_that_is_good() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;

    stage.send(&session, Method::POST, "/api/v2/auth/logout_all", None).await.expect(204);
    let again = stage.login("ada@example.com").await;

    let [revocation] = revocations(&stage).await.try_into().unwrap();
    let issued = stage.claims(&again.access).await.iat * 1_000;
    assert!(issued >= revocation.issued_before.unwrap().timestamp_millis());
}

#[actix_web::test]
async fn a_token_made_in_the_second_of_a_revocation_is_void_by_the_next_one() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;

    // Several in a row, so that most fall into the second of the one before.
    for round in 1..=6 {
        let session = stage.login("ada@example.com").await;
        stage.send(&session, Method::POST, "/api/v2/auth/logout_all", None).await.expect(204);

        let voids = revocations(&stage).await;
        assert_eq!(voids.len(), round);
        let void_before = voids.last().unwrap().issued_before.unwrap().timestamp_millis();
        let issued = stage.claims(&session.access).await.iat * 1_000;
        assert!(issued < void_before, "round {round}: dated {issued}, void before {void_before}");
    }
}

#[actix_web::test]
async fn a_session_is_not_older_than_its_first_use() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;

    let list = stage.send(&session, Method::GET, SESSIONS, None).await.expect(200);

    assert_eq!(list["results"][0]["created_at"], list["results"][0]["last_used_at"]);
}

#[actix_web::test]
async fn ones_sessions_are_listed_with_where_they_are_used_from() {
    let stage = Stage::set().await;
    let first = stage.registered_session("ada@example.com").await;
    stage.registered_session("bob@example.com").await;
    let client = stage.app.anonymous().with("user-agent", "Difference Engine/2");
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    let answer = client.post("/api/v2/auth/login", &body).await.expect(200);
    let second = stage.session(&answer["access_token"], &answer["refresh_token"]).await;
    stage.refresh(&first.refresh).await.expect(200);

    let list = stage.send(&second, Method::GET, SESSIONS, None).await.expect(200);

    assert_eq!(list["count"], 2);
    let rows = list["results"].as_array().unwrap();
    let mut members: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(members, ["created_at", "current", "id", "ip", "last_used_at", "user_agent"]);
    assert_eq!((&rows[0]["id"], &rows[0]["current"]), (&json!(first.id), &json!(false)), "used last");
    assert!(rows[0]["created_at"].as_str().unwrap() < rows[0]["last_used_at"].as_str().unwrap());
    assert_eq!((&rows[1]["id"], &rows[1]["current"]), (&json!(second.id), &json!(true)));
    assert_eq!(rows[1]["user_agent"], "Difference Engine/2");
    assert_eq!(rows[1]["ip"], "203.0.113.7");
}

#[actix_web::test]
async fn a_session_that_ended_is_not_listed() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let other = stage.login("ada@example.com").await;
    logout(&stage, &other, &other.refresh).await.expect(204);

    let list = stage.send(&session, Method::GET, SESSIONS, None).await.expect(200);

    let ids: Vec<&Value> = list["results"].as_array().unwrap().iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, [&json!(session.id)]);
}

#[actix_web::test]
async fn one_of_ones_sessions_can_be_ended_by_its_id() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let other = stage.login("ada@example.com").await;
    let path = format!("{SESSIONS}/{}", other.id);

    stage.send(&session, Method::DELETE, &path, None).await.expect(204);

    stage.refresh(&other.refresh).await.expect(401);
    stage.refresh(&session.refresh).await.expect(200);
    let again = stage.send(&session, Method::DELETE, &path, None).await;
    assert_eq!(again.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn somebody_elses_session_is_not_found_like_one_that_never_was() {
    let stage = Stage::set().await;
    let ada = stage.registered_session("ada@example.com").await;
    let bob = stage.registered_session("bob@example.com").await;
    let never = format!("{SESSIONS}/{}", uuid::Uuid::now_v7());

    let foreign = stage.send(&bob, Method::DELETE, &format!("{SESSIONS}/{}", ada.id), None).await;
    let unknown = stage.send(&bob, Method::DELETE, &never, None).await;

    assert_eq!(foreign.problem(), (404, "not_found"));
    assert_eq!(foreign.body["detail"], unknown.body["detail"]);
    stage.refresh(&ada.refresh).await.expect(200);
}
