//! Context of one request.

use std::{sync::Arc, time::Instant};

use actix_web::{dev::ServiceRequest, http::header::HeaderValue};
use contracts::{Service, TenantId, UserId};
use platform::{
    Problem,
    http::{context::RequestContext, server},
    telemetry::TraceContext,
};

use super::address::ClientInfo;
use crate::{
    auth::token::AccessToken,
    limits::{Subject, gcra::RateLimitState},
    routes::operation::Operation,
};

/// One request on its way through.
pub struct ProxyContext {
    /// When it came.
    pub started: Instant,
    /// Its id.
    pub request_id: String,
    /// Its place in a trace.
    pub trace: TraceContext,
    /// Where it comes from.
    pub client: ClientInfo,
    /// The page that calls, if one does.
    pub origin: Option<HeaderValue>,
    /// The operation it is for, once that is known.
    pub operation: Option<Arc<Operation>>,
    /// The person's token, once it was accepted.
    pub token: Option<Arc<AccessToken>>,
    /// The tenant, once known.
    pub tenant: Option<TenantId>,
    /// Whether it was let through to a service.
    pub allowed: bool,
    /// The tightest of its limits.
    pub limit_state: Option<RateLimitState>,
    /// Kind of the limit that is exceeded, if any.
    pub limit: Option<&'static str>,
    /// Whether the answer is a service's.
    pub answered_by_service: bool,
    /// Methods of the path, for the `Allow` header.
    pub methods: Option<String>,
    /// Whether the gateway answers it with a route of its own.
    pub is_builtin: bool,
}

impl ProxyContext {
    /// A request that just came.
    pub fn begin(request: &ServiceRequest, client: ClientInfo) -> Self {
        Self {
            started: Instant::now(),
            request_id: server::request_id(server::header(request, "x-request-id")),
            trace: TraceContext::continued(server::header(request, "traceparent")),
            client,
            origin: super::cors::origin(request.headers()),
            operation: None,
            token: None,
            tenant: None,
            allowed: false,
            limit_state: None,
            limit: None,
            answered_by_service: false,
            methods: None,
            is_builtin: false,
        }
    }

    /// The person, once known.
    pub fn user(&self) -> Option<UserId> {
        self.token.as_ref().map(|token| token.user)
    }

    /// The service it goes to.
    pub fn service(&self) -> Option<Service> {
        self.operation.as_ref().map(|operation| operation.service)
    }

    /// Keeps the tighter of two standings.
    pub fn set_limit_state(&mut self, limit_state: RateLimitState) {
        if self.limit_state.is_none_or(|other| limit_state.remaining < other.remaining) {
            self.limit_state = Some(limit_state);
        }
    }

    /// The limit of a subject is spent.
    pub fn throttled(&mut self, subject: Subject, wait_nanos: u64, limit_state: RateLimitState) -> Problem {
        self.limit_state = Some(limit_state);
        self.limit = Some(subject.kind());
        let detail = match subject {
            Subject::Address(_) => "Too many requests from this address. Slow down.",
            Subject::User(_) => "Too many requests by this user. Slow down.",
            Subject::Key(_) => "This API key is being used faster than its rate limit allows.",
            Subject::Tenant(_) => "Too many requests in this tenant. Slow down.",
        };
        Problem::throttled(wait_nanos.div_ceil(1_000_000_000), detail)
    }

    /// For calls to other services on its behalf.
    pub fn context(&self) -> Arc<RequestContext> {
        RequestContext::continued(Some(&self.request_id), Some(&self.trace.header()))
    }
}
