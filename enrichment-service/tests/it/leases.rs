//! A job belongs to one worker at a time; one that dies loses it, one that ends gives it back.

use std::time::Duration;

use contracts::internal::enrichments::EnrichmentStatus;
use enrichment_service::worker;
use serde_json::json;

use crate::stage::{Stage, html, pages, website};

const SLOW: Duration = Duration::from_millis(800);

#[actix_web::test]
async fn a_job_whose_worker_died_is_taken_over_when_its_lease_runs_out() {
    let stage = Stage::set().await;
    stage.fill_everything().await;
    let site = website(html("<title>Acme</title>")).await;
    let account = stage.waiting_account(site.uri()).await;
    let taken = "status = 'in_progress', attempts = 1, next_attempt_at = now() + interval '1 second'";
    stage.tamper(account.company_info, taken).await;

    let stage = Stage { app: stage.app.with_background(), ..stage };
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(site.received_requests().await.unwrap().is_empty(), "the lease still holds");

    stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;
    assert_eq!(stage.job(account.company_info).await["attempts"], 2);
}

#[actix_web::test]
async fn a_job_that_kills_every_worker_is_given_up() {
    let stage = Stage::set().await;
    let account = stage.waiting_account("https://acme.example/").await;
    let taken = "status = 'in_progress', attempts = 4, next_attempt_at = now() - interval '1 second'";
    stage.tamper(account.company_info, taken).await;

    let stage = Stage { app: stage.app.with_background(), ..stage };
    let failed = stage.until(&account, |status| status.status == EnrichmentStatus::Failed).await;

    assert_eq!(failed.error_details.unwrap()["code"], "abandoned");
}

#[actix_web::test]
async fn a_worker_that_lost_its_job_does_not_end_it_but_says_what_it_filled() {
    let stage = Stage::running().await;
    let site = website(html("<title>Acme</title>").set_delay(SLOW)).await;
    let account = stage.account(site.uri()).await;
    stage.until(&account, |status| status.status == EnrichmentStatus::InProgress).await;

    let taken = "attempts = 2, next_attempt_at = now() + interval '1 minute'";
    stage.tamper(account.company_info, taken).await;
    let traced =
        format!("SELECT count(*) AS number FROM field_provenance WHERE job_id = '{}'", account.company_info);
    for _ in 0..100 {
        if stage.app.database.number(&traced).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    assert_eq!(stage.app.database.number(&traced).await, 1);
    assert_eq!(stage.job(account.company_info).await["status"], "in_progress");
    assert_eq!(stage.events(account.company_info).await, json!(["Enrichment.CREATE"]));
}

#[actix_web::test]
async fn a_job_run_twice_leaves_one_trace_per_field() {
    let stage = Stage::running().await;
    let site = website(html("<title>Acme</title>")).await;
    let account = stage.account(site.uri()).await;
    stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;

    // As if the worker had died between filling the account and writing it down.
    stage
        .tamper(account.company_info, "status = 'in_progress', finished_at = NULL, next_attempt_at = now()")
        .await;
    stage.until_job(account.company_info, |job| job["status"] == "completed" && job["attempts"] == 2).await;

    let done = stage.company_info(&account).await.unwrap();
    assert_eq!(done.provenance.len(), 1);
    assert_eq!(stage.fills().await.len(), 1, "what is filled already is not written again");
    assert_eq!(pages(&site).await, 1, "what was answered is not asked again");
}

#[actix_web::test]
async fn two_workers_share_the_jobs_and_run_each_once() {
    let stage = Stage::set_with(&[("ENRICHMENT_CONCURRENCY", "2")]).await;
    stage.fill_everything().await;
    let site = website(html("<title>Acme</title>").set_delay(Duration::from_millis(50))).await;
    let mut accounts = Vec::new();
    for _ in 0..20 {
        accounts.push(stage.waiting_account(site.uri()).await);
    }

    for _ in 0..2 {
        actix_web::rt::spawn(worker::run(stage.app.deps.clone(), stage.app.shutdown.clone()));
    }
    for account in &accounts {
        stage.until(account, |status| status.status == EnrichmentStatus::Completed).await;
    }

    assert_eq!(pages(&site).await, 20);
    assert_eq!(stage.app.database.number("SELECT sum(attempts) AS number FROM jobs").await, 40);
}

#[actix_web::test]
async fn a_worker_that_ends_gives_back_what_it_cannot_finish() {
    let stage = Stage::set().await;
    stage.fill_everything().await;
    let site = website(html("<title>Acme</title>").set_delay(Duration::from_secs(8))).await;
    let account = stage.waiting_account(site.uri()).await;
    let (trigger, shutdown) = platform::worker::shutdown();
    let running = actix_web::rt::spawn(worker::run(stage.app.deps.clone(), shutdown));
    stage.until(&account, |status| status.status == EnrichmentStatus::InProgress).await;

    trigger.trigger();
    tokio::time::timeout(Duration::from_secs(4), running).await.unwrap().unwrap();

    let job = stage
        .json(&format!(
            "SELECT jsonb_build_array(status, attempts, next_attempt_at <= now()) AS value FROM jobs WHERE id = '{}'",
            account.company_info
        ))
        .await;
    assert_eq!(job, json!(["in_progress", 0, true]), "it can be taken at once");
}

#[actix_web::test]
async fn a_worker_that_ends_finishes_what_is_nearly_done() {
    let stage = Stage::set().await;
    stage.fill_everything().await;
    let site = website(html("<title>Acme</title>").set_delay(Duration::from_millis(150))).await;
    let account = stage.waiting_account(site.uri()).await;
    let (trigger, shutdown) = platform::worker::shutdown();
    let running = actix_web::rt::spawn(worker::run(stage.app.deps.clone(), shutdown));
    stage.until(&account, |status| status.status == EnrichmentStatus::InProgress).await;

    trigger.trigger();
    running.await.unwrap();

    assert_eq!(stage.company_info(&account).await.unwrap().status, EnrichmentStatus::Completed);
}
