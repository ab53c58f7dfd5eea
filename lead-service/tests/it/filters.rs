//! Filters and conditions: values in any form, numbers as numbers, dates as days of the tenant's zone.

use serde_json::{Value, json};
use testkit::Caller;

use crate::arrange::{Leads, id_of, product, tenant_service};

/// The query string of one parameter.
pub fn query(name: &str, value: &str) -> String {
    serde_urlencoded::to_string([(name, value)]).unwrap()
}

async fn add(caller: &Caller, path: &str, body: Value) -> String {
    id_of(&caller.post(&format!("/api/v2/{path}"), &body).await.expect(201))
}

async fn count(caller: &Caller, path: &str, name: &str, value: &str) -> i64 {
    let found = caller.get(&format!("/api/v2/{path}?{}", query(name, value))).await.expect(200);
    found["count"].as_i64().unwrap()
}

/// First names of the leads that meet a condition, in their order.
async fn found(caller: &Caller, condition: Value) -> String {
    let body = json!({"where": condition, "ordering": "first_name"});
    let page = caller.post("/api/v2/leads/search", &body).await.expect(200);
    let leads = page["results"].as_array().unwrap().iter();
    leads.map(|lead| lead["first_name"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

#[expect(clippy::needless_pass_by_value, reason = "it is made for this call")]
fn is(field: &str, op: &str, value: Value) -> Value {
    json!({"field": field, "op": op, "value": value})
}

#[actix_web::test]
async fn an_address_or_number_is_found_in_whatever_form_it_is_written() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let person = json!({"first_name": "Ada", "email": "Ada@Example.com", "phone": "+49 (30) 901820"});
    add(&caller, "leads", person.clone()).await;
    add(&caller, "contacts", person).await;
    let customer = json!({"name": "Ada", "email": "ada@example.com", "phone": "+49 30 901820"});
    add(&caller, "customers", customer).await;
    add(&caller, "deals", json!({"title": "D", "contact_email": "ada@example.com"})).await;
    let product = product(&caller).await;
    let account = json!({"name": "A", "product_id": product, "contact_email": "ada@example.com"});
    add(&caller, "accounts", account).await;

    for path in ["leads", "contacts", "customers"] {
        for email in ["ADA@EXAMPLE.COM", " ada@example.com "] {
            assert_eq!(count(&caller, path, "email", email).await, 1, "{path} {email}");
        }
        for phone in ["+49 30 901820", "+4930901820", "0049 30/901820", " 49 30 901820"] {
            assert_eq!(count(&caller, path, "phone", phone).await, 1, "{path} {phone}");
        }
        assert_eq!(count(&caller, path, "email__in", "x@example.com,ADA@example.com").await, 1, "{path}");
        assert_eq!(count(&caller, path, "phone__icontains", "(030) 9018").await, 1, "{path}");
        assert_eq!(count(&caller, path, "email__icontains", "@EXAMPLE").await, 1, "{path}");
    }
    add(&caller, "leads", json!({"first_name": "Ida", "email": "ida@köln.example"})).await;
    for address in
        ["ida@köln.example", "IDA@KÖLN.EXAMPLE", "ida@xn--kln-sna.example", "ida@ko\u{308}ln.example"]
    {
        assert_eq!(count(&caller, "leads", "email", address).await, 1, "{address}");
        assert_eq!(count(&caller, "leads", "search", address).await, 1, "{address}");
    }
    assert_eq!(count(&caller, "leads", "email__icontains", "@köln.example").await, 1);
    let page = json!({"first_name": "Lin", "linkedin_url": "https://www.linkedin.com/in/ada"});
    add(&caller, "leads", page).await;
    for address in ["https://www.linkedin.com/in/ada", "www.linkedin.com/in/ada", "in/ada"] {
        assert_eq!(count(&caller, "leads", "linkedin_url", address).await, 1, "{address}");
    }
    for path in ["deals", "accounts"] {
        assert_eq!(count(&caller, path, "contact_email", "ADA@Example.com").await, 1, "{path}");
    }
    assert_eq!(found(&caller, is("email", "eq", json!("ADA@example.com"))).await, "Ada");
    assert_eq!(found(&caller, is("phone", "in", json!(["0049 30 901820"]))).await, "Ada");
    assert_eq!(found(&caller, is("phone", "starts_with", json!("+49 30"))).await, "Ada");
    assert!(!found(&caller, is("email", "ne", json!("ADA@example.com"))).await.contains("Ada"));
}

#[actix_web::test]
async fn numbers_in_custom_fields_are_compared_as_numbers() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    for seats in [json!(9), json!(10), json!(100), json!("11"), json!("many"), Value::Null] {
        let name = format!("N{}", seats.to_string().trim_matches('"'));
        add(&caller, "leads", json!({"first_name": name, "custom_fields": {"seats": seats}})).await;
    }
    for (op, value, expected) in [
        ("gte", json!(10), "N10 N100 N11"),
        ("gt", json!(50), "N100"),
        ("lt", json!(10), "N9"),
        ("lte", json!("10"), "N10 N9"),
        ("eq", json!(10), "N10"),
        ("eq", json!("10"), "N10"),
        ("eq", json!(10.0), "N10"),
        ("eq", json!(11), "N11"),
        ("in", json!([9, "100", "many"]), "N100 N9 Nmany"),
        ("between", json!([10, 99]), "N10 N11"),
        ("is_null", json!(true), "Nnull"),
        ("contains", json!("MAN"), "Nmany"),
    ] {
        assert_eq!(
            found(&caller, is("custom_fields.seats", op, value.clone())).await,
            expected,
            "{op} {value}"
        );
    }
    assert_eq!(count(&caller, "leads", "custom_fields.seats__gte", "10").await, 3);
    assert_eq!(count(&caller, "leads", "custom_fields.seats__lte", "9.5").await, 1);
    assert_eq!(count(&caller, "leads", "custom_fields.seats__in", "9,100").await, 2);
    assert_eq!(count(&caller, "leads", "custom_fields.seats__isnull", "true").await, 1);
    assert_eq!(count(&caller, "leads", "custom_fields.seats", "100").await, 1);
}

#[actix_web::test]
async fn a_segment_speaks_the_same_language() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    add(&caller, "customer-tags", json!({"name": "VIP"})).await;
    add(&caller, "customer-tags", json!({"name": "Press"})).await;
    for (seats, tags) in [(9, json!(["VIP", "Press"])), (10, json!(["VIP"])), (100, json!([]))] {
        let body = json!({"name": format!("C{seats}"), "email": format!("c{seats}@example.com"), "tags": tags,
                          "custom_fields": {"seats": seats, "topics": ["a", format!("t{seats}")]}});
        add(&caller, "customers", body).await;
    }
    for (criteria, members) in [
        (is("custom_fields.seats", "gt", json!(50)), "C100"),
        (is("custom_fields.seats", "gte", json!(10)), "C10 C100"),
        (is("custom_fields.seats", "between", json!([9, 10])), "C10 C9"),
        (is("email", "eq", json!("C9@EXAMPLE.com")), "C9"),
        (is("name", "starts_with", json!("c1")), "C10 C100"),
        (is("custom_fields.topics", "has_any", json!(["t9", "t10"])), "C10 C9"),
        (is("custom_fields.topics", "has_all", json!(["a", "t9"])), "C9"),
        (is("tags", "has_any", json!(["vip", "Press"])), "C10 C9"),
        (is("tags", "has_all", json!(["VIP", "Press"])), "C9"),
        (json!({"not": is("tags", "has_any", json!(["VIP"]))}), "C100"),
        (is("created_at", "within_days", json!(1)), "C10 C100 C9"),
        (json!({"field": "phone", "op": "is_null"}), "C10 C100 C9"),
        (json!({"field": "phone", "op": "isnull", "value": false}), ""),
    ] {
        let body = json!({"name": criteria.to_string(), "criteria": criteria});
        let id = add(&caller, "customer-segments", body).await;
        let path = format!("/api/v2/customer-segments/{id}/members?ordering=name");
        let listed = caller.get(&path).await.expect(200);
        let names = listed["results"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap());
        assert_eq!(names.collect::<Vec<_>>().join(" "), members, "{criteria}");
    }
}

#[actix_web::test]
async fn the_same_condition_is_taken_and_refused_by_searches_segments_rules_and_scores() {
    let tenant_service = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenant_service.uri())]).await;
    let caller = app.user(app.tenant().await);
    let nested = |levels: usize| {
        (0..levels).fold(is("email", "contains", json!("x")), |tree, _| json!({ "not": tree }))
    };
    let send = async |condition: &Value| {
        let name = format!("{:.90}", condition.to_string());
        let rule = json!({"name": name, "conditions": condition,
                          "action": {"kind": "person", "user_id": caller.user()}});
        let when = json!({"matches": condition});
        let rules = json!([{"name": "R", "group": "fit", "points": 1, "when": when}]);
        let model = json!({"name": name, "enabled": false, "rules": rules});
        [
            ("search", caller.post("/api/v2/leads/search", &json!({"where": condition})).await),
            (
                "segment",
                caller.post("/api/v2/customer-segments", &json!({"name": name, "criteria": condition})).await,
            ),
            ("rule", caller.post("/api/v2/assignment-rules", &rule).await),
            ("model", caller.post("/api/v2/scoring-models", &model).await),
        ]
    };
    for (op, value) in [
        ("eq", json!("a")),
        ("ne", json!("a")),
        ("in", json!(["a"])),
        ("not_in", json!(["a"])),
        ("between", json!(["a", "b"])),
        ("contains", json!("a")),
        ("icontains", json!("a")),
        ("not_contains", json!("a")),
        ("starts_with", json!("a")),
        ("is_null", json!(true)),
        ("isnull", json!(true)),
        ("is_not_null", json!(true)),
    ] {
        for (what, taken) in send(&is("email", op, value.clone())).await {
            assert!(taken.status.is_success(), "{what} {op}: {}", taken.text);
        }
    }
    for (what, taken) in send(&nested(16)).await {
        assert!(taken.status.is_success(), "{what}: {}", taken.text);
    }
    for (condition, field, code) in [
        (nested(20), "", "nested_too_deep"),
        (is("email", "like", json!("x")), ".op", "not_allowed"),
        (is("shoe", "eq", json!("x")), ".field", "unknown_field"),
        (is("created_at", "gte", json!("yesterday")), ".value", "invalid_datetime"),
        (json!({"or": []}), ".or", "too_few"),
    ] {
        for (what, refused) in send(&condition).await {
            let (named, found) = refused.faults().remove(0);
            assert_eq!(found, code, "{what} {condition}: {}", refused.text);
            assert!(named.ends_with(field), "{what} {condition}: {named}");
        }
    }
}

/// A lead that came at this moment.
async fn came(app: &Leads, caller: &Caller, name: &str, at: &str) {
    let id = add(caller, "leads", json!({"first_name": name})).await;
    app.database.execute(&format!("UPDATE leads SET created_at = '{at}' WHERE id = '{id}'")).await;
}

#[actix_web::test]
async fn a_date_is_the_whole_day_in_the_tenants_time_zone() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    for (name, at) in [
        ("A", "2026-11-27T23:59:59Z"),
        ("B", "2026-11-28T00:00:00Z"),
        ("C", "2026-11-28T16:00:00Z"),
        ("D", "2026-11-28T23:59:59.5Z"),
        ("E", "2026-11-29T00:00:00Z"),
    ] {
        came(&app, &caller, name, at).await;
    }
    let listed = async |caller: &Caller, filter: &str| {
        let page = caller.get(&format!("/api/v2/leads?ordering=created_at&{filter}")).await.expect(200);
        let leads = page["results"].as_array().unwrap().iter();
        leads.map(|lead| lead["first_name"].as_str().unwrap()).collect::<String>()
    };

    for (filter, expected) in [
        ("created_at__lte=2026-11-28", "ABCD"),
        ("created_at__gte=2026-11-28", "BCDE"),
        ("created_at=2026-11-28", "BCD"),
        ("created_at__in=2026-11-27,2026-11-29", "AE"),
        ("created_at__gte=2026-11-28&created_at__lte=2026-11-28", "BCD"),
        ("created_at__lte=2026-11-28T00:00:00Z", "AB"),
    ] {
        assert_eq!(listed(&caller, filter).await, expected, "{filter}");
    }
    let tokyo = caller.in_zones("Asia/Tokyo", None);
    assert_eq!(listed(&tokyo, "created_at=2026-11-28").await, "AB");
    assert_eq!(listed(&tokyo, "created_at__lte=2026-11-28").await, "AB");
    let new_york = caller.in_zones("America/New_York", None);
    assert_eq!(listed(&new_york, "created_at__gte=2026-11-28").await, "CDE");
    assert_eq!(found(&tokyo, is("created_at", "gt", json!("2026-11-28"))).await, "C D E");
    assert_eq!(
        found(&caller, is("created_at", "between", json!(["2026-11-28", "2026-11-28"]))).await,
        "B C D"
    );
    assert_eq!(found(&caller, is("created_at", "ne", json!("2026-11-28"))).await, "A E");
    let exported =
        tokyo.get("/api/v2/leads/export?format=ndjson&fields=first_name&created_at=2026-11-29").await;
    assert_eq!(exported.text.lines().count(), 3);
}

#[actix_web::test]
async fn within_days_holds_for_times_days_and_custom_fields() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let day = |days: i64| (chrono::Utc::now() + chrono::Duration::days(days)).format("%Y-%m-%d").to_string();
    for (name, days) in [("A", -10), ("B", -3), ("C", 0), ("D", 3)] {
        let body = json!({"first_name": name, "custom_fields": {"renewal": day(days), "note": "soon"}});
        let id = add(&caller, "leads", body).await;
        let moved = format!("UPDATE leads SET created_at = now() + interval '{days} days' WHERE id = '{id}'");
        app.database.execute(&moved).await;
        let deal = json!({"title": name, "expected_close_date": day(days)});
        add(&caller, "deals", deal).await;
    }

    assert_eq!(found(&caller, is("created_at", "within_days", json!(5))).await, "B C D");
    assert_eq!(found(&caller, is("created_at", "within_days", json!(30))).await, "A B C D");
    assert_eq!(found(&caller, is("custom_fields.renewal", "within_days", json!(5))).await, "B C D");
    assert_eq!(found(&caller, is("custom_fields.note", "within_days", json!(5))).await, "");
    for bad in [json!(-1), json!("week"), json!(1.5)] {
        let refused = caller
            .post("/api/v2/leads/search", &json!({"where": is("created_at", "within_days", bad)}))
            .await;
        assert_eq!(refused.faults(), [("where.value".to_owned(), "wrong_type".to_owned())]);
    }
}

#[actix_web::test]
async fn a_value_with_commas_stands_in_quotation_marks() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    for (name, company) in
        [("A", "Smith, Jones & Co"), ("B", "Acme"), ("C", "The \"Best\", Inc."), ("D", "Other")]
    {
        add(&caller, "leads", json!({"first_name": name, "company_name": company})).await;
    }

    for (list, expected) in [
        ("\"Smith, Jones & Co\",Acme", 2),
        ("Acme, \"Smith, Jones & Co\"", 2),
        ("\"The \"\"Best\"\", Inc.\"", 1),
        ("Acme,Other", 2),
        ("Smith, Jones & Co", 0),
    ] {
        assert_eq!(count(&caller, "leads", "company_name__in", list).await, expected, "{list}");
    }
    let open = caller.get(&format!("/api/v2/leads?{}", query("company_name__in", "\"Smith, Jones"))).await;
    assert_eq!(open.faults(), [("company_name__in".to_owned(), "invalid_list".to_owned())]);
}

#[actix_web::test]
async fn fields_that_name_nothing_are_refused() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let id = add(&caller, "leads", json!({"first_name": "Ada"})).await;

    for path in ["leads?fields=", "leads?fields=,", &format!("leads/{id}?fields="), "leads/export?fields="] {
        let refused = caller.get(&format!("/api/v2/{path}")).await;
        assert_eq!(refused.faults(), [("fields".to_owned(), "required".to_owned())], "{path}");
    }
}

#[actix_web::test]
async fn months_of_reports_and_the_day_of_closing_are_those_of_the_tenants_time_zone() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await).in_zones("Pacific/Auckland", None);
    let deal = add(&caller, "deals", json!({"title": "D"})).await;
    caller.post(&format!("/api/v2/deals/{deal}/win"), &json!({})).await.expect(200);
    // Half past midnight on the first of December in Auckland.
    let won = format!("UPDATE deals SET won_at = '2026-11-30T11:30:00Z' WHERE id = '{deal}'");
    app.database.execute(&won).await;
    let rates = async |caller: &Caller, query: &str| {
        caller.get(&format!("/api/v2/reports/win_rate?{query}")).await.expect(200)
    };

    assert_eq!(rates(&caller, "").await["results"][0]["month"], "2026-12");
    assert_eq!(rates(&caller, "from=2026-12-01&to=2026-12-01").await["total"]["won"], 1);
    assert_eq!(rates(&caller, "to=2026-11-30").await["total"]["won"], 0);
    assert_eq!(rates(&caller.in_zones("UTC", None), "").await["results"][0]["month"], "2026-11");
}

#[actix_web::test]
async fn a_deal_closes_on_the_day_of_the_tenants_time_zone() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    // In one of these zones it is another day than in UTC, at any time.
    for zone in ["Pacific/Kiritimati", "Etc/GMT+12"] {
        let caller = caller.in_zones(zone, None);
        let today = chrono::Utc::now().with_timezone(&zone.parse::<chrono_tz::Tz>().unwrap()).date_naive();

        let deal = add(&caller, "deals", json!({"title": zone})).await;
        let won = caller.post(&format!("/api/v2/deals/{deal}/win"), &json!({})).await.expect(200);

        assert_eq!(won["actual_close_date"], today.to_string(), "{zone}");
    }
}

#[actix_web::test]
async fn the_tasks_of_today_are_those_of_the_persons_day() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let now = chrono::Utc::now();
    for hours in [-36, -12, 12, 36] {
        let due = (now + chrono::Duration::hours(hours)).to_rfc3339();
        add(&caller, "tasks", json!({"title": format!("{hours}"), "due_at": due})).await;
    }
    for (tenant, own) in [
        ("UTC", None),
        ("Asia/Tokyo", None),
        ("UTC", Some("Pacific/Kiritimati")),
        ("UTC", Some("Etc/GMT+12")),
    ] {
        let zone: chrono_tz::Tz = own.unwrap_or(tenant).parse().unwrap();
        let day = |moment: chrono::DateTime<chrono::Utc>| moment.with_timezone(&zone).date_naive();
        let due_today = |hours: &i64| day(now + chrono::Duration::hours(*hours)) == day(now);
        let expected = [-36, -12, 12, 36].iter().filter(|hours| due_today(hours)).count();

        let listed = caller.in_zones(tenant, own).get("/api/v2/tasks/today").await.expect(200);

        assert_eq!(listed["count"], expected, "{tenant} {own:?}");
    }
}
