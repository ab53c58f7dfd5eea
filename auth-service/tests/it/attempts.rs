//! Guessing passwords.

use contracts::identity::{Caller, IDENTITY_HEADER, IDENTITY_LIFE_SECONDS, Identity};
use serde_json::json;
use testkit::{Reply, caller::read};
use uuid::Uuid;

use crate::stage::{PASSWORD, Stage};

const LOGIN: &str = "/api/v2/auth/login";
const VICTIM: &str = "ada@example.com";
const HOME: &str = "203.0.113.7";

/// Signs in from an address.
async fn login(stage: &Stage, address: &str, email: &str, password: &str) -> Reply {
    let identity = Identity {
        aud: contracts::Service::Auth,
        exp: chrono::Utc::now().timestamp() + IDENTITY_LIFE_SECONDS,
        request_id: Uuid::now_v7().to_string(),
        method: "POST".to_owned(),
        path: LOGIN.to_owned(),
        client_address: Some(address.to_owned()),
        who: Caller::Anonymous,
    };
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http
        .post(format!("{}{LOGIN}", stage.app.base_url()))
        .header(IDENTITY_HEADER, stage.app.base.keys.sign(&identity))
        .json(&json!({"email": email, "password": password}));
    read(request).await
}

async fn guess(stage: &Stage, address: &str, email: &str) -> u16 {
    login(stage, address, email, "wrong wrong").await.status.as_u16()
}

#[actix_web::test]
async fn a_guesser_must_wait_after_some_tries_and_is_told_how_long() {
    let stage = Stage::set_with(&[("SIGN_IN_TRIES", "3")]).await;
    stage.register(VICTIM).await;
    for _ in 0..3 {
        assert_eq!(guess(&stage, HOME, VICTIM).await, 401);
    }

    let wrong = login(&stage, HOME, VICTIM, "wrong wrong").await;
    let right = login(&stage, HOME, VICTIM, PASSWORD).await;

    assert_eq!(wrong.problem(), (429, "rate_limited"));
    let wait: u64 = wrong.header("retry-after").unwrap().parse().unwrap();
    assert!((20..=31).contains(&wait), "{wait}");
    assert_eq!(right.status, 429, "the right password is not told from a wrong one");
}

#[actix_web::test]
async fn an_account_that_does_not_exist_is_throttled_alike() {
    let stage = Stage::set_with(&[("SIGN_IN_TRIES", "3")]).await;
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(guess(&stage, HOME, "nobody@example.com").await);
    }
    assert_eq!(statuses, [401, 401, 401, 429, 429]);
}

#[actix_web::test]
async fn many_guesses_at_once_count_like_many() {
    let stage = Stage::set_with(&[("SIGN_IN_TRIES", "3")]).await;
    stage.register(VICTIM).await;

    let statuses = futures::future::join_all((0..20).map(|_| guess(&stage, HOME, VICTIM))).await;

    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 3, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 17, "{statuses:?}");
}

#[actix_web::test]
async fn what_a_guesser_does_elsewhere_keeps_nobody_out() {
    let stage = Stage::set_with(&[("SIGN_IN_TRIES", "3"), ("SIGN_IN_TRIES_PER_ACCOUNT", "5")]).await;
    stage.register(VICTIM).await;
    login(&stage, HOME, VICTIM, PASSWORD).await.expect(200);
    for n in 0..10 {
        guess(&stage, &format!("198.51.100.{n}"), VICTIM).await;
    }

    let elsewhere = login(&stage, "198.51.100.200", VICTIM, "wrong wrong").await;
    let at_home = login(&stage, HOME, VICTIM, PASSWORD).await;

    assert_eq!(elsewhere.status, 429, "many guessers are bounded together");
    at_home.expect(200);
}

#[actix_web::test]
async fn one_guesser_alone_does_not_use_up_the_tries_of_others() {
    let stage = Stage::set_with(&[("SIGN_IN_TRIES", "3"), ("SIGN_IN_TRIES_PER_ACCOUNT", "5")]).await;
    stage.register(VICTIM).await;
    for _ in 0..30 {
        guess(&stage, "198.51.100.1", VICTIM).await;
    }

    login(&stage, "192.0.2.1", VICTIM, PASSWORD).await.expect(200);
}

#[actix_web::test]
async fn guessing_at_many_accounts_from_one_address_is_bounded_but_not_for_those_who_belong_there() {
    let stage = Stage::set_with(&[("SIGN_IN_TRIES_PER_ADDRESS", "6")]).await;
    stage.register(VICTIM).await;
    login(&stage, HOME, VICTIM, PASSWORD).await.expect(200);
    let mut statuses = Vec::new();
    for n in 0..8 {
        statuses.push(guess(&stage, HOME, &format!("somebody{n}@example.com")).await);
    }

    assert_eq!(statuses, [401, 401, 401, 401, 401, 401, 429, 429]);
    login(&stage, HOME, VICTIM, PASSWORD).await.expect(200);
}

#[actix_web::test]
async fn the_right_password_forgives_what_was_wrong_before() {
    let stage = Stage::set_with(&[("SIGN_IN_TRIES", "3")]).await;
    stage.register(VICTIM).await;
    for _ in 0..3 {
        guess(&stage, HOME, VICTIM).await;
        guess(&stage, HOME, VICTIM).await;
        login(&stage, HOME, VICTIM, PASSWORD).await.expect(200);
    }
}

#[actix_web::test]
async fn whoever_waited_may_try_again() {
    let stage = Stage::set_with(&[("SIGN_IN_TRIES", "3")]).await;
    stage.register(VICTIM).await;
    for _ in 0..4 {
        guess(&stage, HOME, VICTIM).await;
    }
    stage.arrange("UPDATE sign_in_failures SET last_at = last_at - interval '31 seconds'").await;

    login(&stage, HOME, VICTIM, PASSWORD).await.expect(200);
}

#[actix_web::test]
async fn it_holds_without_redis() {
    let stage = Stage::set_with(&[("SIGN_IN_TRIES", "3"), ("REDIS_URL", "redis://127.0.0.1:9")]).await;
    stage.register(VICTIM).await;
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(guess(&stage, HOME, VICTIM).await);
    }
    assert_eq!(statuses, [401, 401, 401, 429, 429]);
}

#[actix_web::test]
async fn simplejwts_door_is_the_same_door() {
    let stage = Stage::set_with(&[("SIGN_IN_TRIES", "3")]).await;
    stage.register(VICTIM).await;
    let anonymous = stage.app.anonymous();
    for _ in 0..3 {
        let body = json!({"username": VICTIM, "password": "wrong wrong"});
        anonymous.post("/api/token", &body).await.expect(401);
    }

    let body = json!({"email": VICTIM, "password": PASSWORD});
    assert_eq!(anonymous.post(LOGIN, &body).await.status, 429);
}

#[actix_web::test]
async fn the_password_so_far_cannot_be_guessed_without_end_either() {
    let stage = Stage::set_with(&[("SIGN_IN_TRIES", "3")]).await;
    let session = stage.registered_session(VICTIM).await;
    let body = json!({"current_password": "wrong wrong", "new_password": "another good password"});
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let path = "/api/v2/auth/password/change";
        let reply = stage.send(&session, reqwest::Method::POST, path, Some(&body)).await;
        statuses.push(reply.status.as_u16());
    }
    assert_eq!(statuses, [400, 400, 400, 429, 429]);
}
