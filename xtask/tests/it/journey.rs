//! A form's lead through the whole platform: stored, enriched, delivered and visible.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::{
    browser::{Browser, eventually, platform},
    outside::{Outside, Received},
};

const SOON: Duration = Duration::from_secs(20);
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn signature(secret: &str, delivery: &Received) -> String {
    let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    let signed = format!(
        "{}.{}.{}",
        delivery.header("webhook-id"),
        delivery.header("webhook-timestamp"),
        delivery.raw
    );
    mac.update(signed.as_bytes());
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

#[test]
fn a_forms_lead_is_stored_enriched_delivered_and_visible() {
    let platform = platform();
    let outside = Outside::start();
    let admin = Browser::tenant_admin(&platform);
    let form = Browser::form(&platform);

    // The tenant's own endpoint receives events of leads and of enrichment results.
    let endpoint =
        json!({"url": format!("{}/hook", outside.address()), "events": ["Lead.*", "Enrichment.*"]});
    let endpoint = admin.post("/api/v2/webhook-endpoints", &endpoint).expect(201);
    let secret = endpoint["secret"].as_str().unwrap();
    outside.refuse_next(1);

    // A website's form, in each content type of forms.
    let fields = [("name", "Ada Lovelace"), ("email", "Ada@Example.com"), ("budget", "10k")];
    let urlencoded = form.post_form("/api/leads/ingest", &fields).expect(201);
    assert_eq!(urlencoded["status"], "created");
    let reference = json!({"email": "grace@example.com", "lead_reference_id": "ref-1"});
    let first = form.post("/api/v2/leads/ingest", &reference).expect(201);
    let again = form.post("/api/leads/ingest/", &reference).expect(200);
    assert_eq!(again, json!({"id": first["id"], "status": "duplicate"}));

    // The event reaches the endpoint, signed, after its first delivery failed.
    let delivered = eventually("both leads are delivered", SOON, || {
        let received = outside.received();
        let leads: Vec<_> = received.into_iter().filter(|one| one.body["type"] == "Lead.CREATE").collect();
        (leads.len() == 2).then_some(leads)
    });
    for delivery in &delivered {
        assert_eq!(delivery.header("traceparent").len(), 55, "{:?}", delivery.headers);
        assert_eq!(delivery.header("webhook-signature"), signature(secret, delivery));
        assert_eq!(delivery.header("webhook-id"), delivery.body["id"]);
        assert_eq!(delivery.body["tenant"]["client_id"], "demo");
    }
    assert!(delivered.iter().any(|one| one.body["data"]["raw_payload"]["budget"] == "10k"));

    // The tenant's admin is notified of each, once.
    let notified = eventually("the admin is notified", SOON, || {
        let list = admin.get("/api/v2/notifications").expect(200);
        (list["count"] == 2).then_some(list)
    });
    assert_eq!(notified["unread"], 2);

    // A product and an account with a website; the website is read and fills empty fields.
    let product = json!({"name": "Launch pads", "description": "For rockets."});
    let product = admin.post("/api/v2/products", &product).expect(201);
    let account = json!({
        "name": "Acme", "product_id": product["id"], "website": format!("{}/", outside.address()), "location": "Mine"
    });
    let traced = admin.with("traceparent", &format!("00-{TRACE}-00f067aa0ba902b7-01"));
    let account = traced.post("/api/v2/accounts", &account).expect(201);
    assert_eq!(account["enrichment_jobs"][0]["type"], "COMPANY_INFO");
    let path = format!("/api/v2/accounts/{}", account["id"].as_str().unwrap());
    let enrichment = eventually("the account is enriched", SOON, || {
        let list = admin.get(&format!("{path}/enrichment")).expect(200);
        let of =
            |kind| list["results"].as_array()?.iter().find(|one| one["enrichment_type"] == kind).cloned();
        of("COMPANY_INFO").filter(|one| one["status"] == "completed")
    });
    assert_eq!((&enrichment["completion_percent"], &enrichment["source"]), (&json!(100), &json!("website")));
    let fields: Vec<&str> = enrichment["provenance"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    assert!(fields.contains(&"founded_year") && !fields.contains(&"location"), "{fields:?}");
    let enriched = admin.get(&path).expect(200);
    assert_eq!((&enriched["founded_year"], &enriched["employee_count"]), (&json!(1999), &json!(42)));
    assert_eq!(enriched["linkedin_url"], "https://www.linkedin.com/company/acme");
    assert_eq!(
        (&enriched["contact_email"], &enriched["location"]),
        (&json!("hello@acme.example"), &json!("Mine"))
    );
    assert_eq!(enriched["technologies"], json!(["WordPress"]));

    // The user lists, filters and opens.
    let leads = admin.get("/api/v2/leads?status=new&ordering=-created_at&page_size=1").expect(200);
    assert_eq!((&leads["count"], &leads["results"][0]["id"]), (&json!(2), &first["id"]));
    assert!(leads["next"].as_str().unwrap().starts_with(&platform.base_url()));
    let opened = admin.get(&format!("/api/v2/leads/{}", urlencoded["id"].as_str().unwrap()));
    assert!(opened.headers.iter().any(|(name, value)| name == "etag" && value == "\"1\""));
    assert_eq!(opened.expect(200)["email"], "ada@example.com");
    assert_eq!(admin.get("/api/v2/accounts?name__icontains=acm").expect(200)["count"], 1);
    let found = admin.get("/api/v2/leads?search=grace").expect(200);
    assert_eq!(found["count"], 1);

    // One trace id in every process that handled the account.
    for process in ["gateway", "lead-service", "enrichment-service", "integration-service"] {
        eventually(&format!("{process} logs the trace"), SOON, || {
            platform.log(process).contains(TRACE).then_some(())
        });
    }
    platform.stop();
}

#[test]
fn every_process_exports_metrics_and_logs_the_trace_of_its_requests() {
    let platform = platform();
    let anonymous = Browser::new(&platform);
    let traced = anonymous.with("traceparent", &format!("00-{TRACE}-00f067aa0ba902b7-01"));
    let owner = json!({
        "email": "owner@traced.example", "password": "a password of no account", "first_name": "O", "last_name": "O",
        "tenant": {"client_id": "traced", "name": "Traced", "website": "https://traced.example"}
    });
    anonymous.post("/api/v2/auth/register", &owner).expect(201);
    let sign_in = json!({"email": "owner@traced.example", "password": "a password of no account"});
    let session = traced.post("/api/v2/auth/login", &sign_in).expect(200);
    let bearer = format!("Bearer {}", session["access_token"].as_str().unwrap());
    // The gateway has not cached this user's access yet, and asks tenant-service.
    let leads = traced.with("Authorization", &bearer).with("X-Tenant-Id", "traced").get("/api/v2/leads");
    leads.expect(200);
    Browser::form(&platform).post("/api/leads/ingest", &json!({"email": "ada@example.com"})).expect(201);

    for process in ["gateway", "auth-service", "tenant-service", "lead-service"] {
        eventually(&format!("{process} logs the trace"), SOON, || {
            platform.log(process).contains(TRACE).then_some(())
        });
    }
    let owns_data = [
        "http_requests_total",
        "http_request_duration_seconds",
        "db_connections",
        "queue_oldest_seconds{queue=\"outbox\"",
        "queue_items{queue=\"inbox\"",
    ];
    let figures: [(&str, &[&str]); 6] = [
        (
            "gateway-inner",
            &[
                "http_requests_total",
                "http_request_duration_seconds",
                "access_lookups_total",
                "upstream_breaker_open",
            ],
        ),
        ("auth-service", &owns_data),
        ("tenant-service", &owns_data),
        ("lead-service", &["stream_entries{group=", "ingest_batch_size", "api_key_lookups_total"]),
        ("enrichment-service", &["queue_items{queue=\"jobs\""]),
        ("integration-service", &["queue_items{queue=\"deliveries\""]),
    ];
    for (process, names) in figures {
        let always: &[&str] = if process == "gateway-inner" { &[] } else { &owns_data };
        for name in names.iter().chain(always) {
            eventually(&format!("{process} tells {name}"), 2 * SOON, || {
                let mut answer =
                    ureq::get(format!("{}/metrics", platform.service_url(process))).call().ok()?;
                answer.body_mut().read_to_string().ok()?.contains(name).then_some(())
            });
        }
    }
    platform.stop();
}

#[test]
fn the_gateway_refuses_callers_without_access() {
    let platform = platform();
    let (anonymous, admin) = (Browser::new(&platform), Browser::tenant_admin(&platform));
    let owner = json!({
        "email": "owner@other.example", "password": "a password of no account", "first_name": "O", "last_name": "O",
        "tenant": {"client_id": "other", "name": "Other", "website": "https://other.example"}
    });
    anonymous.post("/api/v2/auth/register", &owner).expect(201);
    let sign_in = json!({"email": "owner@other.example", "password": "a password of no account"});
    let session = anonymous.post("/api/v2/auth/login", &sign_in).expect(200);
    let other =
        anonymous.with("Authorization", &format!("Bearer {}", session["access_token"].as_str().unwrap()));
    let lead = admin.post("/api/v2/leads", &json!({"first_name": "Ada"})).expect(201);
    let path = format!("/api/v2/leads/{}", lead["id"].as_str().unwrap());

    let own = other.with("X-Tenant-Id", "other");
    assert_eq!(own.get("/api/v2/leads").expect(200)["count"], 0);
    assert_eq!(own.get(&path).expect(404)["code"], "not_found");
    assert_eq!(other.with("X-Tenant-Id", "demo").get(&path).expect(403)["code"], "not_a_member");
    // A member of one tenant need not name it.
    assert_eq!(other.get("/api/v2/leads").expect(200)["count"], 0);
    assert_eq!(other.get(&path).expect(404)["code"], "not_found");
    assert_eq!(
        other.with("X-Tenant-Id", "no-such-tenant").get(&path).expect(404)["code"],
        "tenant_not_found"
    );
    assert_eq!(anonymous.get(&path).expect(401)["code"], "not_authenticated");
    assert_eq!(own.get("/api/v2/tenants").expect(403)["code"], "permission_denied");
    assert_eq!(anonymous.get("/internal/openapi.json").status, 404);
    assert_eq!(own.get("/api/v2//leads").expect(400)["code"], "path_not_canonical");

    // Straight to a service, past the gateway.
    let direct = ureq::get(format!("{}{path}", platform.service_url("lead-service")));
    let refused =
        direct.header("X-Tenant-Id", "demo").config().http_status_as_error(false).build().call().unwrap();
    assert_eq!(refused.status(), 401);

    // The access token of an ended session is refused everywhere.
    let refresh = json!({"refresh_token": session["refresh_token"]});
    assert_eq!(own.post("/api/v2/auth/logout", &refresh).status, 204);
    eventually("the access token dies", Duration::from_secs(5), || {
        (own.get("/api/v2/leads").status == 401).then_some(())
    });
    platform.stop();
}

#[test]
fn the_merged_document_describes_every_public_route() {
    let platform = platform();
    let anonymous = Browser::new(&platform);

    let document = anonymous.get("/api/schema/").expect(200);

    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    for path in [
        "/api/leads/ingest",
        "/api/v2/leads/{id}",
        "/api/v2/auth/login",
        "/api/v2/tenants",
        "/api/v2/deliveries",
    ] {
        assert!(paths.contains_key(path), "{path}");
    }
    assert!(!paths.keys().any(|path| path.starts_with("/internal")));
    assert_eq!(anonymous.get("/api/docs/").status, 200);
    for (path, status) in [
        ("/health/ready", 200),
        ("/api/v2/health/ready", 200),
        ("/health", 401),
        ("/api/v2/health", 401),
        ("/metrics", 404),
    ] {
        assert_eq!(anonymous.get(path).status, status, "{path}");
    }
    platform.stop();
}
