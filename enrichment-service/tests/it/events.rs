//! Effects of lead-service's events.

use contracts::{
    events::Action,
    internal::{
        enrichments::EnrichmentStatus,
        tenants::{Isolation, ProvisionTenant, TenantStatus},
    },
};
use serde_json::{Value, json};

use crate::stage::{Stage, html, pages, website};

#[actix_web::test]
async fn an_event_seen_twice_makes_one_job() {
    let stage = Stage::running().await;
    let site = website(html("<title>Acme</title>")).await;
    let (account, event) = stage.created(&json!(site.uri()));

    stage.publish(&event).await;
    stage.publish(&event).await;
    let mut again = event;
    again.id = uuid::Uuid::now_v7();
    stage.publish(&again).await;
    let (_, later) = stage.created(&Value::Null);
    stage.publish(&later).await;

    stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;
    let handled = format!("SELECT count(*) AS number FROM inbox WHERE event_id = '{}'", later.id);
    for _ in 0..200 {
        if stage.app.database.number(&handled).await == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(stage.app.database.number(&handled).await, 1, "all four were handled");
    let jobs = format!("SELECT count(*) AS number FROM jobs WHERE subject_id = '{}'", account.id);
    assert_eq!(stage.app.database.number(&jobs).await, 2, "one of each type");
    assert_eq!(stage.fills().await.len(), 1);
    assert_eq!(pages(&site).await, 1);
    assert_eq!(
        stage.events(account.company_info).await,
        json!(["Enrichment.CREATE", "Enrichment.COMPLETED"])
    );
}

#[actix_web::test]
async fn a_new_accounts_jobs_wait_with_what_is_known_of_it() {
    let stage = Stage::set().await;

    let account = stage.waiting_account("https://acme.example/").await;

    let job = stage.job(account.company_info).await;
    let shown = json!({ "type": job["type"], "status": job["status"], "subject": job["subject_id"], "input": job["input"],
                        "request": job["request_id"] });
    let expected = json!({ "type": "COMPANY_INFO", "status": "pending", "subject": account.id, "request": "request-1",
                           "input": { "name": "Acme", "website": "https://acme.example/" } });
    assert_eq!(shown, expected);
    let statuses = stage.enrichments(&account).await;
    let statuses: Vec<_> =
        statuses.iter().map(|status| (status.enrichment_type.name(), status.status.name())).collect();
    assert_eq!(statuses, [("COMPANY_INFO", "pending"), ("GENERATE_LEADS", "pending")]);
}

#[actix_web::test]
async fn an_account_without_jobs_and_other_entities_start_nothing() {
    let stage = Stage::set().await;
    let (account, _) = stage.created(&Value::Null);
    let bare = stage.event(&account, Action::Create, Some(json!({ "name": "Acme" })));
    let (_, mut lead) = stage.created(&Value::Null);
    (lead.entity_type, lead.event_type) = ("Lead".into(), "Lead.CREATE".into());

    stage.take_in(bare).await;
    stage.take_in(lead).await;

    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM jobs").await, 0);
}

#[actix_web::test]
async fn an_event_that_cannot_be_read_is_set_aside_and_those_behind_it_are_not() {
    let stage = Stage::set().await;
    let (account, _) = stage.created(&Value::Null);
    let broken =
        stage.event(&account, Action::Create, Some(json!({ "enrichment_jobs": [{ "type": "MAGIC" }] })));
    let id = broken.id;

    stage.take_in(broken).await;
    let behind = stage.waiting_account(Value::Null).await;

    let aside =
        format!("SELECT count(*) AS number FROM inbox WHERE event_id = '{id}' AND status = 'PENDING'");
    assert_eq!(stage.app.database.number(&aside).await, 1);
    assert_eq!(stage.job(behind.company_info).await["status"], "pending");
}

#[actix_web::test]
async fn deleting_an_account_cancels_its_unfinished_jobs_only() {
    let stage = Stage::set().await;
    let account = stage.waiting_account(Value::Null).await;
    let other = stage.waiting_account(Value::Null).await;
    stage.tamper(account.generate_leads, "status = 'completed'").await;

    stage.take_in(stage.event(&account, Action::Delete, None)).await;

    assert_eq!(stage.job(account.company_info).await["status"], "cancelled");
    assert_eq!(stage.job(account.generate_leads).await["status"], "completed");
    assert_eq!(stage.job(other.company_info).await["status"], "pending");
    let status = stage.company_info(&account).await.unwrap();
    assert_eq!(status.status, EnrichmentStatus::Failed);
    assert_eq!(status.error_details.unwrap()["message"], "The account was deleted.");
    assert_eq!(
        stage.events(account.company_info).await,
        json!(["Enrichment.CREATE", "Enrichment.CANCELLED"])
    );
}

#[actix_web::test]
async fn jobs_of_a_tenant_that_may_send_nothing_wait_until_it_may() {
    let stage = Stage::running().await;
    let site = website(html("<title>Acme</title>")).await;
    let note = async |status, is_unproven, revision| {
        let call = ProvisionTenant {
            tenant_id: stage.tenant,
            client_id: "acme".into(),
            status,
            revision,
            isolation: Isolation::Pool,
            is_unproven,
        };
        stage.app.service(contracts::Service::Tenant).put(&call.path(), &json!(call)).await.expect(200);
    };
    let mut account = None;
    for (status, is_unproven, revision) in
        [(TenantStatus::Suspended, false, 2), (TenantStatus::Active, true, 3)]
    {
        note(status, is_unproven, revision).await;
        if account.is_none() {
            account = Some(stage.account(site.uri()).await);
        }
        stage.until(account.as_ref().unwrap(), |status| status.status == EnrichmentStatus::Pending).await;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert!(site.received_requests().await.unwrap().is_empty(), "{status:?} {is_unproven}");
    }

    note(TenantStatus::Active, false, 4).await;

    stage.until(&account.unwrap(), |status| status.status == EnrichmentStatus::Completed).await;
}
