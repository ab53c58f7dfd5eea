//! Enrichments that are asked for here reach enrichment-service once, whatever breaks in between.

use std::time::Duration;

use contracts::{
    Service, UserId,
    identity::DataScope,
    internal::enrichments::{JobStarted, StartJob},
};
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

use crate::arrange::{Leads, account, id_of, tell};

/// An enrichment-service that fails at first.
async fn enrichment_service(failures: u64) -> MockServer {
    let server = MockServer::start().await;
    if failures > 0 {
        let failing = Mock::given(method("PUT")).and(path("/internal/jobs"));
        failing.respond_with(ResponseTemplate::new(500)).up_to_n_times(failures).mount(&server).await;
    }
    let answer = ResponseTemplate::new(200).set_body_json(JobStarted { is_new: true });
    Mock::given(method("PUT")).and(path("/internal/jobs")).respond_with(answer).mount(&server).await;
    server
}

async fn calls(server: &MockServer) -> Vec<StartJob> {
    let requests = server.received_requests().await.unwrap();
    requests.iter().map(|request| request.body_json().unwrap()).collect()
}

async fn until(condition: impl AsyncFn() -> bool) {
    for _ in 0..400 {
        if condition().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not come about in time");
}

async fn waiting(app: &Leads) -> i64 {
    app.database.number("SELECT count(*) AS number FROM enrichment_handoffs").await
}

#[actix_web::test]
async fn people_are_looked_for_at_an_account_once_however_often_the_hand_off_fails() {
    // Each call is tried several times by itself.
    let enrichment = enrichment_service(5).await;
    let app = Leads::start_with(&[("ENRICHMENT_URL", &enrichment.uri())]).await;
    let caller = app.user(app.tenant().await);
    let account = account(&caller).await;
    let keyed = caller.with("idempotency-key", "k");
    let body = json!({ "account_id": account });

    let accepted = keyed.post("/api/v2/leads/generate", &body).await;
    let again = keyed.post("/api/v2/leads/generate", &body).await;

    assert_eq!((accepted.status.as_u16(), &accepted.text), (202, &again.text));
    let job = accepted.body["enrichment_jobs"][0].clone();
    assert_eq!((&accepted.body["account_id"], &job["type"]), (&json!(account), &json!("GENERATE_LEADS")));
    assert_eq!((waiting(&app).await, calls(&enrichment).await.len()), (1, 0), "it waits with the commit");
    let app = app.with_background();
    until(async || {
        let due = "WITH d AS (UPDATE enrichment_handoffs SET next_attempt_at = now() RETURNING 1) \
                   SELECT count(*) AS number FROM d";
        app.database.number(due).await == 0
    })
    .await;
    let calls = calls(&enrichment).await;
    let last = calls.last().unwrap();
    assert_eq!(json!(last.job), job);
    assert!(calls.iter().all(|call| call.job == last.job), "it is the same job each time");
    assert_eq!((last.subject.name(), last.subject_id.to_string()), ("account", account.clone()));
    assert_eq!((last.started_by, &last.input["name"]), (Some(caller.user()), &json!("Acme")));
    let timeline = caller.get(&format!("/api/v2/accounts/{account}/timeline")).await.expect(200);
    assert_eq!(timeline["results"][0]["changes"]["enrichment"]["to"], job);
}

#[actix_web::test]
async fn a_leads_doings_are_looked_at_and_it_shows_how_far_that_is() {
    let enrichment = enrichment_service(0).await;
    let app = Leads::start_with(&[("ENRICHMENT_URL", &enrichment.uri())]).await.with_background();
    let caller = app.user(app.tenant().await);
    let known = json!({"first_name": "Ada", "linkedin_url": "https://www.linkedin.com/in/ada"});
    let known = id_of(&caller.post("/api/v2/leads", &known).await.expect(201));
    let unknown = id_of(&caller.post("/api/v2/leads", &json!({"first_name": "Bob"})).await.expect(201));
    let path = |lead: &str| format!("/api/v2/leads/{lead}/enrich_linkedin_activity");

    let accepted = caller.post(&path(&known), &json!({})).await.expect(202);
    let nothing = caller.post(&path(&unknown), &json!({"posts_html": " "})).await;
    let pages = json!({"posts_html": "<p>Hello</p>", "reactions_html": "<p>Like</p>"});
    caller.post(&path(&unknown), &pages).await.expect(202);

    let job = accepted["enrichment_jobs"][0].clone();
    assert_eq!((&accepted["lead_id"], &job["type"]), (&json!(known), &json!("LEAD_LINKEDIN_RESEARCH")));
    assert_eq!(nothing.problem(), (422, "nothing_to_research"));
    until(async || waiting(&app).await == 0).await;
    let calls = calls(&enrichment).await;
    let of = |lead: &str| calls.iter().find(|call| call.subject_id.to_string() == lead).unwrap();
    assert_eq!((json!(of(&known).job), of(&known).subject.name()), (job, "lead"));
    assert_eq!(of(&unknown).input["posts_html"], "<p>Hello</p>");
    let told = "SELECT count(*) AS number FROM events WHERE current_state::text LIKE '%Hello%'";
    assert_eq!(app.database.number(told).await, 0, "pages are nobody else's business");

    let status =
        async || caller.get(&format!("/api/v2/leads/{known}")).await.body["enrichment_status"].clone();
    assert_eq!(status().await, "processing");
    for (event, shown) in [("FAILED", "failed"), ("PENDING", "processing"), ("COMPLETED", "completed")] {
        let state = json!({ "enrichment_type": "LEAD_LINKEDIN_RESEARCH", "lead_id": known });
        tell(&app, &caller, Service::Enrichment, &format!("Enrichment.{event}"), Some(state)).await;
        until(async || status().await == shown).await;
    }
    let lead = caller.get(&format!("/api/v2/leads/{known}")).await.expect(200);
    assert!(lead["last_enriched_at"].is_string());
}

#[actix_web::test]
async fn what_the_caller_does_not_see_is_not_enriched() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let account = account(&caller).await;
    let lead = id_of(&caller.post("/api/v2/leads", &json!({"first_name": "Ada"})).await.expect(201));
    let stranger = app.user(app.tenant().await);
    let narrow = app.user_named(caller.tenant(), UserId::new()).scoped(DataScope::Own, &[]);

    for outsider in [&stranger, &narrow] {
        let generated = outsider.post("/api/v2/leads/generate", &json!({ "account_id": account })).await;
        assert_eq!(generated.problem(), (422, "unknown_reference"));
        let path = format!("/api/v2/leads/{lead}/enrich_linkedin_activity");
        let researched = outsider.post(&path, &json!({"posts_html": "<p>x</p>"})).await;
        assert_eq!(researched.problem(), (404, "not_found"));
    }
    let faults = caller.post("/api/v2/leads/generate", &json!({ "account": Value::Null })).await.faults();
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert_eq!(waiting(&app).await, 0);
}
