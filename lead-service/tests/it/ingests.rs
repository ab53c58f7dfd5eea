//! The ledger of submissions.

use contracts::{UserId, identity::DataScope};
use serde_json::json;

use crate::arrange::{Leads, api_key, id_of};

#[actix_web::test]
async fn every_submission_with_a_valid_key_is_in_the_ledger() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let form = app.anonymous().with("x-api-key", &api_key(&caller, json!({"strict": true})).await);
    let good = json!({"email": "a@example.com", "budget": "10k", "lead_reference_id": "1"});
    let created = form.post("/api/leads/ingest", &good).await.expect(201);
    form.post("/api/leads/ingest", &good).await.expect(200);
    form.post("/api/leads/ingest", &json!({"email": "nope"})).await.expect(400);
    let nowhere = json!({"email": "b@example.com", "product_id": uuid::Uuid::now_v7()});
    form.post("/api/leads/ingest", &nowhere).await.expect(422);
    let batch = json!({"items": [{"email": "c@example.com"}, {"email": "nope"}]});
    form.post("/api/leads/ingest/batch", &batch).await.expect(200);
    app.anonymous().with("x-api-key", "wrong").post("/api/leads/ingest", &good).await.expect(401);

    let count = async |outcome: &str| {
        caller.get(&format!("/api/v2/ingests?outcome={outcome}")).await.expect(200)["count"].clone()
    };
    assert_eq!(
        (count("created").await, count("duplicate").await, count("rejected").await),
        (json!(2), json!(1), json!(3))
    );
    let entry =
        caller.get(&format!("/api/v2/ingests?lead_id={}&outcome=created", id_of(&created))).await.expect(200);
    let entry = caller.get(&format!("/api/v2/ingests/{}", id_of(&entry["results"][0]))).await.expect(200);
    assert_eq!((&entry["sent"], &entry["lead_id"]), (&good, &created["id"]));
    let rejected = caller.get("/api/v2/ingests?outcome=rejected&ordering=created_at").await.expect(200);
    assert_eq!(rejected["results"][0]["errors"][0]["code"], "invalid_email");
    assert_eq!(caller.get("/api/v2/ingests?outcome=lost").await.status, 400);

    let stranger = app.user(app.tenant().await);
    assert_eq!(stranger.get("/api/v2/ingests").await.expect(200)["count"], 0);
    let path = format!("/api/v2/ingests/{}", id_of(&entry));
    assert_eq!(stranger.get(&path).await.problem(), (404, "not_found"));
    assert_eq!(stranger.post(&format!("{path}/replay"), &json!({})).await.problem(), (404, "not_found"));
    let narrow = app.user_named(caller.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    assert_eq!(narrow.get("/api/v2/ingests").await.expect(200)["count"], 0);
}

#[actix_web::test]
async fn what_was_held_or_refused_is_taken_in_again_once() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let form =
        app.anonymous().with("x-api-key", &api_key(&caller, json!({"duplicate_policy": "hold"})).await);
    form.post("/api/leads/ingest", &json!({"email": "a@example.com"})).await.expect(201);
    let held =
        form.post("/api/leads/ingest", &json!({"email": "a@example.com", "name": "Ada"})).await.expect(202);
    let path = format!("/api/v2/ingests/{}/replay", id_of(&held));

    let nothing = json!({});
    let replays = futures::future::join_all((0..5).map(|_| caller.post(&path, &nothing))).await;

    let leads: std::collections::HashSet<String> =
        replays.into_iter().map(|reply| reply.expect(200)["lead_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(leads.len(), 1);
    assert_eq!(app.database.number("SELECT count(*) AS number FROM leads").await, 2);
    assert_eq!(app.database.number("SELECT count(*) AS number FROM ingests").await, 2);

    form.post("/api/leads/ingest", &json!({"email": "nope"})).await.expect(400);
    let rejected = caller.get("/api/v2/ingests?outcome=rejected").await.expect(200)["results"][0].clone();
    let still = caller.post(&format!("/api/v2/ingests/{}/replay", id_of(&rejected)), &json!({})).await;
    assert_eq!(still.faults(), [("email".to_owned(), "invalid_email".to_owned())]);
}
