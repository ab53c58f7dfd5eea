//! Orders and the totals of their customers.

use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use testkit::Caller;

use crate::arrange::{Leads, customer, id_of};

async fn order(caller: &Caller, customer: &str, price: &str) -> Value {
    let body = json!({"customer_id": customer, "items": [{"product_name": "A", "quantity": 2, "unit_price": price}]});
    caller.post("/api/v2/orders", &body).await.expect(201)
}

async fn totals(caller: &Caller, customer: &str) -> (Value, Value) {
    let customer = caller.get(&format!("/api/v2/customers/{customer}")).await.expect(200);
    (customer["lifetime_value"].clone(), customer["total_orders"].clone())
}

#[actix_web::test]
async fn an_order_sums_up_its_items() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let customer = customer(&caller).await;
    let body = json!({"customer_id": customer, "currency": "eur", "items": [
        {"product_name": "A", "product_sku": "a-1", "quantity": 3, "unit_price": "19.99", "discount": 5, "tax": "1.10"},
        {"product_name": "B", "quantity": 1, "unit_price": 0.1},
    ]});

    let order = caller.post("/api/v2/orders", &body).await.expect(201);

    assert_eq!((&order["total_amount"], &order["currency"]), (&json!("56.17"), &json!("EUR")));
    assert_eq!((&order["status"], &order["payment_status"]), (&json!("pending"), &json!("pending")));
    let item = &order["items"][0];
    assert_eq!((&item["unit_price"], &item["total_price"]), (&json!("19.99"), &json!("56.07")));
    assert!(order["order_number"].as_str().unwrap().starts_with("ORD-"));
    let path = format!("/api/v2/orders/{}", id_of(&order));
    assert_eq!(caller.get(&path).await.expect(200), order);
    assert_eq!(caller.get("/api/v2/orders").await.expect(200)["results"], json!([order]));
    let changed = caller.patch(&path, &json!({"title": "Big one"})).await.expect(200);
    assert_eq!((&changed["items"], &changed["title"]), (&order["items"], &json!("Big one")));
    let fewer = json!({"items": [{"product_name": "C", "quantity": 1, "unit_price": 7}]});
    let fewer = caller.patch(&path, &fewer).await.expect(200);
    assert_eq!((&fewer["total_amount"], fewer["items"].as_array().unwrap().len()), (&json!("7.00"), 1));
    assert_eq!(totals(&caller, &customer).await, (json!(null), json!(1)), "it is not the tenant's currency");
}

#[actix_web::test]
async fn faulty_orders_are_refused_by_place() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let customer = customer(&caller).await;

    let refused = caller
        .post(
            "/api/v2/orders",
            &json!({"customer_id": customer, "status": "shipped", "items": [
                {"product_name": "", "quantity": 0, "unit_price": "1.005"},
            ]}),
        )
        .await;
    let empty = caller.post("/api/v2/orders", &json!({"customer_id": customer, "items": []})).await;
    let nobody = json!({
        "customer_id": uuid::Uuid::now_v7(), "items": [{"product_name": "A", "quantity": 1, "unit_price": 1}]
    });
    let nobody = caller.post("/api/v2/orders", &nobody).await;

    let fields: Vec<String> = refused.faults().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["items.0.product_name", "items.0.quantity", "items.0.unit_price", "status"]);
    assert_eq!(empty.faults(), [("items".to_owned(), "too_few".to_owned())]);
    assert_eq!(nobody.faults(), [("customer_id".to_owned(), "unknown_reference".to_owned())]);
    let taken = json!({
        "customer_id": customer, "order_number": "7", "items": [{"product_name": "A", "quantity": 1, "unit_price": 1}]
    });
    caller.post("/api/v2/orders", &taken).await.expect(201);
    assert_eq!(caller.post("/api/v2/orders", &taken).await.problem(), (409, "already_exists"));
}

#[actix_web::test]
async fn an_order_moves_along_its_statuses_only() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let customer = customer(&caller).await;
    let path = format!("/api/v2/orders/{}", id_of(&order(&caller, &customer, "10").await));
    let set = async |body: Value| caller.post(&format!("{path}/status"), &body).await;

    let skipped = set(json!({"status": "delivered"})).await;
    assert_eq!(skipped.problem(), (409, "invalid_transition"));
    assert_eq!(skipped.body["allowed"], json!(["processing", "cancelled"]));
    set(json!({"status": "processing"})).await.expect(200);
    let shipped = set(json!({"status": "shipped", "tracking_number": "T-1"})).await.expect(200);
    assert_eq!(shipped["tracking_number"], "T-1");
    let again = set(json!({"status": "shipped"})).await.expect(200);
    assert_eq!(again["version"], shipped["version"]);
    let delivered = set(json!({"status": "delivered"})).await.expect(200);
    assert!(delivered["actual_delivery_date"].is_string());
    assert_eq!(totals(&caller, &customer).await, (json!("20.00"), json!(1)));
    let refunded = set(json!({"status": "refunded"})).await.expect(200);
    assert_eq!(refunded["payment_status"], "refunded");
    assert_eq!(totals(&caller, &customer).await, (json!("0.00"), json!(0)));
    assert_eq!(set(json!({"status": "pending"})).await.problem(), (409, "invalid_transition"));
    assert_eq!(
        set(json!({"status": "lost"})).await.faults(),
        [("status".to_owned(), "not_allowed".to_owned())]
    );
}

#[actix_web::test]
async fn totals_follow_orders_that_come_go_and_change_hands() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let (one, other) = (customer(&caller).await, customer(&caller).await);
    let first = order(&caller, &one, "10").await;
    let path = format!("/api/v2/orders/{}", id_of(&first));
    order(&caller, &one, "1.50").await;
    assert_eq!(totals(&caller, &one).await, (json!("23.00"), json!(2)));

    caller.delete(&path).await;
    assert_eq!(totals(&caller, &one).await, (json!("3.00"), json!(1)));
    caller.post(&format!("{path}/restore"), &json!({})).await.expect(200);
    assert_eq!(totals(&caller, &one).await, (json!("23.00"), json!(2)));
    caller.patch(&path, &json!({"customer_id": other})).await.expect(200);
    assert_eq!(totals(&caller, &one).await, (json!("3.00"), json!(1)));
    assert_eq!(totals(&caller, &other).await, (json!("20.00"), json!(1)));
    let sql = "SELECT count(*) AS number FROM events WHERE event_type = 'Customer.lifetime_value.UPDATE'";
    assert_eq!(app.database.number(sql).await, 6);
    let gone = caller.patch(&path, &json!({"customer_id": uuid::Uuid::now_v7()})).await;
    assert_eq!(gone.problem(), (422, "unknown_reference"));
}

#[actix_web::test]
async fn totals_are_right_after_orders_placed_cancelled_and_deleted_all_at_once() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let (one, other) = (customer(&caller).await, customer(&caller).await);

    futures::future::join_all((0..40).map(async |n| {
        let customer = if n % 2 == 0 { &one } else { &other };
        let path = format!("/api/v2/orders/{}", id_of(&order(&caller, customer, "1").await));
        match n % 4 {
            0 => drop(
                caller.post(&format!("{path}/status"), &json!({"status": "cancelled"})).await.expect(200),
            ),
            1 => assert_eq!(caller.delete(&path).await.status, 204),
            2 => drop(caller.patch(&path, &json!({"customer_id": other})).await.expect(200)),
            _ => drop(caller.patch(&path, &json!({"customer_id": one})).await.expect(200)),
        }
    }))
    .await;

    assert_eq!(totals(&caller, &one).await, (json!("20.00"), json!(10)));
    assert_eq!(totals(&caller, &other).await, (json!("20.00"), json!(10)));
}

#[actix_web::test]
async fn orders_that_wait_for_each_other_are_all_summed_up() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let customer = customer(&caller).await;
    // Another transaction changes the customer: a recalculation waits, and has to count orders that came meanwhile.
    let mut changing = app.database.superuser().await;
    let held = format!("BEGIN; SELECT FROM customers WHERE id = '{customer}' FOR NO KEY UPDATE");
    changing.batch_execute(&held).await.unwrap();
    let waiting = "SELECT count(*) AS number FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";

    let both_wait = async {
        for _ in 0..200 {
            if app.database.number(waiting).await == 2 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(app.database.number(waiting).await, 2);
        changing.batch_execute("COMMIT").await.unwrap();
    };
    futures::join!(order(&caller, &customer, "1"), order(&caller, &customer, "1"), both_wait);

    assert_eq!(totals(&caller, &customer).await, (json!("4.00"), json!(2)));
}

#[actix_web::test]
async fn an_idempotency_key_orders_once() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let customer = customer(&caller).await;
    let keyed = caller.with("idempotency-key", "k");

    let (first, again) = (order(&keyed, &customer, "1").await, order(&keyed, &customer, "1").await);

    assert_eq!(first, again);
    assert_eq!(totals(&caller, &customer).await, (json!("2.00"), json!(1)));
}
