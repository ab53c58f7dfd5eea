//! Waterfalls: who is asked for what, in which order, until when, at what cost.

use serde_json::{Value, json};
use uuid::Uuid;
use wiremock::{MockServer, ResponseTemplate};

use crate::{
    providers::{answering, http},
    stage::{Stage, found},
};

const PATH: &str = "/api/v2/enrichment/waterfalls";

/// A provider that answers so, at these prices.
pub async fn provider(stage: &Stage, name: &str, answer: Value) -> (Value, MockServer) {
    let mut known = json!({ "found": true });
    known.as_object_mut().unwrap().extend(answer.as_object().unwrap().clone());
    let server = answering(ResponseTemplate::new(200).set_body_json(known)).await;
    let mut body = http(&server);
    body["name"] = json!(name);
    let made = stage.app.user(stage.tenant).post("/api/v2/enrichment/providers", &body).await.expect(201);
    (made["id"].clone(), server)
}

/// A waterfall over these steps.
pub async fn waterfall(stage: &Stage, steps: Value, more: Value) -> Value {
    let mut body = json!({
        "name": format!("W {}", Uuid::now_v7()), "entity_type": "account", "enrichment_type": "COMPANY_INFO",
        "fields": ["industry", "employee_count"], "steps": steps,
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    stage.app.user(stage.tenant).post(PATH, &body).await.expect(201)
}

/// Runs a waterfall over records and waits until the run has ended.
pub async fn run(stage: &Stage, waterfall: &Value, ids: &[Uuid], more: Value) -> Value {
    let caller = stage.app.user(stage.tenant);
    let mut body = json!({ "waterfall_id": waterfall["id"], "ids": ids });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let started = caller.post("/api/v2/enrichment/runs", &body).await.expect(202);
    ended(stage, &started["id"]).await
}

/// Waits until a run no longer runs.
pub async fn ended(stage: &Stage, id: &Value) -> Value {
    let path = format!("/api/v2/enrichment/runs/{}", id.as_str().unwrap());
    let mut last = Value::Null;
    for _ in 0..400 {
        last = stage.app.user(stage.tenant).get(&path).await.expect(200);
        let jobs = format!("/api/v2/enrichment/jobs?status=in_progress&run_id={}", id.as_str().unwrap());
        let busy = stage.app.user(stage.tenant).get(&jobs).await.expect(200);
        if last["status"] != "running" && busy["count"] == 0 {
            return stage.app.user(stage.tenant).get(&path).await.expect(200);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it never ended: {last}");
}

pub async fn calls(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[actix_web::test]
async fn every_change_is_a_version_and_another_default_takes_it_from_the_first() {
    let stage = Stage::set().await;
    let caller = stage.app.user(stage.tenant);
    let made = waterfall(&stage, json!([]), json!({ "is_default": true })).await;
    let path = format!("{PATH}/{}", made["id"].as_str().unwrap());

    let changed = caller.patch(&path, &json!({ "cache_hours": 3 })).await.expect(200);
    let defaults =
        caller.get(&format!("{PATH}?is_default=true&enrichment_type=COMPANY_INFO")).await.expect(200);

    assert_eq!(
        (&made["version"], &changed["version"], &changed["cache_hours"]),
        (&json!(1), &json!(2), &json!(3))
    );
    assert_eq!((&defaults["count"], &defaults["results"][0]["id"]), (&json!(1), &made["id"]));
    assert_eq!(caller.delete(&path).await.status, 204);
    caller.post(&format!("{path}/restore"), &json!({})).await.expect(200);
}

#[actix_web::test]
async fn what_contradicts_itself_is_refused() {
    let stage = Stage::set().await;
    let caller = stage.app.user(stage.tenant);
    let sound =
        json!({ "name": "W", "entity_type": "account", "enrichment_type": "COMPANY_INFO", "steps": [] });
    for (change, field) in [
        (json!({ "entity_type": "lead" }), "enrichment_type"),
        (json!({ "fields": ["industry", "password"] }), "fields.1"),
        (json!({ "steps": [{ "provider_id": Uuid::now_v7() }] }), "steps.0.provider_id"),
        (json!({ "max_cost_per_day": -1 }), "max_cost_per_day"),
        (json!({ "agree": 1 }), "agree"),
        (json!({ "enrichment_type": "CUSTOM_COLUMN" }), "enrichment_type"),
    ] {
        let mut body = sound.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = caller.post(PATH, &body).await;
        assert_eq!(refused.status, 400, "{change}");
        assert!(refused.faults().iter().any(|(at, _)| at == field), "{change}: {}", refused.text);
    }
}

#[actix_web::test]
async fn each_field_stops_for_itself_and_the_next_is_asked_only_while_one_is_missing() {
    let stage = Stage::running().await;
    let (first, one) = provider(&stage, "One", json!({ "industry": "Aerospace" })).await;
    let (second, two) = provider(&stage, "Two", json!({ "industry": "Toys", "size": 7, "sure": 0.8 })).await;
    let (third, three) = provider(&stage, "Three", json!({ "size": 9, "sure": 0.9 })).await;
    let steps = json!([{ "provider_id": first }, { "provider_id": second }, { "provider_id": third }]);
    let waterfall = waterfall(&stage, steps, json!({})).await;
    let account = stage.known_account("https://acme.example/");

    let run = run(&stage, &waterfall, &[account], json!({})).await;

    assert_eq!(
        (&run["status"], &run["done"], &run["cost"]),
        (&json!("completed"), &json!(1), &json!("0.06"))
    );
    let fills = stage.fills().await;
    assert_eq!(json!(found(&fills[0])), json!({ "industry": "Aerospace", "employee_count": 7 }));
    let providers: Vec<&Value> = fills[0].found.iter().map(|value| &value.provider["id"]).collect();
    assert_eq!(providers, [&first, &second]);
    assert_eq!((calls(&one).await, calls(&two).await, calls(&three).await), (1, 1, 0));
}

#[actix_web::test]
async fn an_answer_that_is_not_sure_enough_is_kept_as_a_candidate() {
    let stage = Stage::running().await;
    let (first, _one) = provider(&stage, "One", json!({ "size": 5, "sure": 0.3 })).await;
    let (second, _two) = provider(&stage, "Two", json!({ "size": 7, "sure": 0.8 })).await;
    let steps = json!([{ "provider_id": first, "min_confidence": 0.5 }, { "provider_id": second }]);
    let waterfall = waterfall(&stage, steps, json!({ "fields": ["employee_count"] })).await;
    let account = stage.known_account("https://acme.example/");

    run(&stage, &waterfall, &[account], json!({})).await;

    let fills = stage.fills().await;
    assert_eq!(json!(found(&fills[0])), json!({ "employee_count": 7 }));
    let [candidate] = fills[0].candidates.as_slice() else { panic!("{:?}", fills[0].candidates) };
    assert_eq!((&candidate.value, &candidate.provider["id"]), (&json!(5), &first));
}

#[actix_web::test]
async fn with_agree_a_field_is_settled_by_two_that_say_the_same() {
    let stage = Stage::running().await;
    let (first, _one) = provider(&stage, "One", json!({ "industry": "Toys", "size": 5, "sure": 0.9 })).await;
    let (second, _two) =
        provider(&stage, "Two", json!({ "industry": "AEROSPACE", "size": 6, "sure": 0.9 })).await;
    let (third, _three) = provider(&stage, "Three", json!({ "industry": "Aerospace" })).await;
    let steps = json!([{ "provider_id": first }, { "provider_id": second }, { "provider_id": third }]);
    let waterfall = waterfall(&stage, steps, json!({ "stop": "agree" })).await;
    let account = stage.known_account("https://acme.example/");

    run(&stage, &waterfall, &[account], json!({})).await;

    let fills = stage.fills().await;
    assert_eq!(found(&fills[0]).keys().collect::<Vec<_>>(), ["industry"]);
    assert!(found(&fills[0])["industry"].as_str().unwrap().eq_ignore_ascii_case("aerospace"));
    let mut beside: Vec<&Value> = fills[0].candidates.iter().map(|value| &value.value).collect();
    beside.sort_by_key(|value| value.to_string());
    assert_eq!(beside, [&json!("Toys"), &json!(5), &json!(6)]);
}

#[actix_web::test]
async fn what_stands_or_is_pinned_is_not_asked_for() {
    let stage = Stage::running().await;
    let (first, one) = provider(&stage, "One", json!({ "industry": "Toys", "size": 5, "sure": 0.9 })).await;
    let steps = json!([{ "provider_id": first }]);
    let gentle = waterfall(&stage, steps.clone(), json!({})).await;
    let eager = waterfall(&stage, steps, json!({ "write_policy": "always" })).await;
    let account = stage.known_account("https://acme.example/");
    stage.records.change(account, |known| {
        known.record.insert("industry".to_owned(), json!("Aerospace"));
        known.record.insert("employee_count".to_owned(), json!(3));
        known.pinned = vec!["industry".to_owned()];
    });

    let nothing = run(&stage, &gentle, &[account], json!({})).await;
    assert_eq!((&nothing["status"], calls(&one).await), (&json!("completed"), 0));
    run(&stage, &eager, &[account], json!({})).await;

    let fills = stage.fills().await;
    assert_eq!(json!(found(&fills[0])), json!({ "employee_count": 5 }));
}

#[actix_web::test]
async fn a_cached_answer_costs_nothing_and_is_told_so_unless_it_is_forced() {
    let stage = Stage::running().await;
    let (first, one) = provider(&stage, "One", json!({ "industry": "Toys" })).await;
    let steps = json!([{ "provider_id": first }]);
    let waterfall = waterfall(&stage, steps, json!({ "cache_hours": 1, "fields": ["industry"] })).await;
    let accounts = [(); 3].map(|()| stage.known_account("https://acme.example/"));

    let paid = run(&stage, &waterfall, &accounts[..1], json!({})).await;
    let cached = run(&stage, &waterfall, &accounts[1..2], json!({})).await;
    let forced = run(&stage, &waterfall, &accounts[2..], json!({ "force": true })).await;

    assert_eq!(
        [&paid["cost"], &cached["cost"], &forced["cost"]],
        [&json!("0.03"), &json!("0.00"), &json!("0.03")]
    );
    assert_eq!(calls(&one).await, 2);
    assert_eq!(stage.fills().await.len(), 3);
    let usage = stage.app.user(stage.tenant).get("/api/v2/enrichment/usage").await.expect(200);
    let all = &usage["results"][0];
    assert_eq!(
        (&all["calls"], &all["hits"], &all["cached"], &all["cost"]),
        (&json!(2), &json!(2), &json!(1), &json!("0.06"))
    );
    // Another setup is another provider.
    let path = format!("/api/v2/enrichment/providers/{}", first.as_str().unwrap());
    let change = json!({ "config": { "fields": { "location": { "path": "$.place" } } } });
    stage.app.user(stage.tenant).patch(&path, &change).await.expect(200);
    run(&stage, &waterfall, &[stage.known_account("https://acme.example/")], json!({})).await;
    assert_eq!(calls(&one).await, 3);
}

#[actix_web::test]
async fn a_record_over_its_cap_is_skipped_and_a_days_cap_stops_the_run() {
    let stage = Stage::running().await;
    let (first, one) = provider(&stage, "One", json!({ "industry": "Toys" })).await;
    let (second, two) = provider(&stage, "Two", json!({ "size": 7, "sure": 0.9 })).await;
    let steps = json!([{ "provider_id": first }, { "provider_id": second }]);
    let capped = waterfall(&stage, steps, json!({ "max_cost_per_record": "0.05" })).await;
    let account = stage.known_account("https://acme.example/");

    let skipped = run(&stage, &capped, &[account], json!({})).await;

    assert_eq!((&skipped["status"], &skipped["skipped"]), (&json!("completed"), &json!(1)));
    let jobs = stage.app.user(stage.tenant).get("/api/v2/enrichment/jobs?status=skipped").await.expect(200);
    assert_eq!(jobs["results"][0]["error_details"]["code"], "record_cap");
    assert_eq!((calls(&one).await, calls(&two).await), (1, 0));
    assert_eq!(stage.records.record(account)["industry"], "Toys", "what was paid for is written");

    let daily = waterfall(
        &stage,
        json!([{ "provider_id": first }]),
        json!({ "max_cost_per_day": "0.06", "fields": ["industry"] }),
    )
    .await;
    let accounts: Vec<Uuid> =
        (0..6).map(|n| stage.known_account(&format!("https://a{n}.example/"))).collect();
    let stopped = run(&stage, &daily, &accounts, json!({})).await;
    assert_eq!(
        (&stopped["status"], &stopped["done"], &stopped["cost"]),
        (&json!("budget_exhausted"), &json!(2), &json!("0.06"))
    );
    assert_eq!(calls(&one).await, 3, "not one call more");

    let path = format!("{PATH}/{}", daily["id"].as_str().unwrap());
    stage.app.user(stage.tenant).patch(&path, &json!({ "max_cost_per_day": "1" })).await.expect(200);
    let resume = format!("/api/v2/enrichment/runs/{}/resume", stopped["id"].as_str().unwrap());
    stage.app.user(stage.tenant).post(&resume, &json!({})).await.expect(200);
    let done = ended(&stage, &stopped["id"]).await;
    assert_eq!((&done["status"], &done["done"], calls(&one).await), (&json!("completed"), &json!(6), 7));
}

#[actix_web::test]
async fn a_providers_monthly_budget_holds_for_everything() {
    let stage = Stage::running().await;
    let (first, one) = provider(&stage, "One", json!({ "industry": "Toys" })).await;
    let path = format!("/api/v2/enrichment/providers/{}", first.as_str().unwrap());
    stage.app.user(stage.tenant).patch(&path, &json!({ "monthly_budget": "0.09" })).await.expect(200);
    let waterfall =
        waterfall(&stage, json!([{ "provider_id": first }]), json!({ "fields": ["industry"] })).await;
    let accounts: Vec<Uuid> =
        (0..10).map(|n| stage.known_account(&format!("https://a{n}.example/"))).collect();

    let stopped = run(&stage, &waterfall, &accounts, json!({})).await;

    assert_eq!((&stopped["status"], &stopped["done"]), (&json!("budget_exhausted"), &json!(3)));
    assert_eq!(calls(&one).await, 3);
    let budget = stage
        .json("SELECT jsonb_build_array(spent, reserved) AS value FROM enrichment_budgets WHERE scope = 'provider'")
        .await;
    let number = |place: usize| budget[place].as_f64().unwrap();
    assert_eq!((number(0), number(1)), (0.09, 0.0), "what was reserved is settled");
}

#[actix_web::test]
async fn an_estimate_says_what_it_takes_at_most_and_asks_nothing() {
    let stage = Stage::running().await;
    let (first, one) = provider(&stage, "One", json!({})).await;
    let (second, _two) = provider(&stage, "Two", json!({})).await;
    let steps = json!([{ "provider_id": first }, { "provider_id": second }]);
    let waterfall = waterfall(&stage, steps, json!({})).await;
    let accounts = [stage.known_account("https://a.example/"), stage.known_account("https://b.example/")];
    let path = format!("{PATH}/{}/estimate", waterfall["id"].as_str().unwrap());

    let estimate = stage.app.user(stage.tenant).post(&path, &json!({ "ids": accounts })).await.expect(200);

    assert_eq!(
        (&estimate["records"], &estimate["max_calls"], &estimate["max_cost"]),
        (&json!(2), &json!(4), &json!("0.12"))
    );
    assert_eq!(
        estimate["by_provider"][0],
        json!({ "provider_id": first, "name": "One", "max_calls": 2, "max_cost": "0.06" })
    );
    assert_eq!(calls(&one).await, 0);
}

#[actix_web::test]
async fn a_provider_that_fails_gives_way_to_the_next() {
    let stage = Stage::running().await;
    let broken = answering(ResponseTemplate::new(500)).await;
    let mut body = http(&broken);
    body["name"] = json!("Broken");
    let first =
        stage.app.user(stage.tenant).post("/api/v2/enrichment/providers", &body).await.expect(201)["id"]
            .clone();
    let (second, _two) = provider(&stage, "Two", json!({ "industry": "Toys" })).await;
    let steps = json!([{ "provider_id": first }, { "provider_id": second }]);
    let waterfall = waterfall(&stage, steps, json!({ "fields": ["industry"] })).await;

    let run = run(&stage, &waterfall, &[stage.known_account("https://acme.example/")], json!({})).await;

    assert_eq!(
        (&run["status"], &run["done"], &run["cost"]),
        (&json!("completed"), &json!(1), &json!("0.03"))
    );
}

#[actix_web::test]
async fn a_provider_that_has_to_forget_a_person_is_not_asked_about_them_again() {
    let stage = Stage::running().await;
    let server = answering(ResponseTemplate::new(451)).await;
    let made =
        stage.app.user(stage.tenant).post("/api/v2/enrichment/providers", &http(&server)).await.expect(201);
    let waterfall = waterfall(&stage, json!([{ "provider_id": made["id"] }]), json!({})).await;
    let account = stage.known_account("https://acme.example/");

    for _ in 0..2 {
        run(&stage, &waterfall, &[account], json!({})).await;
    }

    assert_eq!(calls(&server).await, 1);
    let requests = stage.leads.received_requests().await.unwrap();
    assert_eq!(requests.iter().filter(|request| request.url.path() == "/internal/records/forget").count(), 1);
    assert_eq!(stage.app.database.number("SELECT count(*) AS number FROM raw_records").await, 0);
    let told = "SELECT count(*) AS number FROM events WHERE event_type = 'Enrichment.FORGOTTEN'";
    assert_eq!(stage.app.database.number(told).await, 1);
}
