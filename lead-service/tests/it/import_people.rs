//! Rows of common files: whole people, with nothing lost and nothing wrong.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::Caller;

use crate::{
    arrange::{Leads, id_of, importing},
    imports::{counts, import, import_named, reached},
};

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

async fn rows(caller: &Caller, import: &Value, query: &str) -> Vec<Value> {
    let rows = caller.get(&format!("/api/v2/imports/{}/rows?{query}", id_of(import))).await.expect(200);
    rows["results"].as_array().unwrap().clone()
}

fn codes(row: &Value, of: &str) -> Vec<String> {
    let faults = row[of].as_array().unwrap();
    faults
        .iter()
        .map(|fault| format!("{} {}", fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap()))
        .collect()
}

#[actix_web::test]
async fn an_id_that_counts_rows_makes_no_person_disappear() {
    let (_app, caller, _tenants) = start().await;

    let one = import(&caller, "id,name,email\n1,Ada One,ada@a.example\n", &[]).await;
    let other = import(&caller, "id,name,email\n1,Bob Three,bob@b.example\n", &[]).await;

    assert_eq!((counts(&one), counts(&other)), ([1, 1, 0, 0, 0], [1, 1, 0, 0, 0]));
    let bob = lead(&caller, "bob@b.example").await;
    assert_eq!((&bob["lead_reference_id"], &bob["raw_payload"]), (&Value::Null, &json!({"id": "1"})));
}

#[actix_web::test]
async fn a_reference_whose_holder_has_another_address_is_another_person() {
    let (_app, caller, _tenants) = start().await;
    import(&caller, "external_id,name,email\n7,Ada,ada@a.example\n", &[]).await;

    let same = crate::imports::send(&caller, "external_id,name\n7,Ada\n", &[]).await.expect(202);
    let other =
        import(&caller, "external_id,name,email\n7,Bob,bob@b.example\n8,Ada,ada@a.example\n", &[]).await;

    assert_eq!(same["mode"], "preview", "no column is an address");
    assert_eq!(counts(&other), [2, 1, 0, 1, 0], "{other}");
    let bob = lead(&caller, "bob@b.example").await;
    assert_eq!(
        (&bob["lead_reference_id"], &bob["raw_payload"]),
        (&Value::Null, &json!({"lead_reference_id": "7"}))
    );
    let created = &rows(&caller, &other, "outcome=created").await[0];
    assert_eq!(codes(created, "warnings"), ["lead_reference_id reference_taken"]);
    let known = &rows(&caller, &other, "outcome=duplicate").await[0];
    assert_eq!((&known["matched_by"], &known["row"]), (&json!("email"), &json!(2)));
}

#[actix_web::test]
async fn references_are_kept_with_the_system_that_they_are_from() {
    let (_app, caller, _tenants) = start().await;
    let file = |email: &str| format!("external_id,email\n1,{email}\n");

    for (source, email) in [("hubspot", "h@a.example"), ("pipedrive", "p@a.example")] {
        let import = import(&caller, &file(email), &[("source_key", source)]).await;
        assert_eq!(counts(&import), [1, 1, 0, 0, 0], "{import}");
    }

    let theirs = lead(&caller, "p@a.example").await;
    assert_eq!(
        (&theirs["lead_reference_id"], &theirs["source_key"]),
        (&json!("1"), &json!("import:pipedrive"))
    );
    let fields = [("source_key", "hubspot"), ("update_by", "external_id")];
    let again = import(&caller, "external_id,email,company\n1,h@a.example,Acme\n", &fields).await;
    assert_eq!(counts(&again), [1, 0, 1, 0, 0]);
    assert_eq!(lead(&caller, "h@a.example").await["company_name"], "Acme");
}

#[actix_web::test]
async fn words_of_other_programs_refuse_no_row() {
    let (_app, caller, _tenants) = start().await;
    let csv = "name,email,Status,Source\nAda,s1@a.example,New,\nBob,s2@a.example,OPEN - Not contacted,\n\
               Cy,s3@a.example,,LinkedIn\nDi,s4@a.example,Purple,Moon\nEd,s5@a.example,In talks,Fair\n";
    let words = [("value_map", r#"{"status": {"In talks": "contacted"}, "Fair": "event"}"#)];

    let import = import(&caller, csv, &words).await;

    assert_eq!(counts(&import), [5, 5, 0, 0, 0], "{import}");
    assert_eq!(lead(&caller, "s2@a.example").await["status"], "new");
    let strange = lead(&caller, "s4@a.example").await;
    assert_eq!((&strange["status"], &strange["source"]), (&json!("new"), &json!("import")));
    assert_eq!(strange["raw_payload"], json!({"Status": "Purple", "Source": "Moon"}));
    let mapped = lead(&caller, "s5@a.example").await;
    assert_eq!((&mapped["status"], &mapped["source"]), (&json!("contacted"), &json!("event")));
    let warned = rows(&caller, &import, "warned=true").await;
    assert_eq!(codes(&warned[0], "warnings"), ["status unknown_word", "source unknown_word"]);
}

#[actix_web::test]
async fn what_feeds_no_field_is_kept() {
    let (_app, caller, _tenants) = start().await;
    let csv = "name,email,City,Budget,Empty,Secret\nAda,c1@a.example,Oslo,20k,,x\n";

    let import = import(&caller, csv, &[("mapping", r#"{"Budget": null, "Secret": "skip"}"#)]).await;

    let lead = lead(&caller, "c1@a.example").await;
    assert_eq!(
        (&lead["raw_payload"], &lead["custom_fields"]),
        (&json!({"City": "Oslo", "Budget": "20k"}), &Value::Null)
    );
    let timeline = caller.get(&format!("/api/v2/leads/{}/timeline", id_of(&lead))).await.expect(200);
    assert_eq!(timeline["results"][0]["title"], "Lead created from leads.csv, row 1", "{timeline} {import}");
}

#[actix_web::test]
async fn one_cell_that_cannot_be_read_costs_no_person() {
    let (_app, caller, _tenants) = start().await;
    let phones = "name,email,phone\nAda,p1@a.example,(415) 555-0132 x12\nBob,p2@a.example,\"=\"\"0170 1234567\"\"\"\n\
        Cy,p3@a.example,+1 415 555 0133; +1 415 555 0134\nDi,p4@a.example,n/a\nEd,p5@a.example,call me\n";
    let mails = "name,email\nAda,\"a1@a.example, a2@a.example\"\nBob,Bob B <b@a.example>\nCy,mailto:c@a.example\n\
        Di,d1@a.example ::: d2@a.example\n";
    let values = "name,email,estimated_value,currency\nAda,v1@a.example,\"1,250.50\",EUR\nBob,v2@a.example,\"1.250,50\",EUR\n\
        Cy,v3@a.example,$5000,\nDi,v4@a.example,a lot,\n";

    for (csv, rows) in [(phones, 5), (mails, 4), (values, 4)] {
        let import = import(&caller, csv, &[]).await;
        assert_eq!(counts(&import), [rows, rows, 0, 0, 0], "{csv}: {import}");
    }

    let several = lead(&caller, "p3@a.example").await;
    assert_eq!(
        (&several["phone"], several["raw_payload"]["phone"].is_string()),
        (&json!("+14155550133"), true)
    );
    assert_eq!(lead(&caller, "p2@a.example").await["phone"], "0170 1234567");
    let unreadable = lead(&caller, "p5@a.example").await;
    assert_eq!(
        (&unreadable["phone"], &unreadable["raw_payload"]),
        (&Value::Null, &json!({"phone": "call me"}))
    );
    assert_eq!(lead(&caller, "a1@a.example").await["raw_payload"], json!({"email": "a2@a.example"}));
    for email in ["b@a.example", "c@a.example", "d1@a.example"] {
        lead(&caller, email).await;
    }
    for (email, amount) in
        [("v1@a.example", "1250.50"), ("v2@a.example", "1250.50"), ("v3@a.example", "5000.00")]
    {
        assert_eq!(lead(&caller, email).await["estimated_value"], amount, "{email}");
    }
    assert_eq!(lead(&caller, "v4@a.example").await["raw_payload"], json!({"estimated_value": "a lot"}));
}

#[actix_web::test]
async fn a_refused_row_tells_all_its_faults_at_once() {
    let (_app, caller, _tenants) = start().await;

    let import = import(&caller, "name,email,status,score\nA,bad,asleep,many\n", &[]).await;

    assert_eq!(counts(&import), [1, 0, 0, 0, 1], "{import}");
    let row = &rows(&caller, &import, "outcome=error").await[0];
    let mut faults = codes(row, "errors");
    faults.sort_unstable();
    assert_eq!(faults, ["email invalid_email", "score invalid_number", "status unknown_word"]);
    assert_eq!(row["line"], 2);
}

#[actix_web::test]
async fn an_address_book_is_known_again_and_people_without_an_address_wait_to_be_seen() {
    let (_app, caller, _tenants) = start().await;
    let google = "Name,Given Name,E-mail 1 - Value,Organization 1 - Name\nAda G,Ada,g@a.example,Acme\n";
    assert_eq!(counts(&import(&caller, google, &[]).await), [1, 1, 0, 0, 0]);
    assert_eq!(counts(&import(&caller, google, &[]).await), [1, 0, 0, 1, 0]);
    assert_eq!(lead(&caller, "g@a.example").await["company_name"], "Acme");

    let nameless = "Name,Company\nAda G,Acme\nBob,Acme\nAda G,Acme\n";
    for created in [2, 0] {
        let accepted = crate::imports::send(&caller, nameless, &[]).await.expect(202);
        let found = "2 columns: Name, Company; none is an e-mail, phone or LinkedIn address";
        assert_eq!(
            (&accepted["mode"], &accepted["warnings"][0]["message"]),
            (&json!("preview"), &json!(found))
        );
        let start = format!("/api/v2/imports/{}/start", id_of(&accepted));
        caller.post(&start, &json!({})).await.expect(202);
        let done = reached(&caller, &id_of(&accepted), &["completed"]).await;
        assert_eq!(counts(&done), [3, created, 0, 3 - created, 0], "{done}");
    }
}

#[actix_web::test]
async fn a_job_beats_a_title_and_blanks_are_filled_from_other_columns() {
    let (_app, caller, _tenants) = start().await;
    let csv = "First Name,Title,Job Title,E-Mail,Mobile Phone,Work Phone\n\
        Ada,Dr,CFO,j1@a.example,,+49 30 901820\nBob,Mr,CTO,j2@a.example,+49 170 1234567,+49 30 901821\n";

    import(&caller, csv, &[]).await;

    let ada = lead(&caller, "j1@a.example").await;
    assert_eq!((&ada["role_title"], &ada["phone"]), (&json!("CFO"), &json!("+4930901820")));
    let bob = lead(&caller, "j2@a.example").await;
    assert_eq!(
        (&bob["phone"], &bob["raw_payload"]["Work Phone"]),
        (&json!("+491701234567"), &json!("+49 30 901821"))
    );
}

#[actix_web::test]
async fn what_was_exported_comes_back_the_same() {
    let (app, caller, _tenants) = start().await;
    let other = app.user(app.tenant().await);
    let sent = json!({
        "first_name": "=1", "last_name": "@x", "email": "out@example.com", "notes": "- bullet\n- two", "phone": "+4930901820",
        "status": "qualified", "source": "referral", "score": 7.5, "estimated_value": "12.50", "currency": "EUR",
        "lead_reference_id": "r-1", "custom_fields": {"tier": "gold", "seats": 10}, "utm": {"source": "ads"},
        "consent": {"given": true, "text": "I agree", "basis": "Our form"},
    });
    // A consent is granted on the word of the person who imports it, wherever the file is from.
    let granting = [("mapping", r#"{"consent": "consent"}"#), ("consent_basis", "Exported by us")];
    caller.post("/api/v2/leads", &sent).await.expect(201);
    let raw = "name,email,City\nRaw,raw@example.com,Oslo\n";
    import(&caller, raw, &[]).await;
    let fields: Vec<String> = sent.as_object().unwrap().keys().cloned().collect();

    for (name, format) in [("leads.csv", "csv"), ("leads.ndjson", "ndjson")] {
        let path = format!("/api/v2/leads/export?format={format}");
        let file = caller.request(Method::GET, &path).send().await.unwrap().bytes().await.unwrap();
        assert_eq!(file.starts_with(b"\xef\xbb\xbf"), format == "csv", "spreadsheets know UTF-8 by its mark");
        let target = if format == "csv" { other.clone() } else { app.user(app.tenant().await) };
        let back = import_named(&target, name, file, &granting).await;

        assert_eq!((counts(&back), &back["warned"]), ([2, 2, 0, 0, 0], &json!(0)), "{back}");
        let lead_back = lead(&target, "out@example.com").await;
        for field in &fields {
            assert_eq!(lead_back[field], sent[field], "{format} {field}: {lead_back}");
        }
        assert_eq!(
            lead(&target, "raw@example.com").await["raw_payload"],
            json!({"City": "Oslo"}),
            "{format}"
        );
    }
}

#[actix_web::test]
async fn one_custom_field_written_leaves_the_others() {
    let (_app, caller, _tenants) = start().await;
    let known = json!({"email": "cf@example.com", "custom_fields": {"region": "EMEA", "tier": "gold"}});
    caller.post("/api/v2/leads", &known).await.expect(201);
    let fields = [("update_by", "email"), ("mapping", r#"{"tier": "custom_fields.tier"}"#)];

    import(&caller, "email,tier\ncf@example.com,silver\n", &fields).await;

    assert_eq!(
        lead(&caller, "cf@example.com").await["custom_fields"],
        json!({"region": "EMEA", "tier": "silver"})
    );
}

#[actix_web::test]
async fn a_mailbox_of_many_is_updated_and_not_added_again() {
    let (_app, caller, _tenants) = start().await;
    let csv = "email,company\ninfo@acme.example,Acme\n";

    let first = import(&caller, csv, &[("update_by", "email")]).await;
    let again = import(&caller, csv, &[("update_by", "email")]).await;

    assert_eq!((counts(&first), counts(&again)), ([1, 1, 0, 0, 0], [1, 0, 1, 0, 0]));
}

#[actix_web::test]
async fn one_phone_of_two_addresses_is_two_people() {
    let (_app, caller, _tenants) = start().await;
    let csv = "name,email,phone\nAda,ph1@a.example,+49 30 901820\nBob,ph2@a.example,+49 30 901820\nCy,,+49 30 901820\n";

    let import = import(&caller, csv, &[]).await;

    assert_eq!(counts(&import), [3, 2, 0, 1, 0], "{import}");
    assert_eq!(rows(&caller, &import, "outcome=duplicate").await[0]["matched_by"], "phone");
}

#[actix_web::test]
async fn advertisers_test_rows_are_tests_and_times_and_clicks_are_kept() {
    let (_app, caller, _tenants) = start().await;
    let csv = "full_name,email,phone_number,created_time,gclid,utm_term,is_test\n\
        <test lead: dummy data for full_name>,test@fb.example,<test lead: dummy data for phone_number>,2026-01-02T03:04:05+0000,,,\n\
        Ada King,ads@a.example,p:+49 30 901820,2026-01-02T03:04:05+00:00,abc,shoes,false\n";

    let import = import(&caller, csv, &[]).await;

    assert_eq!(counts(&import), [2, 2, 0, 0, 0], "{import}");
    let ada = lead(&caller, "ads@a.example").await;
    assert_eq!(
        (&ada["phone"], &ada["utm"]),
        (&json!("+4930901820"), &json!({"gclid": "abc", "term": "shoes"}))
    );
    assert_eq!((&ada["is_test"], &ada["submitted_at"]), (&json!(false), &json!("2026-01-02T03:04:05Z")));
    assert_eq!(lead(&caller, "test@fb.example").await["is_test"], true);
}
