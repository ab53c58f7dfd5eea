//! Choosing another password with a mailed link.

use std::time::{Duration, Instant};

use contracts::Service;
use serde_json::json;
use testkit::Reply;

use crate::stage::{PASSWORD, Stage};

const NEW: &str = "a staple for the battery";
const FORGOT: &str = "/api/v2/auth/password/forgot";

async fn forgot(stage: &Stage, email: &str) -> Reply {
    stage.app.anonymous().post(FORGOT, &json!({"email": email})).await
}

async fn reset(stage: &Stage, token: &str, password: &str) -> Reply {
    let body = json!({"token": token, "new_password": password});
    stage.app.anonymous().post("/api/v2/auth/password/reset", &body).await
}

async fn link(stage: &Stage, email: &str) -> String {
    forgot(stage, email).await.expect(202);
    stage.mailed_token(email, "reset_password").await
}

#[actix_web::test]
async fn a_mailed_link_sets_another_password_and_ends_every_session() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;
    let token = link(&stage, "ada@example.com").await;

    reset(&stage, &token, NEW).await.expect(204);

    stage.refresh(&session.refresh).await.expect(401);
    let gateway = stage.app.service(Service::Gateway);
    let void = gateway.post("/internal/revocations", &json!({"after": 0})).await.expect(200);
    assert_eq!(void[0]["subject"], json!(session.user), "access tokens die, too");
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    stage.app.anonymous().post("/api/v2/auth/login", &body).await.expect(401);
    stage.login_with("ada@example.com", NEW).await;
}

#[actix_web::test]
async fn the_link_proves_the_address_and_the_person_is_told() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let token = link(&stage, "ada@example.com").await;

    reset(&stage, &token, NEW).await.expect(204);

    let verified = "SELECT count(*) AS number FROM users WHERE email_verified_at IS NOT NULL";
    assert_eq!(stage.app.database.number(verified).await, 1);
    assert!(stage.mail("ada@example.com", "password_changed").await.text.contains("changed"));
}

#[actix_web::test]
async fn of_fifty_who_use_a_link_at_once_one_sets_the_password() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let token = link(&stage, "ada@example.com").await;
    let passwords: Vec<String> = (0..50).map(|n| format!("password of number {n}")).collect();

    let replies =
        futures::future::join_all(passwords.iter().map(|password| reset(&stage, &token, password))).await;

    let winners: Vec<usize> = (0..50).filter(|n| replies[*n].status == 204).collect();
    let [winner] = winners.as_slice() else { panic!("{winners:?}") };
    let spent = replies.iter().filter(|reply| reply.problem() == (410, "token_spent")).count();
    let shed = replies.iter().filter(|reply| reply.status == 503).count();
    assert_eq!(spent + shed, 49);
    stage.login_with("ada@example.com", &passwords[*winner]).await;
}

#[actix_web::test]
async fn after_one_link_was_used_the_others_are_void() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let first = link(&stage, "ada@example.com").await;
    let second = link(&stage, "ada@example.com").await;
    assert_ne!(first, second);

    reset(&stage, &second, NEW).await.expect(204);

    assert_eq!(reset(&stage, &first, "yet another password").await.problem(), (410, "token_spent"));
}

#[actix_web::test]
async fn a_link_expires() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let token = link(&stage, "ada@example.com").await;
    stage.arrange("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'").await;

    assert_eq!(reset(&stage, &token, NEW).await.problem(), (410, "token_expired"));
    stage.login("ada@example.com").await;
}

#[actix_web::test]
async fn a_password_that_is_not_taken_leaves_the_link_unspent() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let token = link(&stage, "ada@example.com").await;

    let refused = reset(&stage, &token, "password123").await;
    let neither = stage.app.anonymous().post("/api/v2/auth/password/reset", &json!({"token": token})).await;
    let body = json!({"token": token, "password": NEW});
    let taken = stage.app.anonymous().post("/api/v2/auth/password/reset", &body).await;

    assert_eq!(refused.faults(), [("new_password".to_owned(), "password_too_common".to_owned())]);
    assert_eq!(neither.faults(), [("new_password".to_owned(), "required".to_owned())]);
    taken.expect(204);
}

#[actix_web::test]
async fn whether_there_is_an_account_shows_neither_in_the_answer_nor_in_its_time() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let mut answers = Vec::new();

    for email in ["ada@example.com", "nobody@example.com"] {
        let started = Instant::now();
        let answer = forgot(&stage, email).await.expect(202);
        answers.push((answer, started.elapsed()));
    }

    assert_eq!(answers[0].0, answers[1].0);
    for (_, took) in &answers {
        assert!(*took >= Duration::from_millis(250), "{took:?}");
    }
    assert!(answers[0].1.abs_diff(answers[1].1) < Duration::from_millis(100), "{answers:?}");
}

#[actix_web::test]
async fn somebody_who_is_suspended_gets_no_link_and_can_use_none() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let token = link(&stage, "ada@example.com").await;
    stage.arrange("UPDATE users SET status = 'suspended'").await;

    forgot(&stage, "ada@example.com").await.expect(202);

    let mails = "SELECT count(*) AS number FROM mails WHERE template = 'reset_password'";
    assert_eq!(stage.app.database.number(mails).await, 1);
    assert_eq!(reset(&stage, &token, NEW).await.problem(), (403, "user_inactive"));
}
