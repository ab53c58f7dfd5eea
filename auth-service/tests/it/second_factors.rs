//! Signing in with a code beside the password.

use auth_service::credentials::{code_at, step_at};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::Reply;

use crate::stage::{PASSWORD, Session, Stage};

const FACTOR: &str = "/api/v2/auth/second-factor";
const LOGIN: &str = "/api/v2/auth/login";
const EMAIL: &str = "ada@example.com";

fn bytes(base32: &str) -> Vec<u8> {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String =
        base32.chars().map(|character| format!("{:05b}", alphabet.find(character).unwrap())).collect();
    (0..bits.len() / 8).map(|n| u8::from_str_radix(&bits[n * 8..n * 8 + 8], 2).unwrap()).collect()
}

/// A code, of so many steps from now.
fn code(secret: &[u8], ahead: i64) -> String {
    code_at(secret, step_at(chrono::Utc::now().timestamp()) + ahead).unwrap()
}

async fn post(stage: &Stage, session: &Session, path: &str, body: &Value) -> Reply {
    stage.send(session, Method::POST, &format!("{FACTOR}{path}"), Some(body)).await
}

/// A user with an active factor: session, shared secret and recovery codes.
async fn enrolled(stage: &Stage) -> (Session, Vec<u8>, Vec<String>) {
    enrol(stage, stage.registered_session(EMAIL).await).await
}

/// The same for an existing user.
async fn enrol(stage: &Stage, session: Session) -> (Session, Vec<u8>, Vec<String>) {
    let answer = post(stage, &session, "/enrol", &json!({"password": PASSWORD})).await.expect(200);
    let secret = bytes(answer["secret"].as_str().unwrap());
    // The present step stays unused, so that tests need not wait for another one.
    let body = json!({"code": code(&secret, -1)});
    let answer = post(stage, &session, "/confirm", &body).await.expect(200);
    let codes = serde_json::from_value(answer["recovery_codes"].clone()).unwrap();
    (session, secret, codes)
}

async fn challenge(stage: &Stage) -> String {
    let body = json!({"email": EMAIL, "password": PASSWORD});
    let reply = stage.app.anonymous().post(LOGIN, &body).await;
    assert_eq!(reply.problem(), (401, "second_factor_required"));
    assert!(reply.body.get("access_token").is_none(), "{}", reply.text);
    reply.body["challenge_token"].as_str().unwrap().to_owned()
}

async fn answer(stage: &Stage, challenge: &str, code: &str) -> Reply {
    let body = json!({"challenge_token": challenge, "code": code});
    stage.app.anonymous().post("/api/v2/auth/login/second-factor", &body).await
}

#[actix_web::test]
async fn once_confirmed_a_password_alone_gives_no_session() {
    let stage = Stage::set().await;
    let (session, secret, codes) = enrolled(&stage).await;

    let challenge = challenge(&stage).await;
    let signed_in = answer(&stage, &challenge, &code(&secret, 0)).await.expect(200);
    let simple =
        stage.app.anonymous().post("/api/token", &json!({"username": EMAIL, "password": PASSWORD})).await;

    assert_eq!(signed_in["user"]["id"], json!(session.user));
    let continued = stage.refresh(signed_in["refresh_token"].as_str().unwrap()).await;
    continued.expect(200);
    assert_eq!(simple.problem(), (401, "second_factor_required"), "the other door is as shut");
    assert_eq!(codes.len(), 10);
    assert!(stage.mail(EMAIL, "second_factor_changed").await.text.contains("needs a code"));
}

#[actix_web::test]
async fn a_token_says_whether_its_session_was_begun_with_a_code() {
    let stage = Stage::set().await;
    let has_code = async |tokens: &Value| {
        stage.claims(tokens["access_token"].as_str().unwrap()).await.has_second_factor()
    };
    let before = stage.registered_session(EMAIL).await;
    assert!(!stage.claims(&before.access).await.has_second_factor());
    let (session, secret, codes) = enrol(&stage, stage.login(EMAIL).await).await;

    // The session that confirmed the app gave a code; the one from before did not.
    let confirmed = stage.refresh(&session.refresh).await.expect(200);
    assert!(has_code(&confirmed).await);
    assert!(!has_code(&stage.refresh(&before.refresh).await.expect(200)).await);
    let challenge = challenge(&stage).await;
    let signed_in = answer(&stage, &challenge, &code(&secret, 0)).await.expect(200);
    assert!(has_code(&signed_in).await);
    let continued = stage.refresh(signed_in["refresh_token"].as_str().unwrap()).await.expect(200);
    assert!(has_code(&continued).await, "it is known for as long as the session goes on");

    post(&stage, &session, "/disable", &json!({"code": codes[0]})).await.expect(204);
    let after = stage.refresh(continued["refresh_token"].as_str().unwrap()).await.expect(200);
    assert!(!has_code(&after).await, "what is switched off vouches for nothing");
}

#[actix_web::test]
async fn enrolling_without_confirming_changes_nothing() {
    let stage = Stage::set().await;
    let session = stage.registered_session(EMAIL).await;

    let answer = post(&stage, &session, "/enrol", &json!({"password": PASSWORD})).await.expect(200);
    let wrong = post(&stage, &session, "/confirm", &json!({"code": "000000"})).await;

    assert!(
        answer["otpauth_url"].as_str().unwrap().starts_with("otpauth://totp/Leadstream:ada%40example.com?")
    );
    assert_eq!(wrong.faults(), [("code".to_owned(), "invalid_code".to_owned())]);
    stage.login(EMAIL).await;
    let state = stage.send(&session, Method::GET, FACTOR, None).await.expect(200);
    assert_eq!(state, json!({"enabled": false, "confirmed_at": null, "recovery_codes_left": 0}));
}

#[actix_web::test]
async fn enrolling_needs_the_password_and_the_secret_is_not_readable_at_rest() {
    let stage = Stage::set().await;
    let session = stage.registered_session(EMAIL).await;

    let without = post(&stage, &session, "/enrol", &json!({})).await;
    let answer = post(&stage, &session, "/enrol", &json!({"password": PASSWORD})).await.expect(200);

    assert_eq!(without.faults(), [("password".to_owned(), "wrong_password".to_owned())]);
    let secret = hex::encode(bytes(answer["secret"].as_str().unwrap()));
    let readable = format!(
        "SELECT count(*) AS number FROM second_factors WHERE encode(secret, 'hex') LIKE '%{secret}%'"
    );
    assert_eq!(stage.app.database.number(&readable).await, 0);
}

#[actix_web::test]
async fn a_code_is_good_once_even_for_many_at_once() {
    let stage = Stage::set().await;
    let (_, secret, _) = enrolled(&stage).await;
    let mut challenges = Vec::new();
    for _ in 0..5 {
        challenges.push(challenge(&stage).await);
    }
    let code = code(&secret, 0);

    let replies =
        futures::future::join_all(challenges.iter().map(|token| answer(&stage, token, &code))).await;

    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
    assert_eq!(replies.iter().filter(|reply| reply.problem() == (401, "invalid_code")).count(), 4);
}

#[actix_web::test]
async fn a_challenge_is_answered_once_bears_five_wrong_codes_and_runs_out() {
    let stage = Stage::set_with(&[("SIGN_IN_TRIES", "0")]).await;
    let (_, secret, _) = enrolled(&stage).await;
    let tried = challenge(&stage).await;
    for _ in 0..5 {
        assert_eq!(answer(&stage, &tried, "000000").await.problem(), (401, "invalid_code"));
    }
    let old = challenge(&stage).await;
    stage.arrange("UPDATE sign_in_challenges SET expires_at = now() WHERE tries = 0").await;
    let good = challenge(&stage).await;

    assert_eq!(answer(&stage, &tried, &code(&secret, 0)).await.problem(), (410, "challenge_expired"));
    assert_eq!(answer(&stage, &old, &code(&secret, 0)).await.problem(), (410, "challenge_expired"));
    answer(&stage, &good, &code(&secret, 0)).await.expect(200);
    assert_eq!(answer(&stage, &good, &code(&secret, 1)).await.problem(), (410, "challenge_expired"));
    assert_eq!(answer(&stage, "nonsense", "000000").await.problem(), (410, "challenge_expired"));
}

#[actix_web::test]
async fn codes_cannot_be_guessed_with_ever_new_challenges() {
    let stage = Stage::set_with(&[("SIGN_IN_TRIES", "4")]).await;
    enrolled(&stage).await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let token = challenge(&stage).await;
        statuses.push(answer(&stage, &token, "000000").await.status.as_u16());
    }
    assert_eq!(statuses, [401, 401, 401, 401, 429, 429]);
}

#[actix_web::test]
async fn a_recovery_code_stands_in_for_a_lost_app_once() {
    let stage = Stage::set().await;
    let (session, _, codes) = enrolled(&stage).await;
    let first = challenge(&stage).await;
    answer(&stage, &first, &codes[3].to_uppercase()).await.expect(200);
    let second = challenge(&stage).await;

    assert_eq!(answer(&stage, &second, &codes[3]).await.problem(), (401, "invalid_code"));
    let state = stage.send(&session, Method::GET, FACTOR, None).await.expect(200);
    assert_eq!((&state["enabled"], &state["recovery_codes_left"]), (&json!(true), &json!(9)));
}

#[actix_web::test]
async fn other_recovery_codes_take_the_place_of_those_so_far() {
    let stage = Stage::set().await;
    let (session, secret, codes) = enrolled(&stage).await;

    let body = json!({"code": code(&secret, 0)});
    let renewed = post(&stage, &session, "/recovery-codes", &body).await.expect(200);

    let token = challenge(&stage).await;
    assert_eq!(answer(&stage, &token, &codes[0]).await.problem(), (401, "invalid_code"));
    answer(&stage, &token, renewed["recovery_codes"][0].as_str().unwrap()).await.expect(200);
}

#[actix_web::test]
async fn it_is_switched_off_with_a_code_only() {
    let stage = Stage::set().await;
    let (session, _, codes) = enrolled(&stage).await;

    let wrong = post(&stage, &session, "/disable", &json!({"code": "000000"})).await;
    let again = post(&stage, &session, "/enrol", &json!({"password": PASSWORD})).await;
    post(&stage, &session, "/disable", &json!({"code": codes[0]})).await.expect(204);

    assert_eq!(wrong.faults(), [("code".to_owned(), "invalid_code".to_owned())]);
    assert_eq!(again.problem(), (409, "second_factor_on"), "nobody swaps it for their own");
    stage.login(EMAIL).await;
}

#[actix_web::test]
async fn a_challenge_does_not_outlive_the_password_it_was_given_for() {
    let stage = Stage::set().await;
    let (session, secret, _) = enrolled(&stage).await;
    let token = challenge(&stage).await;
    let body = json!({"current_password": PASSWORD, "new_password": "another good password"});
    stage.send(&session, Method::POST, "/api/v2/auth/password/change", Some(&body)).await.expect(204);

    assert_eq!(answer(&stage, &token, &code(&secret, 0)).await.problem(), (410, "challenge_expired"));
}
