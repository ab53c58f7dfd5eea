//! Host names and logos: how a tenant shows itself.

use contracts::internal::tenants::TenantRef;
use reqwest::{Method, header};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{World, id};

fn path(caller: &testkit::Caller) -> String {
    format!("/api/v2/tenants/{}/domains", caller.tenant())
}

#[actix_web::test]
async fn a_tenant_is_found_by_a_new_host_at_once_and_no_longer_by_a_deleted_one() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let found = async |host: &str| {
        let answer = world.access(admin.user(), TenantRef::Host(host.into())).await;
        answer.tenant.is_some_and(|tenant| tenant.id == admin.tenant())
    };
    let mut listener = world.listen().await;

    let made = admin.post(&path(&admin), &json!({ "host": "CRM.Acme.example" })).await.expect(201);

    assert_eq!((&made["host"], &made["is_primary"]), (&json!("crm.acme.example"), &json!(false)));
    listener.expect_access(admin.tenant(), None).await;
    assert!(found("crm.acme.example").await && found("acme.localhost").await);
    let one = format!("{}/{}", path(&admin), id(&made));
    assert_eq!(admin.delete(&one).await.status.as_u16(), 204);
    listener.expect_access(admin.tenant(), None).await;
    assert!(!found("crm.acme.example").await);
    assert_eq!(world.event_types(id(&made)).await, ["Domain.CREATE", "Domain.DELETE"]);
}

#[actix_web::test]
async fn one_name_is_the_primary_one() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let listed = admin.get(&path(&admin)).await.expect(200);
    let first = format!("{}/{}", path(&admin), id(&listed["results"][0]));
    assert_eq!((&listed["count"], &listed["results"][0]["is_primary"]), (&json!(1), &json!(true)));
    assert_eq!(admin.delete(&first).await.problem(), (422, "primary_domain"));
    assert_eq!(admin.patch(&first, &json!({ "is_primary": false })).await.problem(), (422, "primary_domain"));

    let second =
        admin.post(&path(&admin), &json!({ "host": "a.example", "is_primary": true })).await.expect(201);

    assert_eq!(admin.get(&first).await.expect(200)["is_primary"], false);
    let second = format!("{}/{}", path(&admin), id(&second));
    assert_eq!(
        admin.with("If-Match", "\"9\"").patch(&second, &json!({ "host": "b.example" })).await.problem().0,
        412
    );
    assert_eq!(admin.patch(&second, &json!({ "host": "b.example" })).await.expect(200)["host"], "b.example");
    admin.patch(&first, &json!({ "is_primary": true })).await.expect(200);
    let primaries =
        world.app.database.number("SELECT count(*) AS number FROM domains WHERE is_primary").await;
    assert_eq!(primaries, 1);
    assert_eq!(admin.delete(&second).await.status.as_u16(), 204);
}

#[actix_web::test]
async fn a_name_is_one_tenants_alone_and_the_platforms_are_its_own() {
    let world = World::start().await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    acme.post(&path(&acme), &json!({ "host": "crm.acme.example" })).await.expect(201);

    let taken = bolt.post(&path(&bolt), &json!({ "host": "crm.acme.example" })).await;
    assert_eq!((taken.problem(), taken.faults()[0].0.as_str()), ((409, "already_exists"), "host"));
    for reserved in ["acme.localhost", "later.localhost"] {
        assert_eq!(
            bolt.post(&path(&bolt), &json!({ "host": reserved })).await.problem(),
            (422, "host_reserved")
        );
    }
    let bad = bolt.post(&path(&bolt), &json!({ "host": "http://x.example" })).await;
    assert_eq!(bad.faults(), [("host".to_owned(), "invalid_host".to_owned())]);
    let foreign = acme.get(&path(&acme)).await.expect(200)["results"][0].clone();
    for id in [id(&foreign), Uuid::now_v7()] {
        let own = format!("{}/{id}", path(&bolt));
        assert_eq!(bolt.get(&own).await.problem(), (404, "not_found"));
        assert_eq!(bolt.patch(&own, &json!({ "is_primary": true })).await.problem(), (404, "not_found"));
        assert_eq!(bolt.delete(&own).await.problem(), (404, "not_found"));
    }
    assert_eq!(bolt.get(&path(&acme)).await.problem(), (404, "not_found"));
    assert_eq!(bolt.post(&path(&acme), &json!({ "host": "x.example" })).await.problem(), (404, "not_found"));
}

/// A picture of one pixel.
const PNG: [u8; 67] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0,
    0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63,
    0x60, 0, 0, 0, 2, 0, 1, 0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60,
    0x82,
];

async fn put_logo(caller: &testkit::Caller, media_type: &str, file: Vec<u8>) -> testkit::Reply {
    let path = format!("/api/v2/tenants/{}/logo", caller.tenant());
    let request = caller.request(Method::PUT, &path).header(header::CONTENT_TYPE, media_type).body(file);
    testkit::caller::read(request).await
}

#[actix_web::test]
async fn a_logo_is_written_anew_and_shown_to_anybody() {
    let world = World::start().await;
    let admin = world.tenant("acme").await;
    let path = format!("/api/v2/tenants/{}/logo", admin.tenant());
    let somebody = world.app.anonymous();
    assert_eq!(somebody.get(&path).await.problem(), (404, "not_found"));
    let mut file = PNG.to_vec();
    file.extend(b"<script>alert(1)</script>");

    let tenant = put_logo(&admin, "image/png", file).await.expect(200);

    let address = tenant["logo_url"].as_str().unwrap();
    assert!(
        address.starts_with("http://localhost:8000/api/v2/tenants/") && address.contains("/logo?v="),
        "{address}"
    );
    let shown = somebody.get(&path).await;
    assert_eq!((shown.status.as_u16(), shown.header("content-type")), (200, Some("image/png")));
    assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
    assert!(!shown.text.contains("script"));
    assert_eq!(admin.delete(&path).await.status.as_u16(), 204);
    assert_eq!(somebody.get(&path).await.problem(), (404, "not_found"));
    let profile = admin.get(&format!("/api/v2/tenants/{}", admin.tenant())).await.expect(200);
    assert_eq!(profile["logo_url"], Value::Null);
}

#[actix_web::test]
async fn what_is_no_picture_is_no_logo() {
    let world = World::start().await;
    let (admin, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec();

    assert_eq!(put_logo(&admin, "image/svg+xml", svg.clone()).await.problem().0, 415);
    assert_eq!(put_logo(&admin, "image/png", svg).await.problem(), (415, "unsupported_image"));
    assert_eq!(put_logo(&admin, "image/png", PNG[..40].to_vec()).await.problem(), (400, "invalid_image"));
    let path = format!("/api/v2/tenants/{}/logo", admin.tenant());
    assert_eq!(admin.get(&path).await.problem(), (404, "not_found"));
    assert_eq!(bolt.delete(&path).await.problem(), (404, "not_found"));
    let request =
        bolt.request(Method::PUT, &path).header(header::CONTENT_TYPE, "image/png").body(PNG.to_vec());
    assert_eq!(testkit::caller::read(request).await.problem(), (404, "not_found"));
}
