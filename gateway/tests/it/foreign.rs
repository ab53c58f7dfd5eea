//! Tokens of other issuers that come as they are.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{Duration, Utc};
use contracts::{
    UserId,
    internal::users::Revocation,
    invalidation::{CHANNEL, Invalidation},
};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{Answer, World};

const ISSUER: &str = "https://id.example.com";

/// As it looks to the gateway, which does not verify it.
fn token(issuer: &str) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let head = part(&json!({"alg": "RS256", "kid": "their-key"}));
    format!("{head}.{}.{}", part(&json!({"iss": issuer, "jti": Uuid::now_v7()})), "c2lnbmF0dXJl")
}

async fn me(world: &World, token: &str) -> Answer {
    Answer::read(world.request(Method::GET, "/api/v2/auth/me").bearer_auth(token)).await
}

async fn world(user: UserId, issued_at: i64) -> World {
    let world = World::start().await;
    *world.script.issuers.lock().unwrap() = vec![ISSUER.to_owned()];
    let identity = json!({"user_id": user, "identity_id": Uuid::now_v7(), "platform_role": "none",
        "issued_at": issued_at, "expires_at": issued_at + 3_600});
    *world.script.identified.lock().unwrap() = Some((200, identity));
    world.gateway.verifier.foreign.refresh(&world.gateway.peers).await.unwrap();
    world
}

#[actix_web::test]
async fn a_trusted_issuers_token_is_asked_about_once_and_then_known() {
    let user = UserId::new();
    let world = world(user, Utc::now().timestamp()).await;
    let token = token(ISSUER);

    for _ in 0..3 {
        assert_eq!(me(&world, &token).await.status, 200);
    }

    let contracts::identity::Caller::User(seen) = world.last_seen().identity.who else {
        panic!("not a person")
    };
    assert_eq!(seen.id, user);
    assert_eq!(*world.script.identifications.lock().unwrap(), 1);
}

#[actix_web::test]
async fn a_token_of_nobody_trusted_is_refused_without_asking() {
    let world = world(UserId::new(), Utc::now().timestamp()).await;

    assert_eq!(me(&world, &token("https://evil.example.com")).await.problem(), (401, "invalid_token"));

    assert_eq!(*world.script.identifications.lock().unwrap(), 0);
}

#[actix_web::test]
async fn what_auth_service_holds_against_a_token_is_passed_on_and_not_remembered() {
    let world = world(UserId::new(), Utc::now().timestamp()).await;
    let good = world.script.identified.lock().unwrap().clone();
    let problem = |status: u16, code: &str| {
        Some((status, json!({"type": "x", "title": "x", "status": status, "detail": "No.", "code": code})))
    };
    let token = token(ISSUER);

    *world.script.identified.lock().unwrap() = problem(401, "invalid_token");
    assert_eq!(me(&world, &token).await.problem(), (401, "invalid_token"));
    *world.script.identified.lock().unwrap() = problem(403, "user_inactive");
    assert_eq!(me(&world, &token).await.problem(), (403, "user_inactive"));
    *world.script.identified.lock().unwrap() = good;

    assert_eq!(me(&world, &token).await.status, 200);
}

#[actix_web::test]
async fn logging_out_everywhere_voids_such_tokens_too_although_they_are_remembered() {
    let user = UserId::new();
    let world = world(user, Utc::now().timestamp() - 10).await;
    let token = token(ISSUER);
    assert_eq!(me(&world, &token).await.status, 200);

    let revocation = Revocation {
        seq: 1,
        subject: user.0,
        issued_before: Some(Utc::now()),
        expires_at: Utc::now() + Duration::hours(1),
    };
    let message = serde_json::to_string(&Invalidation::Revoked(revocation)).unwrap();
    world.gateway.redis.publish(CHANNEL, &message).await;

    world.wait("the token is void", async || me(&world, &token).await.status == 401).await;
    assert_eq!(me(&world, &token).await.problem(), (401, "token_revoked"));
}

#[actix_web::test]
async fn such_a_token_ends_when_it_is_said_to() {
    let world = world(UserId::new(), Utc::now().timestamp() - 3_700).await;

    assert_eq!(me(&world, &token(ISSUER)).await.problem(), (401, "token_expired"));
}

#[actix_web::test]
async fn while_auth_service_is_away_an_unknown_token_is_503_and_a_known_one_goes_on() {
    let world = world(UserId::new(), Utc::now().timestamp()).await;
    let known = token(ISSUER);
    assert_eq!(me(&world, &known).await.status, 200);
    *world.script.internal_is_away.lock().unwrap() = true;

    assert_eq!(me(&world, &known).await.status, 200);
    assert_eq!(me(&world, &token(ISSUER)).await.status, 503);
}
