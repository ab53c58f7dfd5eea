//! Serves a service's routes: identity, trace, deadline, log line, metrics and problems around every handler.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use actix_web::{
    App, HttpMessage, HttpResponse, HttpServer,
    body::{BoxBody, MessageBody},
    dev::{ServerHandle, ServiceRequest, ServiceResponse},
    error::InternalError,
    http::header::{HeaderName, HeaderValue},
    middleware::{Next, from_fn},
    web,
};
use contracts::{Service, identity::IDENTITY_HEADER};
use sha2::{Digest, Sha256};

use super::{
    body::BodyRules,
    context::{self, RequestContext},
    health::{self, Health},
    idempotency::IdempotencyKey,
    leaving,
    meters::Meters,
    openapi,
    problem::Problem,
    routes::Routes,
    secrets,
};
use crate::{
    auth::{identity::IdentityKeys, teams::Teams},
    client::Peers,
    config::HttpConfig,
    db::Db,
    telemetry::{Step, TraceContext},
};

/// Header by which the gateway notices that a service's routes may have changed.
pub const BUILD_HEADER: &str = "x-leadstream-build";
/// Path of a service's OpenAPI document, for the gateway.
pub const DOCUMENT_PATH: &str = "/internal/openapi.json";

/// What a service serves.
pub struct Site {
    /// Which service this is.
    pub service: Service,
    /// Its routes.
    pub routes: Routes,
    /// What must be reachable.
    pub health: Health,
    /// Where answers are kept that are given again under an `Idempotency-Key`.
    pub db: Db,
    /// Verifies who is asking.
    pub keys: IdentityKeys,
    /// The other services: tenant-service is asked for teams too large to travel.
    pub peers: Peers,
}

#[derive(Clone)]
struct Edge {
    service: Service,
    db: Db,
    keys: IdentityKeys,
    /// `None` in tenant-service, which does not apply data scopes.
    teams: Option<Teams>,
    build: HeaderValue,
    deadline: Duration,
    health: Health,
    /// Counts what no route was found for.
    unmatched: Arc<Meters>,
}

/// A server that runs until it is stopped.
pub struct Serving {
    /// Address it listens on.
    pub addr: std::net::SocketAddr,
    /// Stops it.
    pub handle: ServerHandle,
    /// Ends when it has stopped.
    pub done: actix_web::dev::Server,
}

/// Starts serving. `data` adds what handlers ask for.
///
/// # Errors
/// When the address cannot be listened on.
pub fn start<D: 'static>(site: Site, config: &HttpConfig, deps: web::Data<D>) -> anyhow::Result<Serving>
where
    web::Data<D>: Send + Clone,
{
    let Site { service, routes, health, db, keys, peers } = site;
    let teams = (service != Service::Tenant).then(|| Teams::new(peers));
    let build = build()?;
    let unmatched = Arc::new(Meters::new("any", "unmatched"));
    let edge = Edge {
        service,
        db,
        keys,
        teams,
        build,
        deadline: config.request_deadline,
        health: health.clone(),
        unmatched,
    };
    let rules = BodyRules::from(config);
    let document = Arc::new(LazyDocument { service, routes: routes.clone(), text: OnceLock::new() });
    let server = HttpServer::new(move || {
        let document = Arc::clone(&document);
        let app = App::new()
            .app_data(deps.clone())
            .app_data(web::Data::new(edge.clone()))
            .app_data(web::Data::new(health.clone()))
            .app_data(web::Data::new(rules))
            .app_data(web::PathConfig::default().error_handler(|_, _| Problem::not_found().into()))
            .configure(|config| health::configure(config, ""))
            .route("/metrics", web::get().to(health::metrics))
            .route(
                DOCUMENT_PATH,
                web::get().to(move |_: super::Internal| {
                    let document = Arc::clone(&document);
                    async move { document.respond().await }
                }),
            )
            .configure(|config| routes.configure(config))
            .default_service(web::to(|| async { HttpResponse::from_error(Problem::not_found()) }));
        app.wrap(from_fn(around))
    })
    .workers(config.workers)
    .tcp_nodelay(true)
    .keep_alive(Duration::from_secs(75))
    .client_request_timeout(Duration::from_secs(10))
    .shutdown_timeout(leaving::FINISH_WITHIN.as_secs())
    .disable_signals()
    .bind(config.addr)?;
    let addr = server.addrs().first().copied().unwrap_or(config.addr);
    let done = server.run();
    Ok(Serving { addr, handle: done.handle(), done })
}

/// The OpenAPI document of a service. It is written when the gateway first asks: that takes longer than all else a start does.
struct LazyDocument {
    service: Service,
    routes: Routes,
    text: OnceLock<String>,
}

impl LazyDocument {
    async fn respond(self: Arc<Self>) -> Result<HttpResponse, Problem> {
        let text = web::block(move || self.text().map(str::to_owned)).await;
        match text {
            Ok(Some(text)) => Ok(HttpResponse::Ok().content_type("application/json").body(text)),
            Ok(None) | Err(_) => Err(Problem::internal("the OpenAPI document cannot be written")),
        }
    }

    /// Written by a thread of its own, so that the allocator returns its memory: writing takes twenty times its size.
    fn text(&self) -> Option<&str> {
        if let Some(text) = self.text.get() {
            return Some(text);
        }
        let title = format!("Leadstream {}", self.service);
        let write = || openapi::document(&title, env!("CARGO_PKG_VERSION"), &self.routes).to_string();
        let text = std::thread::scope(|scope| scope.spawn(write).join()).ok()?;
        Some(self.text.get_or_init(|| text))
    }
}

/// Names this build: size and time of the executable. Replicas of one build agree, and another build differs.
fn build() -> anyhow::Result<HeaderValue> {
    let facts = std::env::current_exe()?.metadata()?;
    let modified = facts.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let digest = Sha256::digest(format!("{}/{}", facts.len(), modified.as_nanos()).as_bytes());
    Ok(HeaderValue::from_str(&hex::encode(digest.first_chunk::<8>().copied().unwrap_or_default()))?)
}

fn is_open(path: &str) -> bool {
    matches!(path, "/health" | "/health/status" | "/health/ready" | "/metrics")
}

/// The text of a header when it is text.
pub fn header<'a>(request: &'a ServiceRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// The caller's request id when it is sane, a new one otherwise.
pub fn request_id(sent: Option<&str>) -> String {
    sent.filter(|id| context::is_request_id(id))
        .map_or_else(|| uuid::Uuid::now_v7().to_string(), str::to_owned)
}

async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(edge) = request.app_data::<web::Data<Edge>>().cloned() else {
        return Ok(request.into_response(HttpResponse::InternalServerError().finish()));
    };
    let started = std::time::Instant::now();
    let (method, path) = (request.method().to_string(), request.path().to_owned());
    let mut identity = match header(&request, IDENTITY_HEADER) {
        Some(sent) => edge.keys.verify(sent, edge.service, &method, &path),
        None => Err(crate::auth::identity::Refusal::Missing),
    };
    let teamless = match (&mut identity, &edge.teams) {
        (Ok(identity), Some(teams)) => teams.complete(identity).await.err(),
        _ => None,
    };
    let (idempotency_key, unsound_key) = match IdempotencyKey::of(&request, identity.as_ref().ok(), &edge.db)
    {
        Ok(key) => (key, None),
        Err(problem) => (None, Some(problem)),
    };
    let host = header(&request, "x-forwarded-host");
    let origin =
        host.map(|host| format!("{}://{host}", header(&request, "x-forwarded-proto").unwrap_or("http")));
    let context = Arc::new(RequestContext {
        request_id: request_id(header(&request, "x-request-id")),
        trace: TraceContext::continued(header(&request, "traceparent")),
        method,
        path,
        origin,
        idempotency_key,
        identity: identity.as_ref().ok().cloned(),
        meters: OnceLock::new(),
        body_digest: OnceLock::new(),
    });
    let open = is_open(&context.path);
    let refused = match &identity {
        Err(refusal) if !open => {
            Some((Problem::unauthorized("not_authenticated", "This needs an identity."), *refusal))
        }
        _ => None,
    };
    let work = async {
        let mut outcome = if let Some((problem, refusal)) = refused {
            tracing::warn!(reason = %refusal, "a request without a valid identity was refused");
            Ok(request.into_response(HttpResponse::from_error(problem)))
        } else if let Some(problem) = teamless.or(unsound_key) {
            Ok(request.into_response(HttpResponse::from_error(problem)))
        } else {
            request.extensions_mut().insert(Arc::clone(&context));
            // The request must not be held on to: actix routes it by changing it in place.
            match tokio::time::timeout(edge.deadline, next.call(request)).await {
                Ok(Ok(response)) => Ok(response.map_into_boxed_body()),
                Ok(Err(error)) => Err(HttpResponse::from_error(error)),
                Err(_) => {
                    Err(HttpResponse::from_error(Problem::unavailable("the request ran into its deadline")))
                }
            }
        };
        let response = match &mut outcome {
            Ok(response) => response.response_mut(),
            Err(response) => response,
        };
        finish(response, &context, &edge, started.elapsed(), open);
        outcome
            .map_err(|response| InternalError::from_response("the request was not served", response).into())
    };
    context::within(Arc::clone(&context), work).await
}

/// Fills in what only this place knows: the problem's body, the headers of every answer, the log line, the metrics.
fn finish(response: &mut HttpResponse, context: &RequestContext, edge: &Edge, took: Duration, open: bool) {
    let problem = response.extensions_mut().remove::<Problem>();
    if let Some(problem) = &problem {
        *response = problem.response(Some(&secrets::masked(&context.path)), Some(&context.request_id));
    } else if response.status().is_client_error() {
        adopt_foreign_error(response, context);
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&context.request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    headers.insert(HeaderName::from_static(BUILD_HEADER), edge.build.clone());
    leaving::part(&edge.health, response);
    let status = response.status().as_u16();
    let meters = context.meters.get().unwrap_or(&edge.unmatched);
    meters.count(status, took.as_secs_f64());
    if open {
        return;
    }
    let route = meters.route();
    let step = Step {
        name: [&context.method, route],
        is_ours: true,
        took,
        status,
        failed: status >= 500,
        attributes: &[("request.id", &context.request_id)],
    };
    step.ended(&context.trace);
    let duration_ms = took.as_secs_f64() * 1_000.0;
    let cause = problem.as_ref().and_then(|problem| problem.cause.as_deref());
    let code = problem.as_ref().map(|problem| problem.code);
    if status >= 500 {
        tracing::error!(http.method = %context.method, http.route = %route, http.status_code = status, duration_ms, code, cause, "request failed");
    } else {
        tracing::info!(http.method = %context.method, http.route = %route, http.status_code = status, duration_ms, code, "request");
    }
}

/// An error that actix itself made, such as for a malformed request, in our form.
fn adopt_foreign_error(response: &mut HttpResponse, context: &RequestContext) {
    let is_json =
        response.headers().get("content-type").is_some_and(|value| value.as_bytes().ends_with(b"json"));
    if !is_json {
        let problem = Problem::new(response.status(), "bad_request", "The request cannot be understood.");
        *response = problem.response(Some(&secrets::masked(&context.path)), Some(&context.request_id));
    }
}
