//! Registering, alone and with a tenant.

use std::time::Duration;

use auth_service::registrations::FoundingRow;
use platform::jobs::run_due;
use serde_json::{Value, json};
use testkit::Reply;

use crate::stage::{PASSWORD, Stage, registration};

const REGISTER: &str = "/api/v2/auth/register";
const FOUND: &str = "/internal/founded-tenants";
const TENANT: &str = "01890000-0000-7000-8000-000000000001";

fn with_tenant(email: &str, client_id: &str) -> Value {
    let mut body = registration(email);
    body["tenant"] = json!({"client_id": client_id, "name": "Acme", "website": "https://acme.example"});
    body
}

async fn register(stage: &Stage, body: &Value) -> Reply {
    stage.app.anonymous().post(REGISTER, body).await
}

async fn login(stage: &Stage, email: &str) -> Reply {
    stage.app.anonymous().post("/api/v2/auth/login", &json!({"email": email, "password": PASSWORD})).await
}

async fn founds(stage: &Stage) {
    let summary = json!({"id": TENANT, "client_id": "acme", "name": "Acme", "status": "active"});
    stage.tenant_service_answers("PUT", FOUND, 200, &summary).await;
}

async fn refuses(stage: &Stage, status: u16, code: &str) {
    let problem = json!({
        "type": "x", "title": "x", "status": status, "detail": "This client id is taken.", "code": code,
        "errors": [{"field": "client_id", "code": code, "message": "is taken"}],
    });
    stage.tenant_service_answers("PUT", FOUND, status, &problem).await;
}

async fn is_away(stage: &Stage) {
    stage.tenant_service_answers("PUT", FOUND, 503, &json!({})).await;
}

async fn let_time_pass(stage: &Stage) {
    stage.arrange("UPDATE tenant_foundings SET next_attempt_at = now() - interval '1 second'").await;
}

async fn rows(stage: &Stage, table: &str) -> i64 {
    stage.app.database.number(&format!("SELECT count(*) AS number FROM {table}")).await
}

#[actix_web::test]
async fn a_registered_person_can_sign_in() {
    let stage = Stage::set().await;

    let reply = register(&stage, &registration("Ada@Example.com")).await;

    assert_eq!(reply.header("location"), Some("/api/v2/auth/me"));
    let answer = reply.expect(201);
    assert_eq!(answer["user"]["email"], "ada@example.com");
    assert_eq!(answer["user"]["account_type"], "company");
    assert_eq!(answer["user"]["platform_role"], "none");
    assert_eq!(answer["user"]["email_verified"], false);
    assert_eq!(answer.get("tenant"), None);
    login(&stage, "ada@example.com").await.expect(200);
}

#[actix_web::test]
async fn an_address_is_taken_in_whatever_case() {
    let stage = Stage::set().await;
    stage.register("ada@example.com").await;

    let reply = register(&stage, &registration("ADA@example.com")).await;

    assert_eq!(reply.problem(), (409, "email_taken"));
    assert_eq!(reply.faults(), [("email".to_owned(), "email_taken".to_owned())]);
}

#[actix_web::test]
async fn of_many_registrations_of_one_address_at_once_one_succeeds() {
    let stage = Stage::set().await;
    let body = registration("ada@example.com");

    let replies = futures::future::join_all((0..8).map(|_| register(&stage, &body))).await;

    let made = replies.iter().filter(|reply| reply.status == 201).count();
    let taken = replies.iter().filter(|reply| reply.problem() == (409, "email_taken")).count();
    assert_eq!((made, taken), (1, 7));
}

#[actix_web::test]
async fn every_rule_about_passwords_is_named_by_its_code() {
    let stage = Stage::set().await;
    for (password, code) in
        [("short", "too_short"), ("password123", "password_too_common"), (&"x".repeat(129), "too_long")]
    {
        let mut body = registration("ada@example.com");
        body["password"] = json!(password);
        let reply = register(&stage, &body).await;
        assert_eq!(reply.problem(), (400, "validation_failed"));
        assert_eq!(reply.faults(), [("password".to_owned(), code.to_owned())]);
    }
}

#[actix_web::test]
async fn nobody_registers_with_a_role_on_the_platform() {
    let stage = Stage::set().await;
    let mut body = registration("ada@example.com");
    body["platform_role"] = json!("internal_admin");

    let reply = register(&stage, &body).await;

    assert_eq!(reply.faults(), [("platform_role".to_owned(), "unknown_field".to_owned())]);
}

#[actix_web::test]
async fn a_person_with_a_tenant_is_registered_when_both_are_made() {
    let stage = Stage::set().await;
    founds(&stage).await;

    let answer = register(&stage, &with_tenant("ada@example.com", "acme")).await.expect(201);

    assert_eq!(answer["tenant"], json!({"id": TENANT, "client_id": "acme", "name": "Acme"}));
    let [asked] = stage.asked_of_tenant_service().await.try_into().unwrap();
    assert_eq!(asked["admin"], answer["user"]["id"]);
    assert_eq!(asked["client_id"], "acme");
    assert_eq!(rows(&stage, "tenant_foundings").await, 0);
    login(&stage, "ada@example.com").await.expect(200);
}

#[actix_web::test]
async fn a_client_id_of_another_form_is_refused_before_anything_is_made() {
    let stage = Stage::set().await;
    founds(&stage).await;

    let reply = register(&stage, &with_tenant("ada@example.com", "Acme Corp")).await;

    assert_eq!(reply.problem(), (400, "validation_failed"));
    assert_eq!(reply.faults(), [("tenant.client_id".to_owned(), "invalid_client_id".to_owned())]);
    assert_eq!(stage.asked_of_tenant_service().await.len(), 0);
    assert_eq!(rows(&stage, "users").await, 0);
}

#[actix_web::test]
async fn a_tenant_that_is_refused_leaves_nobody_behind() {
    let stage = Stage::set().await;
    refuses(&stage, 409, "client_id_taken").await;

    let reply = register(&stage, &with_tenant("ada@example.com", "acme")).await;

    assert_eq!(reply.problem(), (409, "client_id_taken"));
    assert_eq!(reply.faults(), [("tenant.client_id".to_owned(), "client_id_taken".to_owned())]);
    assert_eq!((rows(&stage, "users").await, rows(&stage, "tenant_foundings").await), (0, 0));
    founds(&stage).await;
    register(&stage, &with_tenant("ada@example.com", "acme-2")).await.expect(201);
}

#[actix_web::test]
async fn while_tenant_service_is_away_the_registration_is_kept_and_nobody_signs_in() {
    let stage = Stage::set().await;
    is_away(&stage).await;

    let reply = register(&stage, &with_tenant("ada@example.com", "acme")).await;

    assert_eq!(reply.problem(), (503, "registration_pending"));
    assert!(reply.header("retry-after").is_some());
    let right = login(&stage, "ada@example.com").await;
    assert_eq!(right.problem(), (503, "registration_pending"));
    let body = json!({"email": "ada@example.com", "password": "wrong wrong"});
    let wrong = stage.app.anonymous().post("/api/v2/auth/login", &body).await;
    assert_eq!(wrong.problem(), (401, "invalid_credentials"));
}

#[actix_web::test]
async fn a_registration_sent_again_is_completed_with_the_same_tenant() {
    let stage = Stage::set().await;
    is_away(&stage).await;
    register(&stage, &with_tenant("ada@example.com", "acme")).await.expect(503);
    let first = stage.asked_of_tenant_service().await[0]["tenant_id"].clone();
    founds(&stage).await;

    let answer = register(&stage, &with_tenant("ada@example.com", "acme")).await.expect(201);

    let [asked] = stage.asked_of_tenant_service().await.try_into().unwrap();
    assert_eq!(asked["tenant_id"], first);
    assert_eq!(asked["admin"], answer["user"]["id"]);
    assert_eq!(rows(&stage, "users").await, 1);
    login(&stage, "ada@example.com").await.expect(200);
}

#[actix_web::test]
async fn a_kept_registration_is_completed_only_by_the_same_one() {
    let stage = Stage::set().await;
    is_away(&stage).await;
    register(&stage, &with_tenant("ada@example.com", "acme")).await.expect(503);
    founds(&stage).await;
    let mut other_password = with_tenant("ada@example.com", "acme");
    other_password["password"] = json!("another good password");

    let replies = [
        register(&stage, &other_password).await,
        register(&stage, &with_tenant("ada@example.com", "other")).await,
        register(&stage, &registration("ada@example.com")).await,
    ];

    for reply in &replies {
        assert_eq!(reply.problem(), (409, "email_taken"));
    }
    assert_eq!(stage.asked_of_tenant_service().await.len(), 0);
}

#[actix_web::test]
async fn a_kept_registration_is_completed_by_the_worker() {
    let stage = Stage::set().await;
    is_away(&stage).await;
    register(&stage, &with_tenant("ada@example.com", "acme")).await.expect(503);
    founds(&stage).await;
    let_time_pass(&stage).await;

    let stage = Stage { app: stage.app.with_background(), ..stage };

    for _ in 0..50 {
        if rows(&stage, "tenant_foundings").await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    login(&stage, "ada@example.com").await.expect(200);
}

#[actix_web::test]
async fn the_worker_takes_a_refusal_for_an_answer() {
    let stage = Stage::set().await;
    is_away(&stage).await;
    register(&stage, &with_tenant("ada@example.com", "acme")).await.expect(503);
    refuses(&stage, 409, "client_id_taken").await;
    let_time_pass(&stage).await;

    run_due::<FoundingRow>(&stage.app.deps).await.unwrap();

    assert_eq!((rows(&stage, "users").await, rows(&stage, "tenant_foundings").await), (0, 0));
}

#[actix_web::test]
async fn the_worker_leaves_alone_what_is_not_due_and_tries_what_is_ever_less_often() {
    let stage = Stage::set().await;
    is_away(&stage).await;
    register(&stage, &with_tenant("ada@example.com", "acme")).await.expect(503);

    let too_early = run_due::<FoundingRow>(&stage.app.deps).await.unwrap();
    let mut pauses = Vec::new();
    for _ in 0..3 {
        let_time_pass(&stage).await;
        assert_eq!(run_due::<FoundingRow>(&stage.app.deps).await.unwrap(), 1);
        let pause = "SELECT round(extract(epoch FROM next_attempt_at - now()))::bigint AS number FROM tenant_foundings";
        pauses.push(stage.app.database.number(pause).await);
    }

    assert_eq!(too_early, 0);
    assert!(pauses[0] < pauses[1] && pauses[1] < pauses[2] && pauses[2] <= 72, "{pauses:?}");
}

#[actix_web::test]
async fn an_answer_that_is_not_about_the_tenant_refuses_nobody() {
    let stage = Stage::set().await;
    let problem = json!({
        "type": "x", "title": "x", "status": 400, "detail": "missing field", "code": "invalid_internal_call",
    });
    stage.tenant_service_answers("PUT", FOUND, 400, &problem).await;

    let reply = register(&stage, &with_tenant("ada@example.com", "acme")).await;

    assert_eq!(reply.problem(), (503, "registration_pending"));
    assert_eq!(rows(&stage, "tenant_foundings").await, 1);
}
