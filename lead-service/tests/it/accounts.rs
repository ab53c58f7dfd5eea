//! Accounts.

use chrono::Utc;
use contracts::{
    Service,
    internal::enrichments::{AccountEnrichment, EnrichmentStatus, EnrichmentType},
};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use crate::arrange::{Leads, account, product};

#[actix_web::test]
async fn a_new_account_starts_its_enrichments_in_its_own_event() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"name": "Acme", "product_id": product(&caller).await, "website": "acme.example"});

    let created = caller.post("/api/v2/accounts", &body).await.expect(201);

    let jobs = created["enrichment_jobs"].as_array().unwrap();
    let kinds: Vec<&str> = jobs.iter().map(|job| job["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["COMPANY_INFO", "GENERATE_LEADS"]);
    let sql = format!(
        "SELECT count(*) AS number FROM events WHERE event_type = 'Account.CREATE' \
         AND current_state -> 'enrichment_jobs' = '{}' AND current_state ->> 'website' = 'https://acme.example/'",
        created["enrichment_jobs"]
    );
    assert_eq!(app.database.number(&sql).await, 1);
}

#[actix_web::test]
async fn an_accounts_product_must_be_the_tenants_own() {
    let app = Leads::start().await;
    let (owner, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let product = product(&owner).await;

    let refused = stranger.post("/api/v2/accounts", &json!({"name": "Acme", "product_id": product})).await;

    assert_eq!(refused.problem(), (422, "unknown_reference"));
    let faults = stranger.post("/api/v2/accounts", &json!({"website": "nope nope"})).await.faults();
    let fields: Vec<&str> = faults.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["name", "product_id", "website"]);
}

#[actix_web::test]
async fn deleting_an_account_takes_its_leads_along_and_restoring_brings_those_back() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let account = account(&caller).await;
    let mut leads = Vec::new();
    for n in 0..3 {
        let body = json!({"first_name": format!("L{n}"), "account_id": account});
        leads.push(caller.post("/api/v2/leads", &body).await.expect(201)["id"].as_str().unwrap().to_owned());
    }
    caller.delete(&format!("/api/v2/leads/{}", leads[0])).await;
    let remaining = async || caller.get("/api/v2/leads").await.expect(200)["count"].clone();

    assert_eq!(caller.delete(&format!("/api/v2/accounts/{account}")).await.status, 204);
    assert_eq!(remaining().await, 0);
    caller.post(&format!("/api/v2/accounts/{account}/restore"), &json!({})).await.expect(200);

    assert_eq!(remaining().await, 2, "the one deleted before stays deleted");
    for (kind, told) in [("Lead.DELETE", 3), ("Lead.deleted.UPDATE", 2), ("Account.DELETE", 1)] {
        let sql = format!("SELECT count(*) AS number FROM events WHERE event_type = '{kind}'");
        assert_eq!(app.database.number(&sql).await, told, "{kind}");
    }
}

#[actix_web::test]
async fn what_was_found_fills_empty_fields_once_and_overwrites_nothing() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let account = account(&caller).await;
    let path = format!("/api/v2/accounts/{account}");
    caller.patch(&path, &json!({"industry": "Mine"})).await.expect(200);
    let call = json!({
        "tenant_id": caller.tenant(), "account_id": account, "request_id": uuid::Uuid::now_v7(), "provider": "website",
        "found": {
            "industry": "Theirs", "employee_count": 12, "founded_year": "long ago", "technologies": ["Nginx"],
            "name": "Overwritten", "contact_email": "hello@acme.example", "shoe_size": 42
        }
    });
    let enrichment = app.service(Service::Enrichment);

    let first = enrichment.put("/internal/accounts/fill", &call).await.expect(200);
    let version = caller.get(&path).await.body["version"].clone();
    let again = enrichment.put("/internal/accounts/fill", &call).await.expect(200);

    let filled: Vec<&str> =
        first["filled"].as_array().unwrap().iter().map(|f| f["field"].as_str().unwrap()).collect();
    assert_eq!(filled, ["employee_count", "contact_email", "technologies"]);
    assert_eq!(first, again);
    let view = caller.get(&path).await.expect(200);
    assert_eq!(
        (&view["name"], &view["industry"], &view["employee_count"]),
        (&json!("Acme"), &json!("Mine"), &json!(12))
    );
    assert_eq!((&view["founded_year"], &view["version"]), (&Value::Null, &version));
    assert!(view["last_enriched_at"].is_string());
    let stranger = app.user(app.tenant().await);
    assert_eq!(stranger.put("/internal/accounts/fill", &call).await.status, 401);
}

#[actix_web::test]
async fn enrichment_shows_what_is_known_and_what_was_only_started() {
    let enrichment_service = MockServer::start().await;
    let known = AccountEnrichment {
        enrichment_type: EnrichmentType::CompanyInfo,
        status: EnrichmentStatus::Completed,
        completion_percent: 100,
        last_successful_run: Some(Utc::now()),
        last_attempted_run: Some(Utc::now()),
        next_scheduled_run: None,
        failure_count: 0,
        data_quality_score: None,
        source: "website".into(),
        error_details: None,
        job_id: None,
        provenance: vec![],
    };
    Mock::given(path("/internal/account-enrichment"))
        .respond_with(ResponseTemplate::new(200).set_body_json(vec![known]))
        .mount(&enrichment_service)
        .await;
    let app = Leads::start_with(&[("ENRICHMENT_URL", &enrichment_service.uri())]).await;
    let caller = app.user(app.tenant().await);
    let account = account(&caller).await;

    let view = caller.get(&format!("/api/v2/accounts/{account}/enrichment")).await.expect(200);
    let stranger = app.user(app.tenant().await);

    let states: Vec<(&str, &str)> = view["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| (result["enrichment_type"].as_str().unwrap(), result["status"].as_str().unwrap()))
        .collect();
    assert_eq!(states, [("COMPANY_INFO", "completed"), ("GENERATE_LEADS", "pending")]);
    assert_eq!(stranger.get(&format!("/api/v2/accounts/{account}/enrichment")).await.status, 404);
}

#[actix_web::test]
async fn while_enrichment_is_away_the_account_itself_is_served() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let account = account(&caller).await;

    let away = caller.get(&format!("/api/v2/accounts/{account}/enrichment")).await;

    assert_eq!(away.problem(), (503, "unavailable"));
    assert!(away.header("retry-after").is_some());
    caller.get(&format!("/api/v2/accounts/{account}")).await.expect(200);
}
