//! Authentication and the lifetime of access.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{Duration, Utc};
use contracts::invalidation::{CHANNEL, Invalidation};
use reqwest::Method;
use serde_json::json;

use crate::{
    fake::Script,
    tokens::{self, Person},
    world::{Answer, World},
};

const ME: &str = "/api/v2/auth/me";

async fn me(world: &World, token: &str) -> Answer {
    Answer::read(world.request(Method::GET, ME).bearer_auth(token)).await
}

#[actix_web::test]
async fn a_good_token_tells_the_service_who_is_asking() {
    let (world, person) = (World::start().await, Person::new());

    let answer = me(&world, &person.token()).await;

    assert_eq!(answer.status, 200, "{answer:?}");
    let contracts::identity::Caller::User(user) = world.last_seen().identity.who else {
        panic!("not a person")
    };
    assert_eq!((user.id, user.session), (person.id, person.session));
    assert!(user.permission.is_none() && user.tenant.is_none());
}

#[actix_web::test]
async fn without_a_credential_it_is_401_and_says_which_is_wanted() {
    let world = World::start().await;

    let answer = world.send(Method::GET, ME).await;

    assert_eq!(answer.problem(), (401, "not_authenticated"));
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
}

#[actix_web::test]
async fn a_token_that_is_not_ours_or_for_something_else_is_refused() {
    let (world, person) = (World::start().await, Person::new());
    let now = Utc::now().timestamp();
    let good = person.token();
    let mut tampered = good.clone();
    tampered.replace_range(
        good.len() - 6..good.len() - 5,
        if good.as_bytes()[good.len() - 6] == b'A' { "B" } else { "A" },
    );
    let unsigned = format!("{}.", good.rsplit_once('.').unwrap().0);

    for token in [
        "x".to_owned(),
        "a.b.c".to_owned(),
        tampered,
        unsigned,
        person.token_with(&json!({ "iss": "somebody" }), &json!({}), 0),
        person.token_with(&json!({ "aud": "leadstream:refresh" }), &json!({}), 0),
        person.token_with(&json!({ "aud": null }), &json!({}), 0),
        person.token_with(&json!({ "iss": null }), &json!({}), 0),
        person.token_with(&json!({ "exp": null }), &json!({}), 0),
        person.token_with(&json!({ "sub": "ada" }), &json!({}), 0),
        person.token_with(&json!({ "sid": null }), &json!({}), 0),
        person.token_with(&json!({ "prl": "emperor" }), &json!({}), 0),
        person.token_with(&json!({ "nbf": now + 60 }), &json!({}), 0),
        person.token_with(&json!({}), &json!({ "typ": "JWT" }), 0),
        person.token_with(&json!({}), &json!({ "typ": null }), 0),
        person.token_with(&json!({}), &json!({ "kid": null }), 0),
        person.token_with(&json!({}), &json!({ "kid": "../key-0" }), 0),
        person.token_with(&json!({}), &json!({ "alg": "HS256" }), 0),
        // Signed by a key that is not published, under the name of one that is.
        person.token_with(&json!({}), &json!({ "kid": "key-0" }), 1),
    ] {
        let answer = me(&world, &token).await;
        assert_eq!(answer.problem(), (401, "invalid_token"), "{token}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    let expired = person.token_with(&json!({ "exp": now - 6 }), &json!({}), 0);
    assert_eq!(me(&world, &expired).await.problem(), (401, "token_expired"));
    for header in ["Basic dTpw", "Bearer", "bearer"] {
        let answer = Answer::read(world.request(Method::GET, ME).header("authorization", header)).await;
        assert_eq!(answer.problem(), (401, "invalid_token"), "{header}");
    }
    let twice = world.request(Method::GET, ME).bearer_auth(&good).header("authorization", "Bearer x");
    assert_eq!(Answer::read(twice).await.problem(), (401, "invalid_token"));
    assert_eq!(world.seen(), 0);
    assert_eq!(me(&world, &good).await.status, 200);
}

#[actix_web::test]
async fn a_token_chooses_neither_its_algorithm_nor_its_key() {
    let (world, person) = (World::start().await, Person::new());
    let good = person.token();
    let published = tokens::key_set(&[0])["keys"][0].clone();
    let x = published["x"].as_str().unwrap().to_owned();
    let raw = BASE64_URL_SAFE_NO_PAD.decode(&x).unwrap();
    let head = |alg: &str| json!({ "alg": alg, "typ": "at+jwt", "kid": "key-0" });

    let mut forged: Vec<String> = ["none", "None", "NONE", "nOnE"]
        .iter()
        .map(|alg| tokens::resigned(&good, &head(alg), None))
        .collect();
    for secret in [raw, x.into_bytes(), published.to_string().into_bytes(), Vec::new()] {
        for alg in ["HS256", "EdDSA"] {
            forged.push(tokens::resigned(&good, &head(alg), Some(&secret)));
        }
    }
    for extra in
        [json!({ "jwk": published }), json!({ "jku": "http://127.0.0.1:9/keys" }), json!({ "x5u": "x" })]
    {
        let mut header = head("EdDSA");
        header.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        forged.push(tokens::resigned(&good, &header, Some(b"guessed")));
    }

    for token in forged {
        assert_eq!(me(&world, &token).await.problem(), (401, "invalid_token"), "{token}");
    }
    assert_eq!(world.seen(), 0);
}

#[actix_web::test]
async fn a_time_of_expiry_of_any_shape_makes_no_token_live_on() {
    let (world, person) = (World::start().await, Person::new());
    let now = Utc::now().timestamp();

    for exp in [
        json!(null),
        json!(""),
        json!(format!("{}", now + 600)),
        json!("tomorrow"),
        json!(true),
        json!([now + 600]),
        json!({ "at": now + 600 }),
        json!(-1),
        json!(i64::MIN),
        json!(0),
        json!(1e300),
        json!(u64::MAX),
    ] {
        let token = person.token_with(&json!({ "exp": exp }), &json!({}), 0);
        let answer = me(&world, &token).await;
        assert_eq!(answer.problem().0, 401, "{exp}");
    }
    assert_eq!(world.seen(), 0);
}

#[actix_web::test]
async fn a_remembered_token_expires_like_any_other() {
    let (world, person) = (World::start().await, Person::new());
    // Expired, but within the leeway.
    let token = person.token_with(&json!({ "exp": Utc::now().timestamp() - 3 }), &json!({}), 0);
    assert_eq!(me(&world, &token).await.status, 200);

    tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;

    assert_eq!(me(&world, &token).await.problem(), (401, "token_expired"));
}

#[actix_web::test]
async fn where_nobody_needs_to_sign_in_a_token_is_not_looked_at() {
    let world = World::start().await;

    let answer = Answer::read(world.request(Method::GET, "/api/v2/auth/hello").bearer_auth("nonsense")).await;

    assert_eq!(answer.status, 200);
    assert!(matches!(world.last_seen().identity.who, contracts::identity::Caller::Anonymous));
}

#[actix_web::test]
async fn where_anybody_may_come_a_token_says_who_does_and_a_bad_one_is_refused() {
    let script = Arc::new(Script::default());
    *script.key_set.lock().unwrap() = tokens::key_set(&[0]);
    let mut documents: std::collections::HashMap<_, _> = contracts::Service::OWNERS_OF_DATA
        .map(|service| (service, ("b".to_owned(), crate::world::document(service))))
        .into();
    let described = json!({ "x-access": "optional", "x-tenant": "none" });
    let paths = json!({ "paths": { "/api/v2/invitations/accept": { "post": described } } });
    documents.insert(contracts::Service::Tenant, ("b".to_owned(), paths));
    script.documents.lock().unwrap().extend(documents);
    let world = World::start_on(script, &[]).await;
    world.ready().await;
    let person = Person::new();
    let request = || world.request(Method::POST, "/api/v2/invitations/accept");

    assert_eq!(Answer::read(request()).await.status, 200);
    assert!(matches!(world.last_seen().identity.who, contracts::identity::Caller::Anonymous));
    assert_eq!(Answer::read(request().bearer_auth(person.token())).await.status, 200);
    let contracts::identity::Caller::User(user) = world.last_seen().identity.who else {
        panic!("not a person")
    };
    assert_eq!((user.id, user.tenant.is_none()), (person.id, true));
    assert_eq!(Answer::read(request().bearer_auth("nonsense")).await.problem().0, 401);
}

#[actix_web::test]
async fn a_revoked_session_is_over_within_seconds_although_its_token_is_remembered() {
    let (world, person) = (World::start().await, Person::new());
    let token = person.token();
    assert_eq!(me(&world, &token).await.status, 200);

    world.revoke(person.session, None);

    world.wait("the end", async || me(&world, &token).await.status == 401).await;
    assert_eq!(me(&world, &token).await.problem(), (401, "token_revoked"));
    let other_session = Person { session: uuid::Uuid::now_v7(), ..person };
    assert_eq!(me(&world, &other_session.token()).await.status, 200);
}

#[actix_web::test]
async fn a_published_revocation_takes_hold_at_once() {
    let (world, person) = (World::start().await, Person::new());
    let (old, now) =
        (person.token_with(&json!({ "iat": Utc::now().timestamp() - 9 }), &json!({}), 0), Utc::now());
    assert_eq!(me(&world, &old).await.status, 200);
    let revocation = contracts::internal::users::Revocation {
        seq: 1,
        subject: person.id.0,
        issued_before: Some(now - Duration::seconds(3)),
        expires_at: now + Duration::hours(1),
    };

    let message = serde_json::to_string(&Invalidation::Revoked(revocation)).unwrap();
    world.gateway.redis.publish(CHANNEL, &message).await;

    world.wait("the end", async || me(&world, &old).await.status == 401).await;
    assert_eq!(me(&world, &person.token()).await.status, 200, "a token issued since is good");
}

#[actix_web::test]
async fn no_token_is_accepted_before_what_is_revoked_is_known() {
    let script = Arc::new(Script::default());
    *script.key_set.lock().unwrap() = tokens::key_set(&[0]);
    let documents = contracts::Service::OWNERS_OF_DATA
        .map(|service| (service, ("b".to_owned(), crate::world::document(service))));
    script.documents.lock().unwrap().extend(documents);
    *script.revocations_are_away.lock().unwrap() = true;
    let world = World::start_on(script, &[]).await;
    world.wait("routes", async || world.gateway.routes.table().missing().is_empty()).await;
    let (person, revoked) = (Person::new(), Person::new());
    world.revoke(revoked.session, None);

    assert_eq!(me(&world, &person.token()).await.problem(), (503, "unavailable"));
    assert_eq!(world.send(Method::GET, "/health/ready").await.status, 503);
    *world.script.revocations_are_away.lock().unwrap() = false;
    world.ready().await;
    assert_eq!(me(&world, &person.token()).await.status, 200);
    assert_eq!(me(&world, &revoked.token()).await.problem(), (401, "token_revoked"));
}

#[actix_web::test]
async fn a_token_signed_by_a_new_key_has_the_keys_loaded_again() {
    let (world, person) = (World::start().await, Person::new());
    *world.script.key_set.lock().unwrap() = tokens::key_set(&[0, 1]);
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;

    let answer = me(&world, &person.token_with(&json!({}), &json!({}), 1)).await;

    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(me(&world, &person.token()).await.status, 200);
}

#[actix_web::test]
async fn while_auth_service_is_away_known_keys_go_on_and_unknown_ones_are_503() {
    let (world, person) = (World::start().await, Person::new());
    *world.script.internal_is_away.lock().unwrap() = true;
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;

    assert_eq!(me(&world, &person.token()).await.status, 200);
    let unknown = me(&world, &person.token_with(&json!({}), &json!({}), 1)).await;
    assert_eq!(unknown.problem(), (503, "unavailable"));
    assert!(unknown.header("retry-after").is_some());
}
