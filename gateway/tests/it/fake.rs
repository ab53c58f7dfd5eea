//! A service behind the gateway: verifies identities as the real ones do, remembers what it saw and echoes it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use contracts::{
    Service,
    identity::{Caller, IDENTITY_HEADER, Identity},
    internal::users::Revocation,
};
use futures::StreamExt;
use platform::auth::identity::IdentityKeys;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A request that reached a service through the gateway.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub identity: Identity,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What the fake says, and what it has seen. Shared by all five.
#[derive(Default)]
pub struct Script {
    pub documents: Mutex<HashMap<Service, (String, Value)>>,
    pub key_set: Mutex<Value>,
    pub revocations: Mutex<Vec<Revocation>>,
    /// Answers to look-ups by user and tenant name, as JSON.
    pub access: Mutex<HashMap<(String, String), Value>>,
    /// Answers to look-ups by tenant name for all other users.
    pub tenants: Mutex<HashMap<String, Value>>,
    pub platform: Mutex<HashMap<String, Vec<String>>>,
    pub look_ups: Mutex<Vec<String>>,
    /// While true, internal calls fail.
    pub internal_is_away: Mutex<bool>,
    /// While true, the list of revocations is not given.
    pub revocations_are_away: Mutex<bool>,
    pub seen: Mutex<Vec<Seen>>,
    /// Other issuers that are trusted.
    pub issuers: Mutex<Vec<String>>,
    /// Status and body of the answer about a token of another issuer.
    pub identified: Mutex<Option<(u16, Value)>>,
    /// How often such a token was asked about.
    pub identifications: Mutex<u32>,
    /// The rate that every API key has spent.
    pub spent: Mutex<Option<u32>>,
}

struct Fake {
    service: Service,
    script: Arc<Script>,
    keys: IdentityKeys,
}

/// Starts a fake; gives its address and how to stop it.
pub fn start(
    service: Service,
    script: &Arc<Script>,
    keys: &IdentityKeys,
) -> (String, actix_web::dev::ServerHandle) {
    start_at("127.0.0.1:0", service, script, keys)
}

/// Starts a fake on a given address.
pub fn start_at(
    addr: &str,
    service: Service,
    script: &Arc<Script>,
    keys: &IdentityKeys,
) -> (String, actix_web::dev::ServerHandle) {
    let (script, keys) = (Arc::clone(script), keys.clone());
    let server = HttpServer::new(move || {
        let fake = Fake { service, script: Arc::clone(&script), keys: keys.clone() };
        App::new().app_data(web::Data::new(fake)).default_service(web::to(serve))
    })
    .workers(1)
    .tcp_nodelay(true)
    .disable_signals()
    .bind(addr)
    .unwrap();
    let address = format!("http://{}", server.addrs()[0]);
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    (address, handle)
}

async fn serve(request: HttpRequest, mut payload: web::Payload, fake: web::Data<Fake>) -> HttpResponse {
    let header =
        request.headers().get(IDENTITY_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let verified = fake.keys.verify(header, fake.service, request.method().as_str(), request.path());
    let Ok(identity) = verified else {
        return HttpResponse::Unauthorized().body(format!("{:?}", verified.err()));
    };
    let path = request.path();
    if path.ends_with("/early") {
        return HttpResponse::UnsupportedMediaType().json(json!({ "code": "unsupported_media_type" }));
    }
    let mut body = Vec::new();
    while let Some(Ok(piece)) = payload.next().await {
        body.extend_from_slice(&piece);
    }
    if matches!(identity.who, Caller::Service(Service::Gateway)) {
        return internal(&fake, path, &body);
    }
    let build = fake.script.documents.lock().unwrap().get(&fake.service).map(|(build, _)| build.clone());
    let headers = request.headers().iter();
    let headers = headers
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let seen = Seen {
        method: request.method().to_string(),
        target: request.uri().to_string(),
        headers: headers.collect(),
        identity,
        body,
    };
    let mut response = HttpResponse::Ok();
    response
        .insert_header(("x-leadstream-build", build.unwrap_or_default()))
        .insert_header(("x-leadstream-secret", "s"))
        .insert_header(("set-cookie", "a=b"))
        .insert_header(("etag", "\"7\""))
        .insert_header(("access-control-allow-origin", "https://form.example"));
    let answer = json!({ "service": fake.service, "method": seen.method, "target": seen.target,
        "sha256": format!("{:x?}", Sha256::digest(&seen.body).to_vec()), "length": seen.body.len() });
    fake.script.seen.lock().unwrap().push(seen);
    if let (Some(rate), "/api/leads/ingest") = (*fake.script.spent.lock().unwrap(), path) {
        return HttpResponse::TooManyRequests().insert_header(("x-leadstream-rate", rate)).finish();
    }
    match path.rsplit('/').next().unwrap_or_default() {
        "slow" => {
            tokio::time::sleep(Duration::from_secs(3)).await;
            response.json(answer)
        }
        "nothing" => HttpResponse::NoContent().finish(),
        "problem" => {
            HttpResponse::Conflict().content_type("application/problem+json").body("{\"code\":\"taken\"}")
        }
        // 24 MiB in pieces, their length not announced.
        "flood" => {
            let pieces = (0..384_u32)
                .map(|n| Ok::<_, actix_web::Error>(web::Bytes::from(vec![n.to_le_bytes()[0]; 65_536])));
            response.streaming(futures::stream::iter(pieces))
        }
        "ticks" => {
            let ticks = futures::stream::unfold(0, |n| async move {
                tokio::time::sleep(Duration::from_millis(50)).await;
                Some((Ok::<_, actix_web::Error>(web::Bytes::from(format!("data: {n}\n\n"))), n + 1))
            });
            response.content_type("text/event-stream").streaming(ticks)
        }
        "break" => {
            // The pause lets the beginning leave before the end of everything.
            let pieces = futures::stream::unfold(0, |n| async move {
                tokio::time::sleep(Duration::from_millis(50 * n)).await;
                let piece = if n == 0 {
                    Ok(web::Bytes::from_static(b"begin"))
                } else {
                    Err(actix_web::error::ErrorGone("x"))
                };
                Some((piece, n + 1))
            });
            response.streaming(pieces)
        }
        _ => response.json(answer),
    }
}

fn internal(fake: &Fake, path: &str, body: &[u8]) -> HttpResponse {
    let script = &fake.script;
    if *script.internal_is_away.lock().unwrap() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let call: Value = serde_json::from_slice(body).unwrap_or_default();
    match path {
        "/internal/openapi.json" => match script.documents.lock().unwrap().get(&fake.service) {
            Some((build, document)) => {
                HttpResponse::Ok().insert_header(("x-leadstream-build", build.as_str())).json(document)
            }
            None => HttpResponse::ServiceUnavailable().finish(),
        },
        "/.well-known/jwks.json" => HttpResponse::Ok().json(&*script.key_set.lock().unwrap()),
        "/internal/issuers" => HttpResponse::Ok().json(&*script.issuers.lock().unwrap()),
        "/internal/identities/identify" => {
            *script.identifications.lock().unwrap() += 1;
            let (status, answer) = script.identified.lock().unwrap().clone().unwrap();
            HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap()).json(answer)
        }
        "/internal/revocations" if *script.revocations_are_away.lock().unwrap() => {
            HttpResponse::ServiceUnavailable().finish()
        }
        "/internal/revocations" => {
            let after = call["after"].as_i64().unwrap_or_default();
            let known = script.revocations.lock().unwrap();
            HttpResponse::Ok()
                .json(known.iter().filter(|revocation| revocation.seq > after).collect::<Vec<_>>())
        }
        "/internal/access" => {
            let user = call["user_id"].as_str().unwrap_or_default().to_owned();
            let named = call["tenant"].as_object().and_then(|named| named.values().next()?.as_str());
            let tenant = named.or(call["tenant"].as_str()).unwrap_or_default();
            script.look_ups.lock().unwrap().push(tenant.to_owned());
            let own = if tenant == "only" {
                only(&script.access.lock().unwrap(), &user)
            } else {
                script.access.lock().unwrap().get(&(user, tenant.to_owned())).cloned()
            };
            let answer = own.or_else(|| script.tenants.lock().unwrap().get(tenant).cloned());
            HttpResponse::Ok().json(answer.unwrap_or_else(|| json!({ "tenant": null, "grant": null })))
        }
        "/internal/platform-access" => {
            let role = call["platform_role"].as_str().unwrap_or_default();
            let permissions = script.platform.lock().unwrap().get(role).cloned().unwrap_or_default();
            HttpResponse::Ok().json(json!({ "permissions": permissions }))
        }
        _ => HttpResponse::NotFound().finish(),
    }
}

/// The access of a person who has it in one tenant only.
fn only(access: &HashMap<(String, String), Value>, user: &str) -> Option<Value> {
    let by_id = |name: &str| uuid::Uuid::parse_str(name).is_ok();
    let own: Vec<&Value> = access
        .iter()
        .filter(|((person, name), _)| person == user && by_id(name))
        .map(|(_, one)| one)
        .collect();
    if let [one] = own.as_slice() { Some((*one).clone()) } else { None }
}
