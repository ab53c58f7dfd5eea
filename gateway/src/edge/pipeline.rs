//! The way of a request through the gateway.

use std::{
    net::{IpAddr, Ipv4Addr},
    rc::Rc,
    sync::Arc,
};

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    body::BoxBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, Uri, header},
    middleware::Next,
};
use contracts::Service;
use platform::{Problem, http::secrets};

use super::{
    address::{self, ClientInfo},
    admission, bounds, canonical,
    completion::{self, Completion},
    context::ProxyContext,
    cors, payload_guard,
    proxy::Admitted,
    same_origin,
};
use crate::{
    builtin,
    incoming::{self, Targets},
    limits::Subject,
    routes::{operation::Operation, table::Found},
    state::{Gateway, Worker},
};

/// Takes a request from its first byte to its answer.
///
/// # Errors
/// None: every failure is an answer.
pub async fn around(
    worker: Rc<Worker>,
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let in_chunks = request.headers().contains_key(header::TRANSFER_ENCODING);
    let mut payload = request.take_payload();
    let response = answer(&worker, request, &mut payload, next).await?;
    Ok(if in_chunks { response.map_body(|_, body| payload_guard::hold(payload, body)) } else { response })
}

async fn answer(
    worker: &Worker,
    mut request: ServiceRequest,
    payload: &mut Payload,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let gateway = &worker.gateway;
    // Taken whatever comes of the request, so that the next one finds its own.
    let received = request.conn_data::<Targets>().and_then(Targets::next);
    let (mut ctx, beginning) = begin(gateway, &request);
    // Whatever is answered counts, refusals of malformed requests included.
    let limited = limit_address(gateway, &mut ctx).and(beginning);
    let limited = limited.and_then(|()| bounds::check(request.uri(), request.headers()));
    let is_visit = builtin::is_visit(request.request());
    let is_builtin_path = |path: &str| is_visit || builtin::is_builtin_path(path);
    let outcome = match limited.and_then(|()| target(request.uri(), received).map(is_builtin_path)) {
        Ok(true) => {
            builtin::fold(&mut request);
            ctx.is_builtin = true;
            match admit_to_own(gateway, &mut ctx, &request).await {
                Ok(()) => {
                    let method = request.method().clone();
                    let (request, response) = next.call(request).await?.into_parts();
                    return Ok(conclude(gateway, &ctx, &method, request, builtin::adopt(response)));
                }
                Err(problem) => Err(problem),
            }
        }
        Ok(false) => Ok(()),
        Err(problem) => Err(problem),
    };
    let (request, _) = request.into_parts();
    let outcome = match outcome {
        Ok(()) => serve(worker, &mut ctx, &request, received, payload).await,
        Err(problem) => Err(problem),
    };
    let method = request.method().clone();
    Ok(conclude(gateway, &ctx, &method, request, outcome))
}

/// Whether a route of the gateway's own may be asked: by a method that there is, and where it is for staff, by staff.
async fn admit_to_own(
    gateway: &Gateway,
    ctx: &mut ProxyContext,
    request: &ServiceRequest,
) -> Result<(), Problem> {
    if *request.method() != Method::GET {
        ctx.methods = Some("GET, HEAD".to_owned());
        return Err(method_not_allowed());
    }
    if builtin::is_for_staff(request.path()) {
        admission::admit_staff(gateway, ctx, request.request()).await?;
        request.extensions_mut().insert(builtin::Staff);
    }
    ctx.allowed = true;
    Ok(())
}

fn begin(gateway: &Gateway, request: &ServiceRequest) -> (ProxyContext, Result<(), Problem>) {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    let config = &gateway.config;
    let https = config.public_url.scheme() == "https";
    match address::client_info(peer, request.headers(), &config.trusted_proxies, https) {
        Ok(client) => (ProxyContext::begin(request, client), Ok(())),
        Err(_) => {
            let problem = Problem::bad_request("invalid_host", "The request must name one host.");
            (ProxyContext::begin(request, ClientInfo { address: peer, https, host: None }), Err(problem))
        }
    }
}

/// The canonical path of a request target, of which so many bytes were received.
fn target(uri: &Uri, received: Option<usize>) -> Result<&str, Problem> {
    let not_canonical = || {
        let detail = "The path must be written in its canonical form: no empty or dot segments, nothing encoded needlessly.";
        Problem::bad_request("path_not_canonical", detail)
    };
    if uri.scheme().is_some()
        || uri.authority().is_some()
        || !uri.query().is_none_or(canonical::is_sane_query)
        || !incoming::is_whole(uri, received)
    {
        return Err(not_canonical());
    }
    canonical::canonical(uri.path()).map_err(|_| not_canonical())
}

fn limit_address(gateway: &Gateway, ctx: &mut ProxyContext) -> Result<(), Problem> {
    let subject = Subject::address(ctx.client.address);
    admission::spend(gateway, ctx, subject)
}

async fn serve(
    worker: &Worker,
    ctx: &mut ProxyContext,
    request: &HttpRequest,
    received: Option<usize>,
    payload: &mut Payload,
) -> Result<HttpResponse<BoxBody>, Problem> {
    let gateway = &worker.gateway;
    let path = target(request.uri(), received)?;
    if request.method() == Method::OPTIONS {
        return options(gateway, ctx, request, path);
    }
    let operation = operation(gateway, ctx, request.method().as_str(), path)?;
    ctx.operation = Some(Arc::clone(&operation));
    if operation.takes_cookie {
        same_origin::check(request.method(), request.headers(), &ctx.client)?;
    }
    let caller = admission::admit(gateway, ctx, &operation, request, path).await?;
    ctx.allowed = true;
    let admitted = Admitted { worker, ctx, operation: &operation, request, path };
    let (answer, spent) = admitted.forward(payload, caller).await?;
    ctx.answered_by_service = true;
    if let (Some(rate), Some(key)) = (spent, admission::api_key(&operation, request))
        && let Some(limit_state) = gateway.limiter.observe(key, rate)
    {
        ctx.set_limit_state(limit_state);
        ctx.limit = Some(key.kind());
    }
    Ok(answer)
}

fn operation(
    gateway: &Gateway,
    ctx: &mut ProxyContext,
    method: &str,
    path: &str,
) -> Result<Arc<Operation>, Problem> {
    match gateway.routes.table().find(method, path) {
        Found::Operation(operation) => Ok(Arc::clone(operation)),
        Found::Nothing => Err(Problem::not_found()),
        Found::NotLoaded(service) => Err(not_loaded(service)),
        Found::Methods(operations) => {
            ctx.methods = Some(methods(operations));
            Err(method_not_allowed())
        }
    }
}

fn method_not_allowed() -> Problem {
    let detail = "This path does not support the method.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}

fn not_loaded(service: Service) -> Problem {
    Problem::unavailable(format!("the routes of {service} are not loaded yet"))
}

fn methods(operations: &[Arc<Operation>]) -> String {
    let mut names: Vec<&str> = operations.iter().map(|operation| &*operation.method).collect();
    if names.contains(&"GET") {
        names.push("HEAD");
    }
    names.push("OPTIONS");
    names.join(", ")
}

/// Answers a CORS preflight, or an OPTIONS request for the methods of a path.
fn options(
    gateway: &Gateway,
    ctx: &mut ProxyContext,
    request: &HttpRequest,
    path: &str,
) -> Result<HttpResponse<BoxBody>, Problem> {
    let asked =
        request.headers().get("access-control-request-method").and_then(|method| method.to_str().ok());
    if let (Some(origin), Some(asked)) = (ctx.origin.take(), asked) {
        let operation = operation(gateway, ctx, asked, path)?;
        let answer = cors::preflight(&origin, &operation, &gateway.config.cors_allowed_origins);
        ctx.operation = Some(operation);
        return answer.ok_or_else(|| {
            Problem::forbidden("origin_not_allowed", "Pages of this origin may not call the API.")
        });
    }
    match gateway.routes.table().find("OPTIONS", path) {
        Found::Methods(operations) => {
            ctx.methods = Some(methods(operations));
            Ok(HttpResponse::NoContent().finish())
        }
        Found::NotLoaded(service) => Err(not_loaded(service)),
        Found::Nothing | Found::Operation(_) => Err(Problem::not_found()),
    }
}

fn conclude(
    gateway: &Gateway,
    ctx: &ProxyContext,
    method: &Method,
    request: HttpRequest,
    outcome: Result<HttpResponse<BoxBody>, Problem>,
) -> ServiceResponse<BoxBody> {
    let (mut response, problem) = match outcome {
        Ok(response) => (response, None),
        Err(problem) => {
            let path = secrets::masked(request.uri().path());
            let response = problem.response(Some(bounds::shown(&path)), Some(&ctx.request_id));
            let response = response.map_into_boxed_body();
            (response, Some(problem))
        }
    };
    let completion = Completion { ctx, method: completion::logged(method), problem: problem.as_ref() };
    completion.complete(&mut response, &gateway.config.cors_allowed_origins);
    ServiceResponse::new(request, response)
}
