//! Deals.

use contracts::{UserId, identity::DataScope};
use serde_json::{Value, json};
use testkit::Caller;

use crate::arrange::{Leads, account, sales_pipeline, stage, tenant_service};

async fn deal(caller: &Caller, body: Value) -> Value {
    caller.post("/api/v2/deals", &body).await.expect(201)
}

fn path(deal: &Value) -> String {
    format!("/api/v2/deals/{}", deal["id"].as_str().unwrap())
}

#[actix_web::test]
async fn a_deal_begins_in_the_first_stage_of_the_default_pipeline() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);

    let created = deal(&caller, json!({"title": "Rockets", "value": 1200.5, "currency": "eur"})).await;

    assert_eq!(created["pipeline_id"], json!(sales_pipeline(&caller).await));
    assert_eq!(created["stage_id"], json!(stage(&caller, "Prospecting").await));
    assert_eq!((&created["value"], &created["currency"]), (&json!("1200.50"), &json!("EUR")));
    assert_eq!((&created["status"], &created["probability"]), (&json!("open"), &json!(10)));
    let faults = caller
        .post(
            "/api/v2/deals",
            &json!({"value": "-1", "currency": "E1R", "priority": "urgent", "status": "won"}),
        )
        .await
        .faults();
    let fields: Vec<&str> = faults.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["currency", "priority", "status", "title", "value"]);
    let faults =
        caller.post("/api/v2/deals", &json!({"title": "x", "value": "-1", "currency": "E1R"})).await.faults();
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[actix_web::test]
async fn moving_a_deal_sets_its_probability_and_how_it_ended() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let deal = deal(&caller, json!({"title": "Rockets", "value": "10"})).await;
    let to = async |name: &str| {
        let body = json!({"stage_id": stage(&caller, name).await});
        caller.post(&format!("{}/move", path(&deal)), &body).await.expect(200)
    };

    let proposed = to("Proposal").await;
    assert_eq!((&proposed["probability"], &proposed["status"]), (&json!(50), &json!("open")));
    let won = to("Closed Won").await;
    assert_eq!(
        (&won["probability"], &won["status"], &won["lost_at"]),
        (&json!(100), &json!("won"), &json!(null))
    );
    assert!(won["won_at"].is_string() && won["actual_close_date"].is_string());
    assert_eq!(to("Closed Won").await["version"], won["version"], "staying is no change");
    let opened = to("Negotiation").await;
    assert_eq!((&opened["status"], &opened["won_at"]), (&json!("open"), &json!(null)));
    assert_eq!(opened["actual_close_date"], json!(null));

    for (kind, told) in [("Deal.stage_id.UPDATE", 3), ("Deal.status.UPDATE", 2)] {
        let sql = format!("SELECT count(*) AS number FROM events WHERE event_type = '{kind}'");
        assert_eq!(app.database.number(&sql).await, told, "{kind}");
    }
    let patched = caller
        .patch(&path(&deal), &json!({"stage_id": stage(&caller, "Closed Lost").await}))
        .await
        .expect(200);
    assert_eq!((&patched["status"], &patched["title"]), (&json!("lost"), &json!("Rockets")));
}

#[actix_web::test]
async fn a_deal_is_won_and_lost_with_its_reason() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let one = deal(&caller, json!({"title": "One"})).await;
    let other = deal(&caller, json!({"title": "Other"})).await;

    let won = caller.post(&format!("{}/win", path(&one)), &json!({})).await.expect(200);
    let again = caller.post(&format!("{}/win", path(&one)), &json!({})).await.expect(200);
    let lost =
        caller.post(&format!("{}/lose", path(&other)), &json!({"lost_reason": "Price"})).await.expect(200);

    assert_eq!(
        (&won["status"], &won["stage_id"]),
        (&json!("won"), &json!(stage(&caller, "Closed Won").await))
    );
    assert_eq!(again, won);
    assert_eq!((&lost["status"], &lost["lost_reason"]), (&json!("lost"), &json!("Price")));
    assert_eq!((&lost["probability"], &lost["won_at"]), (&json!(0), &json!(null)));
    assert!(lost["lost_at"].is_string());
    let reasonless = caller.post(&format!("{}/lose", path(&one)), &json!({})).await;
    assert_eq!(reasonless.faults(), [("lost_reason".to_owned(), "required".to_owned())]);
    let stale = caller.with("if-match", "\"1\"").post(&format!("{}/win", path(&other)), &json!({})).await;
    assert_eq!(stale.problem(), (412, "version_conflict"));
}

#[actix_web::test]
async fn a_stage_must_be_one_of_the_deals_pipeline() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let other = caller.post("/api/v2/pipelines", &json!({"name": "Other"})).await.expect(201);
    let stages = format!("/api/v2/pipelines/{}/stages", other["id"].as_str().unwrap());
    let foreign = caller.post(&stages, &json!({"name": "Begin", "probability": 5})).await.expect(201);
    let deal = deal(&caller, json!({"title": "Rockets"})).await;

    let body = json!({"stage_id": foreign["id"]});
    let moved = caller.post(&format!("{}/move", path(&deal)), &body).await;
    let mixed =
        json!({"title": "x", "pipeline_id": sales_pipeline(&caller).await, "stage_id": foreign["id"]});
    let created = caller.post("/api/v2/deals", &mixed).await;
    let carried = caller.patch(&path(&deal), &json!({"pipeline_id": other["id"]})).await.expect(200);

    let unknown = [("stage_id".to_owned(), "unknown_reference".to_owned())];
    assert_eq!((moved.problem().0, moved.faults()), (422, unknown.to_vec()));
    assert_eq!((created.problem().0, created.faults()), (422, unknown.to_vec()));
    assert_eq!((&carried["stage_id"], &carried["probability"]), (&foreign["id"], &json!(5)));
    assert_eq!(
        caller.delete(&format!("{stages}/{}", foreign["id"].as_str().unwrap())).await.problem(),
        (409, "stage_in_use")
    );
    let pipeline = format!("/api/v2/pipelines/{}", other["id"].as_str().unwrap());
    assert_eq!(caller.delete(&pipeline).await.problem(), (409, "pipeline_in_use"));
}

#[actix_web::test]
async fn open_deals_follow_their_stages_probability() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let (open, won) =
        (deal(&caller, json!({"title": "A"})).await, deal(&caller, json!({"title": "B"})).await);
    caller.post(&format!("{}/win", path(&won)), &json!({})).await.expect(200);
    let pipeline = sales_pipeline(&caller).await;
    let stage = format!("/api/v2/pipelines/{pipeline}/stages/{}", stage(&caller, "Prospecting").await);

    caller.patch(&stage, &json!({"probability": 15})).await.expect(200);

    assert_eq!(caller.get(&path(&open)).await.expect(200)["probability"], 15);
    assert_eq!(caller.get(&path(&won)).await.expect(200)["probability"], 100);
    let told = "SELECT count(*) AS number FROM events WHERE event_type = 'Deal.UPDATE' \
                AND previous_state = '{\"probability\": 10}' AND current_state = '{\"probability\": 15}'";
    assert_eq!(app.database.number(told).await, 1);
}

#[actix_web::test]
async fn deals_are_seen_within_the_tenant_and_the_callers_scope() {
    let tenant_service = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenant_service.uri())]).await;
    let (owner, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let seller = app.user_named(owner.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    let given = deal(&owner, json!({"title": "Given", "assigned_to": seller.user()})).await;
    let kept = deal(&owner, json!({"title": "Kept", "account_id": account(&owner).await})).await;

    assert_eq!(seller.get("/api/v2/deals").await.expect(200)["count"], 1);
    assert_eq!(seller.get(&path(&given)).await.status, 200);
    for (who, deal) in [(&seller, &kept), (&stranger, &kept)] {
        let path = path(deal);
        assert_eq!(who.get(&path).await.problem(), (404, "not_found"));
        assert_eq!(who.patch(&path, &json!({"title": "x"})).await.problem(), (404, "not_found"));
        assert_eq!(who.delete(&path).await.problem(), (404, "not_found"));
        assert_eq!(who.post(&format!("{path}/win"), &json!({})).await.problem(), (404, "not_found"));
        assert_eq!(
            who.post(&format!("{path}/lose"), &json!({"lost_reason": "x"})).await.problem(),
            (404, "not_found")
        );
    }
    let borrowed = seller.patch(&path(&given), &json!({"account_id": kept["account_id"]})).await;
    assert_eq!(borrowed.faults(), [("account_id".to_owned(), "unknown_reference".to_owned())]);
}

#[actix_web::test]
async fn deals_are_filtered_by_value_date_and_stage() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    for (title, value, date) in
        [("A", "10", "2026-01-31"), ("B", "20.5", "2026-02-01"), ("C", "30", "2026-03-01")]
    {
        deal(&caller, json!({"title": title, "value": value, "expected_close_date": date})).await;
    }
    let count =
        async |query: &str| caller.get(&format!("/api/v2/deals?{query}")).await.expect(200)["count"].clone();

    assert_eq!(count("value__gte=20.5").await, 2);
    assert_eq!(count("expected_close_date=2026-02-01").await, 1);
    assert_eq!(count("expected_close_date__lte=2026-02-01").await, 2);
    assert_eq!(count(&format!("stage_id={}", stage(&caller, "Prospecting").await)).await, 3);
    assert_eq!(count("status__in=won,lost").await, 0);
    let refused = caller.get("/api/v2/deals?expected_close_date__gte=soon").await;
    assert_eq!(refused.faults(), [("expected_close_date__gte".to_owned(), "invalid_date".to_owned())]);
    let first =
        caller.get("/api/v2/deals?ordering=expected_close_date&page_size=2&cursor=").await.expect(200);
    let next = first["next_cursor"].as_str().unwrap();
    let rest = caller
        .get(&format!("/api/v2/deals?ordering=expected_close_date&page_size=2&cursor={next}"))
        .await
        .expect(200);
    assert_eq!((&rest["results"][0]["title"], &rest["next_cursor"]), (&json!("C"), &json!(null)));
}

/// A pipeline with an open stage, two in which deals are won and two in which they are lost; the ids of those four.
async fn two_ends(caller: &Caller) -> (Value, [String; 4]) {
    let pipeline = caller.post("/api/v2/pipelines", &json!({"name": "Two ends"})).await.expect(201);
    let stages = format!("/api/v2/pipelines/{}/stages", pipeline["id"].as_str().unwrap());
    let stage = async |name: &str, probability: i64| {
        let body = json!({"name": name, "probability": probability});
        caller.post(&stages, &body).await.expect(201)["id"].as_str().unwrap().to_owned()
    };
    stage("Talk", 40).await;
    let won = [stage("Signed", 100).await, stage("Paid", 100).await];
    let lost = [stage("Refused", 0).await, stage("Silent", 0).await];
    let ([signed, paid], [refused, silent]) = (won, lost);
    (pipeline["id"].clone(), [signed, paid, refused, silent])
}

#[actix_web::test]
async fn from_one_won_or_lost_stage_to_another_a_deal_keeps_its_end_and_its_reason() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let (pipeline, [signed, paid, refused, silent]) = two_ends(&caller).await;
    let long_ago = async |deal: &Value| {
        let sql = format!(
            "UPDATE deals SET won_at = won_at - interval '60 days', lost_at = lost_at - interval '60 days', \
             actual_close_date = actual_close_date - 60 WHERE id = '{}'",
            deal["id"].as_str().unwrap()
        );
        app.database.execute(&sql).await;
        caller.get(&path(deal)).await.expect(200)
    };
    let go = async |deal: &Value, body: Value| {
        caller.post(&format!("{}/move", path(deal)), &body).await.expect(200)
    };
    let ends = |deal: &Value| {
        ["won_at", "lost_at", "lost_reason", "actual_close_date"].map(|name| deal[name].clone())
    };
    let won = deal(&caller, json!({"title": "Won", "pipeline_id": pipeline, "stage_id": signed})).await;
    let lost = deal(&caller, json!({"title": "Lost", "pipeline_id": pipeline})).await;
    caller.post(&format!("{}/lose", path(&lost)), &json!({"lost_reason": "Price"})).await.expect(200);
    let (won, lost) = (long_ago(&won).await, long_ago(&lost).await);

    let paid_for = go(&won, json!({"stage_id": paid})).await;
    assert_eq!((&paid_for["stage_id"], ends(&paid_for)), (&json!(paid), ends(&won)));
    let patched = caller.patch(&path(&won), &json!({"stage_id": signed})).await.expect(200);
    assert_eq!((&patched["stage_id"], ends(&patched)), (&json!(signed), ends(&won)));
    let replaced = json!({"title": "Won", "pipeline_id": pipeline, "stage_id": paid});
    let replaced = caller.put(&path(&won), &replaced).await.expect(200);
    assert_eq!((&replaced["stage_id"], ends(&replaced)), (&json!(paid), ends(&won)));

    let gone_quiet = go(&lost, json!({"stage_id": silent})).await;
    assert_eq!((&gone_quiet["lost_reason"], ends(&gone_quiet)), (&json!("Price"), ends(&lost)));
    let explained = go(&lost, json!({"stage_id": refused, "lost_reason": "Too late"})).await;
    assert_eq!((&explained["lost_reason"], &explained["lost_at"]), (&json!("Too late"), &lost["lost_at"]));

    let turned = go(&lost, json!({"stage_id": paid})).await;
    assert_eq!((&turned["lost_at"], &turned["lost_reason"]), (&Value::Null, &Value::Null));
    assert_ne!(turned["won_at"], Value::Null, "what was lost and is won now, is won now");
}

#[actix_web::test]
async fn a_deal_whose_stage_is_gone_can_still_be_renamed() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let deal = deal(&caller, json!({"title": "Old"})).await;
    let sql = format!("UPDATE deal_stages SET deleted_at = now() WHERE id = {}", deal["stage_id"]);
    app.database.execute(&sql.replace('"', "'")).await;

    let renamed = caller.patch(&path(&deal), &json!({"title": "New"})).await.expect(200);

    assert_eq!((&renamed["title"], &renamed["stage_id"]), (&json!("New"), &deal["stage_id"]));
}
