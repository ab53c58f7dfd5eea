//! Proof of address: an account that a new owner proves is handed over with all previous access removed.

use auth_service::{
    administration::CreateAdmin,
    credentials::{TellProof, code_at, step_at},
    tokens::NewSigningKey,
};
use contracts::Service;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use platform::jobs::run_due;
use reqwest::Method;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

use crate::stage::{PASSWORD, Session, Stage};

const EMAIL: &str = "victim@example.com";
const OWN: &str = "the owner's own password";
const NOTE: &str = "/internal/proven-people";
const LOGIN: &str = "/api/v2/auth/login";

/// A squatter: registered with another person's address, with every kind of access to the account.
struct Squatter {
    session: Session,
    secret: Vec<u8>,
    recovery_codes: Vec<String>,
    challenge: String,
}

fn bytes(base32: &str) -> Vec<u8> {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String =
        base32.chars().map(|character| format!("{:05b}", alphabet.find(character).unwrap())).collect();
    (0..bits.len() / 8).map(|n| u8::from_str_radix(&bits[n * 8..n * 8 + 8], 2).unwrap()).collect()
}

/// The code of so many steps from now.
fn code(secret: &[u8], ahead: i64) -> String {
    code_at(secret, step_at(chrono::Utc::now().timestamp()) + ahead).unwrap()
}

/// Switches a second factor on. Gives its secret and the recovery codes.
async fn enrol(stage: &Stage, session: &Session, password: &str) -> (Vec<u8>, Vec<String>) {
    let post = async |path: &str, body: Value| {
        let path = format!("/api/v2/auth/second-factor{path}");
        stage.send(session, Method::POST, &path, Some(&body)).await.expect(200)
    };
    let enrolled = post("/enrol", json!({"password": password})).await;
    let secret = bytes(enrolled["secret"].as_str().unwrap());
    let confirmed = post("/confirm", json!({"code": code(&secret, -1)})).await;
    (secret, serde_json::from_value(confirmed["recovery_codes"].clone()).unwrap())
}

async fn squat(stage: &Stage) -> Squatter {
    let session = stage.registered_session(EMAIL).await;
    let (secret, recovery_codes) = enrol(stage, &session, PASSWORD).await;
    let challenge = stage.app.anonymous().post(LOGIN, &json!({"email": EMAIL, "password": PASSWORD})).await;
    assert_eq!(challenge.problem(), (401, "second_factor_required"));
    let challenge = challenge.body["challenge_token"].as_str().unwrap().to_owned();
    // A link to an issuer, as an earlier release may have left one.
    let user = session.user;
    stage
        .arrange(&format!(
            "INSERT INTO identities (id, user_id, issuer, subject) \
             VALUES (gen_random_uuid(), '{user}', 'https://id.example.com', 'the squatter')"
        ))
        .await;
    Squatter { session, secret, recovery_codes, challenge }
}

/// None of the squatter's credentials work.
async fn is_out(stage: &Stage, squatter: &Squatter) {
    let user = squatter.session.user;
    stage.refresh(&squatter.session.refresh).await.expect(401);
    let old = json!({"email": EMAIL, "password": PASSWORD});
    assert_eq!(stage.app.anonymous().post(LOGIN, &old).await.problem(), (401, "invalid_credentials"));
    for code in [&code(&squatter.secret, 0), &squatter.recovery_codes[0]] {
        let answer = json!({"challenge_token": squatter.challenge, "code": code});
        stage.app.anonymous().post("/api/v2/auth/login/second-factor", &answer).await.expect(410);
    }
    for table in ["second_factors", "recovery_codes"] {
        let left = format!("SELECT count(*) AS number FROM {table} WHERE user_id = '{user}'");
        assert_eq!(stage.app.database.number(&left).await, 0, "{table}");
    }
    let linked = "SELECT count(*) AS number FROM identities WHERE subject = 'the squatter'";
    assert_eq!(stage.app.database.number(linked).await, 0);
    let waiting = format!(
        "SELECT count(*) AS number FROM one_time_tokens WHERE user_id = '{user}' AND used_at IS NULL"
    );
    assert_eq!(stage.app.database.number(&waiting).await, 0);
    let gateway = stage.app.service(Service::Gateway);
    let void = gateway.post("/internal/revocations", &json!({"after": 0})).await.expect(200);
    let subjects: Vec<&Value> = void.as_array().unwrap().iter().map(|one| &one["subject"]).collect();
    let is_void = subjects.contains(&&json!(squatter.session.id)) || subjects.contains(&&json!(user));
    assert!(is_void, "their access token is void: {void}");
}

#[actix_web::test]
async fn a_claim_with_a_mailed_token_hands_the_account_over() {
    let stage = Stage::set().await;
    let squatter = squat(&stage).await;

    let claim = json!({"email": EMAIL, "first_name": "Vera", "last_name": null, "password": OWN});
    let claimed = stage.app.service(Service::Tenant).put("/internal/users/claim", &claim).await.expect(200);

    assert_eq!(claimed["id"], json!(squatter.session.user));
    assert_eq!((&claimed["first_name"], &claimed["email_verified"]), (&json!("Vera"), &json!(true)));
    is_out(&stage, &squatter).await;
    stage.login_with(EMAIL, OWN).await;
}

#[actix_web::test]
async fn a_reset_hands_an_account_over_that_was_not_proven_and_no_other() {
    let stage = Stage::set().await;
    let squatter = squat(&stage).await;
    let reset = async |password: &str| {
        let body = json!({"email": EMAIL});
        stage.app.anonymous().post("/api/v2/auth/password/forgot", &body).await.expect(202);
        let token = stage.mailed_token(EMAIL, "reset_password").await;
        let body = json!({"token": token, "new_password": password});
        stage.app.anonymous().post("/api/v2/auth/password/reset", &body).await.expect(204);
    };

    reset(OWN).await;

    is_out(&stage, &squatter).await;
    let session = stage.login_with(EMAIL, OWN).await;
    enrol(&stage, &session, OWN).await;
    reset("yet another good password").await;
    let body = json!({"email": EMAIL, "password": "yet another good password"});
    let login = stage.app.anonymous().post(LOGIN, &body).await;
    assert_eq!(login.problem(), (401, "second_factor_required"), "the owner's own factor stays");
}

#[actix_web::test]
async fn an_issuers_word_hands_the_account_over() {
    let (server, key) = (MockServer::start().await, NewSigningKey::generate().unwrap());
    let keys = ResponseTemplate::new(200).set_body_json(json!({"keys": [key.public_jwk]}));
    Mock::given(method("GET")).and(path("/keys")).respond_with(keys).mount(&server).await;
    let issuer = format!("https://id.example.com|leadstream|{}/keys", server.uri());
    let stage = Stage::set_with(&[("OIDC_ISSUERS", &issuer)]).await;
    let squatter = squat(&stage).await;
    let now = chrono::Utc::now().timestamp();
    let claims = json!({
        "iss": "https://id.example.com", "aud": "leadstream", "sub": "the owner", "iat": now, "exp": now + 600,
        "email": EMAIL, "email_verified": true,
    });
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(key.kid.clone());
    let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(&key.pkcs8)).unwrap();

    let body = json!({"id_token": token});
    let session = stage.app.anonymous().post("/api/v2/auth/firebase", &body).await.expect(200);

    assert_eq!(session["user"]["id"], json!(squatter.session.user));
    is_out(&stage, &squatter).await;
    stage.refresh(session["refresh_token"].as_str().unwrap()).await.expect(200);
    let left = "SELECT count(*) AS number FROM identities";
    assert_eq!(stage.app.database.number(left).await, 1, "the owner's own");
}

#[actix_web::test]
async fn the_operator_hands_an_account_over_with_a_proven_address() {
    let stage = Stage::set().await;
    let squatter = squat(&stage).await;
    let command =
        CreateAdmin { email: EMAIL.to_owned(), first_name: "Ro".to_owned(), last_name: "Ot".to_owned() };

    let life = stage.app.deps.lives.revocable;
    command.ensure(&stage.app.deps.db, OWN, life).await.unwrap();

    is_out(&stage, &squatter).await;
    let body = json!({"email": EMAIL, "password": OWN});
    let login = stage.app.anonymous().post(LOGIN, &body).await.expect(200);
    assert_eq!(login["user"]["email_verified"], true);
    assert_eq!(login["user"]["platform_role"], "internal_admin");
}

#[actix_web::test]
async fn whoever_confirms_their_own_registration_keeps_what_they_set_up() {
    let stage = Stage::set().await;
    let session = stage.registered_session(EMAIL).await;

    stage.prove(EMAIL).await;

    stage.refresh(&session.refresh).await.expect(200);
    stage.login(EMAIL).await;
}

#[actix_web::test]
async fn nothing_of_somebody_suspended_changes_by_a_claim() {
    let stage = Stage::set().await;
    stage.register(EMAIL).await;
    stage.arrange("UPDATE users SET status = 'suspended'").await;

    let claim = json!({"email": EMAIL, "first_name": null, "last_name": null, "password": OWN});
    let refused = stage.app.service(Service::Tenant).put("/internal/users/claim", &claim).await;

    assert_eq!(refused.problem(), (403, "user_inactive"));
    stage.arrange("UPDATE users SET status = 'active'").await;
    stage.login(EMAIL).await;
    let proven = "SELECT count(*) AS number FROM users WHERE email_verified_at IS NOT NULL";
    assert_eq!(stage.app.database.number(proven).await, 0);
}

#[actix_web::test]
async fn tenant_service_is_told_before_the_answer_and_again_until_it_has_taken_note() {
    let stage = Stage::set().await;
    let (ada, bob) = (stage.register("ada@example.com").await, stage.register("bob@example.com").await);
    let waiting = "SELECT count(*) AS number FROM proof_notices";
    stage.tenant_service_answers("PUT", NOTE, 200, &json!({})).await;

    stage.prove("ada@example.com").await;

    assert_eq!(stage.asked_of_tenant_service().await, [json!({"user_id": ada})]);
    assert_eq!(stage.app.database.number(waiting).await, 0);

    stage.tenant_service_answers("PUT", NOTE, 503, &json!({})).await;
    stage.prove("bob@example.com").await;
    assert_eq!(stage.app.database.number(waiting).await, 1);
    assert_eq!(run_due::<TellProof>(&stage.app.deps).await.unwrap(), 1);
    assert_eq!(run_due::<TellProof>(&stage.app.deps).await.unwrap(), 0, "not at once");

    stage.tenant_service_answers("PUT", NOTE, 200, &json!({})).await;
    stage.arrange("UPDATE proof_notices SET next_attempt_at = now()").await;
    assert_eq!(run_due::<TellProof>(&stage.app.deps).await.unwrap(), 1);

    assert_eq!(stage.asked_of_tenant_service().await, [json!({"user_id": bob})]);
    assert_eq!(stage.app.database.number(waiting).await, 0);
}
