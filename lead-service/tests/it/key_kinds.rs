//! Keys of browsers and of programs: what each may, and what is refused.

use contracts::{
    UserId,
    identity::PlatformRole,
    internal::{
        InternalCall,
        tenants::CheckedMembers,
        users::{FindUser, UserSummary},
    },
};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::caller::read;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{body_partial_json, method, path},
};

use crate::{
    arrange::tenant_service,
    intake::{Intake, status, warned},
};

#[actix_web::test]
async fn a_key_is_for_browsers_unless_it_is_made_for_programs() {
    let intake = Intake::start().await;
    let origins = json!(["https://acme.example"]);
    let browser = intake.key(json!({"allowed_origins": origins})).await;
    let server = intake.key(json!({"kind": "server"})).await;
    let at = |id: &str| format!("/api/v2/api-keys/{id}");
    let create = async |body: Value| intake.caller.post("/api/v2/api-keys", &body).await;

    assert_eq!(intake.caller.get(&at(&browser.id)).await.expect(200)["kind"], "browser");
    let listed = intake.caller.get("/api/v2/api-keys?kind=server").await.expect(200);
    assert_eq!((&listed["count"], &listed["results"][0]["id"]), (&json!(1), &json!(server.id)));

    let no_origins = [("allowed_origins".to_owned(), "not_allowed".to_owned())];
    let both = create(json!({"name": "x", "kind": "server", "allowed_origins": origins})).await;
    assert_eq!((both.status.as_u16(), both.faults()), (400, no_origins.to_vec()));
    let changed = intake.caller.patch(&at(&browser.id), &json!({"kind": "server"})).await;
    assert_eq!((changed.status.as_u16(), changed.faults()), (400, no_origins.to_vec()));
    let added = intake.caller.patch(&at(&server.id), &json!({"allowed_origins": origins})).await;
    assert_eq!((added.status.as_u16(), added.faults()), (400, no_origins.to_vec()));
    let unknown = create(json!({"name": "x", "kind": "robot"})).await;
    assert_eq!(unknown.faults(), [("kind".to_owned(), "not_allowed".to_owned())]);
    let whole = json!({"kind": "server", "allowed_origins": []});
    assert_eq!(intake.caller.patch(&at(&browser.id), &whole).await.expect(200)["kind"], "server");
}

#[actix_web::test]
async fn a_programs_key_is_refused_where_a_browser_uses_it() {
    let intake = Intake::start().await;
    let key = intake.key(json!({"kind": "server"})).await;
    let body = json!({"email": "ada@example.com"});
    let from_page = async || {
        intake.holder(&key).with("origin", "https://acme.example").post("/api/leads/ingest", &body).await
    };

    let in_browser = from_page().await;
    let in_address = format!("/api/leads/ingest?api_key={}", key.text);
    let in_address =
        intake.app.anonymous().with("origin", "https://acme.example").post(&in_address, &body).await;
    let batch = intake.holder(&key).with("origin", "null");
    let batch = batch.post("/api/leads/ingest/batch", &json!({ "items": [body] })).await;

    assert_eq!(in_browser.problem(), (403, "origin_not_allowed"));
    assert_eq!(in_browser.header("access-control-allow-origin"), None);
    assert_eq!(in_address.problem(), (401, "invalid_api_key"));
    assert_eq!(batch.problem(), (403, "origin_not_allowed"));
    assert_eq!(intake.number("leads").await, 0);
    assert_eq!(status(&intake.send(&key, &body).await), (201, "created"));

    let kind = json!({"kind": "browser"});
    intake.caller.patch(&format!("/api/v2/api-keys/{}", key.id), &kind).await.expect(200);
    assert_eq!(status(&from_page().await), (200, "attached"), "the kind holds at once");
}

fn decided(owner: &Value) -> Value {
    json!({"email": "ada@example.com", "assigned_to": owner, "status": "qualified", "tags": ["vip", " trade  fair ", "vip"]})
}

#[actix_web::test]
async fn only_a_programs_key_says_owner_status_and_tags() {
    let tenants = tenant_service().await;
    let intake = Intake::start_with(&[("TENANT_URL", &tenants.uri())]).await;
    let (server, browser) = (intake.key(json!({"kind": "server"})).await, intake.key(json!({})).await);
    let owner = json!(UserId::new());

    let made = intake.send(&server, &decided(&owner)).await.expect(201);

    let lead = intake.lead(&made).await;
    assert_eq!((&lead["assigned_to"], &lead["status"]), (&owner, &json!("qualified")));
    assert_eq!(lead["custom_fields"], json!({"tags": ["vip", "trade fair"]}));
    assert_eq!((&made["warnings"], &lead["raw_payload"]), (&Value::Null, &Value::Null));
    let told = format!(
        "events WHERE event_type = 'Lead.CREATE' AND current_state ->> 'assigned_to' = {} \
         AND current_state ->> 'status' = 'qualified'",
        owner.to_string().replace('"', "'")
    );
    assert_eq!(intake.number(&told).await, 1);

    let mut body = decided(&owner);
    body["email"] = json!("bob@example.com");
    let address = intake.address(&browser).await;
    let by_browser = intake.send(&browser, &body).await.expect(201);
    body["email"] = json!("eve@example.com");
    intake.app.anonymous().post(&address, &body).await.expect(200);

    for email in ["bob@example.com", "eve@example.com"] {
        let found = intake.caller.get(&format!("/api/v2/leads?email={email}")).await.expect(200);
        let lead = &found["results"][0];
        assert_eq!((&lead["assigned_to"], &lead["status"]), (&Value::Null, &json!("new")), "{email}");
        assert_eq!(lead["custom_fields"], Value::Null);
        let kept = json!({"assigned_to": owner, "status": "qualified", "tags": body["tags"]});
        assert_eq!(lead["raw_payload"], kept, "{email}");
    }
    assert_eq!(by_browser["status"], "created");
}

#[actix_web::test]
async fn a_batch_of_a_program_says_so_for_each_of_its_leads() {
    let tenants = tenant_service().await;
    let intake = Intake::start_with(&[("TENANT_URL", &tenants.uri())]).await;
    let server = intake.key(json!({"kind": "server"})).await;
    let owner = json!(UserId::new());
    let items = json!({"items": [
        {"email": "a@example.com", "assigned_to": owner}, {"email": "b@example.com", "status": "contacted"},
    ]});
    for (prefix, idempotency_key) in [("", None), ("x", Some("k"))] {
        let items: Value =
            serde_json::from_str(&items.to_string().replace("@", &format!("{prefix}@"))).unwrap();
        let mut holder = intake.holder(&server);
        if let Some(key) = idempotency_key {
            holder = holder.with("idempotency-key", key);
        }
        let made = holder.post("/api/leads/ingest/batch", &items).await.expect(200);
        let (first, second) =
            (intake.lead(&made["created"][0]).await, intake.lead(&made["created"][1]).await);
        assert_eq!((&first["assigned_to"], &first["status"]), (&owner, &json!("new")));
        assert_eq!((&second["assigned_to"], &second["status"]), (&Value::Null, &json!("contacted")));
    }
}

#[actix_web::test]
async fn an_owner_is_named_by_address_as_well_and_an_unknown_one_costs_nothing() {
    let (tenants, users) = (MockServer::start().await, MockServer::start().await);
    let (member, stranger) = (UserId::new(), UserId::new());
    Mock::given(method("POST"))
        .and(path("/internal/members/check"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(CheckedMembers { strangers: vec![stranger], ..CheckedMembers::default() }),
        )
        .mount(&tenants)
        .await;
    let summary = UserSummary {
        id: member,
        email: "sam@acme.example".to_owned(),
        first_name: None,
        last_name: None,
        active: true,
        email_verified: true,
        platform_role: PlatformRole::None,
    };
    Mock::given(method("POST"))
        .and(path(FindUser::TEMPLATE))
        .and(body_partial_json(json!({"email": "sam@acme.example"})))
        .respond_with(ResponseTemplate::new(200).set_body_json(summary))
        .mount(&users)
        .await;
    Mock::given(method("POST"))
        .and(path(FindUser::TEMPLATE))
        .respond_with(ResponseTemplate::new(200).set_body_json(Value::Null))
        .with_priority(9)
        .mount(&users)
        .await;
    let settings = [("TENANT_URL", tenants.uri()), ("AUTH_URL", users.uri())];
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, url)| (*name, url.as_str())).collect();
    let intake = Intake::start_with(&settings).await;
    let (key, strict) = (
        intake.key(json!({"kind": "server"})).await,
        intake.key(json!({"kind": "server", "strict": true})).await,
    );
    let send = async |n: u8, owner: Value| {
        let body = json!({"email": format!("p{n}@example.com"), "assigned_to": owner});
        intake.send(&key, &body).await.expect(201)
    };

    let by_address = send(0, json!(" Sam@Acme.example ")).await;
    assert_eq!(intake.lead(&by_address).await["assigned_to"], json!(member));
    for (n, unknown) in [(1, json!(stranger)), (2, json!("absent@acme.example")), (3, json!("Sam"))] {
        let made = send(n, unknown.clone()).await;
        assert_eq!(warned(&made["warnings"]), [("assigned_to", "unknown_person")], "{unknown}");
        let lead = intake.lead(&made).await;
        assert_eq!((&lead["assigned_to"], &lead["raw_payload"]["assigned_to"]), (&Value::Null, &unknown));
    }
    let refused = intake.send(&strict, &json!({"email": "s@example.com", "assigned_to": stranger})).await;
    assert_eq!(refused.faults(), [("assigned_to".to_owned(), "unknown_person".to_owned())]);
    assert_eq!(intake.entries("outcome=rejected").await.len(), 1);
}

#[actix_web::test]
async fn a_lead_is_not_handed_in_as_converted() {
    let intake = Intake::start().await;
    let key = intake.key(json!({"kind": "server"})).await;

    let made =
        intake.send(&key, &json!({"email": "ada@example.com", "status": "converted"})).await.expect(201);

    let warning =
        json!({"field": "status", "code": "not_allowed", "message": "is not a value that status can have"});
    assert_eq!(made["warnings"], json!([warning]));
    let lead = intake.lead(&made).await;
    assert_eq!((&lead["status"], &lead["raw_payload"]), (&json!("new"), &json!({"status": "converted"})));
}

#[actix_web::test]
async fn only_the_mapping_of_a_programs_key_feeds_owner_status_and_tags() {
    let intake = Intake::start().await;
    let (server, browser) = (intake.key(json!({"kind": "server"})).await, intake.key(json!({})).await);
    let mapping = json!({"fields": {"stage": "status", "labels": "tags", "mail": "email"}});

    let refused = intake.map(&browser, mapping.clone()).await;
    intake.map(&server, mapping).await.expect(200);
    let body = json!({"mail": "ada@example.com", "stage": "Contacted", "labels": "vip; fair"});
    let made = intake.send(&server, &body).await.expect(201);

    let expected = [("fields.labels", "not_allowed"), ("fields.stage", "not_allowed")];
    assert_eq!(refused.faults(), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    let lead = intake.lead(&made).await;
    assert_eq!(
        (&lead["status"], &lead["custom_fields"]),
        (&json!("contacted"), &json!({"tags": ["vip", "fair"]}))
    );

    // The key becomes one that anyone may use: its mapping feeds these no more.
    let kind = json!({"kind": "browser"});
    intake.caller.patch(&format!("/api/v2/api-keys/{}", server.id), &kind).await.expect(200);
    let body = json!({"mail": "bob@example.com", "stage": "Contacted", "labels": "vip"});
    let made = intake.send(&server, &body).await.expect(201);
    let lead = intake.lead(&made).await;
    assert_eq!((&lead["status"], &lead["custom_fields"]), (&json!("new"), &Value::Null));
    assert_eq!(lead["raw_payload"], json!({"stage": "Contacted", "labels": "vip"}));
}

#[actix_web::test]
async fn what_names_no_owner_waits_for_no_other_service() {
    // No other service runs.
    let intake = Intake::start().await;
    let key = intake.key(json!({"kind": "server"})).await;

    assert_eq!(status(&intake.send(&key, &json!({"email": "ada@example.com"})).await), (201, "created"));
    let body = json!({"email": "bob@example.com", "assigned_to": UserId::new()});
    let request = intake.holder(&key).request(Method::POST, "/api/leads/ingest").json(&body);
    assert_eq!(read(request).await.status, 503);
    assert_eq!(intake.number("leads").await, 1);
    assert_eq!(
        intake.number("ingests WHERE outcome = 'rejected'").await,
        0,
        "it is the sender's to send again"
    );
}
