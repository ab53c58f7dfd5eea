//! The ledger and the raw answers, for those who may export.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    stage::Stage,
    waterfalls::{calls, provider, run, waterfall},
};

#[actix_web::test]
async fn the_ledger_equals_what_providers_saw_by_provider_day_and_type() {
    let stage = Stage::running().await;
    let (first, one) = provider(&stage, "One", json!({ "industry": "Toys" })).await;
    let (second, two) = provider(&stage, "Two", json!({ "size": 7, "sure": 0.9 })).await;
    let steps = json!([{ "provider_id": first }, { "provider_id": second }]);
    let waterfall = waterfall(&stage, steps, json!({})).await;
    let ids: Vec<Uuid> = (0..5).map(|n| stage.known_account(&format!("https://a{n}.example/"))).collect();
    run(&stage, &waterfall, &ids, json!({})).await;
    let caller = stage.app.user(stage.tenant);

    let usage = caller.get("/api/v2/enrichment/usage?group_by=provider,day,type").await.expect(200);

    assert_eq!(usage["currency"], "USD");
    let rows = usage["results"].as_array().unwrap();
    assert_eq!(rows.len(), 2, "{usage}");
    for (row, (name, server)) in rows.iter().zip([("One", &one), ("Two", &two)]) {
        assert_eq!((&row["provider"]["name"], &row["type"]), (&json!(name), &json!("COMPANY_INFO")));
        assert_eq!(row["calls"].as_u64().unwrap(), calls(server).await as u64);
        assert_eq!((&row["hits"], &row["misses"], &row["cost"]), (&json!(5), &json!(0), &json!("0.15")));
    }
    let none = caller
        .get("/api/v2/enrichment/usage?from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z")
        .await
        .expect(200);
    assert_eq!(none["results"], json!([]));
    assert_eq!(
        caller.get("/api/v2/enrichment/usage?group_by=colour").await.problem(),
        (400, "validation_failed")
    );
}

#[actix_web::test]
async fn raw_answers_are_exported_oldest_first_without_secrets() {
    let stage = Stage::running().await;
    let (first, _one) = provider(&stage, "One", json!({ "industry": "Toys", "echo": "s3cret/key" })).await;
    let waterfall = waterfall(&stage, json!([{ "provider_id": first }]), json!({})).await;
    let ids: Vec<Uuid> = (0..120).map(|n| stage.known_account(&format!("https://a{n}.example/"))).collect();
    run(&stage, &waterfall, &ids, json!({})).await;
    let caller = stage.app.user(stage.tenant);

    let raw = caller.get("/api/v2/enrichment/raw").await;

    assert_eq!(raw.status, 200);
    let lines: Vec<Value> = raw.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 120);
    assert!(lines.windows(2).all(|pair| pair[0]["fetched_at"].as_str() <= pair[1]["fetched_at"].as_str()));
    assert!(!raw.text.contains("s3cret"));
    let subjects: std::collections::HashSet<&str> =
        lines.iter().map(|line| line["subject_id"].as_str().unwrap()).collect();
    assert_eq!(subjects.len(), 120);
    let own = caller.get(&format!("/api/v2/enrichment/raw?provider={}", first.as_str().unwrap())).await;
    assert_eq!(own.text.lines().count(), 120);
    assert_eq!(caller.get("/api/v2/enrichment/raw?provider=website").await.text.lines().count(), 0);
}

#[actix_web::test]
async fn costs_and_raw_answers_are_for_those_who_may_export_and_see_all() {
    let stage = Stage::set().await;
    let reader = stage.app.user(stage.tenant).holding(&["enrichment:read", "enrichment:run"]);
    let own = stage.app.user(stage.tenant).scoped(contracts::identity::DataScope::Own, &[]);
    for path in ["/api/v2/enrichment/usage", "/api/v2/enrichment/raw"] {
        assert_eq!(reader.get(path).await.problem(), (403, "permission_denied"), "{path}");
        assert_eq!(own.get(path).await.problem(), (403, "permission_denied"), "{path}");
    }
}
