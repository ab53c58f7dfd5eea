//! Browsers' sessions: the cookie, its successors, the host it is bound to.

use contracts::Service;
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::Reply;

use crate::stage::{PASSWORD, Stage};

const SESSION: &str = "/api/v2/auth/session";
const REFRESH: &str = "/api/v2/auth/session/refresh";
const EMAIL: &str = "ada@example.com";
const OWN: &str = "app.example";

/// A browser at a host, with its cookie.
#[derive(Clone)]
struct Browser<'s> {
    stage: &'s Stage,
    host: &'static str,
    is_own: bool,
    cookie: String,
}

impl<'s> Browser<'s> {
    fn at(stage: &'s Stage, host: &'static str) -> Self {
        Self { stage, host, is_own: host == OWN, cookie: String::new() }
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Reply {
        let caller = self.stage.app.anonymous().with("x-forwarded-host", self.host);
        let caller = caller.with("x-forwarded-proto", "https");
        let caller = caller.with("x-leadstream-own-host", if self.is_own { "1" } else { "0" });
        let caller = if self.cookie.is_empty() { caller } else { caller.with("cookie", &self.cookie) };
        caller.send(method, path, Some(body)).await
    }

    async fn sign_in(&mut self) -> Value {
        let reply = self.send(Method::POST, SESSION, &json!({"email": EMAIL, "password": PASSWORD})).await;
        self.cookie = cookie(&reply);
        reply.expect(200)
    }

    async fn refresh(&self) -> Reply {
        self.send(Method::POST, REFRESH, &json!({})).await
    }

    /// The browser with the successor that it was given.
    async fn continued(&self) -> Self {
        let reply = self.refresh().await;
        let cookie = cookie(&reply);
        reply.expect(200);
        Self { cookie, ..self.clone() }
    }
}

/// What a browser sends back after an answer.
fn cookie(reply: &Reply) -> String {
    let set = reply.header("set-cookie").expect("a cookie is set");
    set.split(';').next().unwrap().to_owned()
}

async fn signed_in(stage: &Stage) -> Browser<'_> {
    stage.register(EMAIL).await;
    let mut browser = Browser::at(stage, OWN);
    browser.sign_in().await;
    browser
}

async fn revocations(stage: &Stage) -> usize {
    let gateway = stage.app.service(Service::Gateway);
    let answer = gateway.post("/internal/revocations", &json!({"after": 0})).await.expect(200);
    answer.as_array().unwrap().len()
}

#[actix_web::test]
async fn the_refresh_token_is_in_the_cookie_and_nowhere_else() {
    let stage = Stage::set().await;
    stage.register(EMAIL).await;
    let browser = Browser::at(&stage, OWN);

    let reply = browser.send(Method::POST, SESSION, &json!({"email": EMAIL, "password": PASSWORD})).await;

    let set = reply.header("set-cookie").unwrap().to_owned();
    let body = reply.expect(200);
    assert!(set.starts_with("__Host-leadstream=lsc_"), "{set}");
    assert!(set.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=604800"), "{set}");
    let members: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["access_token", "expires_in", "token_type", "user"]);
    let claims = stage.claims(body["access_token"].as_str().unwrap()).await;
    assert_eq!(claims.host.as_deref(), Some(OWN));
}

#[actix_web::test]
async fn without_a_cookie_there_is_no_session() {
    let stage = Stage::set().await;
    let mut browser = Browser::at(&stage, OWN);

    assert_eq!(browser.refresh().await.problem(), (401, "no_session"));
    browser.cookie = format!("__Host-leadstream=lsc_{}", "A".repeat(43));
    assert_eq!(browser.refresh().await.problem(), (401, "no_session"));
}

#[actix_web::test]
async fn a_lost_answer_costs_nothing() {
    let stage = Stage::set().await;
    let browser = signed_in(&stage).await;

    browser.continued().await;
    let second = browser.continued().await;
    let third = second.continued().await;

    third.refresh().await.expect(200);
}

#[actix_web::test]
async fn twelve_tabs_at_once_stay_signed_in() {
    let stage = Stage::set().await;
    let browser = signed_in(&stage).await;

    let replies = join_all((0..12).map(|_| browser.refresh())).await;
    let last = Browser { cookie: cookie(replies.last().unwrap()), ..browser.clone() };
    for reply in replies {
        reply.expect(200);
    }

    last.continued().await.refresh().await.expect(200);
}

#[actix_web::test]
async fn the_first_successor_presented_spends_the_others_and_the_token_they_came_of() {
    let stage = Stage::set().await;
    let parent = signed_in(&stage).await;
    let (first, second) = (parent.continued().await, parent.continued().await);

    let continued = first.continued().await;
    assert_eq!(second.refresh().await.problem(), (401, "no_session"), "two hold it");
    assert_eq!(continued.refresh().await.problem(), (401, "no_session"), "the session is over for both");
    assert_eq!(revocations(&stage).await, 1);
}

#[actix_web::test]
async fn a_thief_at_the_owners_pace_is_found() {
    for thief_is_first in [true, false] {
        let stage = Stage::set().await;
        let (mut owner, mut thief) = {
            let browser = signed_in(&stage).await;
            (browser.clone(), browser)
        };
        let mut rounds = 0;
        let ended = loop {
            rounds += 1;
            let (ahead, behind) =
                if thief_is_first { (&mut thief, &mut owner) } else { (&mut owner, &mut thief) };
            let reply = ahead.refresh().await;
            if reply.status != 200 {
                break reply;
            }
            ahead.cookie = cookie(&reply);
            let reply = behind.refresh().await;
            if reply.status != 200 {
                break reply;
            }
            behind.cookie = cookie(&reply);
        };

        assert_eq!(ended.problem(), (401, "no_session"));
        assert!(rounds <= 2, "found after {rounds} rounds");
        assert_eq!(owner.refresh().await.problem(), (401, "no_session"));
        assert_eq!(thief.refresh().await.problem(), (401, "no_session"));
        assert_eq!(revocations(&stage).await, 1);
    }
}

#[actix_web::test]
async fn more_successors_than_lost_answers_explain_end_the_session() {
    let stage = Stage::set().await;
    let browser = signed_in(&stage).await;
    for _ in 0..16 {
        browser.refresh().await.expect(200);
    }

    assert_eq!(browser.refresh().await.problem(), (401, "no_session"));
    assert_eq!(revocations(&stage).await, 1);
}

#[actix_web::test]
async fn a_cookie_is_good_at_its_host_alone() {
    let stage = Stage::set().await;
    let browser = signed_in(&stage).await;

    let elsewhere = Browser { host: "acme.example", is_own: false, ..browser.clone() };
    assert_eq!(elsewhere.refresh().await.problem(), (401, "no_session"));
    elsewhere.send(Method::DELETE, SESSION, &json!({})).await.expect(204);

    browser.refresh().await.expect(200);
    assert_eq!(revocations(&stage).await, 0, "a cookie sent elsewhere ends nothing");
}

#[actix_web::test]
async fn a_session_ends_after_seven_idle_days_and_after_thirty_in_all() {
    for (column, days, is_over) in
        [("expires_at", 7, true), ("session_created_at", 29, false), ("session_created_at", 31, true)]
    {
        let stage = Stage::set().await;
        let browser = signed_in(&stage).await.continued().await;
        let earlier = format!("UPDATE refresh_tokens SET {column} = {column} - interval '{days} days'");
        stage.arrange(&earlier).await;

        let next = browser.refresh().await;
        if column == "expires_at" {
            assert_eq!(next.problem(), (401, "no_session"));
            continue;
        }
        let next = Browser { cookie: cookie(&next), ..browser.clone() };
        assert_eq!(next.refresh().await.status == 401, is_over, "{days} days after sign-in");
    }
}

#[actix_web::test]
async fn signing_out_ends_the_session_and_removes_the_cookie() {
    let stage = Stage::set().await;
    let browser = signed_in(&stage).await;

    let reply = browser.send(Method::DELETE, SESSION, &json!({})).await;

    assert!(reply.header("set-cookie").unwrap().starts_with("__Host-leadstream=; "));
    assert!(reply.header("set-cookie").unwrap().ends_with("Max-Age=0"));
    reply.expect(204);
    assert_eq!(browser.refresh().await.problem(), (401, "no_session"));
    assert_eq!(revocations(&stage).await, 1);
    Browser::at(&stage, OWN).send(Method::DELETE, SESSION, &json!({})).await.expect(204);
}

#[actix_web::test]
async fn a_browsers_token_is_none_for_programs_and_theirs_is_none_for_browsers() {
    let stage = Stage::set().await;
    let browser = signed_in(&stage).await;
    let token = browser.cookie.split_once('=').unwrap().1;

    assert_eq!(stage.refresh(token).await.problem(), (401, "invalid_token"));
    let program = stage.login(EMAIL).await;
    let borrowed =
        Browser { cookie: format!("__Host-leadstream={}", program.refresh), ..Browser::at(&stage, OWN) };
    assert_eq!(borrowed.refresh().await.problem(), (401, "no_session"));
    browser.refresh().await.expect(200);
}

#[actix_web::test]
async fn a_session_is_listed_once_however_many_tokens_continue_it() {
    let stage = Stage::set().await;
    let mut browser = signed_in(&stage).await;
    let begun = browser.sign_in().await;
    let session = stage.session(&begun["access_token"], &json!("")).await;
    browser.refresh().await.expect(200);
    browser.refresh().await.expect(200);

    let listed = stage.send(&session, Method::GET, "/api/v2/auth/sessions", None).await.expect(200);

    let ids: Vec<&Value> = listed["results"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(ids.len(), 2, "{listed}");
    assert!(ids.contains(&&json!(session.id)));
}

#[actix_web::test]
async fn a_repeated_request_gets_no_cookie_of_another_session() {
    let stage = Stage::set().await;
    let (ada, bob) = (signed_in(&stage).await, Browser::at(&stage, OWN));
    let refresh = async |browser: &Browser<'_>| {
        let caller = stage.app.anonymous().with("x-forwarded-host", OWN).with("x-forwarded-proto", "https");
        let caller = caller.with("idempotency-key", "k");
        let caller = if browser.cookie.is_empty() { caller } else { caller.with("cookie", &browser.cookie) };
        caller.send(Method::POST, REFRESH, Some(&json!({}))).await
    };

    refresh(&ada).await.expect(200);

    assert_eq!(refresh(&bob).await.problem(), (401, "no_session"));
}

#[actix_web::test]
async fn plain_http_gets_no_session_outside_development() {
    let body = json!({"email": EMAIL, "password": PASSWORD});
    let plain = async |stage: &Stage| {
        let caller = stage.app.anonymous().with("x-forwarded-host", OWN).with("x-forwarded-proto", "http");
        caller.with("x-leadstream-own-host", "1").send(Method::POST, SESSION, Some(&body)).await
    };
    let stage = Stage::set().await;
    stage.register(EMAIL).await;
    assert_eq!(plain(&stage).await.problem(), (403, "https_required"));

    let stage = Stage::set_with(&[("SESSION_COOKIE", "development")]).await;
    stage.register(EMAIL).await;
    let reply = plain(&stage).await;
    assert!(reply.header("set-cookie").unwrap().starts_with("leadstream_dev=lsc_"));
    reply.expect(200);
}

#[actix_web::test]
async fn staff_signs_in_at_the_platforms_address_only() {
    let stage = Stage::set().await;
    stage.register(EMAIL).await;
    stage.arrange("UPDATE users SET platform_role = 'internal_admin', email_verified_at = now()").await;
    let body = json!({"email": EMAIL, "password": PASSWORD});

    let elsewhere = Browser::at(&stage, "acme.example").send(Method::POST, SESSION, &body).await;
    let wrong = json!({"email": EMAIL, "password": "another one"});
    let unproven = Browser::at(&stage, "acme.example").send(Method::POST, SESSION, &wrong).await;

    assert_eq!(elsewhere.problem(), (403, "staff_sign_in_elsewhere"));
    assert_eq!(unproven.problem(), (401, "invalid_credentials"), "only a right password learns it");
    Browser::at(&stage, OWN).send(Method::POST, SESSION, &body).await.expect(200);
}
