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
    arrange::{Granted, Leads, id_of},
    imports::{counts, import, import_named, reached},
};

const MAPPED: (&str, &str) = ("mapping", r#"{"consent": "consent"}"#);
const BASIS: (&str, &str) = ("consent_basis", "Signed at the fair in 2026");

async fn lead(caller: &Caller, email: &str) -> Value {
    let leads = caller.get(&format!("/api/v2/leads?email={email}")).await.expect(200);
    assert_eq!(leads["count"], 1, "{email}: {leads}");
    leads["results"][0].clone()
}

/// The warnings of the only row that has some.
async fn warned(caller: &Caller, import: &Value) -> Vec<String> {
    assert_eq!(import["warned"], 1, "{import}");
    let path = format!("/api/v2/imports/{}/rows?warned=true", id_of(import));
    let row = caller.get(&path).await.expect(200)["results"][0].clone();
    let code =
        |fault: &Value| format!("{} {}", fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap());
    row["warnings"].as_array().unwrap().iter().map(code).collect()
}

async fn start() -> (Leads, Caller, MockServer) {
    let (app, tenants) = crate::arrange::importing().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    (app, caller, tenants)
}

#[actix_web::test]
async fn people_who_had_said_no_still_do() {
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
async fn a_consent_that_is_not_granted_is_kept_in_the_row_and_told() {
    let (_app, caller, _tenants) = start().await;
    let csv = |email: &str| format!("email,consent\n{email},yes\n");
    let not_granted = ["consent consent_not_granted"];

    // Guessed, with a ground; mapped by hand, without one; mapped by hand, with one; mapped as the file before.
    for (email, fields, is_granted) in [
        ("guessed@a.example", vec![BASIS], false),
        ("bare@a.example", vec![MAPPED], false),
        ("mapped@a.example", vec![MAPPED, BASIS], true),
        ("remembered@a.example", vec![BASIS], false),
    ] {
        let done = import(&caller, &csv(email), &fields).await;

        assert_eq!(
            (counts(&done), &done["mapping"]["consent"]),
            ([1, 1, 0, 0, 0], &json!("consent")),
            "{done}"
        );
        let lead = lead(&caller, email).await;
        if is_granted {
            assert_eq!((&lead["consent"]["given"], &done["warned"]), (&json!(true), &json!(0)), "{lead}");
        } else {
            assert_eq!(warned(&caller, &done).await, not_granted, "{email}");
            assert_eq!(
                (&lead["consent"], &lead["raw_payload"]),
                (&Value::Null, &json!({"consent": "yes"})),
                "{email}"
            );
        }
    }
}

#[actix_web::test]
async fn a_whole_consent_is_granted_on_a_ground_and_withdrawn_without() {
    let (_app, caller, _tenants) = start().await;
    let given = json!({"given": true, "text": "I agree", "sms": {"state": "withdrawn"}});
    let line = |email: &str, consent: &Value| format!("{}\n", json!({"email": email, "consent": consent}));
    let refused = json!({"given": false, "reason": "moved"});

    let bare = import_named(&caller, "bare.ndjson", line("bare@a.example", &given), &[]).await;
    let based = import_named(&caller, "on.ndjson", line("on@a.example", &given), &[MAPPED, BASIS]).await;
    let out = import_named(&caller, "out.ndjson", line("out@a.example", &refused), &[]).await;

    assert_eq!(warned(&caller, &bare).await, ["consent consent_not_granted"]);
    let lead_bare = lead(&caller, "bare@a.example").await;
    assert_eq!(lead_bare["consent"], json!({"sms": {"state": "withdrawn"}}), "what it withdraws is taken");
    assert_eq!(lead_bare["raw_payload"], json!({"consent": given}));
    let lead_on = lead(&caller, "on@a.example").await;
    assert_eq!(
        ["given", "text", "basis"].map(|name| lead_on["consent"][name].clone()),
        [json!(true), json!("I agree"), json!(BASIS.1)]
    );
    assert_eq!(lead(&caller, "out@a.example").await["consent"], refused);
    assert_eq!((&based["warned"], &out["warned"]), (&json!(0), &json!(0)));
}

#[actix_web::test]
async fn a_word_that_says_neither_yes_nor_no_grants_nothing() {
    let (_app, caller, _tenants) = start().await;

    let done = import(&caller, "email,consent\nm@a.example,pending\n", &[MAPPED, BASIS]).await;

    assert_eq!(warned(&caller, &done).await, ["consent unknown_word"]);
    let lead = lead(&caller, "m@a.example").await;
    assert_eq!((&lead["consent"], &lead["raw_payload"]), (&Value::Null, &json!({"consent": "pending"})));
}

#[actix_web::test]
async fn a_withdrawal_stays_when_its_import_is_taken_back() {
    let (_app, caller, _tenants) = start().await;
    let known = json!({
        "email": "out@a.example", "first_name": "Ada", "consent": {"given": true, "basis": "A form of ours"},
    });
    caller.post("/api/v2/leads", &known).await.expect(201);
    let csv = "email,first_name,Unsubscribed\nout@a.example,Augusta,yes\n";

    let done = import(&caller, csv, &[("duplicates", "update")]).await;
    assert_eq!(counts(&done), [1, 0, 1, 0, 0], "{done}");
    caller.post(&format!("/api/v2/imports/{}/undo", id_of(&done)), &json!({})).await.expect(202);
    reached(&caller, &id_of(&done), &["undone"]).await;

    let lead = lead(&caller, "out@a.example").await;
    assert_eq!((&lead["first_name"], &lead["consent"]["given"]), (&json!("Ada"), &json!(false)), "{lead}");
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
