//! `Idempotency-Key` on routes outside tenants: which caller gets a stored answer.

use contracts::identity::PlatformRole;
use platform::{command::App, http::reply::Keeping};
use serde_json::{Value, json};
use testkit::{Reply, caller::read};

use crate::stage::{PASSWORD, Stage, registration};

const KEY: (&str, &str) = ("idempotency-key", "k");
const REGISTER: &str = "/api/v2/auth/register";
const LOGIN: &str = "/api/v2/auth/login";
const ACCOUNTS: &str = "/api/v2/service-accounts";
const HERE: &str = "203.0.113.7";
const THERE: &str = "198.51.100.1";

fn is_replayed(reply: &Reply) -> bool {
    reply.header("idempotent-replayed") == Some("true")
}

#[actix_web::test]
async fn every_post_gives_its_first_answer_again_but_for_those_that_set_a_cookie() {
    let routes = auth_service::Auth::routes();
    let posts = routes.iter().filter(|route| route.method == "POST" && !route.path.starts_with("/internal/"));
    let lost: Vec<&str> = posts
        .filter(|route| !matches!(route.keeping, Some(Keeping::InTransaction | Keeping::AroundHandler)))
        .map(|route| route.path)
        .collect();

    let session = "/api/v2/auth/session";
    assert_eq!(lost, [session, "/api/v2/auth/session/second-factor", "/api/v2/auth/session/refresh"]);
}

#[actix_web::test]
async fn a_registration_is_replayed_to_the_same_caller_only() {
    let stage = Stage::set().await;
    let register = async |address, body: Value| stage.post_from(address, REGISTER, &[KEY], &body).await;
    let first = register(HERE, registration("ada@example.com")).await;

    let second = register(HERE, registration("ada@example.com")).await;
    let other_body = register(HERE, registration("bob@example.com")).await;
    let other_caller = register(THERE, registration("ada@example.com")).await;

    assert!(!is_replayed(&first) && is_replayed(&second));
    assert_eq!((first.status.as_u16(), &first.text), (201, &second.text));
    assert_eq!((second.status.as_u16(), second.header("location")), (201, Some("/api/v2/auth/me")));
    assert_eq!(other_body.problem(), (422, "idempotency_key_reused"));
    assert_eq!(other_caller.problem(), (409, "email_taken"));
}

#[actix_web::test]
async fn tokens_are_replayed_to_the_same_caller_and_stored_sealed() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    let login = async |address| stage.post_from(address, LOGIN, &[KEY], &body).await;

    let (first, second, elsewhere) = (login(HERE).await, login(HERE).await, login(THERE).await);

    let tokens = [&first, &second, &elsewhere].map(|reply| reply.body["refresh_token"].clone());
    assert!(is_replayed(&second) && tokens[0] == tokens[1], "{}", second.text);
    assert!(elsewhere.status == 200 && !is_replayed(&elsewhere) && tokens[2] != tokens[0]);
    let shown = format!(
        "SELECT count(*) AS number FROM idempotency_keys k WHERE position(convert_to('{}', 'UTF8') IN k.body) > 0",
        tokens[0].as_str().unwrap()
    );
    assert_eq!(stage.app.database.number(&shown).await, 0);
}

#[actix_web::test]
async fn what_was_refused_is_not_kept() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;
    let login = async |password: &str| {
        let body = json!({"email": "ada@example.com", "password": password});
        stage.post_from(HERE, LOGIN, &[KEY], &body).await
    };

    assert_eq!(login("wrong wrong").await.problem(), (401, "invalid_credentials"));
    login(PASSWORD).await.expect(200);
}

#[actix_web::test]
async fn the_secret_of_a_service_account_is_shown_again_to_the_one_who_made_it() {
    let stage = Stage::set().await;
    let admin = || stage.app.signed_in(PlatformRole::InternalAdmin).with(KEY.0, KEY.1);
    let (ada, bob) = (admin(), admin());
    let body = json!({"name": "Scraper"});

    let first = ada.post(ACCOUNTS, &body).await;
    let second = ada.post(ACCOUNTS, &body).await;
    let other = bob.post(ACCOUNTS, &body).await;
    let of_bob = bob.post(ACCOUNTS, &json!({"name": "Reader"})).await.expect(201);

    assert!(is_replayed(&second) && first.body["client_secret"] == second.body["client_secret"]);
    assert_eq!(
        (other.status.as_u16(), is_replayed(&other)),
        (409, false),
        "the name is taken, and no secret is shown"
    );
    assert_ne!(of_bob["client_secret"], first.body["client_secret"]);
    let rotate = format!("{ACCOUNTS}/{}/rotate", first.body["id"].as_str().unwrap());
    let (first, second) = (ada.post(&rotate, &json!({})).await, ada.post(&rotate, &json!({})).await);
    assert!(is_replayed(&second) && first.body["client_secret"] == second.body["client_secret"]);
    let other = bob.post(&rotate, &json!({})).await.expect(200);
    assert_ne!(other["client_secret"], first.body["client_secret"]);
}

#[actix_web::test]
async fn a_client_is_who_its_credentials_say_whatever_its_address() {
    let stage = Stage::set().await;
    let admin = stage.app.signed_in(PlatformRole::InternalAdmin);
    let mut tokens = Vec::new();
    for name in ["One", "Two"] {
        let account = admin.post(ACCOUNTS, &json!({"name": name})).await.expect(201);
        let (id, secret) =
            (account["client_id"].as_str().unwrap(), account["client_secret"].as_str().unwrap());
        for _ in 0..2 {
            let request = stage.app.anonymous().request(reqwest::Method::POST, "/oauth/token");
            let request = request.form(&[("grant_type", "client_credentials")]).header(KEY.0, KEY.1);
            let reply = read(request.basic_auth(id, Some(secret))).await;
            tokens.push((reply.body["access_token"].as_str().unwrap().to_owned(), is_replayed(&reply)));
        }
    }
    assert!(tokens[0].0 == tokens[1].0 && tokens[1].1, "{tokens:?}");
    assert!(tokens[1].0 != tokens[2].0 && !tokens[2].1, "{tokens:?}");
    let request = stage.app.anonymous().request(reqwest::Method::POST, "/oauth/token");
    let request = request.form(&[("grant_type", "client_credentials")]).header(KEY.0, KEY.1);
    let stranger = read(request.basic_auth("lsc_unknown", Some("wrong"))).await;
    assert_eq!(stranger.status, 401, "{}", stranger.text);
}

#[actix_web::test]
async fn a_refusal_in_words_of_its_own_is_not_kept_either() {
    let stage = Stage::set().await;
    let admin = stage.app.signed_in(PlatformRole::InternalAdmin);
    let account = admin.post(ACCOUNTS, &json!({"name": "One", "status": "inactive"})).await.expect(201);
    let (id, secret) = (account["client_id"].as_str().unwrap(), account["client_secret"].as_str().unwrap());
    let ask = || {
        let request = stage.app.anonymous().request(reqwest::Method::POST, "/oauth/token");
        let request = request.form(&[("grant_type", "client_credentials")]).header(KEY.0, KEY.1);
        read(request.basic_auth(id, Some(secret)))
    };
    assert_eq!(ask().await.status, 401);

    let path = format!("{ACCOUNTS}/{}", account["id"].as_str().unwrap());
    admin.patch(&path, &json!({"status": "active"})).await.expect(200);

    assert_eq!(ask().await.status, 200);
}

#[actix_web::test]
async fn of_several_at_once_one_runs() {
    let stage = Stage::set().await;
    let body = registration("ada@example.com");

    let replies =
        futures::future::join_all((0..8).map(|_| stage.post_from(HERE, REGISTER, &[KEY], &body))).await;

    let fresh = replies.iter().filter(|reply| reply.status == 201 && !is_replayed(reply)).count();
    assert_eq!(fresh, 1);
    assert!(
        replies
            .iter()
            .all(|reply| { reply.status == 201 || reply.problem() == (409, "idempotency_key_in_use") })
    );
}

#[actix_web::test]
async fn a_request_whose_process_died_does_not_hold_its_key_for_ever() {
    let stage = Stage::set().await;
    let register = async |email: &str| stage.post_from(HERE, REGISTER, &[KEY], &registration(email)).await;
    register("ada@example.com").await.expect(201);
    // As if it had not been answered yet.
    stage.arrange("UPDATE idempotency_keys SET status = 0, body = ''").await;
    stage.arrange("DELETE FROM one_time_tokens; DELETE FROM mails; DELETE FROM users").await;

    assert_eq!(register("ada@example.com").await.problem(), (409, "idempotency_key_in_use"));
    assert_eq!(register("bob@example.com").await.problem(), (422, "idempotency_key_reused"));
    stage.arrange("UPDATE idempotency_keys SET created_at = created_at - interval '61 seconds'").await;
    let again = register("ada@example.com").await;
    assert!(again.status == 201 && !is_replayed(&again), "{}", again.text);
    assert!(is_replayed(&register("ada@example.com").await));
}

#[actix_web::test]
async fn there_is_one_key_and_it_is_a_text() {
    let stage = Stage::set().await;
    let long = "k".repeat(256);

    for headers in
        [&[("idempotency-key", "")][..], &[("idempotency-key", &long)], &[("idempotency-key", "a"), KEY]]
    {
        let reply = stage.post_from(HERE, REGISTER, headers, &registration("ada@example.com")).await;
        assert_eq!(reply.problem(), (400, "invalid_idempotency_key"), "{headers:?}");
    }
    let request = stage.app.anonymous().request(reqwest::Method::POST, REGISTER);
    let request = request.header("idempotency-key", &b"k\xe4"[..]).json(&registration("ada@example.com"));
    assert_eq!(read(request).await.problem(), (400, "invalid_idempotency_key"));
}
