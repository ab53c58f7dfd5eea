//! Websites, providers and neighbours that fail: given up at once where another try would end alike, tried again where not.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use contracts::{
    internal::enrichments::{EnrichmentStatus, EnrichmentType},
    problem::ProblemBody,
};
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

use crate::stage::{Stage, html, nowhere, raw_server, redirect, website};

fn code(details: Option<&Value>) -> &str {
    details.and_then(|details| details["code"].as_str()).unwrap_or_default()
}

#[actix_web::test]
async fn what_would_end_alike_is_given_up_at_once_with_its_reason() {
    let stage = Stage::running().await;
    let pdf = website(ResponseTemplate::new(200).set_body_raw("%PDF-1.7", "application/pdf")).await;
    let disguised = website(html("{\"json\": true}")).await;
    let huge = website(html(&"<p>x</p>".repeat(400_000))).await;
    let missing = website(ResponseTemplate::new(404).set_body_raw("<h1>No</h1>", "text/html")).await;
    let to_private = website(redirect("http://10.0.0.1/")).await;
    let to_metadata = website(redirect("http://169.254.169.254/latest/meta-data/")).await;
    let to_file = website(redirect("file:///etc/passwd")).await;
    let endless = website(redirect("/again")).await;
    let garbage = raw_server(b"SSH-2.0-OpenSSH_9.6\r\n").await;
    let cases: [(Value, &str); 13] = [
        (Value::Null, "no_website"),
        (json!("  "), "no_website"),
        (json!("no address at all"), "bad_address"),
        (json!("http://192.168.1.1/"), "blocked"),
        (json!(to_private.uri()), "blocked"),
        (json!(to_metadata.uri()), "blocked"),
        (json!(to_file.uri()), "bad_address"),
        (json!(endless.uri()), "too_many_redirects"),
        (json!(pdf.uri()), "not_html"),
        (json!(disguised.uri()), "not_html"),
        (json!(huge.uri()), "too_large"),
        (json!(missing.uri()), "client_error"),
        (json!(garbage), "malformed"),
    ];
    for (website, expected) in cases {
        let account = stage.account(website.clone()).await;

        let failed = stage.until(&account, |status| status.status == EnrichmentStatus::Failed).await;

        let details = failed.error_details.as_ref().unwrap();
        assert_eq!(code(Some(details)), expected, "{website}: {details}");
        assert_eq!(details["retryable"], false, "{website}");
        assert!(details["message"].as_str().unwrap().ends_with('.'), "{details}");
        assert_eq!((failed.failure_count, failed.next_scheduled_run), (1, None), "{website}");
        let job = stage.job(account.company_info).await;
        assert_eq!(
            (&job["status"], &job["attempts"], &job["last_error"]),
            (&json!("failed"), &json!(1), details)
        );
        assert_eq!(
            stage.events(account.company_info).await,
            json!(["Enrichment.CREATE", "Enrichment.FAILED"])
        );
    }
    assert!(stage.fills().await.is_empty(), "nothing was found, so nothing is filled");
}

#[actix_web::test]
async fn what_may_end_otherwise_is_tried_again_later() {
    let stage = Stage::running().await;
    let broken = website(ResponseTemplate::new(500)).await;
    let busy = website(ResponseTemplate::new(429)).await;
    let reset = raw_server(b"").await;
    let cases = [
        (nowhere().await, "unreachable"),
        ("http://nobody.invalid/".to_owned(), "unresolvable"),
        (broken.uri(), "server_error"),
        (busy.uri(), "rate_limited"),
        (reset, "unreachable"),
    ];
    for (website, expected) in cases {
        let account = stage.account(website.clone()).await;

        let waiting = stage.until(&account, |status| status.failure_count > 0).await;

        assert_eq!(code(waiting.error_details.as_ref()), expected, "{website}");
        assert_eq!(waiting.status, EnrichmentStatus::Failed, "{website}");
        assert_eq!(waiting.error_details.unwrap()["retryable"], true);
        let next = waiting.next_scheduled_run.unwrap();
        assert!(next < Utc::now() + TimeDelta::seconds(3), "{website}: {next}");
    }
}

#[actix_web::test]
async fn a_website_that_comes_back_is_read_in_the_end() {
    let stage = Stage::running().await;
    let site = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(503)).up_to_n_times(1).mount(&site).await;
    Mock::given(method("GET")).respond_with(html("<title>Acme</title>")).mount(&site).await;

    let account = stage.account(site.uri()).await;
    let done = stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;

    assert_eq!((done.failure_count, done.error_details), (0, None));
    assert_eq!(stage.job(account.company_info).await["attempts"], 2);
}

#[actix_web::test]
async fn the_fourth_failure_is_the_last() {
    let stage = Stage::running().await;
    let site = website(ResponseTemplate::new(502)).await;
    let account = stage.account(site.uri()).await;
    let job = account.company_info;

    for attempt in 1..4 {
        stage.until_job(job, |job| job["attempts"] == attempt && job["last_error"] != Value::Null).await;
        stage.until(&account, |status| status.failure_count == attempt).await;
        stage.tamper(job, "next_attempt_at = now()").await;
    }
    let failed = stage.until(&account, |status| status.failure_count == 4).await;

    assert_eq!((failed.status, failed.next_scheduled_run), (EnrichmentStatus::Failed, None));
    assert_eq!(code(failed.error_details.as_ref()), "server_error");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(site.received_requests().await.unwrap().len(), 4);
    assert_eq!(stage.events(job).await, json!(["Enrichment.CREATE", "Enrichment.FAILED"]));
}

#[actix_web::test]
async fn a_website_that_hangs_holds_a_job_no_longer_than_its_deadline() {
    let stage = Stage::running_with(&[("ENRICHMENT_RUN_DEADLINE_MS", "300")]).await;
    let site = website(html("<title>Late</title>").set_delay(Duration::from_secs(30))).await;

    let account = stage.account(site.uri()).await;
    let waiting = stage.until(&account, |status| status.failure_count > 0).await;

    assert_eq!(code(waiting.error_details.as_ref()), "timeout");
    assert_eq!(waiting.status, EnrichmentStatus::Failed);
    assert!(waiting.next_scheduled_run.is_some());
}

#[actix_web::test]
async fn leads_are_not_generated_and_the_job_is_skipped_while_no_provider_finds_people() {
    let stage = Stage::running().await;
    let account = stage.account(Value::Null).await;

    let job = stage.until_job(account.generate_leads, |job| job["status"] == "skipped").await;

    assert_eq!(job["last_error"]["code"], "no_provider");
    assert_eq!(
        (&job["last_error"]["retryable"], &job["error_details"]["code"]),
        (&json!(false), &json!("no_provider"))
    );
    let shown = stage.enrichments(&account).await;
    let leads = shown.iter().find(|one| one.enrichment_type == EnrichmentType::GenerateLeads).unwrap();
    assert_eq!((leads.status, leads.failure_count), (EnrichmentStatus::Skipped, 0));
    let path = format!("/api/v2/enrichment/jobs/{}/retry", account.generate_leads);
    stage.app.user(stage.tenant).post(&path, &json!({})).await.expect(202);
}

#[actix_web::test]
async fn while_lead_service_is_away_the_job_waits_for_it() {
    let stage = Stage::set().await;
    // A call is made three times before its callee counts as away.
    Mock::given(method("PUT"))
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(3)
        .mount(&stage.leads)
        .await;
    stage.fill_everything().await;
    let stage = Stage { app: stage.app.with_background(), ..stage };
    let site = website(html("<title>Acme</title>")).await;

    let account = stage.account(site.uri()).await;
    let waiting = stage.until(&account, |status| status.failure_count == 1).await;
    stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;

    assert_eq!(code(waiting.error_details.as_ref()), "account_unavailable");
    assert_eq!(waiting.status, EnrichmentStatus::Failed);
    assert!(waiting.next_scheduled_run.is_some());
}

#[actix_web::test]
async fn an_account_that_is_gone_ends_its_job() {
    let stage = Stage::set().await;
    let gone = ProblemBody {
        kind: "urn:leadstream:problem:not_found".into(),
        title: "Not Found".into(),
        status: 404,
        detail: "There is nothing here.".into(),
        instance: None,
        code: "not_found".into(),
        request_id: None,
        errors: vec![],
        extra: serde_json::Map::new(),
    };
    Mock::given(method("PUT"))
        .and(path("/internal/records/fill"))
        .respond_with(ResponseTemplate::new(404).set_body_json(gone))
        .mount(&stage.leads)
        .await;
    stage.fill_everything().await;
    let stage = Stage { app: stage.app.with_background(), ..stage };
    let site = website(html("<title>Acme</title>")).await;

    let account = stage.account(site.uri()).await;
    let failed = stage.until(&account, |status| status.status == EnrichmentStatus::Failed).await;

    assert_eq!(code(failed.error_details.as_ref()), "account_not_found");
}
