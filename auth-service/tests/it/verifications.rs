//! Proving an address.

use serde_json::json;
use testkit::Reply;

use crate::stage::{PASSWORD, Stage};

const VERIFY: &str = "/api/v2/auth/email/verify";
const RESEND: &str = "/api/v2/auth/email/resend";

async fn verify(stage: &Stage, token: &str) -> Reply {
    stage.app.anonymous().post(VERIFY, &json!({"token": token})).await
}

async fn resend(stage: &Stage, email: &str) -> Reply {
    stage.app.anonymous().post(RESEND, &json!({"email": email})).await
}

#[actix_web::test]
async fn whoever_registers_is_mailed_a_link_that_proves_their_address() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let token = stage.mailed_token("ada@example.com", "verify_email").await;

    let answer = verify(&stage, &token).await.expect(200);

    assert_eq!(answer, json!({"email": "ada@example.com", "email_verified": true}));
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    let login = stage.app.anonymous().post("/api/v2/auth/login", &body).await.expect(200);
    assert_eq!(login["user"]["email_verified"], true);
}

#[actix_web::test]
async fn a_link_works_once_even_for_fifty_at_once() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let token = stage.mailed_token("ada@example.com", "verify_email").await;

    let replies = futures::future::join_all((0..50).map(|_| verify(&stage, &token))).await;

    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
    assert_eq!(replies.iter().filter(|reply| reply.problem() == (410, "token_spent")).count(), 49);
}

#[actix_web::test]
async fn an_old_link_and_one_that_never_was_are_told_apart() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let token = stage.mailed_token("ada@example.com", "verify_email").await;
    stage.arrange("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'").await;

    assert_eq!(verify(&stage, &token).await.problem(), (410, "token_expired"));
    assert_eq!(verify(&stage, &format!("lsv_{}", "A".repeat(43))).await.problem(), (400, "invalid_token"));
    assert_eq!(verify(&stage, "nonsense").await.problem(), (400, "invalid_token"));
}

#[actix_web::test]
async fn a_link_for_a_new_password_proves_nothing_here_and_the_other_way_round() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let body = json!({"email": "ada@example.com"});
    stage.app.anonymous().post("/api/v2/auth/password/forgot", &body).await.expect(202);
    let (to_verify, to_reset) = (
        stage.mailed_token("ada@example.com", "verify_email").await,
        stage.mailed_token("ada@example.com", "reset_password").await,
    );
    let body = json!({"token": to_verify, "new_password": "another good password"});

    assert_eq!(verify(&stage, &to_reset).await.problem(), (400, "invalid_token"));
    let reset = stage.app.anonymous().post("/api/v2/auth/password/reset", &body).await;
    assert_eq!(reset.problem(), (400, "invalid_token"));
}

#[actix_web::test]
async fn the_link_is_sent_again_to_whom_it_is_of_use_and_the_answer_is_the_same() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    stage.register("bob@example.com").await;
    stage.arrange("UPDATE users SET email_verified_at = now() WHERE email = 'bob@example.com'").await;

    let answers = [
        resend(&stage, "Ada@example.com").await.expect(202),
        resend(&stage, "bob@example.com").await.expect(202),
        resend(&stage, "nobody@example.com").await.expect(202),
    ];

    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let mails = |email| format!("SELECT count(*) AS number FROM mails WHERE recipient = '{email}'");
    assert_eq!(stage.app.database.number(&mails("ada@example.com")).await, 2);
    assert_eq!(stage.app.database.number(&mails("bob@example.com")).await, 1);
    assert_eq!(stage.app.database.number(&mails("nobody@example.com")).await, 0);
}

#[actix_web::test]
async fn nobody_is_flooded_with_mails() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;

    for _ in 0..8 {
        resend(&stage, "ada@example.com").await.expect(202);
    }

    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM mails").await, 5);
}

#[actix_web::test]
async fn a_deployment_may_demand_a_proven_address() {
    let stage = Stage::set_with(&[("REQUIRE_VERIFIED_EMAIL", "true")]).await;
    stage.register("ada@example.com").await;
    let login = async |password: &str| {
        let body = json!({"email": "ada@example.com", "password": password});
        stage.app.anonymous().post("/api/v2/auth/login", &body).await
    };

    assert_eq!(login(PASSWORD).await.problem(), (403, "email_not_verified"));
    assert_eq!(login("wrong wrong").await.problem(), (401, "invalid_credentials"));
    let token = stage.mailed_token("ada@example.com", "verify_email").await;
    verify(&stage, &token).await.expect(200);

    login(PASSWORD).await.expect(200);
}
