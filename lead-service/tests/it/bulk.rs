//! Many leads and accounts at once, and leads added or changed by a mark.

use contracts::{UserId, identity::DataScope, internal::tenants::CheckedMembers};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::arrange::{Leads, account, product};

#[actix_web::test]
async fn good_leads_of_a_bulk_are_kept_and_bad_ones_named() {
    let tenant_service = MockServer::start().await;
    let stranger = UserId::new();
    let answer = ResponseTemplate::new(200)
        .set_body_json(CheckedMembers { strangers: vec![stranger], leavers: vec![] });
    Mock::given(matchers::path("/internal/members/check")).respond_with(answer).mount(&tenant_service).await;
    let app = Leads::start_with(&[("TENANT_URL", &tenant_service.uri())]).await;
    let caller = app.user(app.tenant().await);
    let foreign = account(&app.user(app.tenant().await)).await;
    let items = json!([
        {"first_name": "A", "email": "a@example.com", "lead_reference_id": "r1"},
        {"first_name": "B", "email": "nope", "colour": "red"},
        {"first_name": "C", "email": "A@example.com"},
        {"first_name": "D", "lead_reference_id": "r1"},
        {"first_name": "E", "account_id": foreign},
        {"first_name": "F", "assigned_to": stranger},
        "not a lead",
        {"first_name": "G"}
    ]);

    let view = caller.post("/api/v2/leads/bulk_create", &json!({"items": items})).await.expect(200);

    let names: Vec<&str> =
        view["created"].as_array().unwrap().iter().map(|lead| lead["first_name"].as_str().unwrap()).collect();
    assert_eq!(names, ["A", "G"]);
    let faults: Vec<(u64, Vec<&str>)> = view["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let codes = row["errors"].as_array().unwrap().iter().map(|fault| fault["code"].as_str().unwrap());
            (row["index"].as_u64().unwrap(), codes.collect())
        })
        .collect();
    let expected: [(u64, Vec<&str>); 6] = [
        (1, vec!["unknown_field", "invalid_email"]),
        (2, vec!["possible_duplicate"]),
        (3, vec!["already_exists"]),
        (4, vec!["unknown_reference"]),
        (5, vec!["unknown_reference"]),
        (6, vec!["wrong_type"]),
    ];
    assert_eq!(faults, expected);
    let told = "SELECT count(*) AS number FROM events WHERE event_type = 'Lead.CREATE'";
    assert_eq!(app.database.number(told).await, 2);
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 2);
}

#[actix_web::test]
async fn a_bulk_has_from_one_to_a_thousand_items() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let items = |number: usize| json!({"items": vec![json!({"first_name": "A"}); number]});

    assert_eq!(caller.post("/api/v2/leads/bulk_create", &items(0)).await.faults()[0].1, "too_few");
    assert_eq!(caller.post("/api/v2/leads/bulk_create", &items(1_001)).await.faults()[0].1, "too_many");
    let whole = caller.post("/api/v2/leads/bulk_create", &items(1_000)).await.expect(200);
    assert_eq!(whole["created"].as_array().unwrap().len(), 1_000);
}

#[actix_web::test]
async fn accounts_of_a_bulk_start_their_enrichments() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let product = product(&caller).await;
    let items = json!([{"name": "A", "product_id": product}, {"name": "B"}, {"name": "C", "product_id": uuid::Uuid::nil()}]);

    let view = caller.post("/api/v2/accounts/bulk_create", &json!({"items": items})).await.expect(200);

    assert_eq!(view["created"][0]["enrichment_jobs"].as_array().unwrap().len(), 2);
    assert_eq!(view["created"].as_array().unwrap().len(), 1);
    let indexes: Vec<&Value> = view["errors"].as_array().unwrap().iter().map(|row| &row["index"]).collect();
    assert_eq!(indexes, [&json!(1), &json!(2)]);
    let told = "SELECT count(*) AS number FROM events WHERE event_type = 'Account.CREATE'";
    assert_eq!(app.database.number(told).await, 1);
}

#[actix_web::test]
async fn a_lead_is_added_or_changed_by_its_mark() {
    let app = Leads::start().await;
    let (caller, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let by_id = "/api/v2/leads/upsert?match=external_id";
    let by_email = "/api/v2/leads/upsert?match=email";

    let first = caller.put(by_id, &json!({"lead_reference_id": "r1", "first_name": "Ada"})).await.expect(200);
    let again =
        caller.put(by_id, &json!({"lead_reference_id": "r1", "email": "a@example.com"})).await.expect(200);
    let mailed = caller.put(by_email, &json!({"email": "A@Example.com", "notes": "x"})).await.expect(200);
    let other =
        stranger.put(by_id, &json!({"lead_reference_id": "r1", "first_name": "Bob"})).await.expect(200);

    assert_eq!((&first["outcome"], &again["outcome"]), (&json!("created"), &json!("updated")));
    assert_eq!((&mailed["outcome"], &other["outcome"]), (&json!("updated"), &json!("created")));
    assert_eq!((&first["id"], &first["id"]), (&again["id"], &mailed["id"]));
    let lead = caller.get(&format!("/api/v2/leads/{}", first["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(
        (&lead["first_name"], &lead["email"], &lead["notes"]),
        (&json!("Ada"), &json!("a@example.com"), &json!("x"))
    );
    assert_eq!(
        caller.put(by_email, &json!({"first_name": "A"})).await.faults(),
        [("email".to_owned(), "required".to_owned())]
    );
    assert_eq!(caller.put("/api/v2/leads/upsert", &json!({"first_name": "A"})).await.faults()[0].0, "match");
    assert_eq!(caller.put("/api/v2/leads/upsert?match=phone", &json!({})).await.faults()[0].1, "not_allowed");
    let narrow = app.user_named(caller.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    let hidden = narrow.put(by_id, &json!({"lead_reference_id": "r1", "first_name": "X"})).await;
    assert_eq!(hidden.problem(), (409, "already_exists"));
}

#[actix_web::test]
async fn many_upserts_at_once_with_one_mark_make_one_lead() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"email": "a@example.com", "first_name": "Ada"});

    let puts = (0..20).map(|_| caller.put("/api/v2/leads/upsert?match=email", &body));
    let replies = futures::future::join_all(puts).await;

    let outcomes = |name: &str| replies.iter().filter(|reply| reply.body["outcome"] == name).count();
    assert_eq!((outcomes("created"), outcomes("updated")), (1, 19));
    assert_eq!(app.database.number("SELECT count(*) AS number FROM leads").await, 1);
}
