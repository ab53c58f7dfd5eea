//! Host names and logos: how a tenant shows itself.

use contracts::internal::tenants::TenantRef;
use reqwest::{Method, header};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    dns::Dns,
    world::{World, id},
};

fn path(caller: &testkit::Caller) -> String {
    format!("/api/v2/tenants/{}/domains", caller.tenant())
}

async fn add(caller: &testkit::Caller, host: &str) -> Value {
    caller.post(&path(caller), &json!({ "host": host })).await.expect(201)
}

/// Publishes the record that a name's challenge asks for.
fn prove(dns: &Dns, domain: &Value) {
    let text = |name: &str| domain["challenge"][name].as_str().unwrap().to_owned();
    dns.say(&text("record_name"), &["v=spf1 -all", &text("record_value")]);
}

async fn verify(caller: &testkit::Caller, domain: &Value) -> testkit::Reply {
    caller.post(&format!("{}/{}/verify", path(caller), id(domain)), &json!({})).await
}

/// Whether a host leads to the caller's tenant.
async fn leads_to(world: &World, caller: &testkit::Caller, host: &str) -> bool {
    let answer = world.access(caller.user(), TenantRef::Host(host.into())).await;
    answer.tenant.is_some_and(|tenant| tenant.id == caller.tenant())
}

#[actix_web::test]
async fn a_host_leads_to_its_tenant_once_it_is_proven_and_no_longer_when_it_is_deleted() {
    let dns = Dns::start();
    let world = World::start_well(&[("DNS_SERVERS", &dns.address)]).await;
    let admin = world.tenant("acme").await;
    let found = async |host: &str| leads_to(&world, &admin, host).await;
    let mut listener = world.listen().await;

    let made = add(&admin, "CRM.Acme.example").await;

    assert_eq!((&made["host"], &made["is_primary"]), (&json!("crm.acme.example"), &json!(false)));
    assert_eq!((&made["status"], &made["verified_at"]), (&json!("pending"), &Value::Null));
    let challenge = &made["challenge"];
    assert_eq!(challenge["record_name"], "_leadstream.crm.acme.example");
    assert_eq!(
        (&challenge["record_type"], &challenge["file_path"]),
        (&json!("TXT"), &json!("/.well-known/leadstream.txt"))
    );
    assert_eq!(challenge["record_value"], challenge["file_content"]);
    listener.expect_access(admin.tenant(), None).await;
    assert!(!found("crm.acme.example").await, "it is not proven");
    assert!(found("acme.localhost").await);
    assert_eq!(verify(&admin, &made).await.problem(), (422, "proof_not_found"));
    dns.say("_leadstream.crm.acme.example", &["leadstream-verification=of-somebody-else"]);
    assert_eq!(verify(&admin, &made).await.problem(), (422, "proof_not_found"));
    dns.say("crm.acme.example", &[challenge["record_value"].as_str().unwrap()]);
    assert_eq!(verify(&admin, &made).await.problem(), (422, "proof_not_found"));
    assert!(!found("crm.acme.example").await);

    prove(&dns, &made);
    let proven = verify(&admin, &made).await.expect(200);

    assert_eq!((&proven["status"], proven["verified_at"].is_string()), (&json!("verified"), true));
    listener.expect_access(admin.tenant(), None).await;
    assert!(found("crm.acme.example").await && found("CRM.acme.example").await);
    dns.say("_leadstream.crm.acme.example", &[]);
    assert_eq!(verify(&admin, &made).await.expect(200)["status"], "verified", "it was proven once");
    listener.expect_access(admin.tenant(), None).await;
    let one = format!("{}/{}", path(&admin), id(&made));
    assert_eq!(admin.get(&one).await.expect(200), proven);
    assert_eq!(admin.delete(&one).await.status.as_u16(), 204);
    listener.expect_access(admin.tenant(), None).await;
    assert!(!found("crm.acme.example").await);
    let events = ["Domain.CREATE", "Domain.status.UPDATE", "Domain.UPDATE", "Domain.DELETE"];
    assert_eq!(world.event_types(id(&made)).await, events);
}

#[actix_web::test]
async fn a_name_that_is_not_proven_can_be_added_by_another_tenant() {
    let dns = Dns::start();
    let world = World::start_well(&[("DNS_SERVERS", &dns.address)]).await;
    let (squatter, owner) = (world.tenant("mallory").await, world.tenant("acme").await);
    let squatted = add(&squatter, "crm.acme.example").await;

    let owned = add(&owner, "crm.acme.example").await;
    prove(&dns, &owned);
    assert_eq!(
        verify(&squatter, &squatted).await.problem(),
        (422, "proof_not_found"),
        "it is another's proof"
    );
    verify(&owner, &owned).await.expect(200);

    assert!(leads_to(&world, &owner, "crm.acme.example").await);
    assert_ne!(squatted["challenge"]["record_value"], owned["challenge"]["record_value"]);
    let again = owner.post(&path(&owner), &json!({ "host": "crm.acme.example" })).await;
    assert_eq!((again.problem(), again.faults()[0].0.as_str()), ((409, "already_exists"), "host"));
}

#[actix_web::test]
async fn a_proven_name_passes_on_only_to_who_proves_it_when_its_tenant_cannot_any_more() {
    let dns = Dns::start();
    let world = World::start_well(&[("DNS_SERVERS", &dns.address)]).await;
    let (before, after) = (world.tenant("acme").await, world.tenant("bolt").await);
    let old = add(&before, "crm.acme.example").await;
    prove(&dns, &old);
    verify(&before, &old).await.expect(200);
    let one = format!("{}/{}", path(&before), id(&old));
    before.patch(&one, &json!({ "is_primary": true })).await.expect(200);
    let new = add(&after, "crm.acme.example").await;
    let values = [&old, &new].map(|domain| domain["challenge"]["record_value"].as_str().unwrap());

    dns.say("_leadstream.crm.acme.example", &values);
    assert_eq!(verify(&after, &new).await.problem(), (409, "host_taken"));
    assert!(leads_to(&world, &before, "crm.acme.example").await);

    dns.say("_leadstream.crm.acme.example", &values[1..]);
    let mut listener = world.listen().await;
    verify(&after, &new).await.expect(200);

    listener.expect_access(before.tenant(), None).await;
    listener.expect_access(after.tenant(), None).await;
    assert!(leads_to(&world, &after, "crm.acme.example").await);
    let lost = before.get(&one).await.expect(200);
    assert_eq!((&lost["status"], &lost["is_primary"]), (&json!("pending"), &json!(false)));
    let listed = before.get(&path(&before)).await.expect(200);
    assert_eq!(
        (&listed["results"][0]["host"], &listed["results"][0]["is_primary"]),
        (&json!("acme.localhost"), &json!(true))
    );
    let told = "SELECT count(*) AS number FROM audit_entries WHERE action = 'Domain.status.UPDATE' \
        AND actor_kind = 'service' AND client_address IS NULL AND tenant_id = ";
    let told = format!("{told}'{}'", before.tenant());
    assert_eq!(world.app.database.number(&told).await, 1, "who took it over is not told there");
}

#[actix_web::test]
async fn a_name_from_before_stays_until_another_tenant_proves_it() {
    let dns = Dns::start();
    let world = World::start_well(&[("DNS_SERVERS", &dns.address)]).await;
    let (before, after) = (world.tenant("acme").await, world.tenant("bolt").await);
    let old = add(&before, "crm.acme.example").await;
    let as_migrated = format!("UPDATE domains SET verified_at = now() WHERE id = '{}'", id(&old));
    world.app.database.execute(&as_migrated).await;
    assert!(leads_to(&world, &before, "crm.acme.example").await);
    let new = add(&after, "crm.acme.example").await;
    assert_eq!(verify(&after, &new).await.problem(), (422, "proof_not_found"));
    assert!(leads_to(&world, &before, "crm.acme.example").await);

    prove(&dns, &new);
    verify(&after, &new).await.expect(200);

    assert!(leads_to(&world, &after, "crm.acme.example").await);
}

#[actix_web::test]
async fn another_name_needs_another_proof_and_only_a_proven_one_is_the_primary_one() {
    let dns = Dns::start();
    let world = World::start_well(&[("DNS_SERVERS", &dns.address)]).await;
    let admin = world.tenant("acme").await;
    let listed = admin.get(&path(&admin)).await.expect(200);
    let given = &listed["results"][0];
    let first = format!("{}/{}", path(&admin), id(given));
    assert_eq!((&listed["count"], &given["is_primary"]), (&json!(1), &json!(true)));
    assert_eq!((&given["status"], &given["challenge"]), (&json!("verified"), &Value::Null));
    assert_eq!(admin.delete(&first).await.problem(), (422, "primary_domain"));
    assert_eq!(admin.patch(&first, &json!({ "is_primary": false })).await.problem(), (422, "primary_domain"));
    let refused = admin.post(&path(&admin), &json!({ "host": "a.example", "is_primary": true })).await;
    assert_eq!(refused.problem(), (422, "host_not_verified"));

    let made = add(&admin, "a.example").await;
    let second = format!("{}/{}", path(&admin), id(&made));
    let primary = json!({ "is_primary": true });
    assert_eq!(admin.patch(&second, &primary).await.problem(), (422, "host_not_verified"));
    prove(&dns, &made);
    verify(&admin, &made).await.expect(200);
    admin.patch(&second, &primary).await.expect(200);
    assert_eq!(admin.get(&first).await.expect(200)["is_primary"], false);
    let stale = admin.with("If-Match", "\"9\"").patch(&second, &json!({ "host": "b.example" })).await;
    assert_eq!(stale.problem().0, 412);
    let renamed = admin.patch(&second, &json!({ "host": "b.example" })).await;
    assert_eq!(renamed.problem(), (422, "host_not_verified"), "it would be primary and lead nowhere");
    admin.patch(&first, &primary).await.expect(200);

    let renamed = admin.patch(&second, &json!({ "host": "b.example" })).await.expect(200);

    assert_eq!((&renamed["host"], &renamed["status"]), (&json!("b.example"), &json!("pending")));
    assert_ne!(renamed["challenge"]["record_value"], made["challenge"]["record_value"]);
    assert!(!leads_to(&world, &admin, "a.example").await && !leads_to(&world, &admin, "b.example").await);
    let old_value = made["challenge"]["record_value"].as_str().unwrap();
    dns.say("_leadstream.b.example", &[old_value]);
    assert_eq!(verify(&admin, &renamed).await.problem(), (422, "proof_not_found"));
    let primaries =
        world.app.database.number("SELECT count(*) AS number FROM domains WHERE is_primary").await;
    assert_eq!(primaries, 1);
    assert_eq!(admin.delete(&second).await.status.as_u16(), 204);
}

#[actix_web::test]
async fn names_are_each_tenants_own_and_the_platforms_are_its_own() {
    let front_end = [("PUBLIC_URL", "https://leads.example"), ("FRONTEND_URL", "https://app.front.example")];
    let world = World::start_well(&front_end).await;
    let (acme, bolt) = (world.tenant("acme").await, world.tenant("bolt").await);
    for reserved in [
        "acme.localhost",
        "later.localhost",
        "leads.example",
        "acme.leads.example",
        "www.leads.example",
        "x.bolt.leads.example",
        "app.front.example",
        "x.app.front.example",
    ] {
        let refused = bolt.post(&path(&bolt), &json!({ "host": reserved })).await;
        assert_eq!(refused.problem(), (422, "host_reserved"), "{reserved}");
    }
    let bad = bolt.post(&path(&bolt), &json!({ "host": "http://x.example" })).await;
    assert_eq!(bad.faults(), [("host".to_owned(), "invalid_host".to_owned())]);
    let foreign = acme.get(&path(&acme)).await.expect(200)["results"][0].clone();
    for id in [id(&foreign), Uuid::now_v7()] {
        let own = format!("{}/{id}", path(&bolt));
        assert_eq!(bolt.get(&own).await.problem(), (404, "not_found"));
        assert_eq!(bolt.patch(&own, &json!({ "is_primary": true })).await.problem(), (404, "not_found"));
        assert_eq!(bolt.delete(&own).await.problem(), (404, "not_found"));
        let verify = bolt.post(&format!("{own}/verify"), &json!({})).await;
        assert_eq!(verify.problem(), (404, "not_found"));
    }
    assert_eq!(bolt.get(&path(&acme)).await.problem(), (404, "not_found"));
    assert_eq!(bolt.post(&path(&acme), &json!({ "host": "x.example" })).await.problem(), (404, "not_found"));
    let verify = bolt.post(&format!("{}/{}/verify", path(&acme), id(&foreign)), &json!({})).await;
    assert_eq!(verify.problem(), (404, "not_found"));
}

#[actix_web::test]
async fn a_name_that_the_platform_gives_can_be_added_again_and_needs_no_proof() {
    let world = World::start_well(&[("PUBLIC_URL", "https://leads.example")]).await;
    let admin = world.tenant("acme").await;
    let listed = admin.get(&path(&admin)).await.expect(200);
    let spare =
        listed["results"].as_array().unwrap().iter().find(|one| one["host"] == "acme.localhost").unwrap();
    assert_eq!(admin.delete(&format!("{}/{}", path(&admin), id(spare))).await.status.as_u16(), 204);
    assert!(!leads_to(&world, &admin, "acme.localhost").await);

    let made = add(&admin, "acme.localhost").await;

    assert_eq!((&made["status"], &made["challenge"]), (&json!("verified"), &Value::Null));
    assert!(leads_to(&world, &admin, "acme.localhost").await);
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
