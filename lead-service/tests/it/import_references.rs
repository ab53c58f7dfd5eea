//! References in files: by them alone known leads are found, each within the source that it is from.

use serde_json::{Value, json};
use testkit::Caller;

use crate::{
    arrange::{Leads, id_of, importing},
    imports::{OVER, counts, import, reached, send},
};

const UPDATE: (&str, &str) = ("duplicates", "update");
const HUBSPOT: (&str, &str) = ("source_key", "hubspot");

async fn start() -> (Leads, Caller, wiremock::MockServer) {
    let (app, tenants) = importing().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    (app, caller, tenants)
}

/// The only lead with this address.
async fn lead(caller: &Caller, email: &str) -> Value {
    let leads = caller.get(&format!("/api/v2/leads?email={email}")).await.expect(200);
    assert_eq!(leads["count"], 1, "{email}: {leads}");
    leads["results"][0].clone()
}

/// A lead that has this reference, as people and programs give them.
async fn known(caller: &Caller, reference: &str) -> Value {
    let known = json!({
        "first_name": "Ada", "email": "ada@a.example", "company_name": "Acme", "lead_reference_id": reference,
    });
    caller.post("/api/v2/leads", &known).await.expect(201)
}

/// Rows with this outcome, each as its number and the codes of what was said of it.
async fn told(caller: &Caller, import: &Value, outcome: &str, of: &str) -> Vec<(i64, Vec<String>)> {
    let path = format!("/api/v2/imports/{}/rows?outcome={outcome}", id_of(import));
    let rows = caller.get(&path).await.expect(200)["results"].as_array().unwrap().clone();
    let code =
        |fault: &Value| format!("{} {}", fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap());
    let codes = |row: &Value| {
        let mut codes: Vec<String> = row[of].as_array().unwrap().iter().map(code).collect();
        codes.sort_unstable();
        codes
    };
    rows.iter().map(|row| (row["row"].as_i64().unwrap(), codes(row))).collect()
}

async fn undo(caller: &Caller, import: &Value) -> Value {
    caller.post(&format!("/api/v2/imports/{}/undo", id_of(import)), &json!({})).await.expect(202);
    reached(caller, &id_of(import), &["undone"]).await
}

#[actix_web::test]
async fn a_row_with_a_reference_only_updates_the_lead_that_has_it_and_is_refused_where_none_has() {
    let (_app, caller, _tenants) = start().await;
    known(&caller, "7").await;
    let csv = "external_id,role_title\n7,CTO\n8,CFO\n";

    let looked_at = import(&caller, csv, &[UPDATE, ("mode", "validate")]).await;
    let done = import(&caller, csv, &[UPDATE]).await;

    for import in [&looked_at, &done] {
        assert_eq!(counts(import), [2, 0, 1, 0, 1], "{import}");
        let refused = vec![(2, vec!["lead_reference_id unknown_reference".to_owned()])];
        assert_eq!(told(&caller, import, "error", "errors").await, refused);
    }
    let ada = lead(&caller, "ada@a.example").await;
    assert_eq!(
        ["role_title", "first_name", "company_name", "lead_reference_id"].map(|name| ada[name].clone()),
        ["CTO", "Ada", "Acme", "7"].map(Value::from)
    );
    let errors = caller.get(done["error_file"].as_str().unwrap()).await.text;
    assert!(errors.contains("no lead has this reference"), "{errors}");
}

#[actix_web::test]
async fn a_row_with_a_reference_only_is_a_duplicate_where_known_leads_stay_as_they_are() {
    let (_app, caller, _tenants) = start().await;
    let ada = id_of(&known(&caller, "7").await);
    let csv = "external_id,name,email,role_title\n7,,,CTO\n8,,,CFO\n9,Cy,,CEO\n";

    for duplicates in ["skip", "create"] {
        let done = import(&caller, csv, &[("duplicates", duplicates)]).await;

        assert_eq!(counts(&done), [3, 1, 0, 1, 1], "{duplicates}: {done}");
        let path = format!("/api/v2/imports/{}/rows?outcome=duplicate", id_of(&done));
        let row = caller.get(&path).await.expect(200)["results"][0].clone();
        assert_eq!(
            (&row["row"], &row["lead_id"], &row["matched_by"]),
            (&json!(1), &json!(ada), &json!("lead_reference_id")),
            "{duplicates}"
        );
    }
    assert_eq!(lead(&caller, "ada@a.example").await["role_title"], Value::Null);
}

#[actix_web::test]
async fn an_address_that_cannot_be_read_is_a_warning_where_the_reference_tells_who_it_is() {
    let (_app, caller, _tenants) = start().await;
    known(&caller, "7").await;
    let csv = "external_id,email,role_title\n7,nope,CTO\n8,nope,CFO\n";

    let done = import(&caller, csv, &[UPDATE]).await;

    assert_eq!((counts(&done), &done["warned"]), ([2, 0, 1, 0, 1], &json!(1)), "{done}");
    let warned = told(&caller, &done, "updated", "warnings").await;
    assert_eq!(warned, [(1, vec!["email invalid_email".to_owned()])]);
    let refused = told(&caller, &done, "error", "errors").await;
    let codes = ["email invalid_email", "lead_reference_id unknown_reference"].map(str::to_owned).to_vec();
    assert_eq!(refused, [(2, codes)]);
    assert_eq!(lead(&caller, "ada@a.example").await["role_title"], "CTO");
}

#[actix_web::test]
async fn a_reference_may_be_that_of_an_earlier_row_however_far_before() {
    let (_app, caller, _tenants) = start().await;
    let between: String = (0..1_100).map(|n| format!("b{n},b{n}@a.example,\n")).collect();
    let csv = format!(
        "external_id,email,role_title\n5,five@a.example,\n5,,CTO\n6,six@a.example,\n{between}6,,CEO\nb1200,,CFO\n"
    );

    let done = import(&caller, &csv, &[UPDATE]).await;

    assert_eq!(counts(&done), [1_105, 1_102, 2, 0, 1], "{done}");
    assert_eq!(done["expected"], json!({"created": 1_102, "updated": 2, "duplicates": 0, "errors": 1}));
    assert_eq!(lead(&caller, "five@a.example").await["role_title"], "CTO");
    assert_eq!(lead(&caller, "six@a.example").await["role_title"], "CEO");
}

#[actix_web::test]
async fn one_reference_of_two_sources_is_two_leads() {
    let (_app, caller, _tenants) = start().await;
    known(&caller, "1").await;
    let made = import(&caller, "external_id,email\n1,h@a.example\n", &[HUBSPOT]).await;
    assert_eq!(counts(&made), [1, 1, 0, 0, 0], "{made}");
    let hubspots = lead(&caller, "h@a.example").await;
    assert_eq!(
        (&hubspots["lead_reference_id"], &hubspots["source_key"]),
        (&json!("1"), &json!("import:hubspot"))
    );

    let titled = |title: &str| format!("external_id,role_title\n1,{title}\n");
    let by_hubspot = import(&caller, &titled("CTO"), &[UPDATE, HUBSPOT]).await;
    let by_hand = import(&caller, &titled("CFO"), &[UPDATE]).await;
    let by_other = import(&caller, &titled("CEO"), &[UPDATE, ("source_key", "pipedrive")]).await;

    assert_eq!(
        [&by_hubspot, &by_hand, &by_other].map(counts),
        [[1, 0, 1, 0, 0], [1, 0, 1, 0, 0], [1, 0, 0, 0, 1]]
    );
    assert_eq!(lead(&caller, "h@a.example").await["role_title"], "CTO");
    let ada = lead(&caller, "ada@a.example").await;
    assert_eq!((&ada["role_title"], &ada["source_key"]), (&json!("CFO"), &json!("api")));
}

#[actix_web::test]
async fn a_changed_reference_keeps_its_source_and_comes_back_when_the_import_is_taken_back() {
    let (_app, caller, _tenants) = start().await;
    // The same reference by hand is another one, also on the way.
    known(&caller, "1").await;
    import(&caller, "external_id,email\n1,h@a.example\n", &[HUBSPOT]).await;
    let changing = "external_id,email,role_title\n2,h@a.example,CTO\n";
    let reference = async || {
        let lead = lead(&caller, "h@a.example").await;
        ["lead_reference_id", "source_key", "role_title"].map(|name| lead[name].clone())
    };

    let changed = import(&caller, changing, &[UPDATE, HUBSPOT]).await;
    assert_eq!(counts(&changed), [1, 0, 1, 0, 0], "{changed}");
    assert_eq!(reference().await, [json!("2"), json!("import:hubspot"), json!("CTO")]);
    undo(&caller, &changed).await;
    assert_eq!(reference().await, [json!("1"), json!("import:hubspot"), Value::Null]);

    // Where another lead has it by then, the rest comes back.
    let changed = import(&caller, changing, &[UPDATE, HUBSPOT]).await;
    let taken = import(&caller, "external_id,email\n1,other@a.example\n", &[HUBSPOT]).await;
    assert_eq!(counts(&taken), [1, 1, 0, 0, 0], "{taken}");
    undo(&caller, &changed).await;
    assert_eq!(reference().await, [json!("2"), json!("import:hubspot"), Value::Null]);
}

#[actix_web::test]
async fn a_leads_own_reference_of_another_source_stays_and_it_is_found_by_both() {
    let (_app, caller, _tenants) = start().await;
    known(&caller, "A-1").await;

    let named = import(&caller, "external_id,email\n51,ada@a.example\n", &[UPDATE, HUBSPOT]).await;
    let ada = lead(&caller, "ada@a.example").await;
    let by_hubspot = import(&caller, "external_id,role_title\n51,CTO\n", &[UPDATE, HUBSPOT]).await;
    let by_own = import(&caller, "external_id,notes\nA-1,Called\n", &[UPDATE]).await;

    assert_eq!([&named, &by_hubspot, &by_own].map(counts), [[1, 0, 1, 0, 0]; 3]);
    assert_eq!((&ada["lead_reference_id"], &ada["source_key"]), (&json!("A-1"), &json!("api")));
    let ada = lead(&caller, "ada@a.example").await;
    assert_eq!((&ada["role_title"], &ada["notes"]), (&json!("CTO"), &json!("Called")));
}

#[actix_web::test]
async fn a_reference_that_an_earlier_row_brings_to_a_known_lead_finds_it_in_the_next() {
    let (_app, caller, _tenants) = start().await;
    import(&caller, "external_id,email\n1,h@a.example\n", &[HUBSPOT]).await;

    for (duplicates, reference, own) in [("update_empty", "2", "1"), ("update", "3", "3")] {
        let csv = format!(
            "external_id,email,role_title,notes\n{reference},h@a.example,CTO,\n{reference},,,Called\n"
        );
        let done = import(&caller, &csv, &[("duplicates", duplicates), HUBSPOT]).await;

        assert_eq!(counts(&done), [2, 0, 2, 0, 0], "{duplicates}: {done}");
        let lead = lead(&caller, "h@a.example").await;
        assert_eq!(
            ["lead_reference_id", "role_title", "notes"].map(|name| lead[name].clone()),
            [own, "CTO", "Called"].map(Value::from),
            "{duplicates}"
        );
    }
    let by_second = import(&caller, "external_id,role_title\n2,CEO\n", &[UPDATE, HUBSPOT]).await;
    assert_eq!(counts(&by_second), [1, 0, 1, 0, 0], "{by_second}");
    let lead = lead(&caller, "h@a.example").await;
    assert_eq!((&lead["lead_reference_id"], &lead["role_title"]), (&json!("3"), &json!("CEO")));
}

#[actix_web::test]
async fn a_file_of_references_only_is_refused_where_it_would_change_nothing() {
    let (_app, caller, _tenants) = start().await;
    let csv = "external_id,role_title\n7,CTO\n";

    let refused = send(&caller, csv, &[]).await;
    let waits = id_of(&send(&caller, csv, &[("mode", "preview")]).await.expect(202));
    let start = format!("/api/v2/imports/{waits}/start");
    let not_started = caller.post(&start, &json!({})).await;

    assert_eq!(refused.faults(), [("file".to_owned(), "no_address".to_owned())]);
    assert_eq!(not_started.faults(), [("mapping".to_owned(), "no_address".to_owned())]);
    known(&caller, "7").await;
    caller.post(&start, &json!({"duplicates": "update"})).await.expect(202);
    assert_eq!(counts(&reached(&caller, &waits, &OVER).await), [1, 0, 1, 0, 0]);
}

#[actix_web::test]
async fn references_of_earlier_releases_are_moved_to_their_source() {
    let (app, caller, _tenants) = start().await;
    let made = import(&caller, "external_id,email\n51,m@a.example\n", &[HUBSPOT]).await;
    let id = id_of(&lead(&caller, "m@a.example").await);
    known(&caller, "hubspot:7").await;
    // As they were kept: the source before the reference.
    let before = format!(
        "UPDATE leads SET lead_reference_id = 'hubspot:51', source_key = 'api' WHERE id = '{id}'; \
         INSERT INTO identity_keys (tenant_id, kind, value, lead_id) \
         VALUES ('{}', 'reference', 'hubspot:52', '{id}')",
        caller.tenant()
    );
    app.database.execute(&before).await;

    app.database.execute(include_str!("../../migrations/00000000000075_import_sources/up.sql")).await;

    assert_eq!(counts(&made), [1, 1, 0, 0, 0], "{made}");
    let moved = lead(&caller, "m@a.example").await;
    assert_eq!((&moved["lead_reference_id"], &moved["source_key"]), (&json!("51"), &json!("import:hubspot")));
    let ada = lead(&caller, "ada@a.example").await;
    assert_eq!(ada["lead_reference_id"], "hubspot:7", "no import made it");
    let csv = "external_id,role_title\n51,CTO\n52,CEO\n";
    assert_eq!(counts(&import(&caller, csv, &[UPDATE, HUBSPOT]).await), [2, 0, 2, 0, 0]);
    let moved = lead(&caller, "m@a.example").await;
    assert_eq!((&moved["lead_reference_id"], &moved["role_title"]), (&json!("51"), &json!("CEO")));
}
