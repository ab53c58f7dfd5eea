//! Leads on their way: assigned, approved, rejected, converted.

use contracts::{UserId, identity::DataScope, internal::tenants::CheckedMembers};
use serde_json::{Value, json};
use testkit::Caller;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::arrange::{Leads, account, product, sales_pipeline, stage, tenant_service};

/// The path of a new lead.
pub async fn lead(caller: &Caller, body: Value) -> String {
    let lead = caller.post("/api/v2/leads?allow_duplicate=true", &body).await.expect(201);
    format!("/api/v2/leads/{}", lead["id"].as_str().unwrap())
}

#[actix_web::test]
async fn a_lead_becomes_a_deal_a_contact_and_stays_with_its_account() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let account = account(&caller).await;
    let body = json!({
        "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com", "company_name": "Acme",
        "estimated_value": "500", "currency": "EUR", "account_id": account
    });
    let path = lead(&caller, body).await;
    let stage = stage(&caller, "Proposal").await;

    let body = json!({"pipeline_id": sales_pipeline(&caller).await, "create_contact": true,
                      "deal": {"title": "Engines", "stage_id": stage}});
    let made = caller.post(&format!("{path}/convert"), &body).await.expect(200);

    let (lead, deal, contact) = (&made["lead"], &made["deal"], &made["contact"]);
    assert_eq!((&lead["status"], &lead["converted_to_deal_id"]), (&json!("converted"), &deal["id"]));
    assert!(lead["converted_at"].is_string());
    assert_eq!(
        (&deal["title"], &deal["value"], &deal["currency"]),
        (&json!("Engines"), &json!("500.00"), &json!("EUR"))
    );
    assert_eq!((&deal["stage_id"], &deal["probability"]), (&json!(stage), &json!(50)));
    assert_eq!((&deal["contact_id"], &deal["lead_id"]), (&contact["id"], &lead["id"]));
    assert_eq!((&deal["account_id"], &contact["account_id"]), (&json!(account), &json!(account)));
    assert_eq!((&contact["email"], &made["account"]["id"]), (&json!("ada@example.com"), &json!(account)));
    assert_eq!(caller.get(&path).await.expect(200), *lead);
    for (kind, told) in
        [("Deal.CREATE", 1), ("Contact.CREATE", 1), ("Lead.status.UPDATE", 1), ("Account.CREATE", 1)]
    {
        let sql = format!("SELECT count(*) AS number FROM events WHERE event_type = '{kind}'");
        assert_eq!(app.database.number(&sql).await, told, "{kind}");
    }
}

#[actix_web::test]
async fn of_many_conversions_at_once_exactly_one_wins() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let path = lead(&caller, json!({"first_name": "Ada"})).await;

    let convert = format!("{path}/convert");
    let body = json!({"deal": {"title": "Once"}});
    let replies = futures::future::join_all((0..10).map(|_| caller.post(&convert, &body))).await;

    let statuses = |code: u16| replies.iter().filter(|reply| reply.status == code).count();
    assert_eq!((statuses(200), statuses(409)), (1, 9));
    assert!(replies.iter().filter(|r| r.status == 409).all(|r| r.problem().1 == "already_converted"));
    for table in ["deals", "contacts"] {
        assert_eq!(
            app.database.number(&format!("SELECT count(*) AS number FROM {table}")).await,
            1,
            "{table}"
        );
    }
}

#[actix_web::test]
async fn a_conversion_that_fails_leaves_nothing_behind() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let body = json!({"first_name": "Ada", "company_name": "Acme", "product_id": product(&caller).await});
    let path = lead(&caller, body).await;

    let body = json!({"deal": {"stage_id": uuid::Uuid::now_v7()}});
    let refused = caller.post(&format!("{path}/convert"), &body).await;

    assert_eq!(
        (refused.problem().0, refused.faults()),
        (422, vec![("stage_id".to_owned(), "unknown_reference".to_owned())])
    );
    for table in ["deals", "contacts", "accounts"] {
        assert_eq!(
            app.database.number(&format!("SELECT count(*) AS number FROM {table}")).await,
            0,
            "{table}"
        );
    }
    assert_eq!(caller.get(&path).await.expect(200)["status"], "new");
    let made = caller.post(&format!("{path}/convert"), &json!({"create_contact": false})).await.expect(200);
    assert_eq!((&made["account"]["name"], &made["deal"]["title"]), (&json!("Acme"), &json!("Acme")));
    assert!(made.get("contact").is_none());
    let bad =
        caller.post(&format!("{path}/convert"), &json!({"deal": {"value": "1.005"}, "colour": 1})).await;
    let fields: Vec<String> = bad.faults().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["colour", "deal.value"]);
}

#[actix_web::test]
async fn a_lead_out_of_sight_is_not_converted_assigned_or_decided_on() {
    let tenant_service = tenant_service().await;
    let app = Leads::start_with(&[("TENANT_URL", &tenant_service.uri())]).await;
    let owner = app.user(app.tenant().await);
    let path = lead(&owner, json!({"first_name": "Ada"})).await;
    let narrow = app.user_named(owner.tenant(), UserId::new()).scoped(DataScope::Own, &[]);

    for who in [&narrow, &app.user(app.tenant().await)] {
        for (verb, body) in [
            ("convert", json!({})),
            ("assign", json!({"user_id": who.user()})),
            ("approve", json!({})),
            ("reject", json!({})),
        ] {
            assert_eq!(
                who.post(&format!("{path}/{verb}"), &body).await.problem(),
                (404, "not_found"),
                "{verb}"
            );
        }
        for view in ["timeline", "as_of?at=2100-01-01T00:00:00Z"] {
            assert_eq!(who.get(&format!("{path}/{view}")).await.problem(), (404, "not_found"), "{view}");
        }
    }
}

#[actix_web::test]
async fn a_lead_is_assigned_to_members_only() {
    let tenant_service = MockServer::start().await;
    let (app, member, stranger) =
        (Leads::start_with(&[("TENANT_URL", &tenant_service.uri())]).await, UserId::new(), UserId::new());
    let answer = move |request: &wiremock::Request| {
        let asked = String::from_utf8_lossy(&request.body).contains(&stranger.to_string());
        let strangers = if asked { vec![stranger] } else { vec![] };
        ResponseTemplate::new(200).set_body_json(CheckedMembers { strangers, leavers: vec![] })
    };
    Mock::given(matchers::path("/internal/members/check")).respond_with(answer).mount(&tenant_service).await;
    let caller = app.user(app.tenant().await);
    let path = lead(&caller, json!({"first_name": "Ada"})).await;

    let assigned = caller.post(&format!("{path}/assign"), &json!({"user_id": member})).await.expect(200);
    let refused = caller.post(&format!("{path}/assign"), &json!({"user_id": stranger})).await;

    assert_eq!(assigned["assigned_to"], json!(member));
    assert_eq!(refused.faults(), [("user_id".to_owned(), "unknown_reference".to_owned())]);
    let told = "SELECT count(*) AS number FROM events WHERE event_type = 'Lead.assigned_to.UPDATE'";
    assert_eq!(app.database.number(told).await, 1);
    assert_eq!(caller.get(&path).await.expect(200)["assigned_to"], json!(member));
}

#[actix_web::test]
async fn a_suggested_lead_is_approved_or_rejected() {
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    let path = lead(&caller, json!({"first_name": "Ada", "suggestion_status": "suggested"})).await;

    let approved = caller.post(&format!("{path}/approve"), &json!({})).await.expect(200);
    let again = caller.post(&format!("{path}/approve"), &json!({})).await.expect(200);
    let rejected = caller.post(&format!("{path}/reject"), &json!({})).await.expect(200);

    assert_eq!((&approved["suggestion_status"], &again), (&json!("approved"), &approved));
    assert_eq!(rejected["suggestion_status"], "rejected");
    let told = "SELECT count(*) AS number FROM events WHERE event_type = 'Lead.suggestion_status.UPDATE'";
    assert_eq!(app.database.number(told).await, 2);
}
