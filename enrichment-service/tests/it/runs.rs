//! Runs: counted, paused, resumed, cancelled, repeated; within the rights and the sight of the people who started them.

use std::time::Duration;

use contracts::identity::DataScope;
use serde_json::{Value, json};
use uuid::Uuid;
use wiremock::{MockServer, ResponseTemplate};

use crate::{
    providers::{answering, http},
    stage::Stage,
    waterfalls::{calls, ended, provider, waterfall},
};

const PATH: &str = "/api/v2/enrichment/runs";

async fn slow(stage: &Stage, name: &str) -> (Value, MockServer) {
    let answer = json!({ "found": true, "industry": "Toys" });
    let server =
        answering(ResponseTemplate::new(200).set_body_json(answer).set_delay(Duration::from_millis(150)))
            .await;
    let mut body = http(&server);
    body["name"] = json!(name);
    body["max_concurrency"] = json!(2);
    let made = stage.app.user(stage.tenant).post("/api/v2/enrichment/providers", &body).await.expect(201);
    let waterfall =
        waterfall(stage, json!([{ "provider_id": made["id"] }]), json!({ "fields": ["industry"] })).await;
    (waterfall, server)
}

fn accounts(stage: &Stage, count: usize) -> Vec<Uuid> {
    (0..count).map(|n| stage.known_account(&format!("https://a{n}.example/"))).collect()
}

async fn start(stage: &Stage, waterfall: &Value, ids: &[Uuid]) -> Value {
    let body = json!({ "waterfall_id": waterfall["id"], "ids": ids });
    stage.app.user(stage.tenant).post(PATH, &body).await.expect(202)
}

async fn step(stage: &Stage, run: &Value, verb: &str) -> testkit::Reply {
    let path = format!("{PATH}/{}/{verb}", run["id"].as_str().unwrap());
    stage.app.user(stage.tenant).post(&path, &json!({})).await
}

async fn until_calls(server: &MockServer, count: usize) {
    for _ in 0..400 {
        if calls(server).await >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it was never asked so often");
}

#[actix_web::test]
async fn a_cancelled_run_makes_no_more_calls_than_are_under_way() {
    let stage = Stage::running().await;
    let (waterfall, server) = slow(&stage, "Slow").await;
    let run = start(&stage, &waterfall, &accounts(&stage, 30)).await;
    assert_eq!((&run["status"], &run["total"]), (&json!("running"), &json!(30)));
    until_calls(&server, 4).await;

    let cancelled = step(&stage, &run, "cancel").await;
    let made = calls(&server).await;
    tokio::time::sleep(Duration::from_millis(800)).await;

    assert_eq!(cancelled.expect(200)["status"], "cancelled");
    assert!(calls(&server).await <= made + 2, "{} after {made}", calls(&server).await);
    let left = "SELECT count(*) AS number FROM jobs WHERE run_id IS NOT NULL AND status IN ('pending', 'in_progress')";
    assert_eq!(stage.app.database.number(left).await, 0);
    for verb in ["cancel", "pause", "resume", "retry_failed"] {
        assert_eq!(step(&stage, &run, verb).await.problem(), (409, "run_state"), "{verb}");
    }
}

#[actix_web::test]
async fn a_paused_run_waits_and_goes_on_where_it_was() {
    let stage = Stage::running().await;
    let (waterfall, server) = slow(&stage, "Slow").await;
    let run = start(&stage, &waterfall, &accounts(&stage, 12)).await;
    until_calls(&server, 3).await;

    assert_eq!(step(&stage, &run, "pause").await.expect(200)["status"], "paused");
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    let made = calls(&server).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(calls(&server).await, made, "nothing is asked while it is paused");
    assert!(made < 12);
    step(&stage, &run, "resume").await.expect(200);
    let done = ended(&stage, &run["id"]).await;

    assert_eq!(
        (&done["status"], &done["done"], &done["failed"]),
        (&json!("completed"), &json!(12), &json!(0))
    );
    assert_eq!(calls(&server).await, 12, "each record is asked about once");
    assert_eq!(stage.fills().await.len(), 12);
}

#[actix_web::test]
async fn what_failed_can_be_run_again() {
    let stage = Stage::running().await;
    let server = answering(ResponseTemplate::new(422)).await;
    let made =
        stage.app.user(stage.tenant).post("/api/v2/enrichment/providers", &http(&server)).await.expect(201);
    let waterfall = waterfall(&stage, json!([{ "provider_id": made["id"] }]), json!({})).await;
    let run = start(&stage, &waterfall, &accounts(&stage, 3)).await;
    let failed = ended(&stage, &run["id"]).await;
    assert_eq!((&failed["status"], &failed["failed"]), (&json!("completed_with_errors"), &json!(3)));
    server.reset().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "found": true, "industry": "Toys" }));
    wiremock::Mock::given(wiremock::matchers::any()).respond_with(answer).mount(&server).await;

    step(&stage, &run, "retry_failed").await.expect(200);
    let done = ended(&stage, &run["id"]).await;

    assert_eq!(
        (&done["status"], &done["done"], &done["failed"]),
        (&json!("completed"), &json!(3), &json!(0))
    );
}

#[actix_web::test]
async fn a_job_that_is_cut_off_is_done_once_and_the_lost_call_is_named() {
    let stage = Stage::running().await;
    let (first, server) = provider(&stage, "One", json!({ "industry": "Toys" })).await;
    let waterfall =
        waterfall(&stage, json!([{ "provider_id": first }]), json!({ "fields": ["industry"] })).await;
    let account = stage.known_account("https://acme.example/");
    let run = start(&stage, &waterfall, &[account]).await;
    ended(&stage, &run["id"]).await;
    let job = stage.json("SELECT to_jsonb(id) AS value FROM jobs WHERE run_id IS NOT NULL").await;
    let job: Uuid = serde_json::from_value(job).unwrap();

    // As if the process had died after the answer, before the job's end: the record is empty still.
    stage.records.change(account, |known| drop(known.record.remove("industry")));
    let running = "UPDATE enrichment_runs SET status = 'running', done = 0, finished_at = NULL";
    stage.app.database.execute(running).await;
    stage.tamper(job, "status = 'in_progress', finished_at = NULL, next_attempt_at = now()").await;
    stage.until_job(job, |job| job["status"] == "completed" && job["attempts"] == 2).await;
    assert_eq!(calls(&server).await, 1, "what was answered is not paid twice");

    // As if it had died during a call.
    let sql = "UPDATE enrichment_calls SET outcome = 'under_way', cost = 0, reserved = 0.03, answer = NULL";
    stage.app.database.execute(sql).await;
    stage.app.database.execute(running).await;
    stage.records.change(account, |known| drop(known.record.remove("industry")));
    stage.tamper(job, "status = 'in_progress', finished_at = NULL, next_attempt_at = now()").await;
    stage.until_job(job, |job| job["status"] == "completed" && job["attempts"] == 3).await;
    let usage = stage.app.user(stage.tenant).get("/api/v2/enrichment/usage").await.expect(200);
    let all = &usage["results"][0];
    assert_eq!((&all["calls"], &all["unsettled"], &all["cost"]), (&json!(2), &json!(1), &json!("0.06")));
    assert_eq!(calls(&server).await, 2);
}

#[actix_web::test]
async fn a_run_over_everything_needs_its_cost_confirmed() {
    let stage = Stage::running().await;
    let (first, _server) = provider(&stage, "One", json!({ "industry": "Toys" })).await;
    let waterfall = waterfall(&stage, json!([{ "provider_id": first }]), json!({})).await;
    accounts(&stage, 4);
    let caller = stage.app.user(stage.tenant);
    let mut body = json!({ "waterfall_id": waterfall["id"] });

    let refused = caller.post(PATH, &body).await;
    body["confirm_cost"] = json!("0.11");
    let too_little = caller.post(PATH, &body).await;
    body["confirm_cost"] = json!("0.12");
    let taken = caller.post(PATH, &body).await;

    assert_eq!(refused.problem(), (400, "confirm_cost_required"));
    assert_eq!(refused.body["estimate"], "0.12");
    assert_eq!(too_little.problem(), (400, "confirm_cost_required"));
    assert_eq!(taken.expect(202)["total"], 4);
}

#[actix_web::test]
async fn a_run_is_within_the_rights_and_the_sight_of_its_starter() {
    let stage = Stage::running().await;
    let (first, server) = provider(&stage, "One", json!({ "industry": "Toys" })).await;
    let waterfall =
        waterfall(&stage, json!([{ "provider_id": first }]), json!({ "fields": ["industry"] })).await;
    let ids = accounts(&stage, 2);
    let body = json!({ "waterfall_id": waterfall["id"], "ids": ids });

    let reader = stage.app.user(stage.tenant).holding(&["enrichment:read"]);
    assert_eq!(reader.post(PATH, &body).await.problem(), (403, "permission_denied"));
    let no_writer = stage.app.user(stage.tenant).holding(&["enrichment:run", "accounts:read"]);
    let refused = no_writer.post(PATH, &body).await;
    assert_eq!(
        (refused.problem(), &refused.body["permission"]),
        ((403, "permission_denied"), &json!("accounts:update"))
    );
    let stranger = stage.app.user(stage.app.tenant().await);
    assert_eq!(stranger.post(PATH, &body).await.status, 400, "another tenant's waterfall is none");

    let rep = stage.app.user(stage.tenant).scoped(DataScope::Own, &[]);
    stage
        .records
        .change(ids[0], |known| drop(known.record.insert("created_by".to_owned(), json!(rep.user()))));
    let run = rep.post(PATH, &body).await.expect(202);
    let done = ended(&stage, &run["id"]).await;
    assert_eq!((&done["done"], &done["skipped"]), (&json!(1), &json!(1)), "{done}");
    assert_eq!(calls(&server).await, 1);
    let path = format!("{PATH}/{}", run["id"].as_str().unwrap());
    assert_eq!(rep.get(&path).await.status, 200);
    let other = stage.app.user(stage.tenant).scoped(DataScope::Own, &[]);
    assert_eq!(other.get(&path).await.problem(), (404, "not_found"));
    assert_eq!(stranger.get(&path).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn one_tenants_run_does_not_hold_up_another_tenants_record() {
    let stage = Stage::running().await;
    let (waterfall, server) = slow(&stage, "Slow").await;
    let run = start(&stage, &waterfall, &accounts(&stage, 200)).await;
    until_calls(&server, 2).await;
    let site = crate::stage::website(crate::stage::html("<title>Acme</title>")).await;
    let other = stage.app.tenant().await;
    let (account, mut event) = stage.created(&json!(site.uri()));
    event.tenant_id = other;

    let began = std::time::Instant::now();
    stage.take_in(event).await;
    let caller = stage.app.user(other);
    let path = format!("/api/v2/enrichment/jobs/{}", account.company_info);
    while caller.get(&path).await.body["status"] != "completed" {
        assert!(began.elapsed() < Duration::from_secs(4), "it waits for the other tenant's run");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    step(&stage, &run, "cancel").await.expect(200);
}

#[actix_web::test]
async fn progress_is_told_as_events() {
    let stage = Stage::running().await;
    let (first, _server) = provider(&stage, "One", json!({ "industry": "Toys" })).await;
    let waterfall = waterfall(&stage, json!([{ "provider_id": first }]), json!({})).await;
    let run = start(&stage, &waterfall, &accounts(&stage, 4)).await;
    ended(&stage, &run["id"]).await;

    let told = format!(
        "SELECT jsonb_agg(event_type ORDER BY id) AS value FROM events WHERE entity_id = '{}'",
        run["id"].as_str().unwrap()
    );

    let events = stage.json(&told).await;
    let events = events.as_array().unwrap();
    assert_eq!(events.first().unwrap(), "EnrichmentRun.CREATE");
    assert_eq!(events.last().unwrap(), "EnrichmentRun.status.UPDATE");
    assert_eq!(events.iter().filter(|event| *event == "EnrichmentRun.progress.UPDATE").count(), 3);
}
