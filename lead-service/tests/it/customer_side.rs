//! The customer user's own side.

use contracts::{
    TenantId, UserId,
    identity::PlatformRole,
    internal::{
        tenants::{AccessAnswer, LookUpAccess, TenantRef, TenantStatus, TenantSummary},
        users::UserSummary,
    },
};
use serde_json::json;
use testkit::Caller;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::path};

use crate::arrange::{Leads, id_of};

/// The other services: any tenant is known by its id, one by its client id, and every user has a mail address, proven or not.
async fn others(email_verified: bool) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(path("/internal/access"))
        .respond_with(|request: &Request| {
            let call: LookUpAccess = request.body_json().unwrap();
            let named = |id: TenantId| TenantSummary {
                id,
                client_id: client_id(id),
                name: format!("Company {}", client_id(id)),
                status: TenantStatus::Active,
            };
            let tenant = match call.tenant {
                TenantRef::Id(id) => Some(named(id)),
                TenantRef::ClientId(text) => uuid::Uuid::parse_str(&text).ok().map(|id| named(TenantId(id))),
                TenantRef::Host(_) | TenantRef::Only => None,
            };
            ResponseTemplate::new(200).set_body_json(AccessAnswer { tenant, grant: None })
        })
        .mount(&server)
        .await;
    Mock::given(path("/internal/users/describe"))
        .respond_with(move |request: &Request| {
            let asked: serde_json::Value = request.body_json().unwrap();
            let id: UserId = serde_json::from_value(asked["user_ids"][0].clone()).unwrap();
            let (first_name, last_name) = (Some("Cara".to_owned()), None);
            let (email, platform_role) = ("cara@example.com".into(), PlatformRole::None);
            let active = true;
            let user =
                UserSummary { id, email, first_name, last_name, active, email_verified, platform_role };
            ResponseTemplate::new(200).set_body_json([user])
        })
        .mount(&server)
        .await;
    server
}

/// In this test a tenant's client id is its id.
fn client_id(tenant: TenantId) -> String {
    tenant.0.to_string()
}

async fn order(company: &Caller, customer: &str, day: u32) {
    let body = json!({
        "customer_id": customer, "order_date": format!("2026-01-{day:02}T00:00:00Z"), "notes": "difficult",
        "items": [{"product_name": "A", "quantity": 1, "unit_price": "5"}]
    });
    company.post("/api/v2/orders", &body).await.expect(201);
}

#[actix_web::test]
async fn a_user_asks_to_be_a_customer_and_sees_their_orders_once_confirmed() {
    let others = others(true).await;
    let app = Leads::start_with(&[("TENANT_URL", &others.uri()), ("AUTH_URL", &others.uri())]).await;
    let (one, other) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let cara = app.signed_in(PlatformRole::None);

    for company in [&one, &other] {
        let body = json!({"client_id": client_id(company.tenant())});
        let asked = cara.post("/api/v2/customer/companies", &body).await.expect(201);
        assert_eq!(asked["verified"], false);
        assert_eq!(cara.post("/api/v2/customer/companies", &body).await.problem(), (409, "already_customer"));
        let customer = company.get("/api/v2/customers").await.expect(200)["results"][0].clone();
        assert_eq!((&customer["id"], &customer["email"]), (&asked["id"], &json!("cara@example.com")));
    }
    let customer = async |company: &Caller| id_of(&company.get("/api/v2/customers").await.body["results"][0]);
    for (company, days) in [(&one, [3, 1]), (&other, [2, 4])] {
        for day in days {
            order(company, &customer(company).await, day).await;
        }
    }
    assert_eq!(
        cara.get("/api/v2/customer/orders").await.expect(200)["count"],
        0,
        "no company has confirmed her"
    );

    for company in [&one, &other] {
        company
            .post(&format!("/api/v2/customers/{}/verify", customer(company).await), &json!({}))
            .await
            .expect(200);
    }
    let orders = cara.get("/api/v2/customer/orders?page_size=3").await.expect(200);
    let days: Vec<&str> = orders["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|order| &order["order_date"].as_str().unwrap()[8..10])
        .collect();
    assert_eq!((days, &orders["count"]), (vec!["04", "03", "02"], &json!(4)));
    assert_eq!(orders["results"][0].get("notes"), None, "notes are the company's own");
    let rest = cara.get("/api/v2/customer/orders?page_size=3&page=2").await.expect(200);
    assert_eq!((rest["results"].as_array().unwrap().len(), &rest["next"]), (1, &json!(null)));
    let mine =
        cara.get(&format!("/api/v2/customer/orders?client_id={}", client_id(one.tenant()))).await.expect(200);
    assert_eq!(mine["count"], 2);
    let companies = cara.get("/api/v2/customer/companies").await.expect(200);
    assert!(companies["results"].as_array().unwrap().iter().all(|company| company["verified"] == true));
    assert_eq!((&companies["count"], &companies["next"]), (&json!(2), &json!(null)));
    let first = cara.get("/api/v2/customer/companies?page_size=1").await.expect(200);
    let next = first["next"].as_str().unwrap().split_once("/api/").unwrap().1;
    let second = cara.get(&format!("/api/{next}")).await.expect(200);
    let tenants = [&first, &second].map(|page| page["results"][0]["tenant_id"].clone());
    assert_eq!(tenants, [json!(one.tenant()), json!(other.tenant())], "as they were asked");
    assert_eq!((&first["count"], &second["next"]), (&json!(null), &json!(null)), "not counted");
    assert!(second["previous"].as_str().unwrap().ends_with("page_size=1&page=1"), "{second}");
    for wrong in ["page=0", "page_size=201", "size=1"] {
        let refused = cara.get(&format!("/api/v2/customer/companies?{wrong}")).await;
        assert_eq!(refused.status, 400, "{wrong}");
    }

    let block = format!("/api/v2/customers/{}", customer(&one).await);
    one.patch(&block, &json!({"customer_status": "blocked"})).await.expect(200);
    assert_eq!(cara.get("/api/v2/customer/orders").await.expect(200)["count"], 2);
    let stranger = app.signed_in(PlatformRole::None);
    assert_eq!(stranger.get("/api/v2/customer/orders").await.expect(200)["count"], 0);
    assert_eq!(stranger.get("/api/v2/customer/companies").await.expect(200)["count"], 0);
    let nowhere = cara.post("/api/v2/customer/companies", &json!({"client_id": "nowhere"})).await;
    assert_eq!(nowhere.faults(), [("client_id".to_owned(), "unknown_reference".to_owned())]);
}

#[actix_web::test]
async fn an_address_that_is_not_proven_makes_no_customer() {
    let others = others(false).await;
    let app = Leads::start_with(&[("TENANT_URL", &others.uri()), ("AUTH_URL", &others.uri())]).await;
    let company = app.user(app.tenant().await);
    let cara = app.signed_in(PlatformRole::None);

    let body = json!({"client_id": client_id(company.tenant())});
    let refused = cara.post("/api/v2/customer/companies", &body).await;

    assert_eq!(refused.problem(), (403, "address_unproven"));
    assert_eq!(company.get("/api/v2/customers").await.expect(200)["count"], 0);
    assert_eq!(cara.get("/api/v2/customer/companies").await.expect(200)["count"], 0);
}
