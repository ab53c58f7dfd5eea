//! Amounts of money: exact, in the minor units of their currency, each currency by itself.

use std::time::Duration;

use contracts::Service;
use serde_json::{Value, json};
use testkit::Caller;

use crate::arrange::{Leads, customer, id_of, sales_pipeline, stage, tell};

fn fault(field: &str, code: &str) -> (String, String) {
    (field.to_owned(), code.to_owned())
}

async fn order(caller: &Caller, customer: &str, currency: &str, price: &str) -> Value {
    let item = json!({"product_name": "A", "quantity": 1, "unit_price": price});
    let body = json!({"customer_id": customer, "currency": currency, "items": [item]});
    caller.post("/api/v2/orders", &body).await.expect(201)
}

async fn lifetime(caller: &Caller, customer: &str) -> (Value, Value) {
    let customer = caller.get(&format!("/api/v2/customers/{customer}")).await.expect(200);
    (customer["lifetime_value"].clone(), customer["lifetime_values"].clone())
}

#[actix_web::test]
async fn a_bad_amount_is_named_by_its_field_together_with_all_other_faults() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let customer = customer(&caller).await;

    let alone = caller.post("/api/v2/deals", &json!({"title": "d", "value": 1.999})).await;
    let among = caller
        .post("/api/v2/deals", &json!({"title": "", "value": 1e300, "currency": "ZZZ", "contact_email": "x"}))
        .await;
    let negative = caller.post("/api/v2/deals", &json!({"title": "", "value": -1})).await;
    let lead = caller.post("/api/v2/leads", &json!({"email": "x", "estimated_value": 0.001})).await;
    let item = json!({"product_name": "", "quantity": 1, "unit_price": 1.005, "discount": -1, "tax": "much"});
    let order = caller.post("/api/v2/orders", &json!({"customer_id": customer, "items": [item]})).await;
    let revenue = caller.post("/api/v2/customers", &json!({"name": "A", "annual_revenue": 1.005})).await;

    assert_eq!(alone.faults(), [fault("value", "invalid_money")]);
    let fields: Vec<String> = among.faults().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["contact_email", "currency", "title", "value"]);
    assert_eq!(negative.faults(), [fault("title", "required"), fault("value", "out_of_range")]);
    assert_eq!(lead.faults(), [fault("email", "invalid_email"), fault("estimated_value", "invalid_money")]);
    let expected = [
        fault("items.0.discount", "out_of_range"),
        fault("items.0.product_name", "required"),
        fault("items.0.tax", "invalid_money"),
        fault("items.0.unit_price", "invalid_money"),
    ];
    assert_eq!(order.faults(), expected);
    assert_eq!(revenue.faults(), [fault("annual_revenue", "invalid_money")]);
}

#[actix_web::test]
async fn an_amount_has_the_minor_units_of_its_currency() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    for (currency, value, shown) in [
        ("JPY", json!(100), "100"),
        ("jpy", json!("100.00"), "100"),
        ("KWD", json!("1.125"), "1.125"),
        ("KWD", json!(1.5), "1.500"),
        ("USD", json!("1.5"), "1.50"),
        ("CLF", json!("0.0001"), "0.0001"),
    ] {
        let deal = json!({"title": "d", "value": value, "currency": currency});
        let deal = caller.post("/api/v2/deals", &deal).await.expect(201);
        assert_eq!(deal["value"], shown, "{currency} {value}");
        let path = format!("/api/v2/deals/{}", id_of(&deal));
        let renamed = caller.patch(&path, &json!({"title": "e"})).await.expect(200);
        assert_eq!(renamed["value"], shown, "{currency} {value} stays as it is");
        let lead = json!({"first_name": "A", "estimated_value": value, "currency": currency});
        let lead = caller.post("/api/v2/leads", &lead).await.expect(201);
        assert_eq!(lead["estimated_value"], shown, "{currency} {value}");
    }
    for (currency, value, fields) in [
        ("JPY", json!("100.55"), ["value"]),
        ("JPY", json!(0.5), ["value"]),
        ("KWD", json!("1.1255"), ["value"]),
        ("USD", json!("1.125"), ["value"]),
        (concat!("XX", "X"), json!("1"), ["currency"]),
        ("ABC", json!("1"), ["currency"]),
        ("DEM", json!("1"), ["currency"]),
    ] {
        let body = json!({"title": "d", "value": value, "currency": currency});
        let refused = caller.post("/api/v2/deals", &body).await;
        let found: Vec<String> = refused.faults().into_iter().map(|(field, _)| field).collect();
        assert_eq!(found, fields, "{currency} {value}");
    }
}

#[actix_web::test]
async fn a_patch_is_held_against_the_currency_that_the_record_has() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let deal = json!({"title": "d", "value": "1.125", "currency": "KWD"});
    let path = format!("/api/v2/deals/{}", id_of(&caller.post("/api/v2/deals", &deal).await.expect(201)));

    let finer = caller.patch(&path, &json!({"value": "2.375"})).await.expect(200);
    let coarser = caller.patch(&path, &json!({"currency": "USD"})).await;
    let both = caller.patch(&path, &json!({"currency": "JPY", "value": 2})).await.expect(200);

    assert_eq!(finer["value"], "2.375");
    assert_eq!(coarser.faults(), [fault("value", "invalid_money")]);
    assert_eq!((&both["value"], &both["currency"]), (&json!("2"), &json!("JPY")));
    assert_eq!(caller.patch(&path, &json!({"value": 2.5})).await.faults(), [fault("value", "invalid_money")]);
}

#[actix_web::test]
async fn an_order_is_summed_up_in_the_minor_units_of_its_currency() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let customer = customer(&caller).await;
    let items =
        json!([{"product_name": "A", "quantity": 3, "unit_price": "1.125", "discount": 0.5, "tax": "0"}]);

    let dinars = json!({"customer_id": customer, "currency": "KWD", "items": items});
    let dinars = caller.post("/api/v2/orders", &dinars).await.expect(201);
    let yen = order(&caller, &customer, "JPY", "10000").await;

    assert_eq!(
        (&dinars["total_amount"], &dinars["items"][0]["total_price"]),
        (&json!("2.875"), &json!("2.875"))
    );
    let item = &dinars["items"][0];
    assert_eq!(
        (&item["unit_price"], &item["discount"], &item["tax"]),
        (&json!("1.125"), &json!("0.500"), &json!("0.000"))
    );
    assert_eq!((&yen["total_amount"], &yen["items"][0]["unit_price"]), (&json!("10000"), &json!("10000")));
    let path = format!("/api/v2/orders/{}", id_of(&yen));
    assert_eq!(caller.patch(&path, &json!({"title": "T"})).await.expect(200)["items"], yen["items"]);
    let dollars = caller.patch(&path, &json!({"currency": "USD"})).await.expect(200);
    assert_eq!(
        (&dollars["total_amount"], &dollars["items"][0]["unit_price"]),
        (&json!("10000.00"), &json!("10000.00"))
    );
    let refused = json!({"customer_id": customer, "currency": "JPY", "items": [{"product_name": "A", "quantity": 1, "unit_price": 1.5}]});
    assert_eq!(
        caller.post("/api/v2/orders", &refused).await.faults(),
        [fault("items.0.unit_price", "invalid_money")]
    );
}

#[actix_web::test]
async fn reports_round_to_the_minor_units_of_each_currency() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let stage = stage(&caller, "Proposal").await;
    for (currency, value) in [("JPY", "101"), ("KWD", "1.001"), ("USD", "1.01")] {
        let body = json!({"title": "d", "value": value, "currency": currency, "stage_id": stage});
        caller.post("/api/v2/deals", &body).await.expect(201);
    }

    let forecast = caller.get("/api/v2/reports/forecast").await.expect(200);
    let board =
        caller.get(&format!("/api/v2/pipelines/{}/board", sales_pipeline(&caller).await)).await.expect(200);

    let expected = json!([
        {"currency": "JPY", "count": 1, "value": "101", "weighted_value": "51"},
        {"currency": "KWD", "count": 1, "value": "1.001", "weighted_value": "0.501"},
        {"currency": "USD", "count": 1, "value": "1.01", "weighted_value": "0.51"},
    ]);
    assert_eq!(forecast["totals"], expected);
    let stages = board["stages"].as_array().unwrap();
    let totals: Vec<&Value> =
        stages.iter().map(|stage| &stage["totals"]).filter(|totals| **totals != json!([])).collect();
    assert_eq!(totals, [&expected]);
}

#[actix_web::test]
async fn a_whole_number_may_be_written_with_a_point() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let customer = customer(&caller).await;
    let quantity = |quantity: Value| json!({"customer_id": customer, "items": [{"product_name": "A", "quantity": quantity, "unit_price": 1.0}]});

    let order = caller.post("/api/v2/orders", &quantity(json!(5.0))).await.expect(201);
    let refused = caller.post("/api/v2/orders", &quantity(json!(5.5))).await;

    assert_eq!((&order["items"][0]["quantity"], &order["total_amount"]), (&json!(5), &json!("5.00")));
    assert_eq!(refused.faults(), [fault("items.0.quantity", "wrong_type")]);
}

#[actix_web::test]
async fn a_customers_lifetime_value_does_not_add_up_currencies() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let (mixed, dollars, yen) = (customer(&caller).await, customer(&caller).await, customer(&caller).await);
    let none = customer(&caller).await;
    order(&caller, &mixed, "USD", "61.05").await;
    let path = format!("/api/v2/orders/{}", id_of(&order(&caller, &mixed, "JPY", "10000").await));
    order(&caller, &mixed, "USD", "0.45").await;
    order(&caller, &dollars, "USD", "50").await;
    order(&caller, &yen, "JPY", "9000000").await;

    let values = json!([{"currency": "JPY", "amount": "10000"}, {"currency": "USD", "amount": "61.50"}]);
    assert_eq!(lifetime(&caller, &mixed).await, (json!(null), values));
    let yen_only = json!([{"currency": "JPY", "amount": "9000000"}]);
    assert_eq!(lifetime(&caller, &yen).await, (json!(null), yen_only));
    assert_eq!(lifetime(&caller, &none).await, (json!("0.00"), json!([])));
    let names = async |query: &str| -> Vec<String> {
        let list = caller.get(&format!("/api/v2/customers?{query}")).await.expect(200);
        list["results"].as_array().unwrap().iter().map(id_of).collect()
    };
    assert_eq!(names("lifetime_value__gte=1").await, std::slice::from_ref(&dollars));
    assert_eq!(names("ordering=-lifetime_value").await[..2], [dollars.clone(), none.clone()]);
    assert_eq!(names("lifetime_value__isnull=true").await.len(), 2);
    let segment = json!({"name": "Big", "criteria": {"field": "lifetime_value", "op": "gt", "value": 10}});
    let segment = id_of(&caller.post("/api/v2/customer-segments", &segment).await.expect(201));
    let members = caller.get(&format!("/api/v2/customer-segments/{segment}/members")).await.expect(200);
    assert_eq!(members["results"].as_array().unwrap().iter().map(id_of).collect::<Vec<_>>(), [dollars]);

    caller.post(&format!("{path}/status"), &json!({"status": "cancelled"})).await.expect(200);

    let values = json!([{"currency": "USD", "amount": "61.50"}]);
    assert_eq!(lifetime(&caller, &mixed).await, (json!("61.50"), values));
}

#[actix_web::test]
async fn lifetime_values_follow_the_currency_that_the_tenant_chooses() {
    let app = Leads::start().await.with_background();
    let caller = app.user(app.tenant().await);
    let (euros, dollars) = (customer(&caller).await, customer(&caller).await);
    order(&caller, &euros, "EUR", "7").await;
    order(&caller, &dollars, "USD", "8").await;
    assert_eq!(lifetime(&caller, &euros).await.0, json!(null));

    tell(&app, &caller, Service::Tenant, "Tenant.UPDATE", Some(json!({"settings": {"currency": "EUR"}})))
        .await;

    for _ in 0..200 {
        if lifetime(&caller, &euros).await.0 != json!(null) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(lifetime(&caller, &euros).await.0, json!("7.00"));
    assert_eq!(lifetime(&caller, &dollars).await.0, json!(null));
    let events = "SELECT count(*) AS number FROM events WHERE event_type = 'Customer.lifetime_value.UPDATE'";
    assert_eq!(app.database.number(events).await, 4, "two by orders, two by the tenant's choice");
    order(&caller, &euros, "EUR", "3").await;
    assert_eq!(lifetime(&caller, &euros).await.0, json!("10.00"));
}
