//! Pipelines and their stages.

use serde_json::{Value, json};
use testkit::Caller;

use crate::arrange::{Leads, sales_pipeline, stage};

fn texts<'a>(rows: &'a Value, member: &str) -> Vec<&'a str> {
    rows["results"].as_array().unwrap().iter().map(|row| row[member].as_str().unwrap()).collect()
}

async fn add(caller: &Caller, body: Value) -> String {
    caller.post("/api/v2/pipelines", &body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_new_tenant_has_the_sales_pipeline_with_its_stages() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);

    let pipelines = caller.get("/api/v2/pipelines").await.expect(200);
    assert_eq!(texts(&pipelines, "name"), ["Sales Pipeline"]);
    assert_eq!(pipelines["results"][0]["is_default"], true);
    let path = format!("/api/v2/pipelines/{}/stages", pipelines["results"][0]["id"].as_str().unwrap());
    let stages = caller.get(&path).await.expect(200);

    let names = ["Prospecting", "Qualification", "Proposal", "Negotiation", "Closed Won", "Closed Lost"];
    assert_eq!(texts(&stages, "name"), names);
    assert_eq!(texts(&stages, "kind"), ["open", "open", "open", "open", "won", "lost"]);
    let probabilities: Vec<i64> =
        stages["results"].as_array().unwrap().iter().map(|s| s["probability"].as_i64().unwrap()).collect();
    assert_eq!(probabilities, [10, 25, 50, 75, 100, 0]);
}

#[actix_web::test]
async fn tenants_from_before_there_were_pipelines_get_theirs_once() {
    let app = Leads::start().await;
    let (tenant, furnished) = (app.tenant().await, app.tenant().await);
    let without = format!(
        "DELETE FROM deal_stages WHERE tenant_id = '{tenant}'; DELETE FROM pipelines WHERE tenant_id = '{tenant}'"
    );
    app.database.execute(&without).await;

    let app = app.with_background();
    let count = async |tenant| app.user(tenant).get("/api/v2/pipelines").await.expect(200)["count"].clone();
    for _ in 0..100 {
        if count(tenant).await == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }

    assert_eq!((count(tenant).await, count(furnished).await), (json!(1), json!(1)));
}

#[actix_web::test]
async fn there_is_always_one_default_pipeline() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let first = sales_pipeline(&caller).await;

    let second = add(&caller, json!({"name": "Partners"})).await;
    let stages = format!("/api/v2/pipelines/{second}/stages");
    caller.post(&stages, &json!({"name": "Talk", "probability": 20})).await.expect(201);
    let promoted = caller.patch(&format!("/api/v2/pipelines/{second}"), &json!({"is_default": true})).await;
    promoted.expect(200);

    let defaults = caller.get("/api/v2/pipelines?is_default=true").await.expect(200);
    assert_eq!(texts(&defaults, "id"), [second.as_str()]);
    let path = format!("/api/v2/pipelines/{second}");
    assert_eq!(
        caller.patch(&path, &json!({"is_default": false})).await.problem(),
        (409, "pipeline_is_default")
    );
    assert_eq!(
        caller.patch(&path, &json!({"is_active": false})).await.problem(),
        (409, "pipeline_is_default")
    );
    assert_eq!(caller.delete(&path).await.problem(), (409, "pipeline_is_default"));
    assert_eq!(caller.delete(&format!("/api/v2/pipelines/{first}")).await.status, 204);
    let told = "SELECT count(*) AS number FROM events WHERE event_type = 'Pipeline.UPDATE' \
                AND current_state = '{\"is_default\": false}'";
    assert_eq!(app.database.number(told).await, 1);
    let taken = caller.post("/api/v2/pipelines", &json!({"name": "Partners"})).await;
    assert_eq!(taken.problem(), (409, "already_exists"));
}

#[actix_web::test]
async fn the_default_pipeline_has_an_open_stage_that_deals_begin_in() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let first = sales_pipeline(&caller).await;
    let (without, beginless) = ((422, "pipeline_without_stages"), json!({"is_default": true}));
    let new = json!({"name": "New", "is_default": true});

    assert_eq!(caller.post("/api/v2/pipelines", &new).await.problem(), without);
    let path = format!("/api/v2/pipelines/{}", add(&caller, json!({"name": "Ends only"})).await);
    let stages = format!("{path}/stages");
    assert_eq!(caller.patch(&path, &beginless).await.problem(), without);
    caller.post(&stages, &json!({"name": "Yes", "probability": 100})).await.expect(201);
    let idle = json!({"name": "Idle", "probability": 10, "is_active": false});
    let idle = caller.post(&stages, &idle).await.expect(201);
    assert_eq!(caller.put(&path, &json!({"name": "X", "is_default": true})).await.problem(), without);
    let stage = format!("{stages}/{}", idle["id"].as_str().unwrap());
    caller.patch(&stage, &json!({"is_active": true})).await.expect(200);
    caller.patch(&path, &beginless).await.expect(200);

    let refused = [
        caller.patch(&stage, &json!({"is_active": false})).await,
        caller.patch(&stage, &json!({"kind": "lost", "probability": 0})).await,
        caller.delete(&stage).await,
    ];
    for reply in refused {
        assert_eq!(reply.problem(), (409, "last_open_stage"));
    }
    caller.patch(&stage, &json!({"name": "Begin"})).await.expect(200);
    caller.post("/api/v2/deals", &json!({"title": "A deal"})).await.expect(201);
    assert_eq!(caller.get("/api/v2/pipelines?is_default=true").await.expect(200)["count"], 1);
    assert_eq!(caller.delete(&format!("/api/v2/pipelines/{first}")).await.status, 204);
}

#[actix_web::test]
async fn stages_are_added_changed_reordered_and_deleted() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let pipeline = add(&caller, json!({"name": "Short"})).await;
    let path = format!("/api/v2/pipelines/{pipeline}/stages");
    let mut ids = Vec::new();
    for (name, probability, kind) in [("Talk", 30, "open"), ("Yes", 100, "won"), ("No", 0, "lost")] {
        let created = caller.post(&path, &json!({"name": name, "probability": probability})).await;
        let location = created.header("location").unwrap().to_owned();
        let stage = created.expect(201);
        assert_eq!((&stage["kind"], &stage["order"]), (&json!(kind), &json!(ids.len() + 1)));
        assert_eq!(caller.get(&location).await.expect(200), stage);
        ids.push(stage["id"].as_str().unwrap().to_owned());
    }

    let turned = json!({"stage_ids": [ids[2], ids[0], ids[1]]});
    let reordered = caller.post(&format!("{path}/reorder"), &turned).await.expect(200);
    assert_eq!(texts(&reordered, "name"), ["No", "Talk", "Yes"]);
    assert_eq!(texts(&caller.get(&path).await.expect(200), "name"), ["No", "Talk", "Yes"]);

    for (body, fault) in [
        (json!([ids[0], ids[1]]), ("stage_ids", "too_few")),
        (json!([ids[0], ids[1], ids[1]]), ("stage_ids.2", "ambiguous")),
        (json!([ids[0], ids[1], uuid::Uuid::now_v7()]), ("stage_ids.2", "unknown_reference")),
    ] {
        let refused = caller.post(&format!("{path}/reorder"), &json!({"stage_ids": body})).await;
        assert_eq!(refused.faults(), [(fault.0.to_owned(), fault.1.to_owned())]);
    }
    let taken = caller.post(&path, &json!({"name": "Talk", "probability": 20})).await;
    assert_eq!(taken.problem(), (409, "already_exists"));
    let wrong = caller.post(&path, &json!({"name": "X", "probability": 20, "kind": "won"})).await;
    assert_eq!(wrong.faults(), [("probability".to_owned(), "contradiction".to_owned())]);
    assert_eq!(caller.post(&path, &json!({"name": "X", "probability": 101})).await.problem().0, 400);
    assert_eq!(caller.delete(&format!("{path}/{}", ids[0])).await.status, 204);
    assert_eq!(caller.get(&path).await.expect(200)["count"], 2);
    caller.post(&format!("{path}/{}/restore", ids[0]), &json!({})).await.expect(200);
}

#[actix_web::test]
async fn a_stage_is_found_below_its_own_pipeline_only() {
    let app = Leads::start().await;
    let (caller, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let (pipeline, other) = (sales_pipeline(&caller).await, add(&caller, json!({"name": "Other"})).await);
    let stage = stage(&caller, "Proposal").await;

    assert_eq!(caller.get(&format!("/api/v2/pipelines/{pipeline}/stages/{stage}")).await.status, 200);
    for (who, pipeline) in [(&caller, &other), (&stranger, &pipeline)] {
        let path = format!("/api/v2/pipelines/{pipeline}/stages/{stage}");
        assert_eq!(who.get(&path).await.problem(), (404, "not_found"));
        assert_eq!(who.patch(&path, &json!({"name": "X"})).await.problem(), (404, "not_found"));
        assert_eq!(who.delete(&path).await.problem(), (404, "not_found"));
    }
    assert_eq!(stranger.get(&format!("/api/v2/pipelines/{pipeline}/stages")).await.status, 404);
}
