//! Indexes are used by what they are there for: texts of single columns, and people who are known.

use std::time::Duration;

use serde_json::json;

use crate::{
    arrange::{Leads, product},
    filters::query,
};

/// How often an index was read.
async fn uses(app: &Leads, index: &str) -> i64 {
    let sql = format!("SELECT idx_scan AS number FROM pg_stat_user_indexes WHERE indexrelname = '{index}'");
    app.database.number(&sql).await
}

/// Waits until an index was read so often since; connections report what they did a moment later.
async fn assert_used(app: &Leads, index: &str, before: i64, times: i64) {
    let mut used = 0;
    for _ in 0..50 {
        used = uses(app, index).await - before;
        if used >= times {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("{index} was used {used} of {times} times");
}

/// Adds rows as a program would not: quickly.
async fn fill(app: &Leads, table: &str, columns: &str, values: &str) {
    let rows = format!("INSERT INTO {table} ({columns}) SELECT {values} FROM generate_series(1, 30000) AS n");
    app.database.execute(&rows).await;
    app.database.execute(&format!("VACUUM ANALYZE {table}")).await;
}

#[actix_web::test]
async fn an_index_of_searches_has_one_text_of_each_row() {
    let app = Leads::start().await;
    let indexes = "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_attribute a ON a.attrelid = i.indexrelid \
                   WHERE c.relname LIKE '%\\_search\\_idx' AND c.relnamespace = 'public'::regnamespace";
    let number = async |what: &str| app.database.number(&format!("SELECT {what} AS number {indexes}")).await;

    assert_eq!(number("count(DISTINCT i.indexrelid)").await, 10);
    assert_eq!(number("count(*)").await, 10);
    assert_eq!(number("count(*) FILTER (WHERE a.attname = 'search_text')").await, 10);
}

#[actix_web::test]
async fn a_text_is_found_by_its_index_through_the_api_too() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    let columns = "id, tenant_id, first_name, company_name, source, score";
    let values =
        format!("gen_random_uuid(), '{}', md5(n::text), md5((n + 1)::text), 'website', n % 100", tenant.0);
    fill(&app, "leads", columns, &values).await;
    let caller = app.user(tenant);

    for filter in ["search", "first_name__icontains", "company_name__icontains"] {
        let before = uses(&app, "leads_search_idx").await;
        for _ in 0..7 {
            let found = caller.get(&format!("/api/v2/leads?{filter}=no-lead-is-called-so")).await.expect(200);
            assert_eq!(found["count"], 0, "{filter}");
        }
        assert_used(&app, "leads_search_idx", before, 7).await;
    }
    for op in ["contains", "starts_with"] {
        let before = uses(&app, "leads_search_idx").await;
        let tree = json!({"where": {"field": "first_name", "op": op, "value": "no-lead-is-called-so"}});
        for _ in 0..7 {
            let found = caller.post("/api/v2/leads/search", &tree).await.expect(200);
            assert_eq!(found["results"], json!([]), "{op}");
        }
        assert_used(&app, "leads_search_idx", before, 7).await;
    }
}

#[actix_web::test]
async fn a_condition_on_one_column_finds_what_that_column_says() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    for (first, last, company) in [
        ("Zoë", "O'Brien", "Groß & Söhne"),
        ("Gross", "Zoe", "J.P. Morgan"),
        ("İpek", "100% Yilmaz", "A_B Ltd"),
        ("Anna Maria", "Annason", "Straße 7"),
    ] {
        let body = json!({"first_name": first, "last_name": last, "company_name": company});
        caller.post("/api/v2/leads", &body).await.expect(201);
    }
    let found = async |field: &str, text: &str| {
        let page =
            format!("/api/v2/leads?ordering=created_at&{}", query(&format!("{field}__icontains"), text));
        let page = caller.get(&page).await.expect(200);
        let rows = page["results"].as_array().unwrap().iter();
        rows.map(|row| row["first_name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };

    // As it is written but for the case, in that column alone, whatever the folded text of the row has.
    for (field, text, expected) in [
        ("first_name", "ZOË", vec!["Zoë"]),
        ("first_name", "zoe", vec![]),
        ("last_name", "zoe", vec!["Gross"]),
        ("company_name", "groß", vec!["Zoë"]),
        ("company_name", "gross", vec![]),
        ("company_name", "J.P. Mor", vec!["Gross"]),
        ("company_name", "jp mor", vec![]),
        ("last_name", "o'bri", vec!["Zoë"]),
        ("last_name", "obri", vec![]),
        ("last_name", "100% yil", vec!["İpek"]),
        ("last_name", "100_ yil", vec![]),
        ("company_name", "a_b l", vec!["İpek"]),
        ("first_name", "na ma", vec!["Anna Maria"]),
        ("last_name", "na", vec!["Anna Maria"]),
        ("company_name", "STRAßE", vec!["Anna Maria"]),
        ("company_name", "&", vec!["Zoë"]),
    ] {
        assert_eq!(found(field, text).await, expected, "{field} {text}");
    }
    let tree = |op: &str, value: &str| json!({"field": "first_name", "op": op, "value": value});
    let names = async |tree: serde_json::Value| {
        let body = json!({"where": tree, "ordering": "first_name"});
        let page = caller.post("/api/v2/leads/search", &body).await.expect(200);
        page["results"].as_array().unwrap().len()
    };
    assert_eq!(names(tree("starts_with", "anna ")).await, 1);
    assert_eq!(names(tree("starts_with", "maria")).await, 0);
    assert_eq!(names(tree("not_contains", "anna")).await, 3);
}

#[actix_web::test]
async fn texts_of_every_searched_table_are_found_in_one_column() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let product = product(&caller).await;
    let customer = json!({"name": "Needle Works", "company_name": "Haystack"});
    let customer = caller.post("/api/v2/customers", &customer).await.expect(201)["id"].clone();
    for (path, body) in [
        ("accounts", json!({"name": "Needle Works", "product_id": product, "industry": "Haystack"})),
        ("contacts", json!({"first_name": "Needle", "last_name": "Haystack"})),
        ("deals", json!({"title": "Needle Works", "company_name": "Haystack"})),
        ("tasks", json!({"title": "Needle Works", "description": "Haystack"})),
        ("issues", json!({"title": "Needle Works", "description": "Haystack"})),
        (
            "activities",
            json!({"activity_type": "call", "subject": "Needle Works", "description": "Haystack"}),
        ),
        (
            "customer-interactions",
            json!({"customer_id": customer, "interaction_type": "call", "subject": "Needle Works"}),
        ),
        (
            "orders",
            json!({"customer_id": customer, "title": "Needle Works",
                   "items": [{"product_name": "x", "quantity": 1, "unit_price": "1"}]}),
        ),
    ] {
        caller.post(&format!("/api/v2/{path}"), &body).await.expect(201);
    }

    for (path, field) in [
        ("accounts", "name"),
        ("contacts", "first_name"),
        ("deals", "title"),
        ("customers", "name"),
        ("tasks", "title"),
        ("issues", "title"),
        ("activities", "subject"),
        ("customer-interactions", "subject"),
        ("orders", "title"),
    ] {
        for (text, expected) in [("NEEDLE", 1), ("haystack", 0)] {
            let found = caller.get(&format!("/api/v2/{path}?{field}__icontains={text}")).await.expect(200);
            assert_eq!(found["count"], expected, "{path} {text}");
        }
    }
}

#[actix_web::test]
async fn people_who_are_known_by_a_text_are_found_by_its_index() {
    let app = Leads::start().await;
    let tenant = app.tenant().await;
    let of_tenant = format!("gen_random_uuid(), '{}'", tenant.0);
    let values = format!("{of_tenant}, md5(n::text), md5(n::text), md5(n::text), md5(n::text)");
    fill(&app, "contacts", "id, tenant_id, first_name, email, phone, linkedin_url", &values).await;
    let values = format!("{of_tenant}, md5(n::text), md5(n::text), md5(n::text)");
    fill(&app, "customers", "id, tenant_id, name, email, phone", &values).await;
    let caller = app.user(tenant);
    let indexes = ["contacts_phone_idx", "contacts_linkedin_url_idx", "customers_phone_idx"];
    let mut before = Vec::new();
    for index in indexes {
        before.push(uses(&app, index).await);
    }

    for n in 0..7 {
        let (phone, page) = (format!("+493090182{n}"), format!("https://www.linkedin.com/in/person-{n}"));
        let contact = json!({"first_name": "Ada", "phone": phone, "linkedin_url": page});
        caller.post("/api/v2/contacts", &contact).await.expect(201);
        caller.post("/api/v2/customers", &json!({"name": "Ada", "phone": phone})).await.expect(201);
    }

    for (index, before) in indexes.into_iter().zip(before) {
        assert_used(&app, index, before, 7).await;
    }
}
