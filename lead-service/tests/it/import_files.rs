//! Files as other programs write them: every format, character set and delimiter.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use testkit::Caller;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    arrange::{Leads, id_of, importing},
    imports::{OVER, counts, import, import_named, reached, send, send_named},
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

fn utf16(text: &str) -> Vec<u8> {
    [b"\xff\xfe".to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat()
}

/// The texts as the Windows of Western Europe writes them.
fn windows(text: &str) -> Vec<u8> {
    let byte = |c| match c {
        '\u{20ac}' => 0x80,
        c => u8::try_from(u32::from(c)).unwrap(),
    };
    text.chars().map(byte).collect()
}

#[actix_web::test]
async fn a_byte_order_mark_and_quoted_headings_lose_no_column() {
    let (_app, caller, _tenants) = start().await;
    let csv = "\u{feff}\"email\",\"name\"\r\n\"bom@example.com\",\"Ada L\"\r\n";

    let import = import(&caller, csv, &[]).await;

    assert_eq!((counts(&import), &import["mapping"]["email"]), ([1, 1, 0, 0, 0], &json!("email")));
    assert_eq!(lead(&caller, "bom@example.com").await["last_name"], "L");
    let ndjson = "\u{feff}{\"email\": \"n@example.com\"}\n{\"email\": \"m@example.com\"}\n";
    assert_eq!(counts(&import_named(&caller, "x.ndjson", ndjson, &[]).await), [2, 2, 0, 0, 0]);
}

#[actix_web::test]
async fn text_in_other_character_sets_is_read_and_one_may_be_named() {
    let (_app, caller, _tenants) = start().await;
    let text = |email: &str| format!("Vorname\tNachname\tE-Mail\tOrt\r\nJörg\tMüller\t{email}\tKöln\r\n");
    let name = async |email: &str| {
        let lead = lead(&caller, email).await;
        (lead["first_name"].clone(), lead["last_name"].clone(), lead["raw_payload"]["Ort"].clone())
    };
    let expected = (json!("Jörg"), json!("Müller"), json!("Köln"));

    import_named(&caller, "unicode.txt", utf16(&text("u16@example.com")), &[]).await;
    import_named(&caller, "ansi.csv", windows(&text("ansi@example.com").replace('\t', ";")), &[]).await;
    let charset = [("charset", "windows-1252")];
    import_named(&caller, "named.csv", windows(&text("named@example.com")), &charset).await;

    for email in ["u16@example.com", "ansi@example.com", "named@example.com"] {
        assert_eq!(name(email).await, expected, "{email}");
    }
    let unknown = send_named(&caller, "x.csv", "email\na@b.example\n", &[("charset", "klingon")]).await;
    assert_eq!(unknown.faults(), [("charset".to_owned(), "not_allowed".to_owned())]);
}

#[actix_web::test]
async fn every_delimiter_and_line_end_is_found_outside_of_quotes() {
    let (_app, caller, _tenants) = start().await;
    for (name, file) in [
        ("cr", "name,email\rAda,cr@example.com\r"),
        ("pipe", "name|email|note\nAda|pipe@example.com|a, b\n"),
        ("sep", "sep=;\r\nName;E-Mail\r\nAda;sep@example.com\r\n"),
        ("quoted", "\"Name (last, first)\";\"E-mail\"\n\"King, Ada\";quoted@example.com\n"),
        ("tab", "Name\tE-Mail\nAda\ttab@example.com\n"),
        ("doubled", "Email Address,,Email Address,Name\ndoubled@example.com,x,other@example.com,Ada\n"),
        (
            "notes",
            "Notes:\n\"When exporting, read this\"\n\nFirst Name,Last Name,Email Address,Company\nAda,King,notes@example.com,Acme\n",
        ),
    ] {
        let import = import(&caller, file, &[]).await;

        assert_eq!(
            (counts(&import), &import["status"]),
            ([1, 1, 0, 0, 0], &json!("completed")),
            "{name}: {import}"
        );
        let lead = lead(&caller, &format!("{name}@example.com")).await;
        assert_eq!(lead["first_name"], "Ada", "{name}: {lead}");
    }
    assert_eq!(lead(&caller, "quoted@example.com").await["last_name"], "King");
    let doubled = lead(&caller, "doubled@example.com").await;
    assert_eq!(
        doubled["raw_payload"],
        json!({"Column 2": "x", "Email Address 2": "other@example.com"}),
        "{doubled}"
    );
}

#[actix_web::test]
async fn ragged_rows_are_imported() {
    let (_app, caller, _tenants) = start().await;
    let csv = "name,email\nAda,ada@example.com,\nBob,bob@example.com,,,\nCy,cy@example.com,more\nDi\n";

    let import = import(&caller, csv, &[]).await;

    assert_eq!((counts(&import), &import["warned"]), ([4, 4, 0, 0, 0], &json!(1)), "{import}");
    assert_eq!(lead(&caller, "cy@example.com").await["raw_payload"], json!({"Column 3": "more"}));
}

#[actix_web::test]
async fn json_in_every_form_is_imported() {
    let (_app, caller, _tenants) = start().await;
    let array = r#"[{"name": "Ada", "email": "array@example.com"}, {"email": "array2@example.com"}]"#;
    let inside = r#"{"page": 1, "breadcrumbs": [{"label": "x"}],
        "people": [{"first_name": "Ada", "email": "inside@example.com", "organization": {"name": "Acme"}}]}"#;
    let pretty = "{\n  \"name\": \"Ada\",\n  \"email\": \"pretty@example.com\"\n}\n";
    let nested = "{\"id\": \"51\", \"properties\": {\"email\": \"nested@example.com\", \"firstname\": \"Ada\"}}\n\
                  {\"id\": \"52\", \"properties\": {\"email\": \"nested2@example.com\", \"city\": \"Oslo\"}}\n";
    for (name, file, rows) in [
        ("leads.json", array, 2),
        ("apollo.json", inside, 1),
        ("one.json", pretty, 1),
        ("hubspot.ndjson", nested, 2),
    ] {
        let import = import_named(&caller, name, file, &[]).await;
        assert_eq!(counts(&import), [rows, rows, 0, 0, 0], "{name}: {import}");
    }

    assert_eq!(lead(&caller, "inside@example.com").await["company_name"], "Acme");
    let nested = lead(&caller, "nested2@example.com").await;
    assert_eq!(nested["raw_payload"]["properties.city"], "Oslo", "{nested}");
    let large = r#"[{"email": "big@example.com", "external_id": 6963887712520725123456}]"#;
    import_named(&caller, "big.json", large, &[]).await;
    assert_eq!(lead(&caller, "big@example.com").await["lead_reference_id"], "6963887712520725123456");
}

#[actix_web::test]
async fn an_address_books_cards_are_imported() {
    let (_app, caller, _tenants) = start().await;
    let cards = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:King;Ada;;;\r\nFN:Ada King\r\nEMAIL;TYPE=WORK:card@example.com\r\n\
        TEL;TYPE=CELL:+49 30 901820\r\nORG:Acme;Sales\r\nTITLE:CTO\r\nEND:VCARD\r\n";

    let import = import_named(&caller, "contacts.vcf", cards, &[]).await;

    assert_eq!((counts(&import), &import["format"]), ([1, 1, 0, 0, 0], &json!("vcard")));
    let lead = lead(&caller, "card@example.com").await;
    assert_eq!(
        ["first_name", "last_name", "phone", "company_name", "role_title"].map(|name| lead[name].clone()),
        ["Ada", "King", "+4930901820", "Acme", "CTO"].map(Value::from)
    );
}

/// A workbook with these sheets, all cells as texts in the sheet.
pub fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, text: String| {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    };
    let of_sheets = |part: &dyn Fn(usize, &str) -> String| -> String {
        sheets.iter().enumerate().map(|(index, (name, _))| part(index + 1, name)).collect()
    };
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
    let book_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
    let types = of_sheets(&|n, _| {
        format!("<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"{sheet_type}\"/>")
    });
    add(
        "[Content_Types].xml",
        format!(
            "{head}<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" \
             ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Override PartName=\"/xl/workbook.xml\" ContentType=\"{book_type}\"/>{types}</Types>"
        ),
    );
    add(
        "_rels/.rels",
        format!(
            "{head}<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" \
             Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    );
    let named = of_sheets(&|n, name| format!("<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>"));
    add(
        "xl/workbook.xml",
        format!("{head}<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>{named}</sheets></workbook>"),
    );
    let related = of_sheets(&|n, _| {
        format!(
            "<Relationship Id=\"rId{n}\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
        )
    });
    add(
        "xl/_rels/workbook.xml.rels",
        format!("{head}<Relationships xmlns=\"{package}/relationships\">{related}</Relationships>"),
    );
    for (index, (_, rows)) in sheets.iter().enumerate() {
        let mut data = String::new();
        for (row, cells) in rows.iter().enumerate() {
            let row = row + 1;
            let cells: String = cells
                .iter()
                .zip('A'..)
                .map(|(text, column)| {
                    format!("<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
                })
                .collect();
            data.push_str(&format!("<row r=\"{row}\">{cells}</row>"));
        }
        let sheet = format!("{head}<worksheet xmlns=\"{main}\"><sheetData>{data}</sheetData></worksheet>");
        add(&format!("xl/worksheets/sheet{}.xml", index + 1), sheet);
    }
    archive.finish().unwrap().into_inner()
}

#[actix_web::test]
async fn a_workbooks_first_or_named_sheet_is_imported() {
    let (_app, caller, _tenants) = start().await;
    let first: &[&[&str]] =
        &[&["Leads 2026"], &[], &["Name", "E-Mail", "City"], &["Ada", "x1@example.com", "Oslo"]];
    let second: &[&[&str]] = &[&["Name", "E-Mail"], &["Bob", "x2@example.com"]];
    let file = workbook(&[("People", first), ("More", second)]);

    let people = import_named(&caller, "leads.xlsx", file.clone(), &[]).await;
    let more = import_named(&caller, "leads.xlsx", file.clone(), &[("sheet", "more")]).await;

    assert_eq!((counts(&people), &people["format"]), ([1, 1, 0, 0, 0], &json!("xlsx")), "{people}");
    assert_eq!(lead(&caller, "x1@example.com").await["raw_payload"], json!({"City": "Oslo"}));
    assert_eq!(counts(&more), [1, 1, 0, 0, 0]);
    let preview = caller.get(&format!("/api/v2/imports/{}/preview", id_of(&people))).await.expect(200);
    assert_eq!((&preview["heading_row"], &preview["charset"]), (&json!(3), &Value::Null));
    let none = send_named(&caller, "leads.xlsx", file, &[("sheet", "Nowhere")]).await;
    assert_eq!(none.faults(), [("file".to_owned(), "invalid_xlsx".to_owned())]);
    assert!(none.text.contains("People, More"), "{}", none.text);
}

#[actix_web::test]
async fn what_cannot_be_imported_is_named_with_what_to_save_it_as() {
    let (app, caller, _tenants) = start().await;
    let files: [(&str, &[u8], &str); 4] = [
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "Save it as XLSX or CSV UTF-8"),
        ("page.xls", b"<html><table><tr><td>Name</td></tr></table></html>", "web page"),
        ("leads.pdf", b"%PDF-1.7 ....", "PDF"),
        ("leads.zip", b"PK\x03\x04\x14\x00\x00\x00\x08\x00readme.txt", "Unpack it"),
    ];
    for (name, file, sentence) in files {
        let refused = send_named(&caller, name, file, &[]).await;

        assert_eq!(refused.faults(), [("file".to_owned(), "unsupported_format".to_owned())], "{name}");
        assert!(refused.text.contains(sentence), "{name}: {}", refused.text);
    }
    let nothing = send_named(&caller, "plants.csv", "City,Budget\nOslo,20k\n", &[]).await;
    assert_eq!(nothing.faults(), [("file".to_owned(), "no_address".to_owned())]);
    let found = "2 columns: City, Budget; none is an e-mail, phone or LinkedIn address";
    assert!(nothing.text.contains(found), "{}", nothing.text);
    assert_eq!(app.database.number("SELECT count(*) AS number FROM import_chunks").await, 0);
}

#[actix_web::test]
async fn a_file_with_an_object_a_line_becomes_leads_and_its_faults_come_back_as_such() {
    let (_app, caller, _tenants) = start().await;
    let file = "{\"Mail\": \"Ada@Example.com\", \"name\": \"Ada Lovelace\", \"custom_fields\": {\"tier\": \"gold\"}}\n\
                {\"Mail\": \"bob@example.com\", \"Company\": \"Acme\", \"score\": 7}\n\n\
                {\"Mail\": \"nope\", \"name\": \"Eve\"}\nno json\n";

    let accepted = send_named(&caller, "leads.ndjson", file, &[]).await.expect(202);
    let import = reached(&caller, &id_of(&accepted), &OVER).await;

    assert_eq!((counts(&import), &import["format"]), ([4, 2, 0, 0, 2], &json!("ndjson")), "{import}");
    assert_eq!((&import["mapping"]["Mail"], &import["mapping"]["name"]), (&json!("email"), &json!("name")));
    let leads = caller.get("/api/v2/leads?ordering=email").await.expect(200);
    let (ada, bob) = (&leads["results"][0], &leads["results"][1]);
    assert_eq!((&ada["last_name"], &ada["custom_fields"]), (&json!("Lovelace"), &json!({"tier": "gold"})));
    assert_eq!((&bob["company_name"], &bob["score"]), (&json!("Acme"), &json!(7.0)));
    let errors = caller.get(import["error_file"].as_str().unwrap()).await;
    assert_eq!(errors.header("content-type"), Some("application/x-ndjson"));
    let lines: Vec<Value> = errors.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["Mail"], &lines[0]["import_row"]), (&json!("nope"), &json!(3)));
    let fault = lines[0]["import_errors"].as_str().unwrap();
    assert!(fault.contains("email is not an e-mail address"), "{lines:?}");
    assert_eq!((&lines[1]["line"], &lines[1]["import_row"]), (&json!("no json"), &json!(4)));
    let faults = send_named(&caller, "leads.ndjson", "[]\n", &[]).await.faults();
    assert_eq!(faults, [("file".to_owned(), "invalid_ndjson".to_owned())]);
    let faults = send(&caller, "a\n1", &[("format", "pdf")]).await.faults();
    assert_eq!(faults, [("format".to_owned(), "not_allowed".to_owned())]);
}
