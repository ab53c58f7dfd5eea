//! Calls of enrichment-service about records: people suggested, activities merged, records chosen.

use contracts::UserId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    arrange::{account, id_of},
    provenance::Stage,
};

#[actix_web::test]
async fn people_are_suggested_once_whatever_the_order_of_pages() {
    let stage = Stage::new().await;
    let id = account(&stage.caller).await;
    let job = Uuid::now_v7();
    let person = |n: u32| {
        json!({
            "first_name": format!("P{n}"), "last_name": "X", "linkedin_url": format!("https://www.linkedin.com/in/person-{n}"),
            "role_title": "CTO", "persona": "buyer", "score": 80, "evaluation": { "fit": 0.8, "reasons": ["title"] },
        })
    };
    let suggest = async |people: Value, max: i64| {
        let call =
            json!({ "account_id": id, "job_id": job, "started_by": null, "people": people, "max": max });
        stage.ask("PUT", "suggest", call).await
    };

    let first = suggest(json!([person(1), person(2), { "role_title": "unknown" }]), 100).await;
    let again = suggest(json!([person(2), person(1), person(3)]), 100).await;
    let full = suggest(json!([person(4)]), 3).await;

    assert_eq!((&first["created"], &first["unusable"]), (&json!(2), &json!(1)));
    assert_eq!((&again["created"], &again["known"], &again["total"]), (&json!(1), &json!(2), &json!(3)));
    assert_eq!((&full["created"], &full["total"]), (&json!(0), &json!(3)));
    let leads = stage.caller.get(&format!("/api/v2/leads?account_id={id}")).await.expect(200);
    assert_eq!(leads["count"], 3);
    let lead = &leads["results"][0];
    assert_eq!(
        (&lead["source"], &lead["suggestion_status"], &lead["persona"]),
        (&json!("enrichment"), &json!("suggested"), &json!("buyer"))
    );
    assert_eq!(lead["enrichment_data"]["evaluation"]["reasons"], json!(["title"]));

    // A person who was turned down does not come back.
    let gone = leads["results"][1]["id"].as_str().unwrap().to_owned();
    assert_eq!(stage.caller.delete(&format!("/api/v2/leads/{gone}")).await.status, 204);
    let back = suggest(json!([person(1), person(2), person(3)]), 100).await;
    assert_eq!((&back["created"], &back["known"]), (&json!(0), &json!(3)));
}

#[actix_web::test]
async fn activities_are_merged_and_nothing_is_doubled() {
    let stage = Stage::new().await;
    let lead = stage.lead(json!({ "email": "a@x.example" })).await;
    let merge = async |activities: Value, insights: Value| {
        let call = json!({ "lead_id": lead, "job_id": Uuid::now_v7(), "activities": activities, "insights": insights, "metadata": { "a": 1 } });
        stage.ask("PUT", "linkedin", call).await
    };

    let first = merge(
        json!([{ "kind": "post", "text": "a" }, { "kind": "post", "text": "b" }]),
        json!({ "personality": {} }),
    )
    .await;
    let again =
        merge(json!([{ "kind": "post", "text": "b" }, { "kind": "comment", "text": "b" }]), Value::Null)
            .await;

    assert_eq!((&first["added"], &again["added"], &again["total"]), (&json!(2), &json!(1), &json!(3)));
    let shown = stage.caller.get(&format!("/api/v2/leads/{lead}")).await.expect(200);
    let linkedin = &shown["enrichment_data"]["linkedin"];
    assert_eq!(
        (linkedin["activities"].as_array().unwrap().len(), &linkedin["insights"]),
        (3, &json!({ "personality": {} }))
    );
}

#[actix_web::test]
async fn records_are_chosen_within_sight_newest_first_and_conditions_are_checked() {
    let stage = Stage::new().await;
    let rep = UserId::new();
    let own = stage.app.user_named(stage.caller.tenant(), rep);
    let mine = id_of(&own.post("/api/v2/leads", &json!({ "email": "m@x.example" })).await.expect(201));
    let first = stage.lead(json!({ "email": "a@x.example", "status": "qualified" })).await;
    let second = stage.lead(json!({ "email": "b@x.example" })).await;
    let select = async |choice: Value, seen_by: Value| {
        let call = json!({ "entity": "lead", "choice": choice, "seen_by": seen_by, "time_zone": null, "limit": null });
        stage.ask("POST", "select", call).await
    };

    assert_eq!(select(json!({}), Value::Null).await["ids"], json!([second, first, mine]));
    assert_eq!(select(json!({}), json!([rep])).await["ids"], json!([mine]));
    assert_eq!(select(json!({ "ids": [first, mine, first] }), json!([rep])).await["ids"], json!([mine]));
    let condition = json!({ "field": "status", "op": "eq", "value": "qualified" });
    assert_eq!(select(json!({ "where": condition }), Value::Null).await["ids"], json!([first]));
    assert_eq!(select(json!({ "ids": [second], "where": condition }), Value::Null).await["ids"], json!([]));
    let faults =
        select(json!({ "where": { "field": "password", "op": "eq", "value": "x" } }), Value::Null).await;
    assert!(!faults["faults"].as_array().unwrap().is_empty());
    let merge = json!({ "winner": first, "losers": [second] });
    stage.caller.post("/api/v2/leads/merge", &merge).await;
    assert_eq!(
        select(json!({ "ids": [second, first] }), Value::Null).await["ids"],
        json!([first]),
        "a merged lead stands for its winner, once"
    );
}
