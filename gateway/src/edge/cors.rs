//! Cross-origin access to the API (Fetch standard, section 3.2).
//!
//! Bearer tokens are sent by scripts and never by the browser itself, so no answer allows credentials.

use actix_web::{
    HttpResponse,
    http::header::{HeaderMap, HeaderName, HeaderValue},
};

use crate::{
    config::Origin,
    routes::operation::{AccessRequirement, Operation},
};

const ALLOW_ORIGIN: HeaderName = HeaderName::from_static("access-control-allow-origin");
const VARY: HeaderName = HeaderName::from_static("vary");
const EXPOSE: HeaderName = HeaderName::from_static("access-control-expose-headers");

const EXPOSED: HeaderValue = HeaderValue::from_static(
    "ETag, Location, Link, Retry-After, X-Request-Id, Idempotent-Replayed, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset",
);
const HEADERS: &str = "authorization, content-type, x-tenant-id, idempotency-key, if-match, x-request-id, traceparent, last-event-id";
/// Forms on customers' websites send a key and no token.
const HEADERS_WITH_KEY: &str = "content-type, x-api-key, idempotency-key";
/// Seconds for which browsers remember the answer to a preflight.
const REMEMBERED: &str = "600";

/// The origin of the page that calls, if the request comes from one.
pub fn origin(headers: &HeaderMap) -> Option<HeaderValue> {
    headers.get("origin").cloned()
}

fn is_allowed(origin: &HeaderValue, allowed: &[Origin]) -> bool {
    allowed.iter().any(|allowed| allowed.0.as_bytes() == origin.as_bytes())
}

/// Answers a preflight for an operation; none where the page may not call it.
pub fn preflight(origin: &HeaderValue, operation: &Operation, allowed: &[Origin]) -> Option<HttpResponse> {
    let with_key = operation.demand == AccessRequirement::ApiKey;
    if !with_key && !is_allowed(origin, allowed) {
        return None;
    }
    let mut response = HttpResponse::NoContent();
    response
        .insert_header((ALLOW_ORIGIN, origin.clone()))
        .insert_header((VARY, "Origin, Access-Control-Request-Method"))
        .insert_header(("access-control-allow-methods", &*operation.method))
        .insert_header(("access-control-allow-headers", if with_key { HEADERS_WITH_KEY } else { HEADERS }))
        .insert_header(("access-control-max-age", REMEMBERED));
    Some(response.finish())
}

/// Lets the calling page read the answer, if it may. Where a key is sent, the service says so in its own answers; in
/// ours, any page may read what went wrong.
pub fn allow(
    headers: &mut HeaderMap,
    origin: Option<&HeaderValue>,
    demand: Option<&AccessRequirement>,
    allowed: &[Origin],
    answered_by_service: bool,
) {
    let with_key = demand == Some(&AccessRequirement::ApiKey);
    if with_key && answered_by_service {
        return;
    }
    if answered_by_service {
        for name in [
            "access-control-allow-origin",
            "access-control-allow-credentials",
            "access-control-expose-headers",
        ] {
            headers.remove(name);
        }
    }
    if let Some(origin) = origin {
        headers.append(VARY, HeaderValue::from_static("Origin"));
        if with_key || is_allowed(origin, allowed) {
            headers.insert(ALLOW_ORIGIN, origin.clone());
            headers.insert(EXPOSE, EXPOSED);
        }
    }
}
