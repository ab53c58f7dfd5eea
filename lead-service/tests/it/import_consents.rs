//! Consent, opt-outs and owners in files.

use contracts::internal::{InternalCall, tenants::CheckedMembers, users::FindUser};
use serde_json::{Value, json};
use testkit::Caller;
use uuid::Uuid;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{body_partial_json, method, path},
};

use crate::{
    arrange::{Granted, Leads},
    imports::{counts, import},
};

async fn lead(caller: &Caller, email: &str) -> Value {
    let leads = caller.get(&format!("/api/v2/leads?email={email}")).await.expect(200);
    assert_eq!(leads["count"], 1, "{email}: {leads}");
    leads["results"][0].clone()
}

async fn start() -> (Leads, Caller, MockServer) {
    let (app, tenants) = crate::arrange::importing().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    (app, caller, tenants)
}

#[actix_web::test]
async fn whoever_had_said_no_still_does() {
    let (_app, caller, _tenants) = start().await;
    for (index, (heading, out, stays)) in [
        ("Email Opt Out", "TRUE", "FALSE"),
        ("EMAIL_BLACKLISTED", "1", "0"),
        ("Unsubscribed", "yes", "no"),
        ("has_opted_out_of_email", "true", ""),
        ("Accepts Email Marketing", "no", ""),
    ]
    .into_iter()
    .enumerate()
    {
        let csv = format!(
            "name,email,{heading}\nAda,out{index}@a.example,{out}\nBob,in{index}@a.example,{stays}\n"
        );
        let import = import(&caller, &csv, &[]).await;
        assert_eq!(counts(&import), [2, 2, 0, 0, 0], "{heading}: {import}");
        let consent = lead(&caller, &format!("out{index}@a.example")).await["consent"].clone();
        assert_eq!(consent["given"], false, "{heading}: {consent}");
        let consent = lead(&caller, &format!("in{index}@a.example")).await["consent"].clone();
        assert_ne!(consent["given"], false, "{heading}: {consent}");
    }
}

#[actix_web::test]
async fn consent_is_granted_by_a_mapped_column_with_its_basis_only_and_never_over_a_no() {
    let (_app, caller, _tenants) = start().await;
    let known = json!({"email": "no@a.example", "consent": {"given": false}});
    caller.post("/api/v2/leads", &known).await.expect(201);
    let csv = |email: &str| format!("email,Agreed\n{email},yes\n");
    let mapping = ("mapping", r#"{"Agreed": "consent"}"#);
    let basis = ("consent_basis", "Signed at the fair in 2026");

    import(&caller, &csv("one@a.example"), &[mapping]).await;
    import(&caller, &csv("two@a.example"), &[mapping, basis]).await;
    import(&caller, &csv("no@a.example"), &[mapping, basis, ("duplicates", "update")]).await;

    let without = lead(&caller, "one@a.example").await;
    assert_eq!((&without["consent"], &without["raw_payload"]), (&Value::Null, &json!({"Agreed": "yes"})));
    let with = lead(&caller, "two@a.example").await["consent"].clone();
    assert_eq!((&with["given"], &with["basis"]), (&json!(true), &json!("Signed at the fair in 2026")));
    assert_eq!(lead(&caller, "no@a.example").await["consent"]["given"], false);
    let out = "email,Unsubscribed\ntwo@a.example,yes\n";
    import(&caller, out, &[("duplicates", "update_empty")]).await;
    assert_eq!(lead(&caller, "two@a.example").await["consent"]["given"], false);
}

#[actix_web::test]
async fn an_owner_named_by_address_gets_the_lead() {
    let (tenants, users) = (MockServer::start().await, MockServer::start().await);
    let granted = Granted::by(&tenants).await;
    Mock::given(method("POST"))
        .and(path("/internal/members/check"))
        .respond_with(ResponseTemplate::new(200).set_body_json(CheckedMembers::default()))
        .mount(&tenants)
        .await;
    let owner = Uuid::now_v7();
    let summary = json!({"id": owner, "email": "sam@us.example", "first_name": "Sam", "last_name": null,
        "active": true, "email_verified": true});
    Mock::given(method("POST"))
        .and(path(FindUser::TEMPLATE))
        .and(body_partial_json(json!({"email": "sam@us.example"})))
        .respond_with(ResponseTemplate::new(200).set_body_json(summary))
        .mount(&users)
        .await;
    Mock::given(method("POST"))
        .and(path(FindUser::TEMPLATE))
        .respond_with(ResponseTemplate::new(200).set_body_json(Value::Null))
        .with_priority(9)
        .mount(&users)
        .await;
    let urls = [("TENANT_URL", tenants.uri()), ("AUTH_URL", users.uri())];
    let urls: Vec<(&str, &str)> = urls.iter().map(|(name, url)| (*name, url.as_str())).collect();
    let app = Leads::start_with(&urls).await.with_background();
    let caller = app.user(app.tenant().await);
    let csv = "email,Owner\no1@a.example,Sam@us.example\no2@a.example,stranger@us.example\n";
    let mapping = [("mapping", r#"{"Owner": "assigned_to"}"#)];

    let done = import(&caller, csv, &mapping).await;

    assert_eq!((counts(&done), &done["warned"]), ([2, 2, 0, 0, 0], &json!(1)), "{done}");
    assert_eq!(lead(&caller, "o1@a.example").await["assigned_to"], json!(owner));
    let stranger = lead(&caller, "o2@a.example").await;
    assert_eq!(stranger["raw_payload"]["assigned_to"], "stranger@us.example");
    granted.set(contracts::identity::DataScope::All, &[], &["leads:assign"]);
    import(&caller, "email,Owner\no3@a.example,sam@us.example\n", &mapping).await;
    assert_ne!(lead(&caller, "o3@a.example").await["assigned_to"], json!(owner));
}
