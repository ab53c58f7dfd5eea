//! Bounds of lists: what a cursor, a filter, a condition and an answer may hold.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    arrange::{Leads, id_of},
    filters::query,
};

const ID: &str = "0190a0a0-0000-7000-8000-000000000000";

fn encoded(content: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(content.to_string())
}

fn fault(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

#[actix_web::test]
async fn a_nul_is_refused_at_its_parameter() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let in_cursor = encoded(&json!(["first_name", ["a\0b", ID]]));

    for path in ["leads", "contacts"] {
        let list = format!("/api/v2/{path}?ordering=first_name&cursor={in_cursor}");
        assert_eq!(caller.get(&list).await.faults(), fault("cursor", "invalid_cursor"), "{path}");
    }
    let body = json!({"ordering": "first_name", "cursor": in_cursor});
    let search = caller.post("/api/v2/leads/search", &body).await;
    assert_eq!(search.faults(), fault("cursor", "invalid_cursor"));
    for (path, name) in [
        ("leads", "first_name"),
        ("leads", "email__in"),
        ("leads", "search"),
        ("leads", "custom_fields.tier"),
        ("leads", "fields"),
        ("leads/export", "company_name__icontains"),
        ("leads/quota_distribution", "account_id__in"),
        ("tasks/today", "title"),
        ("customers", "cursor"),
    ] {
        let refused = caller.get(&format!("/api/v2/{path}?{}", query(name, "a\0b"))).await;
        assert_eq!(refused.problem(), (400, "nul_not_allowed"), "{path} {name}");
        assert_eq!(refused.faults(), fault(name, "nul_not_allowed"), "{path}");
    }
}

#[actix_web::test]
async fn a_cursor_that_names_no_place_is_refused() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let lead = id_of(&caller.post("/api/v2/leads", &json!({"first_name": "Ada"})).await.expect(201));
    let long_ago = BASE64_URL_SAFE_NO_PAD.encode(format!("{} {ID}", i64::from(i32::MIN) * 4_000_000));
    let too_far =
        encoded(&json!({"shares": [1, 1, 1, 0], "taken": [u64::MAX, 0, 0, 0], "cursors": ["", "", "", ""]}));

    for path in [
        format!("leads/{lead}/timeline?cursor={long_ago}"),
        format!("leads/quota_distribution?cursor={too_far}"),
    ] {
        let refused = caller.get(&format!("/api/v2/{path}")).await;
        assert_eq!(
            (refused.problem().0, refused.faults()),
            (400, fault("cursor", "invalid_cursor")),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn the_values_of_all_conditions_are_bounded_together() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    for seats in 0..3 {
        let body = json!({"first_name": format!("N{seats}"), "custom_fields": {"seats": seats}});
        caller.post("/api/v2/leads", &body).await.expect(201);
    }
    let one_of = |field: &str| {
        let numbers: Vec<usize> = (0..1_000).collect();
        json!({"field": format!("custom_fields.{field}"), "op": "in", "value": numbers})
    };
    let any_of = |number: usize| {
        let conditions: Vec<Value> =
            (0..number).map(|n| one_of(if n == 0 { "seats" } else { "floors" })).collect();
        json!({"where": {"or": conditions}, "ordering": "first_name", "page_size": 1})
    };

    // As many as there may be are taken, on the pages behind a cursor too, where each stands twice.
    let mut asked = any_of(5);
    let first = caller.post("/api/v2/leads/search", &asked).await.expect(200);
    asked["cursor"] = first["next_cursor"].clone();
    let second = caller.post("/api/v2/leads/search", &asked).await.expect(200);
    assert_eq!(
        (&first["results"][0]["first_name"], &second["results"][0]["first_name"]),
        (&json!("N0"), &json!("N1"))
    );
    let refused = caller.post("/api/v2/leads/search", &any_of(6)).await;
    assert_eq!(refused.faults(), fault("where.or.5.value", "too_many"));
    let segment = json!({"name": "Too many", "criteria": any_of(6)["where"]});
    let refused = caller.post("/api/v2/customer-segments", &segment).await;
    assert_eq!(refused.faults(), fault("criteria.or.5.value", "too_many"));

    let values = (0..1_000).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let filters = |number: usize| {
        let list = |n: usize| format!("custom_fields.f{n}__in={values}");
        (0..number).map(list).collect::<Vec<_>>().join("&")
    };
    caller.get(&format!("/api/v2/leads?{}", filters(5))).await.expect(200);
    let refused = caller.get(&format!("/api/v2/leads?{}", filters(6))).await;
    assert_eq!(refused.faults(), fault("custom_fields.f5__in", "too_many"));
}

#[actix_web::test]
async fn a_group_of_duplicates_has_at_most_fifty_leads() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    let rows = format!(
        "INSERT INTO leads (id, tenant_id, first_name, email) SELECT gen_random_uuid(), '{}', 'P' || n, \
         'one@example.com' FROM generate_series(1, 60) AS n",
        tenant.0
    );
    app.database.execute(&rows).await;

    let found = app.user(tenant).get("/api/v2/leads/duplicates?reason=email").await.expect(200);

    let groups = found["results"].as_array().unwrap();
    assert_eq!((groups.len(), groups[0]["leads"].as_array().unwrap().len()), (1, 50));
}
