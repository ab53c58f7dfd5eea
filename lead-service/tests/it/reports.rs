//! Boards, forecasts and funnels.

use contracts::{UserId, identity::DataScope};
use serde_json::{Value, json};
use testkit::Caller;

use crate::arrange::{Leads, sales_pipeline, stage, tenant_service};

/// Two sellers with deals in several stages, and a user who sees all of them.
async fn sales(app: &Leads) -> (Caller, Caller) {
    let manager = app.user(app.tenant().await);
    let seller = app.user_named(manager.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    for (title, value, month, step, mine) in [
        ("A", "100", Some("2027-01-15"), "Prospecting", true),
        ("B", "200.50", Some("2027-01-31"), "Proposal", true),
        ("C", "300", Some("2027-02-01"), "Proposal", false),
        ("D", "400", None, "Closed Won", false),
        ("E", "500", Some("2027-02-01"), "Closed Lost", true),
    ] {
        let owner = if mine { Some(seller.user()) } else { None };
        let body =
            json!({"title": title, "value": value, "expected_close_date": month, "assigned_to": owner});
        let deal = manager.post("/api/v2/deals", &body).await.expect(201);
        let step = json!({"stage_id": stage(&manager, step).await});
        let path = format!("/api/v2/deals/{}/move", deal["id"].as_str().unwrap());
        manager.post(&path, &step).await.expect(200);
    }
    (manager, seller)
}

fn column<'a>(rows: &'a Value, name: &str) -> &'a Value {
    rows.as_array().unwrap().iter().find(|row| row["name"] == name).unwrap()
}

#[actix_web::test]
async fn a_board_shows_the_deals_of_each_stage_that_its_reader_sees() {
    let tenant_service = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenant_service.uri())]).await;
    let (manager, seller) = sales(&app).await;
    let path = format!("/api/v2/pipelines/{}/board", sales_pipeline(&manager).await);

    let whole = manager.get(&path).await.expect(200);
    let own = seller.get(&path).await.expect(200);
    let short = manager.get(&format!("{path}?page_size=1")).await.expect(200);

    let names: Vec<&str> =
        whole["stages"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["Prospecting", "Qualification", "Proposal", "Negotiation", "Closed Won", "Closed Lost"]
    );
    let proposals = column(&whole["stages"], "Proposal");
    assert_eq!((&proposals["count"], proposals["deals"].as_array().unwrap().len()), (&json!(2), 2));
    let total = json!([{"currency": "USD", "count": 2, "value": "500.50", "weighted_value": "250.25"}]);
    assert_eq!(proposals["totals"], total);
    let titles: Vec<&Value> = column(&own["stages"], "Proposal")["deals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|deal| &deal["title"])
        .collect();
    assert_eq!(titles, [&json!("B")]);
    assert_eq!(column(&own["stages"], "Closed Won")["count"], 0);
    let shortened = column(&short["stages"], "Proposal");
    assert_eq!((&shortened["count"], shortened["deals"].as_array().unwrap().len()), (&json!(2), 1));
    assert_eq!(app.user(app.tenant().await).get(&path).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn a_forecast_weighs_open_deals_by_month_and_owner() {
    let tenant_service = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenant_service.uri())]).await;
    let (manager, seller) = sales(&app).await;

    let whole = manager.get("/api/v2/reports/forecast").await.expect(200);
    let own = seller.get("/api/v2/reports/forecast").await.expect(200);
    let february = manager.get("/api/v2/reports/forecast?from=2027-02-01&to=2027-02-28").await.expect(200);

    let mine = json!({"month": "2027-01", "owner": seller.user(), "currency": "USD", "count": 2,
                      "value": "300.50", "weighted_value": "110.25"});
    let nobodys = json!({"month": "2027-02", "owner": null, "currency": "USD", "count": 1,
                         "value": "300.00", "weighted_value": "150.00"});
    assert_eq!(whole["results"], json!([mine, nobodys]));
    let total = json!([{"currency": "USD", "count": 3, "value": "600.50", "weighted_value": "260.25"}]);
    assert_eq!(whole["totals"], total);
    assert_eq!(own["results"], json!([mine]));
    assert_eq!(february["results"], json!([nobodys]));
    let refused = manager.get("/api/v2/reports/forecast?from=soon&owner=me").await;
    assert_eq!(refused.faults().len(), 2);
    let foreign =
        manager.get(&format!("/api/v2/reports/forecast?pipeline_id={}", uuid::Uuid::now_v7())).await;
    assert_eq!(foreign.problem(), (422, "unknown_reference"));
}

#[actix_web::test]
async fn a_funnel_counts_how_far_deals_came_and_how_many_were_won() {
    let tenant_service = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenant_service.uri())]).await;
    let (manager, seller) = sales(&app).await;

    let whole = manager.get("/api/v2/reports/funnel").await.expect(200);
    let own = seller.get("/api/v2/reports/funnel").await.expect(200);

    let reached: Vec<i64> =
        whole["stages"].as_array().unwrap().iter().map(|stage| stage["reached"].as_i64().unwrap()).collect();
    assert_eq!(reached, [5, 3, 3, 1, 1, 1]);
    let current: Vec<i64> =
        whole["stages"].as_array().unwrap().iter().map(|stage| stage["current"].as_i64().unwrap()).collect();
    assert_eq!(current, [1, 0, 2, 0, 1, 1]);
    assert_eq!((&whole["total"], &whole["open"], &whole["win_rate"]), (&json!(5), &json!(3), &json!(0.5)));
    assert_eq!((&own["total"], &own["won"], &own["win_rate"]), (&json!(3), &json!(0), &json!(0.0)));
    let later = manager.get("/api/v2/reports/funnel?from=2100-01-01").await.expect(200);
    assert_eq!((&later["total"], &later["win_rate"]), (&json!(0), &json!(null)));
}

#[actix_web::test]
async fn a_win_rate_counts_how_deals_ended_by_month_and_owner() {
    let tenant_service = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenant_service.uri())]).await;
    let (manager, seller) = sales(&app).await;
    let lost = manager.get("/api/v2/deals?title=A").await.expect(200)["results"][0]["id"].clone();
    let path = format!("/api/v2/deals/{}/lose", lost.as_str().unwrap());
    manager.post(&path, &json!({"lost_reason": "Too dear"})).await.expect(200);
    app.database
        .execute("UPDATE deals SET created_at = won_at - interval '3 days' WHERE status = 'won'")
        .await;

    let whole = manager.get("/api/v2/reports/win_rate").await.expect(200);
    let own = seller.get("/api/v2/reports/win_rate").await.expect(200);
    let later = manager.get("/api/v2/reports/win_rate?from=2100-01-01").await.expect(200);

    let month = chrono::Utc::now().format("%Y-%m").to_string();
    let mine = json!({"month": month, "owner": seller.user(), "won": 0, "lost": 2, "win_rate": 0.0, "days_to_win": null});
    let nobodys =
        json!({"month": month, "owner": null, "won": 1, "lost": 0, "win_rate": 1.0, "days_to_win": 3.0});
    assert_eq!(whole["results"], json!([mine, nobodys]));
    assert_eq!((&whole["total"]["won"], &whole["total"]["lost"]), (&json!(1), &json!(2)));
    let reasons = json!([{"reason": "Too dear", "count": 1}, {"reason": null, "count": 1}]);
    assert_eq!(whole["lost_reasons"], reasons);
    assert_eq!((&own["results"], &own["total"]["win_rate"]), (&json!([mine]), &json!(0.0)));
    assert_eq!((&later["results"], &later["total"]["win_rate"]), (&json!([]), &Value::Null));
    let foreign = format!("/api/v2/reports/win_rate?pipeline_id={}", uuid::Uuid::now_v7());
    assert_eq!(manager.get(&foreign).await.problem(), (422, "unknown_reference"));
}
