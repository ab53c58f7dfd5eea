//! A sales team's work on one lead, from the form to the customer's lifetime value. `docs/tour.md` has the same sequence.

use std::time::Duration;

use serde_json::{Value, json};

use crate::browser::{Browser, eventually, platform};

const SOON: Duration = Duration::from_secs(20);

fn id(thing: &Value) -> &str {
    thing["id"].as_str().unwrap()
}

#[test]
fn a_forms_lead_is_known_again_routed_scored_worked_won_and_becomes_a_customers_order() {
    let platform = platform();
    let admin = Browser::tenant_admin(&platform);
    let me = admin.get("/api/v2/auth/me").expect(200)["id"].clone();

    // A product, a scoring model, and an assignment rule.
    let product = json!({
        "name": "Launch pads", "description": "For rockets.",
        "persona_role_titles": {"buyers": ["Head of Launch"]}
    });
    let product = admin.post("/api/v2/products", &product).expect(201);
    let model = json!({"name": "Launch", "product_id": product["id"], "rules": [
        {"name": "signs", "group": "fit", "points": 40, "when": {"persona": ["buyer"]}},
        {"name": "can be called", "group": "fit", "points": 10,
         "when": {"matches": {"field": "phone", "op": "is_null", "value": false}}}
    ]});
    admin.post("/api/v2/scoring-models", &model).expect(201);
    let rule = json!({
        "name": "All leads", "catch_all": true, "action": {"kind": "person", "members": [{"user_id": me}]}
    });
    admin.post("/api/v2/assignment-rules", &rule).expect(201);

    // The website's form has its own field names, and a hidden field against spam.
    let key = admin.post("/api/v2/api-keys", &json!({"name": "Website"})).expect(201);
    let mapping = json!({
        "fields": {"your-name": "name", "your-mail": "email", "job": "role_title"}, "honeypot_field": "fax"
    });
    admin.put(&format!("/api/v2/api-keys/{}/form_mapping", id(&key)), &mapping).expect(200);
    let form = Browser::new(&platform).with("X-API-Key", key["key"].as_str().unwrap());
    let fields = [
        ("your-name", "Grace Hopper"),
        ("your-mail", "Grace.Hopper@Example.com"),
        ("job", "Head of Launch"),
        ("phone", "+1 202 555 0143"),
        ("company", "Eckert Rockets"),
        ("product_id", id(&product)),
        ("utm_source", "newsletter"),
        ("budget", "20k"),
    ];
    let created = form.post_form("/api/leads/ingest", &fields).expect(201);
    let again = [("your-mail", " grace.hopper@EXAMPLE.com "), ("message", "Did you get my form?")];
    let attached = form.post_form("/api/leads/ingest", &again).expect(200);
    form.post_form("/api/leads/ingest", &[("your-mail", "bot@example.com"), ("fax", "1")]).expect(201);
    assert_eq!(attached, json!({"id": created["id"], "status": "attached"}));
    let leads = admin.get("/api/v2/leads").expect(200);
    assert_eq!(leads["count"], 1, "{leads}");
    assert_eq!(admin.get("/api/v2/ingests?outcome=quarantined").expect(200)["count"], 1);

    // It is assigned, and its score and assignment are explained.
    let path = format!("/api/v2/leads/{}", id(&created));
    let lead = admin.get(&path).expect(200);
    assert_eq!(
        (&lead["assigned_to"], &lead["score"], &lead["persona"]),
        (&me, &json!(50.0), &json!("buyer"))
    );
    assert_eq!(lead["utm"], json!({"source": "newsletter"}));
    let points: Vec<f64> = lead["score_breakdown"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["points"].as_f64().unwrap())
        .collect();
    assert_eq!(points, [40.0, 10.0]);
    let trace = admin.get(&format!("{path}/assignment_trace")).expect(200);
    assert!(trace.to_string().contains("All leads"), "{trace}");
    eventually("the assignee is notified", SOON, || {
        let list = admin.get("/api/v2/notifications").expect(200);
        (list["count"].as_i64()? >= 1).then_some(())
    });

    // A salesperson works on it.
    let due = "2030-01-01T09:00:00Z";
    let task = json!({"title": "Call Grace", "entity_type": "lead", "entity_id": lead["id"], "due_at": due});
    let task = admin.post("/api/v2/tasks", &task).expect(201);
    let call = json!({"activity_type": "call", "subject": "She wants two pads", "lead_id": lead["id"]});
    admin.post("/api/v2/activities", &call).expect(201);
    admin.patch(&format!("/api/v2/tasks/{}", id(&task)), &json!({"status": "done"})).expect(200);
    admin.patch(&path, &json!({"status": "qualified"})).expect(200);
    let timeline = admin.get(&format!("{path}/timeline")).expect(200);
    let kinds: Vec<&str> =
        timeline["results"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!((kinds.first(), kinds.last()), (Some(&"updated"), Some(&"created")), "{kinds:?}");
    assert!(kinds.contains(&"call"), "{kinds:?}");

    // It becomes a deal with a contact and an account, and the deal is won.
    let deal = json!({"deal": {"title": "Two pads", "value": "20000"}});
    let conversion = admin.post(&format!("{path}/convert"), &deal).expect(200);
    assert_eq!(conversion["lead"]["status"], "converted");
    assert_eq!(conversion["contact"]["email"], "grace.hopper@example.com");
    assert_eq!(conversion["account"]["name"], "Eckert Rockets");
    assert_eq!(admin.post(&format!("{path}/convert"), &deal).expect(409)["code"], "already_converted");
    let deal = format!("/api/v2/deals/{}", id(&conversion["deal"]));
    let forecast = admin.get("/api/v2/reports/forecast").expect(200);
    assert_eq!(forecast["totals"][0]["value"], "20000.00");
    assert_eq!(admin.post(&format!("{deal}/win"), &json!({})).expect(200)["status"], "won");
    assert_eq!(admin.get("/api/v2/reports/win_rate").expect(200)["total"]["win_rate"], 1.0);

    // An order is delivered, and the customer's lifetime value changes.
    let customer =
        json!({"name": "Eckert Rockets", "email": "grace.hopper@example.com", "customer_type": "business"});
    let customer = admin.post("/api/v2/customers", &customer).expect(201);
    let order = json!({"customer_id": customer["id"], "title": "Two pads", "items": [
        {"product_name": "Launch pad", "quantity": 2, "unit_price": "9900", "tax": "200"}
    ]});
    let order = admin.post("/api/v2/orders", &order).expect(201);
    assert_eq!(order["total_amount"], "20000.00");
    for status in ["processing", "shipped", "delivered"] {
        let path = format!("/api/v2/orders/{}/status", id(&order));
        admin.post(&path, &json!({ "status": status })).expect(200);
    }
    let customer = admin.get(&format!("/api/v2/customers/{}", id(&customer))).expect(200);
    assert_eq!((&customer["lifetime_value"], &customer["total_orders"]), (&json!("20000.00"), &json!(1)));

    // The original state of the lead is still available.
    let as_of = format!("{path}/as_of?at={}", lead["created_at"].as_str().unwrap());
    assert_eq!(admin.get(&as_of).expect(200)["status"], "new");
    platform.stop();
}
