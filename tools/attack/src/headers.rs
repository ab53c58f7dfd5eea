//! Headers that claim another identity or address, at the gateway and at the services' own listeners.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::stage::{Own, Stage};
use super::verdict::{Suite, decent, one_of, shown};
use devstack::people::{Api, signed};
use devstack::services::{SERVICES, database};
use devstack::wire::{Request, Response};

const LIMIT: Duration = Duration::from_secs(10);
const IDENTITY: &str = "X-Leadstream-Identity";

/// Runs the suite.
pub(super) fn run(stage: &Stage, suite: &Suite) -> Result<()> {
    claims(stage, suite)?;
    tenants(stage, suite);
    match &stage.own {
        Some(own) => doors(own, suite),
        None => {
            suite.skip("the services' own doors, which only their own machine should reach");
            Ok(())
        }
    }
}

/// What a caller says about itself without being asked.
fn claims(stage: &Stage, suite: &Suite) -> Result<()> {
    let forged = BASE64.encode(json!({"aud": "auth", "who": {"user": {"id": stage.ours.id}}}).to_string());
    for (name, header, value) in [
        ("an identity", IDENTITY, format!("{forged}.{forged}")),
        ("an identity in another case", "x-LEADSTREAM-identity", forged),
        ("another internal header", "X-Leadstream-User", "1".to_owned()),
        ("a user of a proxy", "X-Remote-User", "admin".to_owned()),
        ("another method", "X-HTTP-Method-Override", "DELETE".to_owned()),
    ] {
        let nobody = Request::new("GET", "/api/v2/auth/me").header(header, &value);
        expect(stage, suite, &format!("{name} makes nobody somebody"), &nobody, |answer| {
            one_of(answer, &[401])
        });
        let somebody = signed("GET", "/api/v2/auth/me", &stage.ours.token, None).header(header, &value);
        let email = stage.ours.admin.email.clone();
        expect(stage, suite, &format!("{name} makes somebody nobody else"), &somebody, move |answer| {
            one_of(answer, &[200])?;
            let found = answer.json().get("email").and_then(Value::as_str).unwrap_or_default().to_owned();
            if found == email { Ok(()) } else { Err(format!("is {found}")) }
        });
    }
    let login = json!({"email": stage.ours.admin.email, "password": stage.ours.admin.password});
    let mut login = Request::new("POST", "/api/v2/auth/login").json(&login);
    for name in
        ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP", "X-Client-IP"]
    {
        login = login.header(name, if name == "Forwarded" { "for=203.0.113.99" } else { "203.0.113.99" });
    }
    stage.api.ask(&login, &[200])?;
    let sessions = signed("GET", "/api/v2/auth/sessions?page_size=200", &stage.ours.token, None);
    expect(stage, suite, "an address that a caller claims is not believed", &sessions, |answer| {
        one_of(answer, &[200])?;
        if answer.text().contains("203.0.113.99") {
            Err(format!("is kept: {}", shown(answer)))
        } else {
            Ok(())
        }
    });
    Ok(())
}

/// Ways to name a tenant that is not one's own.
fn tenants(stage: &Stage, suite: &Suite) {
    let (ours, theirs) = (&stage.ours, &stage.theirs);
    let request = || signed("GET", "/api/v2/leads", &ours.token, None);
    let cases: [(&str, Request, &[u16]); 10] = [
        // The only one that the caller is a member of is meant.
        ("no tenant", request(), &[200]),
        ("another's by id", request().header("X-Tenant-Id", &theirs.id), &[403]),
        ("another's by name", request().header("X-Tenant-Id", &theirs.client_id), &[403]),
        (
            "two, ours first",
            request().header("X-Tenant-Id", &ours.id).header("X-Tenant-Id", &theirs.id),
            &[400],
        ),
        (
            "two, theirs first",
            request().header("X-Tenant-Id", &theirs.id).header("X-Tenant-Id", &ours.id),
            &[400],
        ),
        ("two in one", request().header("X-Tenant-Id", &format!("{}, {}", ours.id, theirs.id)), &[400, 404]),
        (
            "an unknown one",
            request().header("X-Tenant-Id", "00000000-0000-4000-8000-000000000000"),
            &[403, 404],
        ),
        ("a quote", request().header("X-Tenant-Id", "' or 1=1 --"), &[400, 404]),
        (
            "another's in the host name that a proxy would tell",
            request().header("X-Forwarded-Host", &format!("{}.localhost", theirs.client_id)),
            &[200],
        ),
        (
            "another's in the query",
            signed("GET", &format!("/api/v2/leads?tenant_id={}", theirs.id), &ours.token, Some(&ours.id)),
            &[400],
        ),
    ];
    for (name, request, wanted) in cases {
        expect(stage, suite, &format!("a tenant: {name}"), &request, |answer| one_of(answer, wanted));
    }
    let body = json!({"first_name": "x", "email": "t@example.org", "tenant_id": theirs.id});
    let write = signed("POST", "/api/v2/leads", &ours.token, Some(&ours.id)).json(&body);
    expect(stage, suite, "a tenant: another's in the body", &write, |answer| one_of(answer, &[400]));
    let form = Request::new("POST", "/api/leads/ingest")
        .header("X-API-Key", &ours.key)
        .header("X-Tenant-Id", &theirs.id);
    let form = form.json(&json!({"email": "key@example.org"}));
    expect(stage, suite, "a key acts in its own tenant only", &form, |answer| {
        if answer.status >= 400 {
            return Ok(());
        }
        let id = answer.json().get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let look = signed("GET", &format!("/api/v2/leads/{id}"), &theirs.token, Some(&theirs.id));
        match look.send(stage.api.address, LIMIT) {
            Ok(found) => one_of(&found, &[404]),
            Err(failure) => Err(format!("no answer: {failure:?}")),
        }
    });
    for (name, keys) in
        [("two keys", [&ours.key, &theirs.key]), ("two keys, theirs first", [&theirs.key, &ours.key])]
    {
        let request = keys
            .into_iter()
            .fold(Request::new("POST", "/api/leads/ingest"), |request, key| request.header("X-API-Key", key));
        expect(stage, suite, name, &request.json(&json!({"email": "two@example.org"})), |answer| {
            one_of(answer, &[400, 401])
        });
    }
}

/// The services themselves, reached past the gateway.
fn doors(own: &Own, suite: &Suite) -> Result<()> {
    for service in SERVICES {
        let base_url = own.platform.service_url(service);
        let api = Api::at(&base_url)?;
        let (method, path) = probe(service);
        let door = Door { service, api, base_url, method, path };
        door.expect(suite, "without an identity", None, &[401]);
        door.expect(suite, "with garbage", Some("garbage"), &[401]);
        let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
        let good = json!({
            "aud": database(service), "exp": now + 30, "rid": "attack", "mth": method, "pth": path, "who": {"service": "gateway"},
        });
        let sign = |changes: Value, secret: &str| -> Result<String> {
            let mut claims = good.as_object().cloned().unwrap_or_default();
            claims.extend(changes.as_object().cloned().unwrap_or_default());
            signed_claims(&Value::Object(claims), secret)
        };
        let secret = own.secrets.identity.as_str();
        // Whatever the answer to the request itself: it was let in.
        door.expect(
            suite,
            "with a good identity, or the rest of these cases shows nothing",
            Some(&sign(json!({}), secret)?),
            &[200, 201, 202, 204, 400, 403, 404, 405, 415, 422],
        );
        for (name, changes) in [
            ("for another service", json!({"aud": if service == "auth-service" { "lead" } else { "auth" }})),
            ("for another method", json!({"mth": "PATCH"})),
            ("for another path", json!({"pth": "/api/v2/other"})),
            ("that has expired", json!({"exp": now - 6})),
            ("that lives too long", json!({"exp": now + 3_600})),
            ("of nobody known", json!({"who": "root"})),
        ] {
            door.expect(suite, &format!("with an identity {name}"), Some(&sign(changes, secret)?), &[401]);
        }
        door.expect(
            suite,
            "with an identity of another secret",
            Some(&sign(json!({}), &"x".repeat(52))?),
            &[401],
        );
        let genuine = sign(json!({}), secret)?;
        let (claims, signature) = genuine.split_once('.').context("no signature")?;
        door.expect(suite, "with an identity without its signature", Some(&format!("{claims}.")), &[401]);
        door.expect(
            suite,
            "with a cut signature",
            Some(&format!("{claims}.{}", signature.get(..10).unwrap_or_default())),
            &[401],
        );
    }
    Ok(())
}

/// A public route.
fn probe(service: &str) -> (&'static str, &'static str) {
    match service {
        "auth-service" => ("POST", "/internal/users/describe"),
        "tenant-service" => ("POST", "/internal/access"),
        "lead-service" => ("PUT", "/internal/accounts/fill"),
        "enrichment-service" => ("POST", "/internal/account-enrichment"),
        _ => ("GET", "/internal/openapi.json"),
    }
}

struct Door {
    service: &'static str,
    api: Api,
    base_url: String,
    method: &'static str,
    path: &'static str,
}

impl Door {
    fn expect(&self, suite: &Suite, name: &str, identity: Option<&str>, wanted: &[u16]) {
        let mut request = Request::new(self.method, self.path);
        if let Some(identity) = identity {
            request = request.header(IDENTITY, identity);
        }
        if self.method != "GET" {
            request = request.json(&json!({}));
        }
        let outcome = match request.send(self.api.address, LIMIT) {
            Ok(answer) => one_of(&answer, wanted),
            Err(failure) => Err(format!("no answer: {failure:?}")),
        };
        suite.case(&format!("{} {name}", self.service), || request.curl(&self.base_url), outcome);
    }
}

fn signed_claims(claims: &Value, secret: &str) -> Result<String> {
    let claims = BASE64.encode(claims.to_string());
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).context("the secret is no key")?;
    mac.update(claims.as_bytes());
    Ok(format!("{claims}.{}", BASE64.encode(mac.finalize().into_bytes())))
}

fn expect(
    stage: &Stage,
    suite: &Suite,
    name: &str,
    request: &Request,
    judge: impl FnOnce(&Response) -> Result<(), String>,
) {
    let outcome = match request.send(stage.api.address, LIMIT) {
        Ok(answer) => decent(&answer).and_then(|()| judge(&answer)),
        Err(failure) => Err(format!("no answer: {failure:?}")),
    };
    suite.case(name, || stage.curl(request), outcome);
}
