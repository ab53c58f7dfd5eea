//! Conversions that end and begin again: with the deal, with the lead, and with merges.

use serde_json::{Value, json};
use testkit::Caller;

use crate::{
    arrange::{Leads, id_of},
    conversions::lead,
};

/// Status and deal of a lead.
async fn conversion(caller: &Caller, path: &str) -> (Value, Value) {
    let lead = caller.get(path).await.expect(200);
    assert_eq!(lead["converted_at"].is_null(), lead["converted_to_deal_id"].is_null(), "{lead}");
    (lead["status"].clone(), lead["converted_to_deal_id"].clone())
}

fn open(status: &str) -> (Value, Value) {
    (json!(status), Value::Null)
}

fn became(deal: &Value) -> (Value, Value) {
    (json!("converted"), deal.clone())
}

async fn convert(caller: &Caller, path: &str) -> (Value, String) {
    let made = caller.post(&format!("{path}/convert"), &json!({})).await.expect(200);
    (made["deal"]["id"].clone(), format!("/api/v2/deals/{}", id_of(&made["deal"])))
}

async fn restore(caller: &Caller, path: &str) {
    caller.post(&format!("{path}/restore"), &json!({})).await.expect(200);
}

/// How many deals are noted as the conversion of a lead.
async fn noted(app: &Leads) -> i64 {
    app.database.number("SELECT count(*) AS number FROM deals WHERE converted_from IS NOT NULL").await
}

#[actix_web::test]
async fn a_lead_goes_back_to_the_status_that_it_had_last() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let path = lead(&caller, json!({"first_name": "Ada", "status": "contacted"})).await;
    let (id, deal) = convert(&caller, &path).await;

    caller.delete(&deal).await.expect(204);
    assert_eq!(conversion(&caller, &path).await, open("contacted"));
    caller.patch(&path, &json!({"status": "unqualified"})).await.expect(200);
    restore(&caller, &deal).await;
    assert_eq!(conversion(&caller, &path).await, became(&id));
    caller.delete(&deal).await.expect(204);

    assert_eq!(conversion(&caller, &path).await, open("unqualified"));
}

#[actix_web::test]
async fn a_deal_that_was_overtaken_by_another_is_no_conversion_any_more() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let path = lead(&caller, json!({"first_name": "Ada"})).await;
    let (_, first) = convert(&caller, &path).await;
    caller.delete(&first).await.expect(204);
    let (second_id, second) = convert(&caller, &path).await;
    assert_eq!(noted(&app).await, 1, "the second alone");

    restore(&caller, &first).await;
    assert_eq!(conversion(&caller, &path).await, became(&second_id));
    caller.delete(&second).await.expect(204);
    caller.delete(&first).await.expect(204);
    restore(&caller, &first).await;

    assert_eq!(conversion(&caller, &path).await, open("new"), "it is a deal like any other");
    restore(&caller, &second).await;
    assert_eq!(conversion(&caller, &path).await, became(&second_id));
}

#[actix_web::test]
async fn a_deal_that_names_another_lead_converts_none_when_it_comes_back() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let path = lead(&caller, json!({"first_name": "Ada", "status": "qualified"})).await;
    let other = lead(&caller, json!({"first_name": "Bob"})).await;
    let (id, deal) = convert(&caller, &path).await;
    let named = other.rsplit('/').next().unwrap();

    caller.patch(&deal, &json!({"lead_id": named})).await.expect(200);
    assert_eq!(conversion(&caller, &path).await, became(&id), "the deal is there");
    caller.delete(&deal).await.expect(204);
    assert_eq!(conversion(&caller, &path).await, open("qualified"));
    assert_eq!(noted(&app).await, 0);
    restore(&caller, &deal).await;

    assert_eq!(conversion(&caller, &path).await, open("qualified"));
    assert_eq!(conversion(&caller, &other).await, open("new"), "it never became a deal");
}

#[actix_web::test]
async fn a_deleted_lead_comes_back_as_its_deal_is() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let path = lead(&caller, json!({"first_name": "Ada", "status": "contacted"})).await;
    let (id, deal) = convert(&caller, &path).await;

    // Both go, and the deal is back before the lead.
    caller.delete(&path).await.expect(204);
    caller.delete(&deal).await.expect(204);
    restore(&caller, &deal).await;
    restore(&caller, &path).await;
    assert_eq!(conversion(&caller, &path).await, became(&id));
    let told = "SELECT count(*) AS number FROM events WHERE event_type = 'Lead.status.UPDATE' \
                AND current_state ->> 'status' = 'converted'";
    assert_eq!(app.database.number(told).await, 2, "when it was converted, and when it came back");

    // Both go, and the lead is back alone.
    caller.delete(&path).await.expect(204);
    caller.delete(&deal).await.expect(204);
    restore(&caller, &path).await;
    assert_eq!(conversion(&caller, &path).await, open("contacted"));
    restore(&caller, &deal).await;
    assert_eq!(conversion(&caller, &path).await, became(&id));
}

#[actix_web::test]
async fn a_lead_that_comes_back_with_its_account_is_as_its_deal_is() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let path = lead(&caller, json!({"first_name": "Ada", "company_name": "Acme"})).await;
    let made = caller.post(&format!("{path}/convert"), &json!({"create_contact": false})).await.expect(200);
    let account = format!("/api/v2/accounts/{}", id_of(&made["account"]));
    let deal = format!("/api/v2/deals/{}", id_of(&made["deal"]));
    caller.patch(&deal, &json!({"account_id": null})).await.expect(200);

    caller.delete(&account).await.expect(204);
    caller.delete(&deal).await.expect(204);
    restore(&caller, &deal).await;
    assert_eq!(caller.get(&path).await.problem(), (404, "not_found"));
    restore(&caller, &account).await;

    assert_eq!(conversion(&caller, &path).await, became(&made["deal"]["id"]));
}

#[actix_web::test]
async fn a_deal_that_went_and_came_back_goes_back_to_the_lead_it_was_made_of() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let winner = lead(&caller, json!({"first_name": "Keep"})).await;
    let loser = lead(&caller, json!({"first_name": "Lose", "status": "qualified"})).await;
    let (id, deal) = convert(&caller, &loser).await;
    let of = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let merge = async || {
        let body = json!({"winner": of(&winner), "losers": [of(&loser)]});
        let merged = caller.post("/api/v2/leads/merge", &body).await.expect(200);
        format!("/api/v2/merges/{}/undo", merged["merge_id"].as_str().unwrap())
    };

    // It goes and comes back while the lead lies in the winner.
    let undo = merge().await;
    caller.delete(&deal).await.expect(204);
    assert_eq!(conversion(&caller, &winner).await, open("qualified"));
    restore(&caller, &deal).await;
    assert_eq!(conversion(&caller, &winner).await, became(&id));
    let apart = caller.post(&undo, &json!({})).await.expect(200);
    assert_eq!(apart["restored"][0]["converted_to_deal_id"], id);
    assert_eq!(conversion(&caller, &loser).await, became(&id));
    assert_eq!(conversion(&caller, &winner).await.1, Value::Null);

    // It goes while the lead lies in the winner, and comes back after that.
    let undo = merge().await;
    caller.delete(&deal).await.expect(204);
    caller.post(&undo, &json!({})).await.expect(200);
    assert_eq!(conversion(&caller, &loser).await.1, Value::Null);
    restore(&caller, &deal).await;
    assert_eq!(conversion(&caller, &loser).await, became(&id));
    assert_eq!(conversion(&caller, &winner).await.1, Value::Null);
}
