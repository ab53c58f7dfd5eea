//! Owners of records, for other services.

use contracts::{Service, TenantId, UserId, internal::owners::KINDS};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::arrange::{Leads, account, customer, tenant_service};

async fn owners(app: &Leads, tenant: TenantId, kind: &str, id: &Value) -> Value {
    let asked = json!({"tenant_id": tenant, "kind": kind, "id": id});
    app.service(Service::Tenant).post("/internal/owners", &asked).await.expect(200)
}

#[actix_web::test]
async fn a_records_owners_are_whom_it_is_assigned_to_and_who_made_it() {
    let tenant_service = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenant_service.uri())]).await;
    let tenant = app.tenant().await;
    let caller = app.user(tenant);
    let (me, other) = (json!(caller.user()), UserId::new());
    let lead =
        caller.post("/api/v2/leads", &json!({"first_name": "Ada", "assigned_to": other})).await.expect(201);
    let task = caller.post("/api/v2/tasks", &json!({"title": "Call"})).await.expect(201);
    let customer = customer(&caller).await;
    let items = json!([{"product_name": "A", "quantity": 1, "unit_price": "1.00"}]);
    let order = json!({"customer_id": customer, "items": items});
    let order = caller.post("/api/v2/orders", &order).await.expect(201);

    let mut of_lead = owners(&app, tenant, "leads", &lead["id"]).await["owners"].as_array().unwrap().clone();
    of_lead.sort_by_key(ToString::to_string);
    let mut both = vec![me.clone(), json!(other)];
    both.sort_by_key(ToString::to_string);
    assert_eq!(of_lead, both);
    for (kind, id) in [
        ("tasks", task["id"].clone()),
        ("accounts", json!(account(&caller).await)),
        ("customers", json!(customer)),
        ("orders", order["id"].clone()),
    ] {
        assert_eq!(owners(&app, tenant, kind, &id).await, json!({"owners": [me]}), "{kind}");
    }
}

#[actix_web::test]
async fn another_tenants_record_and_a_deleted_one_are_like_one_that_never_was() {
    let app = Leads::start().await;
    let (ours, theirs) = (app.tenant().await, app.tenant().await);
    let lead = app.user(theirs).post("/api/v2/leads", &json!({"first_name": "Ada"})).await.expect(201);
    let gone = app.user(ours).post("/api/v2/leads", &json!({"first_name": "Bob"})).await.expect(201);
    app.user(ours).delete(&format!("/api/v2/leads/{}", gone["id"].as_str().unwrap())).await.expect(204);

    for kind in KINDS {
        for id in [&lead["id"], &gone["id"], &json!(Uuid::now_v7())] {
            assert_eq!(owners(&app, ours, kind, id).await, Value::Null, "{kind}");
        }
    }
    assert_eq!(owners(&app, ours, "roles", &lead["id"]).await, Value::Null);
}
