//! Another tenant's jobs and enrichments are as if they did not exist.

use contracts::Service;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::stage::Stage;

#[actix_web::test]
async fn another_tenants_job_is_not_found_like_a_random_one() {
    let stage = Stage::set().await;
    let account = stage.waiting_account("https://acme.example/").await;
    let stranger = stage.app.user(stage.app.tenant().await).with("x-request-id", "same");
    let of = |id: Uuid, verb: &str| format!("/api/v2/enrichment/jobs/{id}{verb}");
    let random = Uuid::now_v7();

    for verb in ["/retry", "/cancel"] {
        let theirs = stranger.post(&of(account.company_info, verb), &json!({})).await;
        let nobodys = stranger.post(&of(random, verb), &json!({})).await;
        assert_eq!(theirs.problem(), (404, "not_found"), "{verb}");
        assert_eq!(theirs.text.replace(&account.company_info.to_string(), &random.to_string()), nobodys.text);
    }
    let theirs = stranger.get(&of(account.company_info, "")).await;
    assert_eq!(theirs.problem(), (404, "not_found"));
    assert_eq!(stranger.get("/api/v2/enrichment/jobs").await.expect(200)["count"], 0);
    assert_eq!(stage.job(account.company_info).await["status"], "pending");
}

#[actix_web::test]
async fn an_account_is_looked_for_in_the_named_tenant_only() {
    let stage = Stage::set().await;
    let account = stage.waiting_account("https://acme.example/").await;
    let call = json!({ "tenant_id": stage.app.tenant().await, "account_id": account.id });

    let reply = stage.app.service(Service::Lead).post("/internal/account-enrichment", &call).await;

    assert_eq!(reply.expect(200), json!([]));
}

#[actix_web::test]
async fn a_deletion_told_in_another_tenants_name_changes_nothing() {
    let stage = Stage::set().await;
    let account = stage.waiting_account("https://acme.example/").await;
    let mut event = stage.event(&account, contracts::events::Action::Delete, None);
    event.tenant_id = stage.app.tenant().await;

    stage.take_in(event).await;

    assert_eq!(stage.job(account.company_info).await["status"], "pending");
}

#[actix_web::test]
async fn a_job_id_that_another_tenant_uses_is_not_taken_from_it() {
    let stage = Stage::set().await;
    let (account, mut event) = stage.created(&json!("https://acme.example/"));
    stage.take_in(event.clone()).await;
    event.id = Uuid::now_v7();
    event.tenant_id = stage.app.tenant().await;
    event.current_state.as_mut().unwrap()["website"] = Value::Null;

    stage.take_in(event).await;

    assert_eq!(stage.job(account.company_info).await["input"]["website"], "https://acme.example/");
    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM jobs").await, 2);
}
