//! Uploads: what is taken in, and what is refused.

use serde_json::json;

use crate::{
    arrange::importing as start,
    imports::{counts, import, send, send_named},
};

#[actix_web::test]
async fn what_is_no_import_is_refused_and_leaves_no_file_behind() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let faults = async |csv: &str, fields: &[(&str, &str)]| -> Vec<String> {
        let refused = send(&caller, csv, fields).await;
        assert_eq!(refused.problem(), (400, "validation_failed"), "{}", refused.text);
        refused.faults().into_iter().map(|(field, code)| format!("{field} {code}")).collect()
    };

    assert_eq!(faults("", &[]).await, ["file required"]);
    assert_eq!(faults("a,a\n1,2", &[]).await, ["file no_address"]);
    assert_eq!(
        faults("a\n1", &[("mode", "try"), ("update_by", "name")]).await,
        ["mode not_allowed", "update_by not_allowed"]
    );
    assert_eq!(faults("a\n1", &[("mapping", "[]")]).await, ["mapping wrong_type"]);
    assert_eq!(
        faults("a\n1", &[("mapping", r#"{"a": "password", "b": "email"}"#)]).await,
        ["mapping.a unknown_field", "mapping.b unknown_column"]
    );
    assert_eq!(faults("a\n1", &[("colour", "red")]).await, ["colour unknown_field"]);
    let json = caller.post("/api/v2/imports", &json!({})).await;
    assert_eq!(json.problem(), (415, "unsupported_media_type"));
    assert_eq!(app.database.number("SELECT count(*) AS number FROM import_chunks").await, 0);
    assert_eq!(app.database.number("SELECT count(*) AS number FROM imports").await, 0);
}

#[actix_web::test]
async fn odd_files_are_read_or_fail_with_a_reason() {
    let (app, _tenants) = start().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);

    let marked = "\u{feff}Name;E-Mail\r\n\"Ada; \"\"L\"\" King\";ada@example.com\r\n;\r\n";
    assert_eq!(counts(&import(&caller, marked, &[]).await), [1, 1, 0, 0, 0]);
    let lead =
        caller.get("/api/v2/leads?fields=first_name,last_name,email").await.expect(200)["results"][0].clone();
    assert_eq!(lead, json!({"first_name": "Ada;", "last_name": "\"L\" King", "email": "ada@example.com"}));
    assert_eq!(counts(&import(&caller, "name,email\n", &[]).await), [0, 0, 0, 0, 0]);
    let endless = format!("name,email\nBob,bob@example.com\n{}\nEve,\n", "x".repeat(10 << 20));
    let endless = import(&caller, &endless, &[]).await;
    assert_eq!(
        (&endless["status"], &endless["failure"], counts(&endless)[1]),
        (&json!("failed"), &json!("The row at line 3 has more than a megabyte."), 0),
        "{endless}"
    );
    assert_eq!(endless["warnings"][0]["code"], "row_too_long", "it was said when the file came");
    let open = import(&caller, "name,email\n\"Bob,\n", &[]).await;
    assert_eq!((&open["status"], open["failure"].is_string()), (&json!("failed"), true), "{open}");
    let bytes: Vec<u8> = (0..=255).collect();
    let binary = send_named(&caller, "leads.csv", bytes, &[]).await;
    assert_eq!(binary.faults(), [("file".to_owned(), "unsupported_format".to_owned())]);
    assert!(binary.text.contains("CSV UTF-8"), "{}", binary.text);
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 1, "files that fail write nothing");
}

#[actix_web::test]
async fn a_large_file_is_taken_in_and_a_too_large_one_refused() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let line = format!("a@example.com,{}\n", "x".repeat(1000));

    let large = send(&caller, &format!("email,b\n{}", line.repeat(5_000)), &[]).await;
    let too_large = send(&caller, &format!("email,b\n{}", line.repeat(53_000)), &[]).await;

    assert_eq!(large.status, 202);
    assert_eq!(too_large.problem(), (413, "body_too_large"));
    let kept = "SELECT sum(length(bytes)) AS number FROM import_chunks";
    assert_eq!(app.database.number(kept).await, i64::try_from(8 + 5_000 * line.len()).unwrap());
}

#[actix_web::test]
async fn an_idempotency_key_imports_once() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let keyed = caller.with("idempotency-key", "k");

    let first = send(&keyed, "name,email\nAda,ada@example.com\n", &[]).await;
    let again = send(&keyed, "name,email\nAda,ada@example.com\n", &[]).await;
    let other = send(&keyed, "name,email\nBob,bob@example.com\n", &[]).await;

    assert_eq!((first.status.as_u16(), &first.text), (202, &again.text));
    assert_eq!(other.problem(), (422, "idempotency_key_reused"));
    assert_eq!(app.database.number("SELECT count(DISTINCT import_id) AS number FROM import_chunks").await, 1);
}
