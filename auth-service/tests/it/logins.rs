//! Signing in with a password.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use contracts::access_tokens::TOKEN_TYPE;
use serde_json::json;

use crate::stage::{PASSWORD, Stage};

const LOGIN: &str = "/api/v2/auth/login";

#[actix_web::test]
async fn the_right_password_gives_a_pair_of_tokens_and_says_whose_they_are() {
    let stage = Stage::set().await;
    let user = stage.register("ada@example.com").await;

    let body = json!({"email": " Ada@Example.com", "password": PASSWORD});
    let answer = stage.app.anonymous().post(LOGIN, &body).await.expect(200);

    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["expires_in"], 900);
    assert_eq!(answer["user"]["id"], json!(user));
    assert_eq!(answer["user"]["email"], "ada@example.com");
    assert!(answer["refresh_token"].as_str().unwrap().starts_with("lsr_"));
    assert!(!answer.to_string().contains("password"), "{answer}");
}

#[actix_web::test]
async fn an_access_token_says_who_signed_in_and_for_how_long() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;

    let claims = stage.claims(&session.access).await;
    let header = jsonwebtoken::decode_header(&session.access).unwrap();

    assert_eq!(claims.sub, session.user);
    assert_eq!(claims.email, "ada@example.com");
    assert_eq!(claims.exp - claims.iat, 900);
    assert_eq!(header.typ.as_deref(), Some(TOKEN_TYPE));
    assert_eq!(header.alg, jsonwebtoken::Algorithm::EdDSA);
}

#[actix_web::test]
async fn an_unknown_address_and_a_wrong_password_are_answered_alike() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let anonymous = stage.app.anonymous().with("x-request-id", "the-same");

    let wrong = anonymous.post(LOGIN, &json!({"email": "ada@example.com", "password": "wrong wrong"})).await;
    let unknown =
        anonymous.post(LOGIN, &json!({"email": "bob@example.com", "password": "wrong wrong"})).await;

    assert_eq!(wrong.problem(), (401, "invalid_credentials"));
    assert_eq!(wrong.text, unknown.text);
}

#[actix_web::test]
async fn an_unknown_address_takes_as_long_as_a_known_one() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let mut quickest = Vec::new();

    for email in ["ada@example.com", "bob@example.com"] {
        let mut times = Vec::new();
        for _ in 0..5 {
            let started = Instant::now();
            stage
                .app
                .anonymous()
                .post(LOGIN, &json!({"email": email, "password": "wrong wrong"}))
                .await
                .expect(401);
            times.push(started.elapsed());
        }
        quickest.push(times.into_iter().min().unwrap());
    }

    assert!(quickest[1] > quickest[0] / 3, "{quickest:?}");
    assert!(quickest[1] > Duration::from_millis(5), "no password was hashed: {quickest:?}");
}

#[actix_web::test]
async fn a_password_kept_with_less_effort_than_today_is_kept_anew_at_the_next_sign_in() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8_192, 1, 1, None).unwrap());
    let kept = weak.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
    stage.arrange(&format!("UPDATE users SET password_hash = '{kept}'")).await;

    stage.login("ada@example.com").await;

    let renewed = format!(
        "SELECT count(*) AS number FROM users WHERE password_hash <> '{kept}' \
                           AND password_hash LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'"
    );
    assert_eq!(stage.app.database.number(&renewed).await, 1);
    stage.login("ada@example.com").await;
}

#[actix_web::test]
async fn a_password_longer_than_any_is_wrong_and_not_hashed() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;

    let body = json!({"email": "ada@example.com", "password": "x".repeat(1_000)});

    assert_eq!(stage.app.anonymous().post(LOGIN, &body).await.problem(), (401, "invalid_credentials"));
}

#[actix_web::test]
async fn that_an_account_is_suspended_is_told_only_to_whoever_knows_its_password() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    stage.arrange("UPDATE users SET status = 'suspended'").await;

    let wrong = json!({"email": "ada@example.com", "password": "wrong wrong"});
    let right = json!({"email": "ada@example.com", "password": PASSWORD});

    assert_eq!(stage.app.anonymous().post(LOGIN, &wrong).await.problem(), (401, "invalid_credentials"));
    assert_eq!(stage.app.anonymous().post(LOGIN, &right).await.problem(), (403, "user_inactive"));
}

#[actix_web::test]
async fn an_account_without_a_password_cannot_be_entered_with_one() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    stage.arrange("UPDATE users SET password_hash = NULL").await;

    let body = json!({"email": "ada@example.com", "password": PASSWORD});

    assert_eq!(stage.app.anonymous().post(LOGIN, &body).await.problem(), (401, "invalid_credentials"));
}

#[actix_web::test]
async fn a_body_with_faults_names_all_of_them() {
    let stage = Stage::set().await;

    let reply = stage.app.anonymous().post(LOGIN, &json!({"email": "nobody", "pasword": "x"})).await;

    assert_eq!(reply.problem(), (400, "validation_failed"));
    let expected = [("email", "invalid_email"), ("password", "required"), ("pasword", "unknown_field")];
    assert_eq!(reply.faults(), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
}

#[actix_web::test]
async fn what_is_stored_of_passwords_and_tokens_is_not_what_was_sent() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;

    let stored = stage
        .app
        .database
        .number("SELECT count(*) AS number FROM users WHERE password_hash LIKE '$argon2id$%'")
        .await;
    let hashed = stage
        .app
        .database
        .number(&format!(
            "SELECT count(*) AS number FROM refresh_tokens WHERE sha256 = sha256('{}'::bytea)",
            session.refresh
        ))
        .await;

    assert_eq!((stored, hashed), (1, 1));
}
