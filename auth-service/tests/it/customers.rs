//! Customer users: their profile and picture.

use reqwest::Method;
use serde_json::json;
use testkit::{Reply, caller::read};

use crate::stage::{Session, Stage, registration};

const PROFILE: &str = "/api/v2/customer/profile";
const PICTURE: &str = "/api/v2/customer/profile/picture";
/// One red pixel.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0,
    0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x08, 0xd7, 0x63,
    0xf8, 0xcf, 0xc0, 0, 0, 3, 1, 1, 0, 0x18, 0xdd, 0x8d, 0xb0, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae,
    0x42, 0x60, 0x82,
];

async fn customer(stage: &Stage) -> Session {
    let mut body = registration("carl@example.com");
    body["account_type"] = json!("customer");
    stage.app.anonymous().post("/api/v2/auth/register", &body).await.expect(201);
    stage.login("carl@example.com").await
}

async fn upload(stage: &Stage, session: &Session, media_type: &str, file: &[u8]) -> Reply {
    let request = stage.request(session, Method::PUT, PICTURE).header("content-type", media_type);
    read(request.body(file.to_vec())).await
}

#[actix_web::test]
async fn a_customer_reads_and_changes_their_profile() {
    let stage = Stage::set().await;
    let session = customer(&stage).await;

    let empty = stage.send(&session, Method::GET, PROFILE, None).await.expect(200);
    let body = json!({"phone": "+49 30 901820", "date_of_birth": "1990-05-17", "city": "Berlin", "first_name": "Carl"});
    let changed = stage.send(&session, Method::PATCH, PROFILE, Some(&body)).await;
    let stale =
        stage.send_with(&session, Method::PATCH, PROFILE, Some(&body), &[("if-match", "\"1\"")]).await;

    assert_eq!((&empty["email"], &empty["city"]), (&json!("carl@example.com"), &json!(null)));
    assert_eq!(changed.header("etag"), Some("\"2\""));
    let changed = changed.expect(200);
    assert_eq!((&changed["phone"], &changed["first_name"]), (&json!("+4930901820"), &json!("Carl")));
    assert_eq!(
        (&changed["date_of_birth"], &changed["last_name"]),
        (&json!("1990-05-17"), &json!("Lovelace"))
    );
    assert_eq!(stale.problem(), (412, "version_conflict"));
}

#[actix_web::test]
async fn faults_of_a_profile_are_named_together() {
    let stage = Stage::set().await;
    let session = customer(&stage).await;
    let body = json!({"phone": "call me", "date_of_birth": "2999-01-01"});

    let reply = stage.send(&session, Method::PATCH, PROFILE, Some(&body)).await;
    let unknown =
        stage.send(&session, Method::PATCH, PROFILE, Some(&json!({"email": "x@example.com"}))).await;

    assert_eq!(
        reply.faults(),
        [("date_of_birth", "out_of_range"), ("phone", "invalid_phone")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
    assert_eq!(unknown.faults(), [("email".to_owned(), "unknown_field".to_owned())]);
}

#[actix_web::test]
async fn somebody_who_is_no_customer_has_no_such_profile() {
    let stage = Stage::set().await;
    let session = stage.registered_session("ada@example.com").await;

    assert_eq!(stage.send(&session, Method::GET, PROFILE, None).await.problem(), (403, "not_a_customer"));
    assert_eq!(upload(&stage, &session, "image/png", PNG).await.problem(), (403, "not_a_customer"));
    assert_eq!(stage.send(&session, Method::GET, PICTURE, None).await.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn a_picture_is_kept_as_a_picture_and_nothing_else() {
    let stage = Stage::set().await;
    let session = customer(&stage).await;
    let mut polyglot = PNG.to_vec();
    polyglot.extend_from_slice(b"<script>alert(1)</script>");

    let set = upload(&stage, &session, "image/png", &polyglot).await.expect(200);
    let shown = stage.request(&session, Method::GET, PICTURE).send().await.unwrap();

    assert_eq!(set["picture_url"], PICTURE);
    assert_eq!(shown.headers()["content-type"], "image/png");
    assert_eq!(shown.headers()["x-content-type-options"], "nosniff");
    let file = shown.bytes().await.unwrap();
    assert!(file.starts_with(&PNG[..8]) && !file.windows(8).any(|window| window == b"<script>"));
    stage.send(&session, Method::DELETE, PICTURE, None).await.expect(204);
    assert_eq!(stage.send(&session, Method::GET, PICTURE, None).await.problem(), (404, "not_found"));
}

/// A form with this many files.
fn form(files: usize) -> Vec<u8> {
    let mut form = Vec::new();
    for n in 0..files {
        let head = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file{n}\"; filename=\"me.png\"\r\nContent-Type: image/png\r\n\r\n"
        );
        form.extend_from_slice(head.as_bytes());
        form.extend_from_slice(PNG);
        form.extend_from_slice(b"\r\n");
    }
    form.extend_from_slice(b"--b--\r\n");
    form
}

#[actix_web::test]
async fn a_picture_may_come_in_a_form() {
    let stage = Stage::set().await;
    let session = customer(&stage).await;
    let media_type = "multipart/form-data; boundary=b";

    upload(&stage, &session, media_type, &form(1)).await.expect(200);
    for files in [0, 2] {
        let reply = upload(&stage, &session, media_type, &form(files)).await;
        assert_eq!(reply.problem(), (400, "invalid_form"), "{files}");
    }
}

#[actix_web::test]
async fn what_is_no_picture_is_refused_whatever_it_is_called() {
    let stage = Stage::set().await;
    let session = customer(&stage).await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";

    assert_eq!(
        upload(&stage, &session, "image/svg+xml", svg).await.problem(),
        (415, "unsupported_media_type")
    );
    assert_eq!(upload(&stage, &session, "image/png", svg).await.problem(), (415, "unsupported_image"));
    assert_eq!(upload(&stage, &session, "image/png", &PNG[..40]).await.problem(), (400, "invalid_image"));
    assert_eq!(
        upload(&stage, &session, "application/json", b"{}").await.problem(),
        (415, "unsupported_media_type")
    );
    let large = vec![0; (5 << 20) + 1];
    assert_eq!(upload(&stage, &session, "image/png", &large).await.problem(), (413, "body_too_large"));
}
