//! What is known about one request while it passes.

use std::{sync::Arc, time::Instant};

use actix_web::{dev::ServiceRequest, http::header::HeaderValue};
use contracts::{Service, TenantId, UserId};
use platform::{
    Problem,
    http::{context::RequestContext, server},
    telemetry::TraceContext,
};

use super::address::Reached;
use crate::{
    auth::token::AccessToken,
    limits::{Subject, gcra::Standing},
    routes::operation::Operation,
};

/// One request on its way through.
pub struct Exchange {
    /// When it came.
    pub started: Instant,
    /// Its id.
    pub request_id: String,
    /// Its place in a trace.
    pub trace: TraceContext,
    /// Where it comes from.
    pub reached: Reached,
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
    pub standing: Option<Standing>,
    /// Whose limit is spent, where one is.
    pub limit: Option<&'static str>,
    /// Whether the answer is a service's.
    pub answered_by_service: bool,
    /// Methods that the path knows, where that is to be told.
    pub methods: Option<String>,
    /// Whether the gateway answers it with a route of its own.
    pub is_own: bool,
}

impl Exchange {
    /// A request that just came.
    pub fn begin(request: &ServiceRequest, reached: Reached) -> Self {
        Self {
            started: Instant::now(),
            request_id: server::request_id(server::header(request, "x-request-id")),
            trace: TraceContext::continued(server::header(request, "traceparent")),
            reached,
            origin: super::cors::origin(request.headers()),
            operation: None,
            token: None,
            tenant: None,
            allowed: false,
            standing: None,
            limit: None,
            answered_by_service: false,
            methods: None,
            is_own: false,
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
    pub fn stands(&mut self, standing: Standing) {
        if self.standing.is_none_or(|other| standing.remaining < other.remaining) {
            self.standing = Some(standing);
        }
    }

    /// The limit of a subject is spent.
    pub fn throttled(&mut self, subject: Subject, wait_nanos: u64, standing: Standing) -> Problem {
        self.standing = Some(standing);
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
