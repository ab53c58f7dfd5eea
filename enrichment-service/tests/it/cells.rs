//! Cells: pinned by people, sampled, capped, shown to those who may see them.

use serde_json::json;
use uuid::Uuid;
use wiremock::ResponseTemplate;

use crate::{
    columns::{PATH, answer, cells, column, generate, lead, model, said},
    stage::Stage,
    waterfalls::calls,
};

#[actix_web::test]
async fn what_a_person_writes_is_checked_and_pinned() {
    let stage = Stage::running().await;
    let server = model(&stage, |_| said(&answer(&json!("hot")))).await;
    let column =
        column(&stage, json!({ "response_type": "enum", "response_config": { "choices": ["hot", "cold"] } }))
            .await;
    let lead = lead(&stage, "CTO");
    generate(&stage, &column, "generate_values", &[lead]).await;
    let cell = cells(&stage, "").await[0].clone();
    let path = format!("/api/v2/lead_column_values/{}", cell["id"].as_str().unwrap());
    let caller = stage.app.user(stage.tenant);

    assert_eq!(caller.patch(&path, &json!({ "value": "warm" })).await.status, 400);
    let pinned = caller.patch(&path, &json!({ "value": "cold" })).await.expect(200);
    let run = generate(&stage, &column, "force_refresh", &[lead]).await;

    assert_eq!((&pinned["value"], &pinned["pinned"]), (&json!("cold"), &json!(true)));
    assert_eq!((&run["skipped"], calls(&server).await), (&json!(1), 1));
    assert_eq!(cells(&stage, "").await[0]["value"], "cold");
    let stranger = stage.app.user(stage.app.tenant().await);
    assert_eq!(stranger.patch(&path, &json!({ "value": "hot" })).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn a_sample_is_answered_at_once_and_nothing_of_it_is_kept() {
    let stage = Stage::running().await;
    let server = model(&stage, |_| said(&answer(&json!("Yes")))).await;
    let column = column(&stage, json!({})).await;
    for _ in 0..20 {
        lead(&stage, "CTO");
    }
    let path = format!("{PATH}/{}/sample", column["id"].as_str().unwrap());

    let sample = stage.app.user(stage.tenant).post(&path, &json!({ "n": 3 })).await.expect(200);

    assert_eq!(sample["results"].as_array().unwrap().len(), 3);
    assert_eq!(
        (&sample["results"][0]["value"], &sample["cost"], &sample["estimated_cost_all"]),
        (&json!("Yes"), &json!("0.006"), &json!("0.04"))
    );
    assert_eq!((cells(&stage, "").await.len(), calls(&server).await), (0, 3));
    assert_eq!(stage.app.user(stage.tenant).post(&path, &json!({ "n": 11 })).await.status, 400);
}

#[actix_web::test]
async fn a_used_up_quota_pauses_the_run_and_a_cap_ends_it() {
    let stage = Stage::running().await;
    let empty = json!({ "error": { "code": "insufficient_quota", "type": "insufficient_quota", "message": "sk-model-key" } });
    let server = model(&stage, move |_| ResponseTemplate::new(429).set_body_json(empty.clone())).await;
    let column = column(&stage, json!({})).await;
    let leads: Vec<Uuid> = (0..5).map(|n| lead(&stage, &format!("CTO {n}"))).collect();

    let paused = generate(&stage, &column, "generate_values", &leads).await;

    assert_eq!((&paused["status"], &paused["done"]), (&json!("budget_exhausted"), &json!(0)));
    assert!(calls(&server).await <= 5);
    let providers =
        stage.app.user(stage.tenant).get("/api/v2/enrichment/providers?kind=model").await.expect(200);
    assert_eq!(providers["results"][0]["status"], "paused");
}

#[actix_web::test]
async fn answers_are_shown_only_to_those_who_may_read_record_and_context() {
    let stage = Stage::running().await;
    let _server = model(&stage, |_| said(&answer(&json!("Yes")))).await;
    let column = column(&stage, json!({ "context_type": ["lead_profile", "account_profile"] })).await;
    let own = lead(&stage, "CTO");
    generate(&stage, &column, "generate_values", &[own]).await;

    let without_accounts = stage.app.user(stage.tenant).holding(&[
        "enrichment:read",
        "leads:read",
        "custom_columns:manage",
        "enrichment:run",
        "leads:update",
    ]);
    let seen = without_accounts.get("/api/v2/lead_column_values").await.expect(200);
    assert_eq!(seen["count"], 0);
    let path = format!("{PATH}/{}", column["id"].as_str().unwrap());
    assert_eq!(
        without_accounts.patch(&path, &json!({ "name": "Mine" })).await.problem(),
        (403, "permission_denied")
    );
    let run =
        without_accounts.post(&format!("{path}/generate_values"), &json!({ "entity_ids": [own] })).await;
    assert_eq!(run.problem(), (404, "not_found"));
    let stranger = stage.app.user(stage.app.tenant().await);
    assert_eq!(stranger.get("/api/v2/lead_column_values").await.expect(200)["count"], 0);
    assert_eq!(stranger.get(&path).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn a_column_that_contradicts_itself_is_refused() {
    let stage = Stage::running().await;
    let caller = stage.app.user(stage.tenant);
    let sound = json!({
        "product_id": Uuid::now_v7(), "entity_type": "lead", "name": "C", "question": "Q?", "response_type": "string",
        "context_type": ["lead_profile"],
    });
    for (change, field) in [
        (json!({ "response_type": "enum" }), "response_config.choices"),
        (json!({ "response_type": "json_object" }), "response_config.schema"),
        (
            json!({ "response_type": "json_object", "response_config": { "schema": { "type": "object", "properties": { "a": { "$ref": "#" } } } } }),
            "response_config.schema",
        ),
        (
            json!({ "response_type": "json_object", "response_config": { "schema": { "type": "object", "properties": { "a": { "type": "string", "pattern": "(a+)+" } } } } }),
            "response_config.schema",
        ),
        (
            json!({ "response_type": "number", "response_config": { "min": 5, "max": 1 } }),
            "response_config.min",
        ),
        (json!({ "entity_type": "account" }), "context_type"),
        (json!({ "context_type": [] }), "context_type"),
        (json!({ "ai_config": { "provider_id": Uuid::now_v7() } }), "ai_config.provider_id"),
    ] {
        let mut body = sound.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = caller.post(PATH, &body).await;
        assert_eq!(refused.status, 400, "{change}");
        assert!(refused.faults().iter().any(|(at, _)| at == field), "{change}: {}", refused.text);
    }
}
