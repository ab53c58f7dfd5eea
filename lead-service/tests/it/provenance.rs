//! Provenance: what enrichment may write, where each value came from, and what people pin, revert and accept.

use contracts::{Service, identity::DataScope};
use serde_json::{Value, json};
use testkit::Caller;
use uuid::Uuid;

use crate::arrange::{Leads, account, api_key, id_of};

pub struct Stage {
    pub app: Leads,
    pub caller: Caller,
}

impl Stage {
    pub async fn new() -> Self {
        let app = Leads::start().await;
        let caller = app.user(app.tenant().await);
        Self { app, caller }
    }

    fn tenant(&self) -> Value {
        json!(self.caller.tenant())
    }

    pub async fn ask(&self, verb: &str, path: &str, mut call: Value) -> Value {
        call["tenant_id"] = self.tenant();
        let service = self.app.service(Service::Enrichment);
        let path = format!("/internal/records/{path}");
        if verb == "PUT" { service.put(&path, &call).await } else { service.post(&path, &call).await }
            .expect(200)
    }

    async fn fill(&self, entity: &str, id: &str, policy: &str, found: Value, candidates: Value) -> Value {
        let call = json!({
            "entity": entity, "id": id, "job_id": Uuid::now_v7(), "expected_version": null, "policy": policy,
            "found": found, "candidates": candidates,
        });
        self.ask("PUT", "fill", call).await
    }

    async fn of(&self, path: &str, field: &str) -> Value {
        let all = self.caller.get(&format!("{path}/provenance")).await.expect(200);
        let found = all["results"].as_array().unwrap().iter().find(|one| one["field"] == field).cloned();
        found.unwrap_or_default()
    }

    pub async fn lead(&self, body: Value) -> String {
        id_of(&self.caller.post("/api/v2/leads", &body).await.expect(201))
    }
}

fn value(field: &str, value: &Value, confidence: f64) -> Value {
    json!({
        "field": field, "value": value, "confidence": confidence, "step": 0, "observed_at": "2026-11-01T00:00:00Z",
        "provider": { "id": "0191d7a0-0000-7000-8000-000000000001", "name": "Vendor", "kind": "http" },
        "source_url": "https://vendor.example/", "cost": "0.03",
    })
}

#[actix_web::test]
async fn enrichment_fills_what_is_empty_and_says_from_where() {
    let stage = Stage::new().await;
    let id = account(&stage.caller).await;
    let path = format!("/api/v2/accounts/{id}");

    let filled = stage
        .fill(
            "account",
            &id,
            "fill_if_empty",
            json!([
                value("industry", &json!("Aerospace"), 0.9),
                value("founded_year", &json!("soon"), 0.9),
                value("name", &json!("Evil"), 1.0)
            ]),
            json!([]),
        )
        .await;

    assert_eq!(filled["written"], json!([{ "field": "industry", "value": "Aerospace", "previous": null }]));
    let reasons: Vec<&Value> =
        filled["refused"].as_array().unwrap().iter().map(|one| &one["reason"]).collect();
    assert_eq!(reasons, [&json!("invalid"), &json!("unknown_field")]);
    let shown = stage.caller.get(&path).await.expect(200);
    assert_eq!((&shown["industry"], &shown["name"]), (&json!("Aerospace"), &json!("Acme")));
    assert!(shown["last_enriched_at"].is_string());
    let told = stage.of(&path, "industry").await;
    assert_eq!(
        (&told["source"], &told["provider"]["name"], &told["confidence"], &told["pinned"]),
        (&json!("enrichment"), &json!("Vendor"), &json!(0.9), &json!(false))
    );
    assert_eq!(
        (&told["actor"], &told["cost"]),
        (&json!({ "kind": "service", "name": "enrichment" }), &json!("0.030000"))
    );
    let name = stage.of(&path, "name").await;
    assert_eq!(
        (&name["source"], &name["pinned"], &name["actor"]["kind"]),
        (&json!("person"), &json!(true), &json!("user"))
    );
    let events = format!(
        "SELECT count(*) AS number FROM events WHERE entity_id = '{id}' AND actor ->> 'name' = 'enrichment' AND current_state ? 'enrichment_job_id'"
    );
    assert_eq!(stage.app.database.number(&events).await, 1);
}

#[actix_web::test]
async fn a_job_that_asks_again_changes_nothing_and_is_answered_alike() {
    let stage = Stage::new().await;
    let id = account(&stage.caller).await;
    let call = json!({
        "entity": "account", "id": id, "job_id": Uuid::now_v7(), "expected_version": null, "policy": "always",
        "found": [value("industry", &json!("Toys"), 0.5)], "candidates": [],
    });

    let first = stage.ask("PUT", "fill", call.clone()).await;
    stage.caller.patch(&format!("/api/v2/accounts/{id}"), &json!({ "industry": null })).await.expect(200);
    let again = stage.ask("PUT", "fill", call).await;

    assert_eq!(first, again);
    assert_eq!(
        stage.caller.get(&format!("/api/v2/accounts/{id}")).await.expect(200)["industry"],
        Value::Null
    );
}

#[actix_web::test]
async fn what_a_person_wrote_is_pinned_whatever_the_policy_and_becomes_a_candidate_beside() {
    let stage = Stage::new().await;
    let id = account(&stage.caller).await;
    let path = format!("/api/v2/accounts/{id}");
    stage.caller.patch(&path, &json!({ "industry": "Mine" })).await.expect(200);

    for policy in ["fill_if_empty", "always", "higher_confidence", "source_rank"] {
        let filled = stage
            .fill("account", &id, policy, json!([value("industry", &json!("Theirs"), 1.0)]), json!([]))
            .await;
        assert_eq!(filled["refused"], json!([{ "field": "industry", "reason": "pinned" }]), "{policy}");
    }
    let told = stage.of(&path, "industry").await;
    assert_eq!(
        (&told["value"], &told["source"], &told["pinned"]),
        (&json!("Mine"), &json!("person"), &json!(true))
    );
    assert_eq!(told["candidates"].as_array().unwrap().len(), 1, "the same one once");
    let read = stage.ask("POST", "read", json!({ "entity": "account", "ids": [id], "seen_by": null })).await;
    assert!(read["records"][0]["pinned"].as_array().unwrap().contains(&json!("industry")));

    let step = format!("{path}/fields/industry");
    let unpinned = stage.caller.post(&format!("{step}/unpin"), &json!({})).await.expect(200);
    assert_eq!((&unpinned["pinned"], &unpinned["source"]), (&json!(false), &json!("person")));
    let filled = stage
        .fill("account", &id, "always", json!([value("industry", &json!("Theirs"), 1.0)]), json!([]))
        .await;
    assert_eq!(filled["written"][0]["previous"], "Mine");
    let reverted = stage.caller.post(&format!("{step}/revert"), &json!({})).await.expect(200);
    assert_eq!(
        (&reverted["value"], &reverted["source"], &reverted["pinned"]),
        (&json!("Mine"), &json!("person"), &json!(false))
    );
    let pinned = stage.caller.post(&format!("{step}/pin"), &json!({})).await.expect(200);
    assert_eq!(pinned["pinned"], true);
    let refused = stage
        .fill("account", &id, "always", json!([value("industry", &json!("Theirs"), 1.0)]), json!([]))
        .await;
    assert_eq!(refused["refused"][0]["reason"], "pinned");
}

#[actix_web::test]
async fn each_policy_decides_for_itself() {
    let stage = Stage::new().await;
    for (policy, first, second, wins) in [
        ("fill_if_empty", 0.5, 0.9, false),
        ("always", 0.9, 0.1, true),
        ("higher_confidence", 0.5, 0.9, true),
        ("higher_confidence", 0.9, 0.5, false),
    ] {
        let id = account(&stage.caller).await;
        stage
            .fill("account", &id, "always", json!([value("industry", &json!("One"), first)]), json!([]))
            .await;
        stage
            .fill("account", &id, policy, json!([value("industry", &json!("Two"), second)]), json!([]))
            .await;
        let shown = stage.caller.get(&format!("/api/v2/accounts/{id}")).await.expect(200);
        assert_eq!(shown["industry"], if wins { "Two" } else { "One" }, "{policy} {first} {second}");
    }
    let id = account(&stage.caller).await;
    let mut later = value("industry", &json!("Second step"), 0.9);
    later["step"] = json!(1);
    stage
        .fill("account", &id, "source_rank", json!([value("industry", &json!("First step"), 0.1)]), json!([]))
        .await;
    let kept = stage.fill("account", &id, "source_rank", json!([later]), json!([])).await;
    assert_eq!(kept["refused"][0]["reason"], "kept");
}

#[actix_web::test]
async fn a_candidate_is_accepted_with_its_source_and_pinned_as_chosen() {
    let stage = Stage::new().await;
    let id = account(&stage.caller).await;
    let path = format!("/api/v2/accounts/{id}");
    stage
        .fill("account", &id, "fill_if_empty", json!([]), json!([value("industry", &json!("Toys"), 0.2)]))
        .await;
    assert_eq!(stage.caller.get(&path).await.expect(200)["industry"], Value::Null);
    let step = format!("{path}/fields/industry");

    let absent = stage.caller.post(&format!("{step}/accept"), &json!({ "candidate_index": 7 })).await;
    let stale = stage
        .caller
        .with("if-match", "\"99\"")
        .post(&format!("{step}/accept"), &json!({ "candidate_index": 0 }))
        .await;
    let accepted =
        stage.caller.post(&format!("{step}/accept"), &json!({ "candidate_index": 0 })).await.expect(200);

    assert_eq!(absent.problem(), (404, "not_found"));
    assert_eq!(stale.problem(), (412, "version_conflict"));
    assert_eq!(
        (&accepted["value"], &accepted["source"], &accepted["pinned"]),
        (&json!("Toys"), &json!("enrichment"), &json!(true))
    );
    assert_eq!(
        (&accepted["actor"]["kind"], &accepted["provider"]["name"]),
        (&json!("user"), &json!("Vendor"))
    );
    assert_eq!(stage.caller.get(&path).await.expect(200)["industry"], "Toys");
    assert_eq!(accepted["candidates"], json!([]));
}

#[actix_web::test]
async fn a_leads_address_is_not_filled_with_that_of_another_lead() {
    let stage = Stage::new().await;
    stage.lead(json!({ "email": "ada@acme.example", "first_name": "Ada" })).await;
    let other = stage.lead(json!({ "first_name": "Bob", "last_name": "X" })).await;

    let filled = stage
        .fill(
            "lead",
            &other,
            "always",
            json!([value("email", &json!("ADA@acme.example"), 1.0), value("role_title", &json!("CTO"), 0.8)]),
            json!([]),
        )
        .await;

    assert_eq!(filled["refused"], json!([{ "field": "email", "reason": "known_elsewhere" }]));
    assert_eq!(filled["written"][0]["field"], "role_title");
    let path = format!("/api/v2/leads/{other}");
    let accepted =
        stage.caller.post(&format!("{path}/fields/email/accept"), &json!({ "candidate_index": 0 })).await;
    assert_eq!(accepted.problem(), (409, "possible_duplicate"));
}

#[actix_web::test]
async fn what_forms_wrote_is_neither_a_persons_nor_pinned() {
    let stage = Stage::new().await;
    let key = api_key(&stage.caller, json!({})).await;
    let form = stage.app.anonymous().with("x-api-key", &key);
    let id = id_of(
        &form
            .post("/api/leads/ingest", &json!({ "email": "a@x.example", "company_name": "Acme" }))
            .await
            .expect(201),
    );

    let told = stage.of(&format!("/api/v2/leads/{id}"), "company_name").await;
    assert_eq!((&told["source"], &told["pinned"]), (&json!("form"), &json!(false)));
    let filled = stage
        .fill("lead", &id, "always", json!([value("company_name", &json!("Acme Inc."), 0.9)]), json!([]))
        .await;
    assert_eq!(filled["written"][0]["previous"], "Acme");
    let ranked = stage
        .fill("lead", &id, "source_rank", json!([value("email", &json!("b@x.example"), 0.9)]), json!([]))
        .await;
    assert_eq!(ranked["refused"][0]["reason"], "kept");
}

#[actix_web::test]
async fn a_provider_that_has_to_forget_takes_back_what_it_gave_and_no_more() {
    let stage = Stage::new().await;
    let id = account(&stage.caller).await;
    let mut other = value("location", &json!("Berlin"), 0.9);
    other["provider"]["id"] = json!(Uuid::now_v7());
    stage
        .fill(
            "account",
            &id,
            "always",
            json!([value("industry", &json!("Toys"), 0.9), other]),
            json!([value("location", &json!("Ulm"), 0.1)]),
        )
        .await;

    let call =
        json!({ "entity": "account", "id": id, "provider_id": "0191d7a0-0000-7000-8000-000000000001" });
    let forgotten = stage.ask("PUT", "forget", call).await;

    assert_eq!(forgotten["emptied"], 1);
    let shown = stage.caller.get(&format!("/api/v2/accounts/{id}")).await.expect(200);
    assert_eq!(
        (&shown["industry"], &shown["location"], &shown["name"]),
        (&Value::Null, &json!("Berlin"), &json!("Acme"))
    );
    assert_eq!(stage.of(&format!("/api/v2/accounts/{id}"), "location").await["candidates"], json!([]));
}

#[actix_web::test]
async fn enriching_by_hand_starts_a_job() {
    let stage = Stage::new().await;
    let id = account(&stage.caller).await;
    let lead = stage.lead(json!({ "email": "a@x.example" })).await;

    let account = stage.caller.post(&format!("/api/v2/accounts/{id}/enrich"), &json!({})).await.expect(202);
    let lead = stage.caller.post(&format!("/api/v2/leads/{lead}/enrich"), &json!({})).await.expect(202);

    assert_eq!(account["enrichment_jobs"][0]["type"], "COMPANY_INFO");
    assert_eq!(lead["enrichment_jobs"][0]["type"], "LEAD_INFO");
}

#[actix_web::test]
async fn provenance_follows_rights_scope_and_tenant() {
    let stage = Stage::new().await;
    let id = account(&stage.caller).await;
    let path = format!("/api/v2/accounts/{id}");
    let reader = stage.caller.holding(&["accounts:read"]);
    let other = stage.caller.scoped(DataScope::Own, &[]);
    let rep = stage.app.user(stage.caller.tenant()).scoped(DataScope::Own, &[]);
    let stranger = stage.app.user(stage.app.tenant().await);

    reader.get(&format!("{path}/provenance")).await.expect(200);
    assert_eq!(
        reader.post(&format!("{path}/fields/name/unpin"), &json!({})).await.problem(),
        (403, "permission_denied")
    );
    other.get(&format!("{path}/provenance")).await.expect(200);
    for caller in [&rep, &stranger] {
        assert_eq!(caller.get(&format!("{path}/provenance")).await.problem(), (404, "not_found"));
        assert_eq!(
            caller.post(&format!("{path}/fields/name/unpin"), &json!({})).await.problem(),
            (404, "not_found")
        );
        assert_eq!(caller.post(&format!("{path}/enrich"), &json!({})).await.problem(), (404, "not_found"));
    }
    let unknown = stage.caller.post(&format!("{path}/fields/version/pin"), &json!({})).await;
    assert_eq!(unknown.problem(), (404, "not_found"));
}
