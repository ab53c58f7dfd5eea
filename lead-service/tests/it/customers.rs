//! Customers, their tags, interactions and issues.

use contracts::{
    UserId,
    identity::{DataScope, PlatformRole},
    internal::users::UserSummary,
};
use serde_json::{Value, json};
use wiremock::{Mock, ResponseTemplate, matchers::path};

use crate::arrange::{Leads, customer, id_of, tenant_service};

#[actix_web::test]
async fn a_customer_can_be_added_changed_verified_deleted_and_restored() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({
        "first_name": "Ada", "last_name": "Lovelace", "email": "Ada@Example.com", "phone": "+44 20 7946 0958",
        "customer_type": "business", "annual_revenue": 1000, "preferences": {"channel": "email"}, "stage": "onboarding"
    });

    let customer = caller.post("/api/v2/customers", &body).await.expect(201);
    assert_eq!((&customer["name"], &customer["email"]), (&json!("Ada Lovelace"), &json!("ada@example.com")));
    assert_eq!((&customer["verified"], &customer["customer_since"]), (&json!(false), &json!(null)));
    assert_eq!((&customer["lifetime_value"], &customer["total_orders"]), (&json!("0.00"), &json!(0)));
    assert_eq!((&customer["annual_revenue"], &customer["tags"]), (&json!("1000.00"), &json!([])));

    let path = format!("/api/v2/customers/{}", id_of(&customer));
    let changed = caller.patch(&path, &json!({"customer_status": "blocked"})).await.expect(200);
    assert_eq!((&changed["customer_status"], &changed["name"]), (&json!("blocked"), &json!("Ada Lovelace")));
    let verified = caller.post(&format!("{path}/verify"), &json!({})).await.expect(200);
    assert!(verified["verified_at"].is_string() && verified["customer_since"].is_string());
    let again = caller.post(&format!("{path}/verify"), &json!({})).await.expect(200);
    assert_eq!(again["version"], verified["version"], "verified once, it stays so");
    assert_eq!(caller.with("if-match", "\"1\"").delete(&path).await.problem(), (412, "version_conflict"));
    assert_eq!(caller.delete(&path).await.status, 204);
    assert_eq!(caller.get(&path).await.status, 404);
    caller.post(&format!("{path}/restore"), &json!({})).await.expect(200);
    assert_eq!(caller.get(&path).await.expect(200)["verified"], true);
}

#[actix_web::test]
async fn a_nameless_customer_and_faulty_fields_are_refused() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);

    let nameless = caller.post("/api/v2/customers", &json!({"city": "Berlin"})).await;
    let faulty = caller
        .post("/api/v2/customers", &json!({"customer_status": "gone", "email": "x", "lifetime_value": 1}))
        .await;

    assert_eq!(nameless.faults(), [("name".to_owned(), "required".to_owned())]);
    let fields: Vec<String> = faulty.faults().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["customer_status", "email", "lifetime_value"], "totals are nobody's to write");
}

#[actix_web::test]
async fn tags_are_attached_by_id_or_name_and_hidden_while_deleted() {
    let app = Leads::start().await;
    let (caller, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let tag = async |name: &str| {
        id_of(&caller.post("/api/v2/customer-tags", &json!({"name": name})).await.expect(201))
    };
    let (vip, late) = (tag("VIP").await, tag("Late").await);

    let body = json!({"name": "Acme", "tags": [vip, "late"]});
    let customer = caller.post("/api/v2/customers", &body).await.expect(201);
    assert_eq!(customer["tags"], json!([late, vip]), "in the order of their names");
    let path = format!("/api/v2/customers/{}", id_of(&customer));
    let renamed = caller.patch(&path, &json!({"name": "Acme Ltd"})).await.expect(200);
    assert_eq!(renamed["tags"], json!([late, vip]), "a change of something else leaves tags alone");
    assert_eq!(caller.patch(&path, &json!({"tags": ["VIP"]})).await.expect(200)["tags"], json!([vip]));

    assert_eq!(caller.delete(&format!("/api/v2/customer-tags/{vip}")).await.status, 204);
    assert_eq!(caller.get(&path).await.expect(200)["tags"], json!([]));
    caller.post(&format!("/api/v2/customer-tags/{vip}/restore"), &json!({})).await.expect(200);
    assert_eq!(caller.get(&path).await.expect(200)["tags"], json!([vip]));

    let taken = caller.post("/api/v2/customer-tags", &json!({"name": "vip"})).await;
    assert_eq!(taken.problem(), (409, "already_exists"));
    let pale = caller.post("/api/v2/customer-tags", &json!({"name": "x", "color": "red"})).await;
    assert_eq!(pale.faults(), [("color".to_owned(), "invalid_color".to_owned())]);
    let foreign = stranger.post("/api/v2/customers", &json!({"name": "X", "tags": [vip]})).await;
    assert_eq!(foreign.faults(), [("tags.0".to_owned(), "unknown_reference".to_owned())]);
}

#[actix_web::test]
async fn what_belongs_to_a_customer_is_seen_with_it_and_goes_and_comes_back_with_it() {
    let tenant_service = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenant_service.uri())]).await;
    let owner = app.user(app.tenant().await);
    let manager = app.user_named(owner.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    let other = app.user_named(owner.tenant(), UserId::new()).scoped(DataScope::Own, &[]);
    let body = json!({"name": "Acme", "account_manager_id": manager.user()});
    let customer = id_of(&owner.post("/api/v2/customers", &body).await.expect(201));
    let call = json!({
        "customer_id": customer, "interaction_type": "call", "subject": "Hello", "sentiment": "positive"
    });
    let order = json!({
        "customer_id": customer, "items": [{"product_name": "A", "quantity": 1, "unit_price": "5"}]
    });
    let call = id_of(&manager.post("/api/v2/customer-interactions", &call).await.expect(201));
    let order = id_of(&manager.post("/api/v2/orders", &order).await.expect(201));
    let things = [
        ("/api/v2/customers", customer.clone()),
        ("/api/v2/customer-interactions", call),
        ("/api/v2/orders", order),
    ];

    for (list, id) in &things {
        let path = format!("{list}/{id}");
        assert_eq!(manager.get(list).await.expect(200)["count"], 1, "{list}");
        assert_eq!(other.get(list).await.expect(200)["count"], 0, "{list}");
        manager.get(&path).await.expect(200);
        let unseen =
            [other.get(&path).await, other.patch(&path, &json!({})).await, other.delete(&path).await];
        assert!(unseen.iter().all(|reply| reply.problem() == (404, "not_found")), "{list}: {unseen:?}");
    }
    let foreign = json!({"customer_id": customer, "interaction_type": "call", "subject": "Hello"});
    let refused = other.post("/api/v2/customer-interactions", &foreign).await;
    assert_eq!(refused.problem(), (422, "unknown_reference"));

    owner.delete(&format!("/api/v2/customers/{customer}")).await;
    for (list, _) in &things {
        assert_eq!(owner.get(list).await.expect(200)["count"], 0, "{list}");
    }
    owner.post(&format!("/api/v2/customers/{customer}/restore"), &json!({})).await.expect(200);
    for (list, _) in &things {
        assert_eq!(owner.get(list).await.expect(200)["count"], 1, "{list}");
    }
    let sql =
        "SELECT count(*) AS number FROM events WHERE event_type IN ('Order.DELETE', 'Order.deleted.UPDATE')";
    assert_eq!(app.database.number(sql).await, 2);
}

#[actix_web::test]
async fn another_tenants_records_are_like_random_ids() {
    let app = Leads::start().await;
    let (owner, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let customer = customer(&owner).await;
    let item = json!([{"product_name": "A", "quantity": 1, "unit_price": "5"}]);
    let cases = [
        ("/api/v2/customer-tags", json!({"name": "VIP"})),
        ("/api/v2/customer-segments", json!({"name": "All"})),
        ("/api/v2/orders", json!({"customer_id": customer, "items": item})),
        ("/api/v2/issues", json!({"title": "Broken", "customer_id": customer})),
        (
            "/api/v2/customer-interactions",
            json!({"customer_id": customer, "interaction_type": "email", "subject": "S"}),
        ),
    ];
    let mut paths = vec![format!("/api/v2/customers/{customer}")];
    for (list, body) in &cases {
        paths.push(format!("{list}/{}", id_of(&owner.post(list, body).await.expect(201))));
        if body.get("customer_id").is_some() {
            let refused = stranger.post(list, body).await;
            assert_eq!(refused.problem(), (422, "unknown_reference"), "{list}");
        }
    }

    for path in &paths {
        let random = format!("{}/{}", path.rsplit_once('/').unwrap().0, uuid::Uuid::now_v7());
        let bytes = async |path: &str| {
            let mut body = stranger.get(path).await.body;
            for name in ["instance", "request_id"] {
                body.as_object_mut().unwrap().remove(name);
            }
            body
        };
        assert_eq!(bytes(path).await, bytes(&random).await, "{path}");
        assert_eq!(stranger.patch(path, &json!({})).await.status, 404, "{path}");
        assert_eq!(stranger.delete(path).await.status, 404, "{path}");
        assert_eq!(stranger.post(&format!("{path}/restore"), &json!({})).await.status, 404, "{path}");
        assert_eq!(owner.get(path).await.status, 200, "{path}");
    }
}

#[actix_web::test]
async fn an_issue_is_resolved_and_taken_up_again() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"title": "It breaks", "issue_type": "bug", "priority": "urgent"});

    let issue = caller.post("/api/v2/issues", &body).await.expect(201);
    let path = format!("/api/v2/issues/{}", id_of(&issue));
    assert_eq!((&issue["status"], &issue["resolved_at"]), (&json!("open"), &json!(null)));
    let resolved = caller.patch(&path, &json!({"status": "resolved"})).await.expect(200);
    assert!(resolved["resolved_at"].is_string());
    let closed = caller.patch(&path, &json!({"status": "closed"})).await.expect(200);
    assert_eq!(closed["resolved_at"], resolved["resolved_at"]);
    let reopened = caller.patch(&path, &json!({"status": "in_progress"})).await.expect(200);
    assert_eq!(reopened["resolved_at"], json!(null));
    let count =
        async |query: &str| caller.get(&format!("/api/v2/issues?{query}")).await.expect(200)["count"].clone();
    assert_eq!(
        (count("status=in_progress&priority=urgent").await, count("issue_type=task").await),
        (json!(1), json!(0))
    );
    let sql = "SELECT count(*) AS number FROM events WHERE event_type = 'Issue.status.UPDATE'";
    assert_eq!(app.database.number(sql).await, 3);
}

#[actix_web::test]
async fn an_issues_links_must_be_seen_by_whoever_sets_them() {
    let app = Leads::start().await;
    let (caller, stranger) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let contact = id_of(&caller.post("/api/v2/contacts", &json!({"first_name": "Ada"})).await.expect(201));

    let linked =
        caller.post("/api/v2/issues", &json!({"title": "T", "contact_id": contact})).await.expect(201);

    assert_eq!(linked["contact_id"], json!(contact));
    let random = uuid::Uuid::now_v7().to_string();
    for (field, id) in [("contact_id", &contact), ("deal_id", &random), ("customer_id", &random)] {
        let refused = stranger.post("/api/v2/issues", &json!({"title": "T", field: id})).await;
        assert_eq!(refused.faults(), [(field.to_owned(), "unknown_reference".to_owned())]);
    }
}

#[actix_web::test]
async fn a_customer_user_must_be_known_to_the_platform_by_a_proven_address() {
    let auth = wiremock::MockServer::start().await;
    let (known, unproven) = (UserId::new(), UserId::new());
    for (id, email_verified) in [(known, true), (unproven, false)] {
        let summary = UserSummary {
            id,
            email: "c@example.com".into(),
            first_name: None,
            last_name: None,
            active: true,
            email_verified,
            platform_role: PlatformRole::None,
        };
        Mock::given(path("/internal/users/describe"))
            .and(wiremock::matchers::body_json(json!({"user_ids": [id]})))
            .respond_with(ResponseTemplate::new(200).set_body_json([summary]))
            .mount(&auth)
            .await;
    }
    Mock::given(path("/internal/users/describe"))
        .respond_with(ResponseTemplate::new(200).set_body_json(Vec::<Value>::new()))
        .mount(&auth)
        .await;
    let app = Leads::start_with(&[("AUTH_URL", &auth.uri())]).await;
    let caller = app.user(app.tenant().await);

    let unknown = caller.post("/api/v2/customers", &json!({"name": "X", "user_id": UserId::new()})).await;
    let customer =
        caller.post("/api/v2/customers", &json!({"name": "X", "user_id": known})).await.expect(201);
    let again = caller.post("/api/v2/customers", &json!({"name": "Y", "user_id": known})).await;
    let added = caller.post("/api/v2/customers", &json!({"name": "Z", "user_id": unproven})).await;
    let path = format!("/api/v2/customers/{}", id_of(&customer));
    let changed = caller.patch(&path, &json!({"user_id": unproven})).await;

    for refused in [added, changed] {
        assert_eq!(refused.problem(), (422, "address_unproven"));
        assert_eq!(refused.faults(), [("user_id".to_owned(), "address_unproven".to_owned())]);
    }
    assert_eq!(unknown.faults(), [("user_id".to_owned(), "unknown_reference".to_owned())]);
    assert_eq!(customer["user_id"], json!(known));
    assert_eq!(again.problem(), (409, "already_exists"));
}
