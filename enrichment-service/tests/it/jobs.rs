//! Jobs through the API: seen, run again, called off.

use std::time::Duration;

use contracts::{UserId, events::Actor, identity::DataScope, internal::enrichments::EnrichmentStatus};
use serde_json::{Value, json};

use crate::stage::{Stage, html, nowhere, website};

#[actix_web::test]
async fn jobs_are_listed_filtered_and_ordered() {
    let stage = Stage::set().await;
    let caller = stage.app.user(stage.tenant);
    let first = stage.waiting_account("https://a.example/").await;
    let second = stage.waiting_account("https://b.example/").await;
    stage.tamper(second.company_info, "status = 'failed'").await;
    let ids = async |query: &str| {
        let page = caller.get(&format!("/api/v2/enrichment/jobs?{query}")).await.expect(200);
        let rows = page["results"].as_array().unwrap().clone();
        rows.into_iter().map(|row| row["id"].clone()).collect::<Vec<_>>()
    };

    assert_eq!(ids("").await.len(), 4);
    assert_eq!(ids("status=failed").await, [json!(second.company_info)]);
    assert_eq!(
        ids(&format!("subject_id={}&type=GENERATE_LEADS", first.id)).await,
        [json!(first.generate_leads)]
    );
    assert_eq!(
        ids("type=COMPANY_INFO&ordering=created_at").await,
        [json!(first.company_info), json!(second.company_info)]
    );
    assert_eq!(ids("input.website=https://a.example/").await.len(), 2);
    let page = caller.get("/api/v2/enrichment/jobs?cursor=&page_size=3").await.expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(ids(&format!("cursor={cursor}&page_size=3")).await.len(), 1);
    let refused = caller.get("/api/v2/enrichment/jobs?colour=red&status=asleep").await;
    assert_eq!(refused.problem(), (400, "validation_failed"));
    assert_eq!(refused.faults().len(), 2);
}

#[actix_web::test]
async fn a_failed_job_is_run_again_by_hand() {
    let stage = Stage::running().await;
    let site = website(html("<title>Acme</title>")).await;
    let account = stage.account("http://192.168.0.1/").await;
    stage.until(&account, |status| status.status == EnrichmentStatus::Failed).await;
    stage.records.change(account.id, |known| {
        known.account.insert("website".to_owned(), json!(site.uri()));
    });
    let path = format!("/api/v2/enrichment/jobs/{}/retry", account.company_info);
    let caller = stage.app.user(stage.tenant).with("x-request-id", "by-hand").with("idempotency-key", "k");

    let accepted = caller.post(&path, &json!({})).await;
    let done = stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;
    let replayed = caller.post(&path, &json!({})).await;

    assert_eq!((accepted.status.as_u16(), &accepted.body["status"]), (202, &json!("pending")));
    assert_eq!((&accepted.body["attempts"], &accepted.body["last_error"]), (&json!(0), &Value::Null));
    assert_eq!(done.failure_count, 0);
    assert_eq!(replayed.header("idempotent-replayed"), Some("true"));
    let job = stage.job(account.company_info).await;
    assert_eq!((&job["attempts"], &job["request_id"]), (&json!(1), &json!("by-hand")));
    let events = ["Enrichment.CREATE", "Enrichment.FAILED", "Enrichment.PENDING", "Enrichment.COMPLETED"];
    assert_eq!(stage.events(account.company_info).await, json!(events));
}

#[actix_web::test]
async fn a_job_that_is_not_over_or_is_completed_cannot_be_run_again() {
    let stage = Stage::set().await;
    let account = stage.waiting_account("https://acme.example/").await;
    let path = format!("/api/v2/enrichment/jobs/{}/retry", account.company_info);
    for status in ["pending", "in_progress", "completed"] {
        stage.tamper(account.company_info, &format!("status = '{status}'")).await;
        let refused = stage.app.user(stage.tenant).post(&path, &json!({})).await;
        assert_eq!(refused.problem(), (409, "job_not_retryable"), "{status}");
    }
}

#[actix_web::test]
async fn a_waiting_job_is_called_off_and_can_be_taken_up_again() {
    let stage = Stage::set().await;
    let account = stage.waiting_account("https://acme.example/").await;
    let caller = stage.app.user(stage.tenant);
    let job = format!("/api/v2/enrichment/jobs/{}", account.company_info);

    let cancelled = caller.post(&format!("{job}/cancel"), &json!({})).await;
    let again = caller.post(&format!("{job}/cancel"), &json!({})).await;

    assert_eq!(cancelled.header("etag"), Some("\"2\""));
    assert_eq!(cancelled.expect(200)["status"], "cancelled");
    assert_eq!(again.problem(), (409, "job_finished"));
    let status = stage.company_info(&account).await.unwrap();
    assert_eq!(
        (status.status, status.error_details.unwrap()["code"].clone()),
        (EnrichmentStatus::Failed, json!("cancelled"))
    );
    caller.post(&format!("{job}/retry"), &json!({})).await.expect(202);
    assert_eq!(stage.company_info(&account).await.unwrap().status, EnrichmentStatus::Pending);
}

#[actix_web::test]
async fn a_job_called_off_while_it_runs_stays_called_off() {
    let stage = Stage::running().await;
    let site = website(html("<title>Acme</title>").set_delay(Duration::from_millis(600))).await;
    let account = stage.account(site.uri()).await;
    stage.until(&account, |status| status.status == EnrichmentStatus::InProgress).await;
    let path = format!("/api/v2/enrichment/jobs/{}/cancel", account.company_info);

    stage.app.user(stage.tenant).post(&path, &json!({})).await.expect(200);
    tokio::time::sleep(Duration::from_millis(1_200)).await;

    assert_eq!(stage.job(account.company_info).await["status"], "cancelled");
    assert_eq!(stage.company_info(&account).await.unwrap().status, EnrichmentStatus::Failed);
    assert_eq!(
        stage.events(account.company_info).await,
        json!(["Enrichment.CREATE", "Enrichment.CANCELLED"])
    );
}

#[actix_web::test]
async fn a_job_waiting_for_its_next_try_can_be_called_off() {
    let stage = Stage::running().await;
    let account = stage.account(nowhere().await).await;
    stage.until(&account, |status| status.failure_count == 1).await;
    let path = format!("/api/v2/enrichment/jobs/{}/cancel", account.company_info);

    stage.app.user(stage.tenant).post(&path, &json!({})).await.expect(200);
    stage.tamper(account.company_info, "next_attempt_at = now()").await;
    tokio::time::sleep(Duration::from_millis(300)).await;

    assert_eq!(stage.job(account.company_info).await["attempts"], 1);
}

#[actix_web::test]
async fn a_job_that_another_service_asks_for_twice_is_one_job() {
    let stage = Stage::running().await;
    let (job, lead) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7());
    let page = format!("<p>Hello{}</p>", "o".repeat(10_000));
    let call = json!({
        "tenant_id": stage.tenant, "job": {"type": "LEAD_LINKEDIN_RESEARCH", "job_id": job}, "subject": "lead",
        "subject_id": lead, "input": {"posts_html": page}, "started_by": null, "request_id": "r-1",
        "traceparent": null
    });
    let leads = stage.app.service(contracts::Service::Lead);

    let first = leads.put("/internal/jobs", &call).await.expect(200);
    let again = leads.put("/internal/jobs", &call).await.expect(200);

    assert_eq!((&first["is_new"], &again["is_new"]), (&json!(true), &json!(false)));
    let done = stage.until_job(job, |job| job["status"] == "completed").await;
    assert_eq!((&done["subject_type"], &done["subject_id"]), (&json!("lead"), &json!(lead)));
    let listed = stage.app.user(stage.tenant).get("/api/v2/enrichment/jobs").await.expect(200);
    let glimpse = listed["results"][0]["input"]["posts_html"].as_str().unwrap();
    assert!(glimpse.starts_with("<p>Hello") && glimpse.ends_with('…') && glimpse.len() < 300, "{glimpse}");
    assert_eq!(done["input"]["posts_html"], page);
    assert_eq!((&done["last_error"], &done["request_id"]), (&Value::Null, &json!("r-1")));
    assert_eq!(stage.events(job).await, json!(["Enrichment.CREATE", "Enrichment.COMPLETED"]));
    let told = format!(
        "SELECT count(*) AS number FROM events WHERE entity_id = '{job}' AND current_state ->> 'lead_id' = '{lead}' \
         AND current_state::text NOT LIKE '%Hello%'"
    );
    assert_eq!(stage.app.database.number(&told).await, 2);
    assert_eq!(stage.app.user(stage.tenant).put("/internal/jobs", &call).await.status, 401);
}

#[actix_web::test]
async fn whoever_sees_records_of_their_own_only_sees_the_jobs_they_started() {
    let stage = Stage::set().await;
    let admin = stage.app.user(stage.tenant);
    let rep = stage.app.user(stage.tenant).scoped(DataScope::Own, &[]);
    let (theirs, mut event) = stage.created(&json!("https://a.example/"));
    event.actor = Actor::User { id: rep.user() };
    stage.take_in(event).await;
    let (forms, mut event) = stage.created(&json!("https://b.example/"));
    event.actor = Actor::ApiKey { id: uuid::Uuid::now_v7() };
    stage.take_in(event).await;
    let others = stage.waiting_account("https://c.example/").await;
    let boss = stage.app.user(stage.tenant).scoped(DataScope::Team, &[UserId::new(), rep.user()]);

    for (caller, expected) in [(&admin, 6), (&rep, 2), (&boss, 2)] {
        let page = caller.get("/api/v2/enrichment/jobs").await.expect(200);
        assert_eq!(page["count"], expected, "{page}");
        assert_eq!(page["results"].as_array().unwrap().len(), expected);
    }
    let path = |id| format!("/api/v2/enrichment/jobs/{id}");
    let shown = rep.get(&path(theirs.company_info)).await.expect(200);
    assert_eq!(shown["started_by"], json!(rep.user()));
    assert_eq!(admin.get(&path(forms.company_info)).await.expect(200)["started_by"], Value::Null);
    let nothing = rep.get(&path(uuid::Uuid::now_v7())).await;
    for id in [forms.company_info, others.company_info] {
        let hidden = rep.get(&path(id)).await;
        assert_eq!((hidden.status, hidden.problem()), (nothing.status, nothing.problem()));
        for verb in ["retry", "cancel"] {
            let refused = rep.post(&format!("{}/{verb}", path(id)), &json!({})).await;
            assert_eq!(refused.problem(), (404, "not_found"), "{verb}");
        }
        assert_eq!(stage.job(id).await["status"], "pending");
    }
    rep.post(&format!("{}/cancel", path(theirs.company_info)), &json!({})).await.expect(200);
}
