//! Signing in with tokens of other issuers.

use auth_service::tokens::NewSigningKey;
use contracts::Service;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::Reply;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

use crate::stage::{PASSWORD, Stage};

const ISSUER: &str = "https://id.example.com";
const AUDIENCE: &str = "leadstream";
const FIREBASE: &str = "/api/v2/auth/firebase";

/// An issuer with one key.
struct Issuer {
    server: MockServer,
    key: NewSigningKey,
}

impl Issuer {
    async fn start() -> Self {
        let issuer = Self { server: MockServer::start().await, key: NewSigningKey::generate().unwrap() };
        issuer.publish(&[&issuer.key.public_jwk]).await;
        issuer
    }

    async fn publish(&self, keys: &[&Value]) {
        self.server.reset().await;
        // A symmetric key that was published by mistake must not be accepted.
        let mut keys: Vec<Value> = keys.iter().map(|key| (*key).clone()).collect();
        keys.push(json!({"kty": "oct", "kid": "symmetric", "k": "c2VjcmV0", "alg": "HS256"}));
        let answer = ResponseTemplate::new(200).set_body_json(json!({"keys": keys}));
        Mock::given(method("GET")).and(path("/keys")).respond_with(answer).mount(&self.server).await;
    }

    fn settings(&self) -> String {
        format!("{ISSUER}|{AUDIENCE}|{}/keys", self.server.uri())
    }

    async fn fetches(&self) -> usize {
        self.server.received_requests().await.unwrap().len()
    }

    fn token(&self, email: &str) -> String {
        self.token_with(email, &json!({}))
    }

    fn token_with(&self, email: &str, changes: &Value) -> String {
        signed(
            &self.key.kid,
            &EncodingKey::from_ed_der(&self.key.pkcs8),
            Algorithm::EdDSA,
            &claims(email, changes),
        )
    }
}

fn claims(email: &str, changes: &Value) -> Value {
    let now = chrono::Utc::now().timestamp();
    let mut claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": format!("subject of {email}"), "iat": now, "exp": now + 3_600,
        "email": email, "email_verified": true, "name": "Grace Hopper",
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn signed(kid: &str, key: &EncodingKey, algorithm: Algorithm, claims: &Value) -> String {
    let mut header = Header::new(algorithm);
    header.kid = Some(kid.to_owned());
    jsonwebtoken::encode(&header, claims, key).unwrap()
}

async fn stage(issuer: &Issuer) -> Stage {
    Stage::set_with(&[("OIDC_ISSUERS", &issuer.settings())]).await
}

async fn exchange(stage: &Stage, token: &str) -> Reply {
    stage.app.anonymous().post(FIREBASE, &json!({"id_token": token})).await
}

async fn users(stage: &Stage) -> i64 {
    stage.app.database.number("SELECT count(*) AS number FROM users").await
}

#[actix_web::test]
async fn a_new_person_is_made_with_the_verified_address_and_found_again() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;

    let first = exchange(&stage, &issuer.token("Grace@Example.com")).await.expect(200);
    let second = exchange(&stage, &issuer.token("Grace@Example.com")).await.expect(200);

    assert_eq!(first["user"]["email"], "grace@example.com");
    assert_eq!(
        (&first["user"]["first_name"], &first["user"]["last_name"]),
        (&json!("Grace"), &json!("Hopper"))
    );
    assert_eq!(first["user"]["email_verified"], true);
    assert_eq!(first["user"]["id"], second["user"]["id"]);
    assert_eq!(users(&stage).await, 1);
    let session = stage.session(&first["access_token"], &first["refresh_token"]).await;
    stage.refresh(&session.refresh).await.expect(200);
    let noted = "SELECT count(*) AS number FROM users WHERE last_login_at IS NOT NULL";
    assert_eq!(stage.app.database.number(noted).await, 1);
}

#[actix_web::test]
async fn somebody_known_by_their_proven_address_is_the_same_person_and_keeps_their_password() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let user = stage.register("grace@example.com").await;
    stage.arrange("UPDATE users SET email_verified_at = now()").await;

    let answer = exchange(&stage, &issuer.token("grace@example.com")).await.expect(200);

    assert_eq!(answer["user"]["id"], json!(user));
    stage.login("grace@example.com").await;
}

#[actix_web::test]
async fn whoever_registered_with_an_address_that_is_not_theirs_is_out_when_its_owner_comes() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let squatter = stage.registered_session("grace@example.com").await;

    let answer = exchange(&stage, &issuer.token("grace@example.com")).await.expect(200);

    assert_eq!(answer["user"]["id"], json!(squatter.user));
    stage.refresh(&squatter.refresh).await.expect(401);
    let body = json!({"email": "grace@example.com", "password": PASSWORD});
    stage.app.anonymous().post("/api/v2/auth/login", &body).await.expect(401);
    stage.refresh(answer["refresh_token"].as_str().unwrap()).await.expect(200);
}

#[actix_web::test]
async fn an_address_that_the_issuer_did_not_verify_finds_nobody() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    stage.register("grace@example.com").await;

    for unverified in
        [json!({"email_verified": false}), json!({"email_verified": null}), json!({"email": null})]
    {
        let reply = exchange(&stage, &issuer.token_with("grace@example.com", &unverified)).await;
        assert_eq!(reply.problem(), (403, "email_not_verified"), "{unverified}");
    }
    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM identities").await, 0);
}

#[actix_web::test]
async fn the_identity_counts_and_not_the_address_once_it_is_linked() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let first = exchange(&stage, &issuer.token("grace@example.com")).await.expect(200);
    let moved = json!({"sub": "subject of grace@example.com", "email_verified": false});

    let second = exchange(&stage, &issuer.token_with("other@example.com", &moved)).await.expect(200);

    assert_eq!(first["user"]["id"], second["user"]["id"]);
    assert_eq!(users(&stage).await, 1);
}

#[actix_web::test]
async fn many_first_sign_ins_at_once_make_one_person() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let token = issuer.token("grace@example.com");

    let replies = futures::future::join_all((0..10).map(|_| exchange(&stage, &token))).await;

    let mut ids: Vec<String> =
        replies.into_iter().map(|reply| reply.expect(200)["user"]["id"].to_string()).collect();
    ids.dedup();
    assert_eq!((ids.len(), users(&stage).await), (1, 1));
    assert_eq!(issuer.fetches().await, 1, "those who come together share one fetch");
}

#[actix_web::test]
async fn a_token_that_is_not_theirs_or_not_for_us_is_refused() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let now = chrono::Utc::now().timestamp();
    let stranger = NewSigningKey::generate().unwrap();
    let good = claims("grace@example.com", &json!({}));
    let public = issuer.key.public_jwk["x"].as_str().unwrap().as_bytes();
    let email = "grace@example.com";
    let bad = [
        issuer.token_with(email, &json!({"aud": "somebody-else"})),
        issuer.token_with(email, &json!({"iss": "https://evil.example.com"})),
        issuer.token_with(email, &json!({"iat": now + 600, "exp": now + 1_200})),
        issuer.token_with(email, &json!({"nbf": now + 600})),
        issuer.token_with(email, &json!({"sub": ""})),
        issuer.token_with(email, &json!({"exp": null})),
        signed(&issuer.key.kid, &EncodingKey::from_ed_der(&stranger.pkcs8), Algorithm::EdDSA, &good),
        signed("unknown", &EncodingKey::from_ed_der(&stranger.pkcs8), Algorithm::EdDSA, &good),
        signed(&issuer.key.kid, &EncodingKey::from_secret(public), Algorithm::HS256, &good),
        signed("symmetric", &EncodingKey::from_secret(b"secret"), Algorithm::HS256, &good),
        "a.b.c".to_owned(),
    ];

    for token in bad {
        assert_eq!(exchange(&stage, &token).await.problem(), (401, "invalid_token"), "{token}");
    }
    for old in [json!({"exp": now - 60}), json!({"iat": now - 3_700, "exp": now + 3_600})] {
        let reply = exchange(&stage, &issuer.token_with(email, &old)).await;
        assert_eq!(reply.problem(), (401, "token_expired"), "{old}");
    }
    assert_eq!(users(&stage).await, 0);
}

#[actix_web::test]
async fn keys_are_fetched_anew_for_an_unknown_one_but_not_for_every_one() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    exchange(&stage, &issuer.token("grace@example.com")).await.expect(200);
    let stranger = NewSigningKey::generate().unwrap();
    let good = claims("grace@example.com", &json!({}));

    for n in 0..10 {
        let key = EncodingKey::from_ed_der(&stranger.pkcs8);
        let token = signed(&format!("unknown-{n}"), &key, Algorithm::EdDSA, &good);
        exchange(&stage, &token).await.expect(401);
    }

    assert_eq!(issuer.fetches().await, 1);
    exchange(&stage, &issuer.token("grace@example.com")).await.expect(200);
}

#[actix_web::test]
async fn without_the_issuers_keys_nobody_is_let_in_or_turned_away() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    issuer.server.reset().await;

    let reply = exchange(&stage, &issuer.token("grace@example.com")).await;

    assert_eq!(reply.problem(), (503, "unavailable"));
}

#[actix_web::test]
async fn a_token_from_before_all_sessions_were_ended_begins_no_new_one() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let now = chrono::Utc::now().timestamp();
    let token = issuer.token_with("grace@example.com", &json!({"iat": now - 5}));
    let answer = exchange(&stage, &token).await.expect(200);
    let session = stage.session(&answer["access_token"], &answer["refresh_token"]).await;

    stage.send(&session, Method::POST, "/api/v2/auth/logout_all", None).await.expect(204);

    assert_eq!(exchange(&stage, &token).await.problem(), (401, "token_revoked"));
    let life = "SELECT extract(epoch FROM max(expires_at) - now())::bigint AS number FROM revocations";
    assert!(
        stage.app.database.number(life).await > 3_600 - 60,
        "remembered as long as such a token is taken"
    );
}

#[actix_web::test]
async fn somebody_suspended_stays_out_by_this_door_too() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    exchange(&stage, &issuer.token("grace@example.com")).await.expect(200);
    stage.arrange("UPDATE users SET status = 'suspended'").await;

    assert_eq!(exchange(&stage, &issuer.token("grace@example.com")).await.problem(), (403, "user_inactive"));
}

#[actix_web::test]
async fn the_gateway_learns_whose_tokens_are_taken_and_whose_one_is() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let gateway = stage.app.service(Service::Gateway);
    let known = exchange(&stage, &issuer.token("grace@example.com")).await.expect(200);
    let token = issuer.token("grace@example.com");

    let issuers = gateway.post("/internal/issuers", &json!({})).await.expect(200);
    let identity = gateway.post("/internal/identities/identify", &json!({"token": token})).await.expect(200);
    let refused = gateway.post("/internal/identities/identify", &json!({"token": "a.b.c"})).await;

    assert_eq!(issuers, json!([ISSUER]));
    assert_eq!(identity["user_id"], known["user"]["id"]);
    assert_eq!(identity["expires_at"].as_i64().unwrap() - identity["issued_at"].as_i64().unwrap(), 3_600);
    assert_eq!(refused.problem(), (401, "invalid_token"));
    let found = stage.app.service(Service::Tenant);
    let found = found.post("/internal/users/find", &json!({"email": "grace@example.com"})).await.expect(200);
    assert_eq!(found["email_verified"], true);
}

#[actix_web::test]
async fn an_issuers_word_about_a_second_factor_counts() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let gateway = stage.app.service(Service::Gateway);

    for (claims, expected) in [
        (json!({}), false),
        (json!({"amr": ["pwd"]}), false),
        (json!({"amr": "mfa"}), false),
        (json!({"amr": ["pwd", "mfa"]}), true),
        (json!({"firebase": {"sign_in_provider": "password"}}), false),
        (json!({"firebase": {"sign_in_second_factor": "totp"}}), true),
    ] {
        let token = issuer.token_with("grace@example.com", &claims);
        let session = exchange(&stage, &token).await.expect(200);
        let stated = stage.claims(session["access_token"].as_str().unwrap()).await.has_second_factor();
        let asked = json!({"token": token});
        let identity = gateway.post("/internal/identities/identify", &asked).await.expect(200);

        assert_eq!((stated, &identity["second_factor"]), (expected, &json!(expected)), "{claims}");
    }
}
