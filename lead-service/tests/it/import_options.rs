//! Detection of a file's properties, overruled by the person who imports it.

use serde_json::{Value, json};
use testkit::Caller;

use crate::{
    arrange::{Leads, id_of, importing},
    imports::{OVER, counts, import, import_named, reached, send},
};

async fn start() -> (Leads, Caller, wiremock::MockServer) {
    let (app, tenants) = importing().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    (app, caller, tenants)
}

/// A field of the only lead with this address.
async fn field(caller: &Caller, email: &str, name: &str) -> Value {
    let leads = caller.get(&format!("/api/v2/leads?email={email}")).await.expect(200);
    assert_eq!(leads["count"], 1, "{email}: {leads}");
    leads["results"][0][name].clone()
}

#[actix_web::test]
async fn national_numbers_are_those_of_the_country_that_is_named() {
    let (_app, caller, _tenants) = start().await;
    let csv = |email: &str| format!("name,email,phone\nAda,{email},0170 1234567\n");

    import(&caller, &csv("none@a.example"), &[]).await;
    import(&caller, &csv("de@a.example"), &[("country", "de")]).await;
    let refused = send(&caller, &csv("xy@a.example"), &[("country", "XY")]).await;

    assert_eq!(field(&caller, "none@a.example", "phone").await, "0170 1234567");
    assert_eq!(field(&caller, "de@a.example", "phone").await, "+491701234567");
    assert_eq!(refused.faults(), [("country".to_owned(), "not_allowed".to_owned())]);
}

#[actix_web::test]
async fn dates_begin_with_what_is_said() {
    let (_app, caller, _tenants) = start().await;

    for (order, expected) in [("day_first", "2026-04-03T00:00:00Z"), ("month_first", "2026-03-04T00:00:00Z")]
    {
        let csv = format!("email,created_time\n{order}@a.example,03/04/2026\n");
        import(&caller, &csv, &[("date_order", order)]).await;
        let at = field(&caller, &format!("{order}@a.example"), "submitted_at").await;
        assert_eq!(at, expected, "{order}");
    }
    // In one file: what its own dates say is overruled.
    let csv = "email,created_time\none@a.example,03/04/2026\nother@a.example,01/31/2026\n";
    let done = import(&caller, csv, &[("date_order", "day_first")]).await;
    assert_eq!((counts(&done), &done["warned"]), ([2, 2, 0, 0, 0], &json!(1)), "{done}");
    assert_eq!(field(&caller, "one@a.example", "submitted_at").await, "2026-04-03T00:00:00Z");
}

#[actix_web::test]
async fn amounts_have_the_sign_that_is_said_and_numbers_of_json_a_point() {
    let (_app, caller, _tenants) = start().await;

    for (name, sign, expected) in [("comma", ",", "1250.00"), ("point", ".", "1.25")] {
        let csv = format!("email;estimated_value;currency\n{name}@a.example;1.250;EUR\n");
        import(&caller, &csv, &[("decimal", sign)]).await;
        let amount = field(&caller, &format!("{name}@a.example"), "estimated_value").await;
        assert_eq!(amount, expected, "{name}");
    }
    let json = r#"[{"email": "number@a.example", "estimated_value": 1250.5, "currency": "EUR"},
                   {"email": "text@a.example", "estimated_value": "1.250,50", "currency": "EUR"}]"#;
    import_named(&caller, "leads.json", json, &[("decimal", ",")]).await;
    for email in ["number@a.example", "text@a.example"] {
        assert_eq!(field(&caller, email, "estimated_value").await, "1250.50", "{email}");
    }
}

#[actix_web::test]
async fn a_delimiter_and_a_heading_far_down_are_taken_as_told() {
    let (_app, caller, _tenants) = start().await;
    let colons = import(&caller, "name:email\nAda, L:colon@a.example\n", &[("delimiter", ":")]).await;
    assert_eq!(counts(&colons), [1, 1, 0, 0, 0], "{colons}");
    assert_eq!(field(&caller, "colon@a.example", "last_name").await, "L");

    let above = "x@y.example,n\n".repeat(600);
    let csv = format!("{above}name,email\nAda,below@a.example\n");
    let done = import(&caller, &csv, &[("heading_row", "601")]).await;
    assert_eq!(counts(&done), [1, 1, 0, 0, 0], "{done}");
    let preview = caller.get(&format!("/api/v2/imports/{}/preview", id_of(&done))).await.expect(200);
    assert_eq!((&preview["heading_row"], &preview["columns"][1]["field"]), (&json!(601), &json!("email")));
    let bare = [("heading_row", "0"), ("mapping", r#"{"Column 2": "email"}"#)];
    let without = import(&caller, "name,one@a.example\nname,two@a.example\n", &bare).await;
    assert_eq!(counts(&without), [2, 2, 0, 0, 0], "no row is a heading: {without}");
}

#[actix_web::test]
async fn a_file_of_two_character_sets_is_read_and_told_and_one_may_be_named() {
    let (_app, caller, _tenants) = start().await;
    let utf8 = "name,email\nZoë Größe,zoe@a.example\nJörg Süß,joerg@a.example\n".as_bytes();
    let mixed = [utf8, b"J\xfcrgen M\xfcller,mueller@a.example\n".as_slice()].concat();
    let big_endian: Vec<u8> =
        "name,email\nZoë,utf16@a.example\n".encode_utf16().flat_map(u16::to_be_bytes).collect();

    let done = import_named(&caller, "mixed.csv", mixed, &[]).await;
    let named = import_named(&caller, "utf16.csv", big_endian, &[("charset", "utf-16")]).await;

    assert_eq!((counts(&done), &done["warnings"][0]["code"]), ([3, 3, 0, 0, 0], &json!("mixed_charsets")));
    assert_eq!(field(&caller, "zoe@a.example", "last_name").await, "Größe");
    assert_eq!(field(&caller, "mueller@a.example", "first_name").await, "Jürgen");
    assert_eq!(field(&caller, "mueller@a.example", "last_name").await, "Müller");
    assert_eq!((counts(&named), &named["warnings"]), ([1, 1, 0, 0, 0], &json!([])), "{named}");
    assert_eq!(field(&caller, "utf16@a.example", "first_name").await, "Zoë");
}

#[actix_web::test]
async fn an_import_that_waits_takes_all_of_it_later() {
    let (_app, caller, _tenants) = start().await;
    let csv = "email;phone;estimated_value;created_time\nlate@a.example;0170 1234567;1.250;03/04/2026\n";
    let id = id_of(&send(&caller, csv, &[("mode", "preview")]).await.expect(202));
    let path = format!("/api/v2/imports/{id}");
    let said = json!({"country": "DE", "decimal": ",", "date_order": "month_first", "charset": "latin1",
        "delimiter": ";", "heading_row": 1});

    let preview = caller.put(&format!("{path}/mapping"), &said).await.expect(200);
    let refused =
        caller.put(&format!("{path}/mapping"), &json!({"country": "XY", "charset": "klingon"})).await;
    caller.post(&format!("{path}/start"), &json!({})).await.expect(202);

    assert_eq!((&preview["charset"], &preview["delimiter"]), (&json!("windows-1252"), &json!(";")));
    for (name, value) in said.as_object().unwrap() {
        assert_eq!(preview["settings"][name], *value, "{name}");
    }
    assert_eq!(
        refused.faults(),
        [("charset", "not_allowed"), ("country", "not_allowed")]
            .map(|(field, code)| (field.to_owned(), code.to_owned()))
    );
    assert_eq!(counts(&reached(&caller, &id, &OVER).await), [1, 1, 0, 0, 0]);
    for (name, expected) in
        [("phone", "+491701234567"), ("estimated_value", "1250.00"), ("submitted_at", "2026-03-04T00:00:00Z")]
    {
        assert_eq!(field(&caller, "late@a.example", name).await, expected, "{name}");
    }
}
