//! Cascading deletes and restores require the same rights as single ones.

use contracts::{UserId, identity::DataScope};
use serde_json::{Value, json};
use testkit::Caller;

use super::{assert_denied, lead, path, start};
use crate::arrange::{account, customer};

async fn count(caller: &Caller, collection: &str) -> Value {
    caller.get(&format!("/api/v2/{collection}")).await.expect(200)["count"].clone()
}

#[actix_web::test]
async fn an_account_takes_its_leads_and_contacts_along_only_if_each_may_be_deleted() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let id = account(&caller).await;
    lead(&caller, json!({"first_name": "Ada", "account_id": id})).await;
    caller.post("/api/v2/contacts", &json!({"last_name": "B", "account_id": id})).await.expect(201);
    let whole = format!("/api/v2/accounts/{id}");

    for code in ["leads:delete", "contacts:delete"] {
        assert_denied(&caller.without(&[code]).delete(&whole).await, code);
    }
    assert_eq!((count(&caller, "leads").await, count(&caller, "contacts").await), (json!(1), json!(1)));
    caller.delete(&whole).await.expect(204);
    let restore = format!("{whole}/restore");
    for code in ["leads:delete", "contacts:delete"] {
        assert_denied(&caller.without(&[code]).post(&restore, &json!({})).await, code);
    }
    caller.post(&restore, &json!({})).await.expect(200);
    assert_eq!(count(&caller, "leads").await, json!(1));
}

#[actix_web::test]
async fn an_account_with_leads_out_of_scope_is_neither_deleted_nor_restored() {
    let (app, _tenants) = start().await;
    let admin = app.user(app.tenant().await);
    let worker = app.user_named(admin.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    let id = account(&worker).await;
    let hidden = lead(&admin, json!({"first_name": "Hidden", "account_id": id})).await;
    let whole = format!("/api/v2/accounts/{id}");

    assert_eq!(worker.delete(&whole).await.problem(), (409, "records_out_of_scope"));
    assert_eq!(admin.get(&path(&hidden)).await.status, 200);
    admin.delete(&whole).await.expect(204);
    let restored = worker.post(&format!("{whole}/restore"), &json!({})).await;
    assert_eq!(restored.problem(), (409, "records_out_of_scope"));
}

#[actix_web::test]
async fn a_customer_takes_orders_along_only_if_orders_may_be_deleted() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let id = customer(&caller).await;
    let order = json!({
        "customer_id": id, "items": [{"product_name": "Engine", "quantity": 1, "unit_price": "10.00"}]
    });
    caller.post("/api/v2/orders", &order).await.expect(201);
    let whole = format!("/api/v2/customers/{id}");

    assert_denied(&caller.without(&["orders:delete"]).delete(&whole).await, "orders:delete");
    assert_eq!(count(&caller, "orders").await, json!(1));
    caller.delete(&whole).await.expect(204);
}
