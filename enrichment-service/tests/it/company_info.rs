//! The whole way: an account comes to be, its website is read, its fields are filled, and it is known from where.

use contracts::{
    Service,
    internal::{
        enrichments::EnrichmentStatus,
        records::{FilledRecord, Written},
    },
};
use serde_json::json;
use wiremock::{
    Mock, ResponseTemplate,
    matchers::{method, path},
};

use crate::stage::{Stage, TRACE, found, html, redirect, website};

const PAGE: &str = r#"<!doctype html><html lang="en"><head><title>Acme Rockets</title>
<meta name="description" content="Meta description"><meta name="generator" content="WordPress 6.5">
<meta property="og:site_name" content="Acme"><meta property="og:image" content="/share.png">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
  {"@type": "WebSite", "name": "Acme"},
  {"@type": "Corporation", "name": "Acme Inc.", "description": "Rockets for everyone.", "foundingDate": "1998-04-01",
   "numberOfEmployees": {"@type": "QuantitativeValue", "minValue": 51, "maxValue": 200}, "logo": {"url": "/logo.svg"},
   "address": {"@type": "PostalAddress", "addressLocality": "Berlin", "addressCountry": "DE"},
   "industry": "Aerospace", "telephone": "030 901820", "sameAs": ["https://www.linkedin.com/company/acme-rockets/"]}]}
</script><script src="https://www.googletagmanager.com/gtag/js?id=G-1"></script></head>
<body><a href="mailto:info@acme.example">Mail</a><a href="https://twitter.com/acme">X</a></body></html>"#;

#[actix_web::test]
async fn an_accounts_website_fills_its_fields_with_provenance() {
    let stage = Stage::running().await;
    let site = website(html(PAGE).insert_header("server", "nginx")).await;

    let account = stage.account(site.uri()).await;
    let done = stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;

    assert_eq!((done.completion_percent, done.failure_count, done.source.as_str()), (100, 0, "website"));
    assert!(
        done.last_successful_run.is_some()
            && done.next_scheduled_run.is_none()
            && done.error_details.is_none()
    );
    assert_eq!(done.job_id, Some(account.company_info));
    let fills = stage.fills().await;
    let [call] = fills.as_slice() else { panic!("the account was filled {} times", fills.len()) };
    assert_eq!((call.tenant_id, call.id, call.job_id), (stage.tenant, account.id, account.company_info));
    let expected = json!({
        "description": "Rockets for everyone.", "founded_year": 1998, "employee_count": 51, "location": "Berlin, DE",
        "industry": "Aerospace", "company_type": "Corporation", "logo_url": format!("{}/logo.svg", site.uri()),
        "contact_phone": "+4930901820", "contact_email": "info@acme.example",
        "linkedin_url": "https://www.linkedin.com/company/acme-rockets",
        "social_links": { "linkedin": "https://www.linkedin.com/company/acme-rockets", "x": "https://x.com/acme" },
        "technologies": ["WordPress", "Google Analytics", "nginx"],
        "full_technology_profile": {
            "WordPress": { "category": "CMS", "evidence": "meta generator WordPress 6.5" },
            "Google Analytics": {
                "category": "Analytics", "evidence": "script https://www.googletagmanager.com/gtag/js?id=G-1"
            },
            "nginx": { "category": "Web server", "evidence": "header server: nginx" },
        },
    });
    assert_eq!(json!(found(call)), expected);
    let trace = done.provenance.iter().find(|trace| trace.field == "contact_email").unwrap();
    assert_eq!(
        (trace.provider.as_str(), trace.confidence, trace.previous_value.as_ref()),
        ("website", 0.8, None)
    );
    assert_eq!(trace.source_url, Some(format!("{}/", site.uri())));
    assert_eq!(done.provenance.len(), call.found.len());
}

#[actix_web::test]
async fn what_came_of_it_is_told_in_the_transaction_that_ends_the_job() {
    let stage = Stage::running().await;
    let site = website(html("<title>Acme</title><meta property=og:site_name content=Acme>")).await;

    let account = stage.account(site.uri()).await;
    stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;

    let job = account.company_info;
    assert_eq!(stage.events(job).await, json!(["Enrichment.CREATE", "Enrichment.COMPLETED"]));
    let told = stage
        .json(&format!(
            "SELECT current_state AS value FROM events WHERE entity_id = '{job}' ORDER BY id DESC LIMIT 1"
        ))
        .await;
    let expected = json!({
        "enrichment_type": "COMPANY_INFO", "account_id": account.id, "status": "completed", "provider": "website",
        "filled": { "description": "Acme" },
        "page": { "title": "Acme", "site_name": "Acme", "organization": null },
    });
    assert_eq!(told, expected);
    let shown = stage.job(job).await;
    assert_eq!((&shown["status"], &shown["attempts"]), (&json!("completed"), &json!(1)));
    assert!(shown["finished_at"].is_string());
}

#[actix_web::test]
async fn the_request_and_trace_of_the_account_go_on_through_the_job() {
    let stage = Stage::running().await;
    let site = website(html("<title>Acme</title>")).await;

    let account = stage.account(site.uri()).await;
    stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;

    let requests = stage.leads.received_requests().await.unwrap();
    let header = |name: &str| requests[0].headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header("traceparent").split('-').nth(1), Some(TRACE));
    assert_eq!(header("x-request-id"), "request-1");
    let site_requests = site.received_requests().await.unwrap();
    assert!(
        site_requests[0].headers.get("traceparent").is_none(),
        "strangers are told nothing of our requests"
    );
}

#[actix_web::test]
async fn the_answer_is_kept_as_it_came_in_its_months_partition() {
    let stage = Stage::running().await;
    let body = format!("<title>Acme</title>{}", "ä".repeat(100_000));
    let site = website(html(&body)).await;

    let account = stage.account(site.uri()).await;
    stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;

    let kept = stage
        .json(
            "SELECT jsonb_build_object('bytes', body_bytes, 'kept', octet_length(body), 'status', status, \
             'provider', provider, 'type', content_type, 'begins', left(body, 11), \
             'default', tableoid::regclass::text = 'raw_records_default') AS value FROM raw_records",
        )
        .await;
    let expected = json!({
        "bytes": body.len(), "kept": 65_535, "status": 200, "provider": "website", "type": "text/html; charset=utf-8",
        "begins": "<title>Acme", "default": false,
    });
    assert_eq!(kept, expected);
}

#[actix_web::test]
async fn only_what_was_filled_has_provenance_and_what_stood_there_before_is_kept() {
    let stage = Stage::set().await;
    let written = Written { field: "description".into(), value: json!("Acme"), previous: json!("") };
    let answer = FilledRecord { written: vec![written], ..FilledRecord::default() };
    Mock::given(method("PUT"))
        .and(path("/internal/records/fill"))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer))
        .mount(&stage.leads)
        .await;
    stage.fill_everything().await;
    let stage = Stage { app: stage.app.with_background(), ..stage };
    let site = website(html("<title>Acme</title><script src=/jquery.js></script>")).await;

    let account = stage.account(site.uri()).await;
    let done = stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;

    let traces: Vec<_> =
        done.provenance.iter().map(|trace| (trace.field.as_str(), &trace.previous_value)).collect();
    assert_eq!(traces, [("description", &Some(json!("")))]);
}

#[actix_web::test]
async fn redirects_are_followed_and_other_alphabets_read() {
    let stage = Stage::running().await;
    let page = b"<meta charset=windows-1251><title>\xcf\xf0\xe8\xe2\xe5\xf2</title>".to_vec();
    let target = website(ResponseTemplate::new(200).set_body_raw(page, "text/html")).await;
    let site = website(redirect(&format!("{}/ru", target.uri()))).await;

    let account = stage.account(site.uri()).await;
    let done = stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;

    assert_eq!(found(&stage.fills().await[0])["description"], "Привет");
    assert_eq!(done.provenance[0].source_url, Some(format!("{}/ru", target.uri())));
}

#[actix_web::test]
async fn hostile_pages_are_read_as_far_as_they_can_be() {
    let stage = Stage::running().await;
    let deep = format!("<title>Deep</title>{}", "<div>".repeat(400_000));
    let nested =
        format!("<title>Nested</title><script type=application/ld+json>{}</script>", "[".repeat(500_000));
    let broken = "<title>Broken</title><script type=application/ld+json>{\"@type\": [\"Organization\", {}], \
                  \"sameAs\": {}, \"address\": [[[]]], \"foundingDate\": {\"\\u0000\": 1}, \"description\": \"a\\u0000b\"}\
                  </script><a href='http://['><a href=mailto:><a href=tel:\u{0}><meta property=og:image content='::'>";
    for (title, page) in [("Deep", deep.as_str()), ("Nested", nested.as_str()), ("a b", broken)] {
        let site = website(html(page)).await;

        let account = stage.account(site.uri()).await;
        stage.until(&account, |status| status.status == EnrichmentStatus::Completed).await;

        let fills = stage.fills().await;
        assert_eq!(found(fills.last().unwrap())["description"], title);
    }
}

#[actix_web::test]
async fn an_account_that_nobody_told_of_has_no_enrichments() {
    let stage = Stage::set().await;
    let call = json!({ "tenant_id": stage.tenant, "account_id": uuid::Uuid::now_v7() });

    let reply = stage.app.service(Service::Lead).post("/internal/account-enrichment", &call).await;

    assert_eq!(reply.expect(200), json!([]));
}
