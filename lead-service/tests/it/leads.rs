//! Leads.

use contracts::{UserId, identity::DataScope};
use serde_json::{Value, json};

use crate::arrange::{Leads, account, product, tenant_service};

#[actix_web::test]
async fn a_lead_can_be_added_changed_deleted_and_restored() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({
        "first_name": "Ada", "email": "Ada@Example.com", "phone": "+44 20 7946 0958", "estimated_value": 1200.5,
        "currency": "eur", "custom_fields": {"tier": "gold"}, "score": 7.5
    });

    let lead = caller.post("/api/v2/leads", &body).await.expect(201);
    assert_eq!(lead["email"], "ada@example.com");
    assert_eq!(lead["phone"], "+442079460958");
    assert_eq!((&lead["estimated_value"], &lead["currency"]), (&json!("1200.50"), &json!("EUR")));
    assert_eq!((&lead["status"], &lead["source"]), (&json!("new"), &json!("manual")));

    let path = format!("/api/v2/leads/{}", lead["id"].as_str().unwrap());
    let changed =
        caller.patch(&path, &json!({"status": "contacted", "estimated_value": "7"})).await.expect(200);
    assert_eq!((&changed["status"], &changed["estimated_value"]), (&json!("contacted"), &json!("7.00")));
    assert_eq!(changed["email"], "ada@example.com");
    let replaced = caller.put(&path, &json!({"first_name": "Ada"})).await.expect(200);
    assert_eq!((&replaced["email"], &replaced["status"]), (&json!(null), &json!("new")));
    assert_eq!(caller.delete(&path).await.status, 204);
    assert_eq!(caller.get(&path).await.status, 404);
    caller.post(&format!("{path}/restore"), &json!({})).await.expect(200);
    assert_eq!(caller.get(&format!("{path}?fields=id,status")).await.body.as_object().unwrap().len(), 2);
    assert_eq!(caller.get(&format!("{path}?colour=red")).await.status, 400);
}

#[actix_web::test]
async fn tracked_fields_are_told_by_name() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let lead = caller.post("/api/v2/leads", &json!({"first_name": "Ada"})).await.expect(201);
    let path = format!("/api/v2/leads/{}", lead["id"].as_str().unwrap());

    caller
        .patch(&path, &json!({"status": "qualified", "score": 9, "notes": "n", "role_title": "CTO"}))
        .await
        .expect(200);

    for kind in ["Lead.CREATE", "Lead.status.UPDATE", "Lead.score.UPDATE", "Lead.UPDATE"] {
        let sql = format!("SELECT count(*) AS number FROM events WHERE event_type = '{kind}'");
        assert_eq!(app.database.number(&sql).await, 1, "{kind}");
    }
}

#[actix_web::test]
async fn a_known_person_is_a_possible_duplicate_unless_the_caller_insists() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let known = caller
        .post("/api/v2/leads", &json!({"email": "a@example.com", "phone": "+4930901820"}))
        .await
        .expect(201);
    let body = json!({"email": "A@example.com", "phone": "+49 30 901820"});

    let refused = caller.post("/api/v2/leads", &body).await;
    let insisted = caller.post("/api/v2/leads?allow_duplicate=true", &body).await;

    assert_eq!(refused.problem(), (409, "possible_duplicate"));
    assert_eq!(refused.body["candidates"], json!([{"id": known["id"], "matched": ["email", "phone"]}]));
    assert_eq!(insisted.status, 201);
    let elsewhere = app.user(app.tenant().await);
    elsewhere.post("/api/v2/leads", &body).await.expect(201);
}

#[actix_web::test]
async fn secondary_ids_must_be_the_tenants_own_and_seen() {
    let tenant_service = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenant_service.uri())]).await;
    let (owner, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let (account, product) = (account(&owner).await, product(&owner).await);
    let own =
        json!({"first_name": "A", "account_id": account, "product_id": product, "assigned_to": owner.user()});

    owner.post("/api/v2/leads", &own).await.expect(201);
    for (field, value) in [("account_id", &account), ("product_id", &product)] {
        let refused = stranger.post("/api/v2/leads", &json!({"first_name": "A", field: value})).await;
        assert_eq!(refused.problem(), (422, "unknown_reference"));
        assert_eq!(refused.faults(), [(field.to_owned(), "unknown_reference".to_owned())]);
    }
    let narrow = app.user_named(owner.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    let unseen = narrow.post("/api/v2/leads", &json!({"first_name": "A", "account_id": account})).await;
    assert_eq!(unseen.problem(), (422, "unknown_reference"), "an account outside the caller's scope");
}

#[actix_web::test]
async fn each_person_sees_as_far_as_their_scope_reaches() {
    let tenant_service = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenant_service.uri())]).await;
    let manager = app.user(app.tenant().await);
    let tenant = manager.tenant();
    let (report, other) = (app.user_named(tenant, UserId::new()), app.user_named(tenant, UserId::new()));
    for caller in [&manager, &report, &other] {
        caller.post("/api/v2/leads", &json!({"first_name": "Own"})).await.expect(201);
    }
    let assigned = json!({"first_name": "Given", "assigned_to": report.user()});
    let given = other.post("/api/v2/leads", &assigned).await.expect(201);

    let count =
        async |caller: testkit::Caller| caller.get("/api/v2/leads").await.expect(200)["count"].clone();
    assert_eq!(count(report.scoped(DataScope::Own, &[])).await, 2);
    assert_eq!(count(manager.scoped(DataScope::Own, &[])).await, 1);
    assert_eq!(count(manager.scoped(DataScope::Team, &[report.user()])).await, 3);
    assert_eq!(count(manager.clone()).await, 4);
    let path = format!("/api/v2/leads/{}", given["id"].as_str().unwrap());
    let outside = manager.scoped(DataScope::Own, &[]);
    assert_eq!(outside.get(&path).await.status, 404);
    assert_eq!(outside.patch(&path, &json!({"notes": "x"})).await.status, 404);
    assert_eq!(outside.delete(&path).await.status, 404);
    assert_eq!(manager.scoped(DataScope::Team, &[report.user()]).get(&path).await.status, 200);
}

async fn several(app: &Leads) -> testkit::Caller {
    let caller = app.user(app.tenant().await);
    for n in 0..12 {
        let score = (n % 4 != 3).then_some(n % 3);
        let body = json!({
            "first_name": format!("N{n}"), "email": format!("n{n}@example.com"), "score": score,
            "status": if n % 2 == 0 { "new" } else { "contacted" }, "custom_fields": {"tier": if n < 6 { "a" } else { "b" }}
        });
        caller.post("/api/v2/leads", &body).await.expect(201);
    }
    caller
}

#[actix_web::test]
async fn leads_are_filtered_searched_and_ordered() {
    let app = Leads::start().await;
    let caller = several(&app).await;
    let count =
        async |query: &str| caller.get(&format!("/api/v2/leads?{query}")).await.expect(200)["count"].clone();

    assert_eq!(count("status=new").await, 6);
    assert_eq!(count("status__in=new,contacted").await, 12);
    assert_eq!(count("score__isnull=true").await, 3);
    assert_eq!(count("score__gte=2").await, 3);
    assert_eq!(count("score__lte=1.5").await, 6);
    assert_eq!(count("email=n3@example.com").await, 1);
    assert_eq!(count("email__icontains=N1").await, 3);
    assert_eq!(count("search=n11").await, 1);
    assert_eq!(count("search=%25").await, 0);
    assert_eq!(count("custom_fields.tier=a").await, 6);
    assert_eq!(count("created_at__gte=2020-01-01T00:00:00Z").await, 12);
    let page = caller.get("/api/v2/leads").await.expect(200);
    let scores: Vec<&Value> = page["results"].as_array().unwrap().iter().map(|lead| &lead["score"]).collect();
    assert_eq!(
        (scores[0], scores[11]),
        (&json!(2.0), &json!(null)),
        "best first, those without a score last"
    );
}

#[actix_web::test]
async fn a_cursor_walks_every_lead_once_in_any_ordering() {
    let app = Leads::start().await;
    let caller = several(&app).await;
    for ordering in ["-score", "score", "-score,first_name", "created_at", "status,-score"] {
        let whole = caller.get(&format!("/api/v2/leads?ordering={ordering}")).await.expect(200);
        let mut walked: Vec<Value> = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/api/v2/leads?ordering={ordering}&page_size=5&cursor={cursor}");
            let stretch = caller.get(&path).await.expect(200);
            walked.extend(stretch["results"].as_array().unwrap().clone());
            match stretch["next_cursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(Value::Array(walked), whole["results"], "{ordering}");
    }
    let foreign = caller.get("/api/v2/leads?ordering=-score&cursor=abc").await;
    assert_eq!(foreign.faults(), [("cursor".to_owned(), "invalid_cursor".to_owned())]);
}
