//! Members of objects stay unless they are named: in patches, upserts and imports.

use serde_json::{Value, json};
use testkit::Caller;

use crate::{
    arrange::{Leads, id_of, importing},
    imports,
};

/// Adds one with these members, changes them by PATCH, and gives it as it is then.
async fn patched(caller: &Caller, collection: &str, body: &Value, change: &Value) -> Value {
    let made = caller.post(collection, body).await.expect(201);
    let path = format!("{collection}/{}", id_of(&made));
    caller.patch(&path, change).await.expect(200);
    caller.get(&path).await.expect(200)
}

#[actix_web::test]
async fn a_patch_of_one_member_of_an_object_leaves_the_others_alone() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let fields = json!({"region": "EMEA", "tier": "gold", "plan": {"seats": 5, "trial": true}});
    let change = json!({"vip": true, "tier": null, "plan": {"seats": 9}});
    let after = json!({"region": "EMEA", "vip": true, "plan": {"seats": 9, "trial": true}});

    for (collection, named) in [
        ("/api/v2/leads", json!({"first_name": "Ada"})),
        ("/api/v2/contacts", json!({"last_name": "Lovelace"})),
        ("/api/v2/deals", json!({"title": "Engines"})),
        ("/api/v2/customers", json!({"name": "Acme"})),
    ] {
        let mut body = named;
        body["custom_fields"] = fields.clone();
        let shown = patched(&caller, collection, &body, &json!({"custom_fields": change})).await;
        assert_eq!(shown["custom_fields"], after, "{collection}");
    }
    let lead =
        json!({"first_name": "Eve", "utm": {"source": "ads", "campaign": "c1"}, "consent": {"mail": true}});
    let change = json!({"utm": {"campaign": "c2"}, "consent": {"phone": false}});
    let lead = patched(&caller, "/api/v2/leads", &lead, &change).await;
    assert_eq!(lead["utm"], json!({"source": "ads", "campaign": "c2"}));
    assert_eq!(lead["consent"], json!({"mail": true, "phone": false}));
    let customer = json!({"name": "Bolt", "preferences": {"language": "de", "newsletter": {"weekly": true}}});
    let change = json!({"preferences": {"newsletter": {"weekly": null, "daily": true}}});
    let customer = patched(&caller, "/api/v2/customers", &customer, &change).await;
    assert_eq!(customer["preferences"], json!({"language": "de", "newsletter": {"daily": true}}));
    let emptied = patched(
        &caller,
        "/api/v2/leads",
        &json!({"first_name": "Bob", "custom_fields": {"a": 1}}),
        &json!({"custom_fields": null}),
    )
    .await;
    assert_eq!(emptied["custom_fields"], Value::Null);
}

#[actix_web::test]
async fn a_condition_is_one_value_and_is_replaced() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let condition = |op: &str| json!({"field": "name", "op": op, "value": "Acme"});
    let segment = json!({"name": "Big", "criteria": {"and": [condition("eq")]}});

    let change = json!({"criteria": condition("eq")});
    let segment = patched(&caller, "/api/v2/customer-segments", &segment, &change).await;

    assert_eq!(segment["criteria"], condition("eq"));
}

#[actix_web::test]
async fn an_upsert_and_an_import_write_the_members_they_name() {
    let (app, _tenants) = importing().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    let lead = json!({"email": "cf@example.com", "custom_fields": {"region": "EMEA", "tier": "gold"},
        "utm": {"source": "ads", "campaign": "c1"}});
    let path = format!("/api/v2/leads/{}", id_of(&caller.post("/api/v2/leads", &lead).await.expect(201)));

    let change = json!({"email": "cf@example.com", "custom_fields": {"vip": true}, "utm": {"source": null}});
    caller.put("/api/v2/leads/upsert?match=email", &change).await.expect(200);
    let upserted = caller.get(&path).await.expect(200);
    let mapping = r#"{"tier": "custom_fields.tier"}"#;
    let csv = "email,tier\r\ncf@example.com,silver\r\n";
    let import = imports::import(&caller, csv, &[("update_by", "email"), ("mapping", mapping)]).await;
    let imported = caller.get(&path).await.expect(200);

    assert_eq!(upserted["custom_fields"], json!({"region": "EMEA", "tier": "gold", "vip": true}));
    assert_eq!(upserted["utm"], json!({"campaign": "c1"}));
    assert_eq!(imports::counts(&import), [1, 0, 1, 0, 0], "{import}");
    assert_eq!(imported["custom_fields"], json!({"region": "EMEA", "tier": "silver", "vip": true}));
    assert_eq!(imported["utm"], json!({"campaign": "c1"}));
}

#[actix_web::test]
async fn an_import_by_address_finds_the_mailbox_of_a_company() {
    let (app, _tenants) = importing().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    let by_email = [("update_by", "email")];
    let file = |company: &str| {
        format!("email,company\r\ninfo@acme.example,{company}\r\nSales@bolt.example,Bolt\r\n")
    };

    let first = imports::import(&caller, &file("Acme"), &by_email).await;
    let second = imports::import(&caller, &file("Acme Ltd"), &by_email).await;

    assert_eq!((imports::counts(&first), imports::counts(&second)), ([2, 2, 0, 0, 0], [2, 0, 2, 0, 0]));
    let acme = caller.get("/api/v2/leads?email=info@acme.example").await.expect(200);
    assert_eq!((&acme["count"], &acme["results"][0]["company_name"]), (&json!(1), &json!("Acme Ltd")));
}
