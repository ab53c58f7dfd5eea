//! Completion of every response: headers, access log, metrics.

use actix_web::{
    HttpResponse,
    body::BoxBody,
    http::{
        Method,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
};
use platform::{Problem, telemetry::Step};

use super::{context::ProxyContext, cors};
use crate::{config::Origin, routes::operation::AccessRequirement};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
const CACHE: HeaderName = HeaderName::from_static("cache-control");

const ALLOW: HeaderName = HeaderName::from_static("allow");

const SECURITY: [(HeaderName, HeaderValue); 3] = [
    (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("x-frame-options"), HeaderValue::from_static("DENY")),
    (HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer")),
];

/// The method as it is logged: callers may send any word of any length.
pub fn logged(method: &Method) -> &str {
    match *method {
        Method::GET
        | Method::HEAD
        | Method::POST
        | Method::PUT
        | Method::PATCH
        | Method::DELETE
        | Method::OPTIONS => method.as_str(),
        _ => "other",
    }
}

/// A request at its end.
pub struct Completion<'r> {
    /// The request.
    pub ctx: &'r ProxyContext,
    /// HTTP method, as [`logged`].
    pub method: &'r str,
    /// The problem that it ended with, if the gateway made one.
    pub problem: Option<&'r Problem>,
}

impl Completion<'_> {
    /// Completes the response, writes the access log and counts it.
    pub fn complete(&self, response: &mut HttpResponse<BoxBody>, allowed_origins: &[Origin]) {
        let status = response.status().as_u16();
        self.write_headers(response.headers_mut(), allowed_origins);
        self.measure(status);
        self.log(status);
    }

    /// The template of the route; what stands for it where no service has one.
    fn route(&self) -> &str {
        match &self.ctx.operation {
            Some(operation) => &operation.template,
            None if self.ctx.is_builtin => "own",
            None => "unmatched",
        }
    }

    fn write_headers(&self, headers: &mut HeaderMap, allowed_origins: &[Origin]) {
        let ctx = self.ctx;
        if let Ok(id) = HeaderValue::from_str(&ctx.request_id) {
            headers.insert(REQUEST_ID, id);
        }
        for (name, value) in SECURITY {
            headers.insert(name, value);
        }
        if !headers.contains_key(CACHE) {
            headers.insert(CACHE, HeaderValue::from_static("no-store"));
        }
        if let Some(limit_state) = ctx.limit_state {
            headers.insert(LIMIT, HeaderValue::from(limit_state.limit));
            headers.insert(REMAINING, HeaderValue::from(limit_state.remaining));
            headers.insert(RESET, HeaderValue::from(limit_state.reset));
        }
        if let Some(methods) = ctx.methods.as_deref().and_then(|methods| HeaderValue::from_str(methods).ok())
        {
            headers.insert(ALLOW, methods);
        }
        let demand: Option<&AccessRequirement> = ctx.operation.as_ref().map(|operation| &operation.demand);
        if ctx.origin.is_some() || ctx.answered_by_service {
            cors::allow(headers, ctx.origin.as_ref(), demand, allowed_origins, ctx.answered_by_service);
        }
    }

    fn measure(&self, status: u16) {
        let seconds = self.ctx.started.elapsed().as_secs_f64();
        match &self.ctx.operation {
            Some(operation) => operation.meters.count(status, seconds),
            None => {
                let route = if self.ctx.is_builtin { "own" } else { "unmatched" };
                metrics::counter!("http_requests_total", "method" => "any", "route" => route, "status" => status.to_string())
                    .increment(1);
            }
        }
    }

    fn log(&self, status: u16) {
        let ctx = self.ctx;
        let operation = ctx.operation.as_deref();
        let route = self.route();
        let step = Step {
            name: [self.method, route],
            is_ours: true,
            took: ctx.started.elapsed(),
            status,
            failed: status >= 500,
            attributes: &[("request.id", &ctx.request_id)],
        };
        step.ended(&ctx.trace);
        let cause = self.problem.and_then(|problem| problem.cause.as_deref());
        if status >= 500 && cause.is_some() {
            tracing::error!(
                request.id = ctx.request_id,
                trace.id = ctx.trace.trace_id,
                cause,
                "request failed"
            );
        }
        tracing::info!(
            request.id = ctx.request_id,
            trace.id = ctx.trace.trace_id,
            http.method = self.method,
            http.route = route,
            http.status_code = status,
            upstream.service = ctx.service().map(contracts::Service::name),
            decision = if ctx.allowed { "allow" } else { "deny" },
            permission = operation.and_then(|operation| operation.permission()).map(|code| &**code),
            user.id = ctx.user().map(tracing::field::display),
            tenant.id = ctx.tenant.map(tracing::field::display),
            code = self.problem.map(|problem| problem.code),
            limit = ctx.limit,
            duration_ms = ctx.started.elapsed().as_secs_f64() * 1_000.0,
            "request"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_the_callers_own_is_not_logged_as_a_method() {
        assert_eq!(logged(&Method::PATCH), "PATCH");
        for sent in ["TRACE", "get", &"M".repeat(10_000)] {
            assert_eq!(logged(&Method::from_bytes(sent.as_bytes()).unwrap()), "other");
        }
    }
}
