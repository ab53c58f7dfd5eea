//! Adding and changing takes its own permission by every way.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{assert_denied, lead, named, path, start};
use crate::arrange::product;

#[actix_web::test]
async fn an_upsert_adds_only_with_the_permission_to_add() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let worker = caller.without(&["leads:create"]);
    let known = lead(&caller, json!({"first_name": "Ada", "email": "ada@example.com"})).await;
    let upsert = async |email: &str| {
        worker.put("/api/v2/leads/upsert?match=email", &json!({"email": email, "notes": "x"})).await
    };

    assert_denied(&upsert("new@example.com").await, "leads:create");
    let updated = upsert("ada@example.com").await.expect(200);

    assert_eq!(updated, json!({"id": known, "outcome": "updated"}));
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 1);
    let changer = caller.without(&["leads:update"]);
    let refused = changer.put("/api/v2/leads/upsert?match=email", &json!({"email": "x@example.com"})).await;
    assert_denied(&refused, "leads:update");
}

#[actix_web::test]
async fn a_conversion_takes_the_permission_of_everything_it_does() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"first_name": "Ada", "company_name": "Acme", "product_id": product(&caller).await});
    let id = lead(&caller, body).await;
    let convert = format!("{}/convert", path(&id));

    for code in ["leads:read", "leads:update", "contacts:create", "accounts:create", "deals:create"] {
        assert_denied(&caller.without(&[code]).post(&convert, &json!({})).await, code);
    }
    for table in ["deals", "contacts", "accounts"] {
        let sql = format!("SELECT count(*) AS number FROM {table}");
        assert_eq!(app.database.number(&sql).await, 0, "{table}");
    }
    let blind = caller.without(&["deals:read", "contacts:read", "accounts:read"]);
    let made = blind.post(&convert, &json!({"deal": {"title": "Engines"}})).await.expect(200);
    assert_eq!(made["lead"]["status"], "converted");
    for part in ["deal", "contact", "account"] {
        let members: Vec<&String> = made[part].as_object().unwrap().keys().collect();
        assert_eq!(members, ["id", "version"], "{part}: {made}");
    }
}

#[actix_web::test]
async fn a_conversion_without_a_contact_takes_no_permission_for_contacts() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let convert = format!("{}/convert", path(&named(&caller, "Ada").await));

    let worker = caller.without(&["contacts:create", "accounts:create"]);
    let made = worker.post(&convert, &json!({"create_contact": false})).await.expect(200);

    assert!(made["contact"].is_null() && made["deal"]["id"].is_string(), "{made}");
}

#[actix_web::test]
async fn a_simulation_looks_at_an_account_only_for_a_caller_who_may_read_accounts() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"lead": {"first_name": "Ada", "account_id": Uuid::now_v7()}});

    let refused = caller.without(&["accounts:read"]).post("/api/v2/assignment-rules/simulate", &body).await;

    assert_denied(&refused, "accounts:read");
    let without = json!({"lead": {"first_name": "Ada"}});
    let simulated =
        caller.without(&["accounts:read"]).post("/api/v2/assignment-rules/simulate", &without).await;
    assert_eq!(simulated.expect(200)["assigned_to"], Value::Null);
}
