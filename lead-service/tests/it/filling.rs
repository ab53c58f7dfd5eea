//! A key with `update_empty` fills every empty field of a known lead.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Caller, caller::read};

use crate::arrange::{Leads, account, api_key, id_of, product};

struct Form {
    app: Leads,
    caller: Caller,
    key: String,
}

impl Form {
    async fn new() -> Self {
        let app = Leads::start().await;
        let caller = app.user(app.tenant().await);
        let key = api_key(&caller, json!({"duplicate_policy": "update_empty"})).await;
        Self { app, caller, key }
    }

    async fn send(&self, body: Value, status: u16) -> Value {
        let request =
            self.app.anonymous().with("x-api-key", &self.key).request(Method::POST, "/api/leads/ingest");
        read(request.json(&body)).await.expect(status)
    }

    async fn lead(&self, id: &str) -> Value {
        self.caller.get(&format!("/api/v2/leads/{id}")).await.expect(200)
    }
}

#[actix_web::test]
async fn every_empty_field_is_filled() {
    let form = Form::new().await;
    let (product, account) = (product(&form.caller).await, account(&form.caller).await);
    let id = id_of(&form.send(json!({"email": "a@example.com"}), 201).await);

    let updated = form
        .send(
            json!({"email": "a@example.com", "consent": {"marketing": true}, "utm_source": "ads", "custom_fields": {"tier": "gold"},
                "estimated_value": "1250.50", "currency": "EUR", "product_id": product, "account_id": account, "name": "Ada L"}),
            200,
        )
        .await;

    assert_eq!((&updated["status"], &updated["id"]), (&json!("updated"), &json!(id)));
    let lead = form.lead(&id).await;
    assert_eq!((&lead["consent"], &lead["utm"]), (&json!({"marketing": true}), &json!({"source": "ads"})));
    assert_eq!((&lead["custom_fields"], &lead["last_name"]), (&json!({"tier": "gold"}), &json!("L")));
    assert_eq!((&lead["estimated_value"], &lead["currency"]), (&json!("1250.50"), &json!("EUR")));
    assert_eq!((&lead["product_id"], &lead["account_id"]), (&json!(product), &json!(account)));
    assert_eq!(lead["version"], 2);
    let told = "SELECT count(*) AS number FROM events WHERE event_type = 'Lead.account_id.UPDATE'";
    assert_eq!(form.app.database.number(told).await, 1);
}

#[actix_web::test]
async fn what_is_there_stays() {
    let form = Form::new().await;
    let first = json!({"email": "a@example.com", "consent": {"marketing": false}, "utm": {"source": "ads"},
        "custom_fields": {"tier": "gold", "note": null}, "estimated_value": 10, "currency": "USD"});
    let id = id_of(&form.send(first, 201).await);

    let second = json!({"email": "a@example.com", "consent": {"marketing": true, "phone": true}, "utm_source": "mail",
        "utm_campaign": "spring", "custom_fields": {"tier": "silver", "note": "VIP", "seats": 5}, "estimated_value": 99,
        "currency": "EUR"});
    form.send(second.clone(), 200).await;

    let lead = form.lead(&id).await;
    assert_eq!(lead["consent"], json!({"marketing": false, "phone": true}), "a refusal stays one");
    assert_eq!(lead["utm"], json!({"source": "ads", "campaign": "spring"}));
    assert_eq!(lead["custom_fields"], json!({"tier": "gold", "note": "VIP", "seats": 5}));
    assert_eq!((&lead["estimated_value"], &lead["currency"]), (&json!("10.00"), &json!("USD")));
    form.send(second, 200).await;
    assert_eq!(form.lead(&id).await["version"], lead["version"], "nothing is left to fill");
}

#[actix_web::test]
async fn an_amount_is_filled_with_its_own_currency_only() {
    let form = Form::new().await;
    let dollars = id_of(&form.send(json!({"email": "a@example.com", "currency": "USD"}), 201).await);
    let bare = id_of(&form.send(json!({"email": "b@example.com", "estimated_value": 10}), 201).await);

    for email in ["a@example.com", "b@example.com"] {
        form.send(json!({"email": email, "estimated_value": 99, "currency": "EUR"}), 200).await;
    }

    let (dollars, bare) = (form.lead(&dollars).await, form.lead(&bare).await);
    assert_eq!((&dollars["estimated_value"], &dollars["currency"]), (&Value::Null, &json!("USD")));
    assert_eq!((&bare["estimated_value"], &bare["currency"]), (&json!("10.00"), &Value::Null));
}
