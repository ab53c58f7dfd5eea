//! Customer segments.

use contracts::identity::DataScope;
use serde_json::{Value, json};

use crate::arrange::{Leads, id_of};

async fn several(app: &Leads) -> testkit::Caller {
    let caller = app.user(app.tenant().await);
    caller.post("/api/v2/customer-tags", &json!({"name": "VIP"})).await.expect(201);
    for n in 0..10 {
        let body = json!({
            "name": format!("C{n}"), "city": if n < 4 { json!("Berlin") } else { json!(null) },
            "custom_fields": {"tier": if n < 2 { "gold" } else { "tin" }}, "tags": if n == 3 { json!(["VIP"]) } else { json!([]) }
        });
        let customer = id_of(&caller.post("/api/v2/customers", &body).await.expect(201));
        let order = json!({"customer_id": customer, "items": [{"product_name": "A", "quantity": 1, "unit_price": n * 10}]});
        caller.post("/api/v2/orders", &order).await.expect(201);
    }
    caller
}

#[actix_web::test]
async fn criteria_are_evaluated_to_members_and_counts() {
    let app = Leads::start().await;
    let caller = several(&app).await;
    let vip = caller.get("/api/v2/customer-tags").await.expect(200)["results"][0]["id"].clone();
    let gte = |value: i32| json!({"field": "lifetime_value", "op": "gte", "value": value});
    let berlin = json!({"field": "city", "value": "Berlin"});
    let cases: [(&str, Value, usize); 9] = [
        ("everybody", json!({}), 10),
        ("big", gte(50), 5),
        ("big or in Berlin", json!({"or": [gte(50), berlin]}), 9),
        ("big in Berlin", json!({"and": [gte(20), berlin]}), 2),
        ("not in Berlin, those without a city too", json!({"not": berlin}), 6),
        ("elsewhere", json!({"field": "city", "op": "ne", "value": "Berlin"}), 6),
        ("gold", json!({"field": "custom_fields.tier", "op": "in", "value": ["gold"]}), 2),
        ("tagged", json!({"field": "tags", "op": "contains", "value": vip}), 1),
        ("per cent is no wildcard", json!({"field": "name", "op": "contains", "value": "%"}), 0),
    ];

    for (name, criteria, members) in &cases {
        let body = json!({"name": name, "criteria": criteria});
        let path = format!(
            "/api/v2/customer-segments/{}",
            id_of(&caller.post("/api/v2/customer-segments", &body).await.expect(201))
        );
        let listed = caller.get(&format!("{path}/members?page_size=200")).await.expect(200);
        assert_eq!(listed["results"].as_array().unwrap().len(), *members, "{name}");
        assert_eq!(listed["count"], *members, "{name}");
        assert_eq!(caller.get(&path).await.expect(200)["member_count"], *members, "{name}");
    }
    let list = caller.get("/api/v2/customer-segments?ordering=created_at").await.expect(200);
    let counts: Vec<u64> =
        list["results"].as_array().unwrap().iter().map(|row| row["member_count"].as_u64().unwrap()).collect();
    assert_eq!(counts, cases.map(|(_, _, members)| members as u64));
}

#[actix_web::test]
async fn members_are_a_list_like_any_other_within_the_callers_scope() {
    let app = Leads::start().await;
    let caller = several(&app).await;
    let body = json!({"name": "All"});
    let id = id_of(&caller.post("/api/v2/customer-segments", &body).await.expect(201));
    let path = format!("/api/v2/customer-segments/{id}/members");

    let page =
        caller.get(&format!("{path}?page_size=3&ordering=-lifetime_value&city=Berlin")).await.expect(200);
    let other = app.user_named(caller.tenant(), contracts::UserId::new()).scoped(DataScope::Own, &[]);

    assert_eq!((&page["count"], &page["results"][0]["name"]), (&json!(4), &json!("C3")));
    assert!(page["next"].as_str().unwrap().contains(&format!("{path}?")), "{}", page["next"]);
    assert_eq!(other.get(&path).await.expect(200)["count"], 0);
    assert_eq!(other.get(&format!("/api/v2/customer-segments/{id}")).await.expect(200)["member_count"], 0);
    assert_eq!(caller.get(&format!("{path}?colour=red")).await.status, 400);
    assert_eq!(app.user(app.tenant().await).get(&path).await.status, 404);
}

#[actix_web::test]
async fn criteria_that_are_not_understood_are_refused_by_place() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let criteria = json!({"and": [{"field": "tenant_id", "op": "eq", "value": "x"}, {"field": "name; drop", "value": 1}]});

    let refused = caller.post("/api/v2/customer-segments", &json!({"name": "X", "criteria": criteria})).await;

    let fields: Vec<String> = refused.faults().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["criteria.and.0.field", "criteria.and.1.field"]);
}
