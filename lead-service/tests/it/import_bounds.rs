//! Files beyond the bounds of their readers: refused with a reason, or imported with a word of what was left out.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use testkit::Caller;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    arrange::{Leads, id_of, importing},
    import_files::workbook,
    imports::{counts, import, import_named, send, send_named},
};

async fn start() -> (Leads, Caller, wiremock::MockServer) {
    let (app, tenants) = importing().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    (app, caller, tenants)
}

/// Codes of what was said of the only row with this outcome.
async fn told(caller: &Caller, import: &Value, outcome: &str, of: &str) -> Vec<String> {
    let path = format!("/api/v2/imports/{}/rows?outcome={outcome}", id_of(import));
    let rows = caller.get(&path).await.expect(200);
    assert_eq!(rows["count"], 1, "{rows}");
    let faults = rows["results"][0][of].as_array().unwrap().clone();
    faults.iter().map(|fault| fault["code"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn tables_with_endless_rows_are_refused_with_the_line() {
    let (app, caller, _tenants) = start().await;
    for (csv, reason) in [
        ("x".repeat(20 << 20), "line 1 has more than a megabyte"),
        (format!("email\n{}", "x,".repeat(10_000)), "line 2 has more than 2,000 cells"),
        (",".repeat(10_000), "line 1 has more than 2,000 cells"),
    ] {
        let sent = send(&caller, &csv, &[("heading_row", "1"), ("delimiter", ",")]).await;

        if reason.starts_with("line 1") {
            assert_eq!(sent.faults(), [("file".to_owned(), "row_too_long".to_owned())], "{reason}");
            assert!(sent.text.contains(reason), "{}", sent.text);
        } else {
            let warning = &sent.expect(202)["warnings"][0];
            assert_eq!(warning["code"], "row_too_long", "{warning}");
            assert!(warning["message"].as_str().unwrap().contains(reason), "{warning}");
        }
    }
    assert_eq!(app.database.number("SELECT count(*) AS number FROM leads").await, 0);
}

#[actix_web::test]
async fn nul_is_left_out_of_a_row_with_a_word() {
    let (_app, caller, _tenants) = start().await;
    let csv = "name,email\nA\0da,nul@a.example\nBob,bob@a.example\n";
    let ndjson = "{\"email\": \"json@a.example\", \"name\": \"A\\u0000da\"}\n";

    let table = import(&caller, csv, &[]).await;
    let lines = import_named(&caller, "leads.ndjson", ndjson, &[]).await;

    assert_eq!((counts(&table), &table["warned"]), ([2, 2, 0, 0, 0], &json!(1)), "{table}");
    assert_eq!((counts(&lines), &lines["warned"]), ([1, 1, 0, 0, 0], &json!(1)), "{lines}");
    assert_eq!(told(&caller, &lines, "created", "warnings").await, ["left_out"]);
    for email in ["nul@a.example", "json@a.example"] {
        let leads = caller.get(&format!("/api/v2/leads?email={email}")).await.expect(200);
        assert_eq!(leads["results"][0]["first_name"], "Ada", "{email}");
    }
}

#[actix_web::test]
async fn objects_are_bounded_in_depth_and_number_of_values() {
    let (_app, caller, _tenants) = start().await;
    let nested = format!("{}1{}", "[".repeat(64), "]".repeat(64));
    let many = vec!["{\"zq\": 1}"; 3_000].join(",");
    let ndjson = format!(
        "{{\"email\": \"many@a.example\", \"things\": [{many}]}}\n{{\"email\": \"deep@a.example\", \"a\": {nested}}}\n"
    );

    let done = import_named(&caller, "leads.ndjson", ndjson, &[]).await;

    assert_eq!(counts(&done), [2, 1, 0, 0, 1], "{done}");
    assert_eq!(told(&caller, &done, "created", "warnings").await, ["too_many"]);
    assert_eq!(told(&caller, &done, "error", "errors").await, ["nested_too_deep"]);
    let leads = caller.get("/api/v2/leads?email=many@a.example").await.expect(200);
    let kept = leads["results"][0]["raw_payload"].as_object().unwrap().len();
    assert_eq!(kept, 1_999, "2,000 values, of which one is the address");
}

#[actix_web::test]
async fn documents_are_bounded_in_depth_and_in_the_length_of_their_items() {
    let (_app, caller, _tenants) = start().await;
    let deep = format!("{{\"a\": {}1{}}}", "{\"b\":".repeat(70), "}".repeat(70));
    let long = format!("{{\"people\": [{{\"email\": \"{}\"}}]}}", "x".repeat(2 << 20));

    for (document, code, reason) in [
        (deep, "invalid_json", "nested deeper than 64 levels"),
        (long, "row_too_long", "item 1 has more than a megabyte"),
    ] {
        let refused = send_named(&caller, "leads.json", document, &[]).await;

        assert_eq!(refused.faults(), [("file".to_owned(), code.to_owned())], "{reason}");
        assert!(refused.text.contains(reason), "{}", refused.text);
    }
    let lists = r#"{"people": [{"email": "one@a.example"}], "companies": [{"city": "Oslo"}]}"#;
    let done = import_named(&caller, "leads.json", lists, &[]).await;
    assert_eq!((counts(&done), &done["warnings"][0]["code"]), ([1, 1, 0, 0, 0], &json!("left_out")));
    assert!(done["warnings"][0]["message"].as_str().unwrap().contains("companies (1)"), "{done}");
}

#[actix_web::test]
async fn a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read() {
    let (_app, caller, _tenants) = start().await;
    let mut bomb = ZipWriter::new(Cursor::new(Vec::new()));
    bomb.start_file("xl/sharedStrings.xml", SimpleFileOptions::default()).unwrap();
    bomb.write_all(b"<sst count=\"1\" uniqueCount=\"4000000000\"><si><t>x</t></si></sst>").unwrap();
    let bomb = bomb.finish().unwrap().into_inner();

    let refused = send_named(&caller, "leads.xlsx", bomb, &[]).await;

    assert_eq!(refused.faults(), [("file".to_owned(), "invalid_xlsx".to_owned())]);
    assert!(refused.text.contains("2 million different texts"), "{}", refused.text);
    let rows: &[&[&str]] = &[&["Name", "E-Mail"], &["Ada", "sheet@a.example"]];
    let file = workbook(&[("People", rows), ("Companies", rows)]);
    let done = import_named(&caller, "leads.xlsx", file, &[]).await;
    assert_eq!((counts(&done), &done["warnings"][0]["code"]), ([1, 1, 0, 0, 0], &json!("left_out")));
    assert!(done["warnings"][0]["message"].as_str().unwrap().contains("Companies"), "{done}");
}

#[actix_web::test]
async fn pictures_and_endless_notes_of_a_card_are_left_out_with_a_word() {
    let (_app, caller, _tenants) = start().await;
    let card = |email: &str, property: &str| {
        format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada King\r\n{property}\r\nEMAIL:{email}\r\nEND:VCARD\r\n")
    };
    let picture = format!("PHOTO;ENCODING=b;TYPE=JPEG:{}", "A".repeat(3 << 20));
    let note = format!("NOTE:{}", "n".repeat(3 << 20));
    let cards = [
        card("picture@a.example", &picture),
        card("note@a.example", &note),
        card("plain@a.example", "TITLE:CTO"),
    ];

    let done = import_named(&caller, "contacts.vcf", cards.concat(), &[]).await;

    assert_eq!((counts(&done), &done["warned"]), ([3, 3, 0, 0, 0], &json!(2)), "{done}");
    let path = format!("/api/v2/imports/{}/rows?warned=true", id_of(&done));
    let rows = caller.get(&path).await.expect(200);
    let sentence = |row: usize| {
        let warnings = rows["results"][row]["warnings"].as_array().unwrap();
        let left_out = warnings.iter().find(|warning| warning["code"] == "left_out").unwrap();
        left_out["message"].as_str().unwrap().to_owned()
    };
    assert!(sentence(0).contains("pictures"), "{rows}");
    assert!(sentence(1).contains("256 KiB"), "{rows}");
}
