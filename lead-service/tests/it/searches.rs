//! Leads found by combined conditions, interleaved by persona, and taken out as files.

use contracts::{TenantId, UserId, identity::DataScope, internal::tenants::Isolation};
use serde_json::{Value, json};
use testkit::Caller;

use crate::{arrange::Leads, schema_tier::schema_of};

async fn several(caller: &Caller) {
    for (name, status, score, company) in [
        ("A", "new", Some(10), Some("Acme")),
        ("B", "new", Some(20), None),
        ("C", "contacted", Some(30), Some("Acme")),
        ("D", "qualified", None, Some("Other_%")),
        ("E", "new", None, None),
    ] {
        let body = json!({"first_name": name, "status": status, "score": score, "company_name": company,
                          "custom_fields": {"tier": name}});
        caller.post("/api/v2/leads", &body).await.expect(201);
    }
}

fn names(page: &Value) -> String {
    page["results"].as_array().unwrap().iter().map(|lead| lead["first_name"].as_str().unwrap()).collect()
}

async fn found(caller: &Caller, tree: Value) -> String {
    let body = json!({"where": tree, "ordering": "first_name"});
    names(&caller.post("/api/v2/leads/search", &body).await.expect(200))
}

#[actix_web::test]
async fn conditions_are_combined_by_and_or_and_not() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    several(&caller).await;
    let is = |field: &str, op: &str, value: Value| json!({"field": field, "op": op, "value": value});

    assert_eq!(found(&caller, is("status", "eq", json!("new"))).await, "ABE");
    assert_eq!(
        found(&caller, json!({"and": [is("status", "eq", json!("new")), is("score", "gt", json!(10))]}))
            .await,
        "B"
    );
    assert_eq!(
        found(
            &caller,
            json!({"or": [is("score", "gte", json!(30)), is("status", "in", json!(["qualified"]))]})
        )
        .await,
        "CD"
    );
    assert_eq!(
        found(&caller, json!({"not": is("company_name", "eq", json!("Acme"))})).await,
        "BDE",
        "empty is not Acme"
    );
    assert_eq!(found(&caller, is("company_name", "ne", json!("Acme"))).await, "BDE");
    assert_eq!(found(&caller, is("company_name", "eq", Value::Null)).await, "BE");
    assert_eq!(found(&caller, is("score", "isnull", json!(false))).await, "ABC");
    assert_eq!(found(&caller, is("company_name", "icontains", json!("_%"))).await, "D");
    assert_eq!(found(&caller, is("custom_fields.tier", "in", json!(["A", "E"]))).await, "AE");
    let nested = json!({"and": [{"not": {"or": [is("status", "eq", json!("new")), is("score", "lt", json!(5))]}},
                                is("created_at", "lte", json!("2100-01-01T00:00:00Z"))]});
    assert_eq!(found(&caller, nested).await, "CD");
    assert_eq!(
        names(&caller.post("/api/v2/leads/search", &json!({"ordering": "-first_name"})).await.expect(200)),
        "EDCBA"
    );
}

#[actix_web::test]
async fn a_search_is_walked_by_cursor_within_the_callers_scope() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    several(&caller).await;
    let mut body = json!({"where": {"field": "status", "op": "in", "value": ["new", "contacted"]}, "page_size": 3, "ordering": "-score"});

    let first = caller.post("/api/v2/leads/search", &body).await.expect(200);
    body["cursor"] = first["next_cursor"].clone();
    let rest = caller.post("/api/v2/leads/search", &body).await.expect(200);

    assert_eq!(
        (names(&first).as_str(), names(&rest).as_str(), &rest["next_cursor"]),
        ("CBA", "E", &json!(null))
    );
    let narrow = app.user_named(caller.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    assert_eq!(found(&narrow, json!({"field": "status", "op": "eq", "value": "new"})).await, "");
    let whatever = json!({"or": [{"not": {"field": "email", "op": "eq", "value": "x"}}]});
    assert_eq!(found(&narrow, whatever.clone()).await, "");
    assert_eq!(found(&app.user(app.tenant().await), whatever).await, "");
}

#[actix_web::test]
async fn a_faulty_tree_is_refused_with_every_fault_in_its_place() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let tree = json!({"and": [
        {"field": "shoe", "op": "eq", "value": 1},
        {"field": "status", "op": "eq", "value": "old"},
        {"field": "status", "op": "gte", "value": "new"},
        {"field": "score", "op": "gt", "value": "much"},
        {"field": "score", "op": "in", "value": 3},
        {"or": []},
        {"xor": [1]},
        7
    ]});

    let refused = caller.post("/api/v2/leads/search", &json!({"where": tree, "ordering": "shoe"})).await;

    let fields: Vec<String> = refused.faults().into_iter().map(|(field, _)| field).collect();
    let expected = [
        "ordering",
        "where.and.0.field",
        "where.and.1.value",
        "where.and.2.op",
        "where.and.3.value",
        "where.and.4.value",
        "where.and.5.or",
        "where.and.6.xor",
        "where.and.7",
    ];
    assert_eq!(fields, expected);
    let deep =
        (0..20).fold(json!({"field": "score", "op": "eq", "value": 1}), |tree, _| json!({"not": tree}));
    assert_eq!(
        caller.post("/api/v2/leads/search", &json!({"where": deep})).await.faults()[0].1,
        "nested_too_deep"
    );
}

/// Adds leads as a program would not: quickly.
async fn add(app: &Leads, tenant: TenantId, owner: UserId, number: usize, persona: &str) {
    let sql = format!(
        "INSERT INTO leads (id, tenant_id, first_name, persona, score, created_by) \
         SELECT gen_random_uuid(), '{tenant}', '{persona}' || n, nullif('{persona}', 'none'), n % 7, '{owner}' \
         FROM generate_series(1, {number}) n"
    );
    app.database.execute(&sql).await;
}

#[actix_web::test]
async fn leads_are_interleaved_by_persona_in_the_asked_proportion() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    for (persona, number) in [("buyer", 10), ("influencer", 3), ("end_user", 10), ("none", 4)] {
        add(&app, caller.tenant(), caller.user(), number, persona).await;
    }
    let query = "/api/v2/leads/quota_distribution?buyer_percent=50&influencer_percent=30&end_user_percent=20&page_size=5";
    let mut walked: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = caller.get(&format!("{query}&cursor={cursor}")).await.expect(200);
        walked.extend(page["results"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }

    let personas =
        |leads: &[Value], persona: &str| leads.iter().filter(|lead| lead["persona"] == persona).count();
    assert_eq!(walked.len(), 27, "none is skipped");
    let mut ids: Vec<&str> = walked.iter().map(|lead| lead["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 27, "none comes twice");
    let ten = &walked[..10];
    assert_eq!((personas(ten, "buyer"), personas(ten, "influencer"), personas(ten, "end_user")), (5, 3, 2));
    assert!(walked[23..].iter().all(|lead| lead["persona"].is_null()), "those without a persona fill up");
    for persona in ["buyer", "influencer", "end_user"] {
        let scores: Vec<f64> =
            walked.iter().filter(|l| l["persona"] == persona).map(|l| l["score"].as_f64().unwrap()).collect();
        assert!(scores.is_sorted_by(|one, other| one >= other), "{persona}: {scores:?}");
    }
}

#[actix_web::test]
async fn a_distribution_keeps_to_its_filters_scope_and_cursor() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    add(&app, caller.tenant(), caller.user(), 3, "buyer").await;
    let path = "/api/v2/leads/quota_distribution";
    let count = async |caller: &Caller, query: &str| {
        caller.get(&format!("{path}?{query}")).await.expect(200)["results"].as_array().unwrap().len()
    };

    assert_eq!(count(&caller, "").await, 3);
    assert_eq!(
        count(&caller, "end_user_percent=100").await,
        3,
        "a group without anybody is filled from the rest"
    );
    assert_eq!(count(&caller, &format!("account_id__in={}", uuid::Uuid::now_v7())).await, 0);
    assert_eq!(count(&caller, &format!("product_id={}", uuid::Uuid::now_v7())).await, 0);
    assert_eq!(
        count(&app.user_named(caller.tenant(), UserId::new()).scoped(DataScope::Own, &[]), "").await,
        0
    );
    let first = caller.get(&format!("{path}?buyer_percent=60&page_size=2")).await.expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let others = caller.get(&format!("{path}?buyer_percent=61&page_size=2&cursor={cursor}")).await;
    assert_eq!(others.faults(), [("cursor".to_owned(), "invalid_cursor".to_owned())]);
    for (query, field) in [
        ("buyer_percent=101", "buyer_percent"),
        ("buyer_percent=60&end_user_percent=60", "buyer_percent"),
        ("buyer_percent=0", "buyer_percent"),
        ("account_id__in=x", "account_id__in"),
        ("colour=red", "colour"),
        ("cursor=x", "cursor"),
    ] {
        let refused = caller.get(&format!("{path}?{query}")).await;
        assert_eq!((refused.problem().0, refused.faults()[0].0.as_str()), (400, field), "{query}");
    }
}

#[actix_web::test]
async fn an_export_has_every_lead_that_its_reader_sees() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    add(&app, caller.tenant(), caller.user(), 2_500, "buyer").await;
    let risky = json!({"first_name": "=cmd()", "last_name": "a, \"b\"", "phone": "+4930901820", "score": -1.5, "status": "qualified"});
    caller.post("/api/v2/leads", &risky).await.expect(201);

    let csv = caller.get("/api/v2/leads/export?format=csv").await;
    let lines: Vec<&str> = csv.text.split_terminator("\r\n").collect();
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"leads.csv\""));
    assert!(lines[0].starts_with("id,first_name,last_name,email,phone,"), "{}", lines[0]);
    assert_eq!(lines.len(), 2_502);
    let mut ids: Vec<&str> = lines[1..].iter().map(|line| &line[..36]).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 2_501);
    assert!(csv.text.contains(",'=cmd(),\"a, \"\"b\"\"\",,+4930901820,"));

    let ndjson = caller.get("/api/v2/leads/export?format=ndjson&status=qualified&fields=id,score").await;
    let lead: Value = serde_json::from_str(ndjson.text.trim_end()).unwrap();
    assert_eq!((lead.as_object().unwrap().len(), &lead["score"]), (2, &json!(-1.5)));
    let narrow = app.user_named(caller.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    assert_eq!(narrow.get("/api/v2/leads/export?format=ndjson").await.text, "");
    assert_eq!(narrow.get("/api/v2/leads/export?fields=id,email").await.text, "id,email\r\n");
    let refused = caller.get("/api/v2/leads/export?format=xml&page=2&colour=red").await;
    let fields: Vec<String> = refused.faults().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["colour", "format", "page"]);
    assert_eq!(caller.holding(&["leads:read"]).get("/api/v2/leads/export").await.problem().0, 403);
}

/// Flushes the pending list, and returns its number of pages.
async fn sorted_in(app: &Leads) -> i64 {
    app.database.number("SELECT sort_in_new_leads() AS number").await
}

#[actix_web::test]
async fn texts_of_new_leads_gather_and_are_sorted_in_beside_the_requests() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    sorted_in(&app).await;
    several(&caller).await;
    let tree = || json!({"field": "company_name", "op": "icontains", "value": "cme"});
    let limit = "SELECT count(*) AS number FROM pg_class WHERE oid = 'public.leads_search_idx'::regclass \
                 AND 'gin_pending_list_limit=65536' = ANY(reloptions)";

    assert_eq!(app.database.number(limit).await, 1, "no request has to sort in");
    assert_eq!(found(&caller, tree()).await, "AC", "while they wait");
    assert!(sorted_in(&app).await > 0);
    assert_eq!(sorted_in(&app).await, 0, "once");
    assert_eq!(found(&caller, tree()).await, "AC", "afterwards");

    several(&caller).await;
    let app = app.with_background();
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    assert_eq!(sorted_in(&app).await, 0, "the service has done it by itself");
}

#[actix_web::test]
async fn texts_of_a_tenant_with_a_schema_of_its_own_are_sorted_in_with_the_others() {
    let app = Leads::start().await;
    let tenant = app.tenant_in(Isolation::Schema).await;
    let sort_in = format!("SELECT \"{}\".sort_in_new_leads() AS number", schema_of(tenant));
    several(&app.user(tenant)).await;
    assert!(app.database.number(&sort_in).await > 0);

    several(&app.user(tenant)).await;
    app.database.execute("SELECT in_every_schema('sort_in_new_leads')").await;

    assert_eq!(app.database.number(&sort_in).await, 0);
}

#[actix_web::test]
async fn only_the_workers_role_may_sort_in_and_may_do_nothing_else_with_it() {
    use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
    let app = Leads::start().await;
    let sort_in = "SELECT sort_in_new_leads()";

    let mut requests = AsyncPgConnection::establish(&app.database.app_url()).await.unwrap();
    let mut workers = AsyncPgConnection::establish(&app.database.system_url()).await.unwrap();

    let refused = requests.batch_execute(sort_in).await.unwrap_err().to_string();
    assert!(refused.contains("permission denied"), "{refused}");
    workers.batch_execute(sort_in).await.unwrap();
    let refused = workers.batch_execute("SELECT 1 FROM leads").await.unwrap_err().to_string();
    assert!(refused.contains("permission denied"), "{refused}");
}
