//! Duplicates found, merged and taken apart again.

use contracts::{UserId, identity::DataScope};
use serde_json::{Value, json};
use testkit::Caller;

use crate::arrange::{Leads, api_key, id_of};

async fn lead(caller: &Caller, body: Value) -> String {
    id_of(&caller.post("/api/v2/leads?allow_duplicate=true", &body).await.expect(201))
}

async fn two(caller: &Caller) -> (String, String) {
    let winner =
        lead(caller, json!({"email": "a@example.com", "first_name": "Ada", "custom_fields": {"x": 1}})).await;
    let loser = json!({
        "email": "A@example.com", "first_name": "Augusta", "phone": "+4930901820", "lead_reference_id": "r-2",
        "custom_fields": {"x": 2, "y": 2}
    });
    (winner, lead(caller, loser).await)
}

#[actix_web::test]
async fn duplicates_are_grouped_with_reason_and_similarity() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let (one, other) = two(&caller).await;
    for first_name in ["Jon", "John", "Xavier"] {
        let company = if first_name == "Xavier" { "Else" } else { "ACME" };
        lead(&caller, json!({"first_name": first_name, "last_name": "Smithson", "company_name": company}))
            .await;
    }

    let found = caller.get("/api/v2/leads/duplicates").await.expect(200);

    let groups = found["results"].as_array().unwrap();
    assert_eq!(groups.len(), 2, "{found}");
    assert_eq!((&groups[0]["reason"], &groups[0]["similarity"]), (&json!("email"), &json!(1.0)));
    let ids: Vec<&Value> = groups[0]["leads"].as_array().unwrap().iter().map(|lead| &lead["id"]).collect();
    assert_eq!(ids, [&json!(one), &json!(other)]);
    assert_eq!(groups[1]["reason"], "name_and_company");
    let similarity = groups[1]["similarity"].as_f64().unwrap();
    assert!((0.7..1.0).contains(&similarity), "{similarity}");
    let narrow = app.user_named(caller.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    assert_eq!(narrow.get("/api/v2/leads/duplicates").await.expect(200)["results"], json!([]));
    let only = caller.get("/api/v2/leads/duplicates?reason=phone").await.expect(200);
    assert_eq!(only["results"], json!([]));
}

#[actix_web::test]
async fn a_dry_run_shows_the_merge_and_changes_nothing() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let (winner, loser) = two(&caller).await;

    let shown = caller
        .post("/api/v2/leads/merge", &json!({"winner": winner, "losers": [loser], "dry_run": true}))
        .await
        .expect(200);
    let done = caller.post("/api/v2/leads/merge", &json!({"winner": winner, "losers": [loser]})).await;

    assert_eq!(shown["merge_id"], json!(null));
    let done = done.expect(200);
    assert_eq!(shown["fields"], done["fields"]);
    let fields = done["fields"].as_array().unwrap();
    let field = |name: &str| {
        let field = fields.iter().find(|field| field["field"] == name).unwrap();
        (field["from"].clone(), field["reason"].clone())
    };
    assert_eq!(field("first_name"), (json!(winner), json!("winner")));
    assert_eq!(field("phone"), (json!(loser), json!("only_value")));
    assert_eq!(field("custom_fields"), (json!(winner), json!("combined")));
    for name in ["first_name", "phone", "email", "custom_fields", "lead_reference_id"] {
        assert_eq!(shown["lead"][name], done["lead"][name], "{name}");
    }
    assert_eq!(done["lead"]["custom_fields"], json!({"x": 1, "y": 2}));
}

#[actix_web::test]
async fn a_merged_id_goes_on_to_show_the_winner_and_its_addresses_lead_there() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let (winner, loser) = two(&caller).await;
    let third = lead(&caller, json!({"first_name": "Third"})).await;

    caller.post("/api/v2/leads/merge", &json!({"winner": winner, "losers": [loser]})).await.expect(200);
    caller.post("/api/v2/leads/merge", &json!({"winner": third, "losers": [winner]})).await.expect(200);

    for id in [&winner, &loser] {
        assert_eq!(caller.get(&format!("/api/v2/leads/{id}")).await.expect(200)["id"], json!(third));
    }
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 1);
    let form = app.anonymous().with("x-api-key", &api_key(&caller, json!({"kind": "server"})).await);
    for body in
        [json!({"phone": "+49 30 901820"}), json!({"email": "x@example.com", "lead_reference_id": "r-2"})]
    {
        assert_eq!(form.post("/api/leads/ingest", &body).await.expect(200)["id"], json!(third), "{body}");
    }
    let stranger = app.user(app.tenant().await);
    assert_eq!(stranger.get(&format!("/api/v2/leads/{loser}")).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn undoing_a_merge_brings_the_losers_back_and_keeps_what_changed_since() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let (winner, loser) = two(&caller).await;
    let path = |id: &str| format!("/api/v2/leads/{id}");
    let loser_before = caller.get(&path(&loser)).await.expect(200);
    let merge = json!({"winner": winner, "losers": [loser]});
    let merged = caller.post("/api/v2/leads/merge", &merge).await.expect(200);
    caller.patch(&path(&winner), &json!({"notes": "since"})).await.expect(200);
    let undo = format!("/api/v2/merges/{}/undo", merged["merge_id"].as_str().unwrap());

    let undone = caller.post(&undo, &json!({})).await.expect(200);

    assert_eq!((&undone["lead"]["phone"], &undone["lead"]["notes"]), (&json!(null), &json!("since")));
    assert_eq!(undone["lead"]["custom_fields"], json!({"x": 1}));
    let back = caller.get(&path(&loser)).await.expect(200);
    for name in ["id", "email", "phone", "first_name", "lead_reference_id", "custom_fields"] {
        assert_eq!(back[name], loser_before[name], "{name}");
    }
    let form = app.anonymous().with("x-api-key", &api_key(&caller, json!({})).await);
    let by_phone = form.post("/api/leads/ingest", &json!({"phone": "+49 30 901820"})).await.expect(200);
    assert_eq!(by_phone["id"], json!(loser), "its number is its own again");
    assert_eq!(caller.post(&undo, &json!({})).await.problem(), (409, "already_undone"));
    let told = "SELECT count(*) AS number FROM events WHERE event_type LIKE 'Lead.merge%'";
    assert_eq!(app.database.number(told).await, 2);
}

#[actix_web::test]
async fn merges_reach_no_further_than_the_caller_sees() {
    let app = Leads::start().await;
    let (caller, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let (winner, loser) = two(&caller).await;
    let own = lead(&stranger, json!({"first_name": "Own"})).await;

    let foreign = stranger.post("/api/v2/leads/merge", &json!({"winner": own, "losers": [loser]})).await;
    let reversed = stranger.post("/api/v2/leads/merge", &json!({"winner": winner, "losers": [own]})).await;
    let itself = caller
        .post("/api/v2/leads/merge", &json!({"winner": winner, "losers": [winner, loser, loser]}))
        .await;

    assert_eq!(foreign.faults(), [("losers.0".to_owned(), "unknown_reference".to_owned())]);
    assert_eq!(reversed.faults(), [("winner".to_owned(), "unknown_reference".to_owned())]);
    let fields: Vec<String> = itself.faults().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["losers.0", "losers.2"]);
    let merged =
        caller.post("/api/v2/leads/merge", &json!({"winner": winner, "losers": [loser]})).await.expect(200);
    let undo = format!("/api/v2/merges/{}/undo", merged["merge_id"].as_str().unwrap());
    assert_eq!(stranger.post(&undo, &json!({})).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn two_merges_of_the_same_leads_at_once_do_not_both_happen() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let (one, other) = two(&caller).await;
    let (first, second) =
        (json!({"winner": one, "losers": [other]}), json!({"winner": other, "losers": [one]}));

    let (first, second) = futures::future::join(
        caller.post("/api/v2/leads/merge", &first),
        caller.post("/api/v2/leads/merge", &second),
    )
    .await;

    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 1);
}
