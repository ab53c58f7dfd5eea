//! Context of the current request, as a task local.

use std::sync::{Arc, OnceLock};

use actix_web::{HttpMessage, HttpRequest};
use chrono::{DateTime, Utc};
use contracts::{
    Service,
    events::Actor,
    identity::{Caller, Identity},
};

use super::{idempotency::IdempotencyKey, meters::Meters};
use crate::{
    telemetry::TraceContext,
    zones::{self, Tz},
};

tokio::task_local! {
    static CURRENT: Arc<RequestContext>;
}

/// Facts about one request.
#[derive(Debug)]
pub struct RequestContext {
    /// Its id, in every log line and answer.
    pub request_id: String,
    /// Its place in a trace.
    pub trace: TraceContext,
    /// HTTP method.
    pub method: String,
    /// Path, without the query.
    pub path: String,
    /// Scheme and host under which the caller reached the platform, such as `https://acme.example`.
    pub origin: Option<String>,
    /// The caller's `Idempotency-Key`.
    pub idempotency_key: Option<IdempotencyKey>,
    /// Who is asking; none where the request needs no identity.
    pub identity: Option<Identity>,
    /// What counts the requests of the route that serves it, once that is known.
    pub meters: OnceLock<Arc<Meters>>,
    /// SHA-256 of the body, once it was read.
    pub body_digest: OnceLock<[u8; 32]>,
}

impl RequestContext {
    /// Context of work that no request caused: a job, a schedule.
    pub fn background(traceparent: Option<&str>) -> Arc<Self> {
        Self::continued(None, traceparent)
    }

    /// Context of work that goes on with an earlier request: a job it started.
    pub fn continued(request_id: Option<&str>, traceparent: Option<&str>) -> Arc<Self> {
        let trace = TraceContext::continued(traceparent);
        Arc::new(Self {
            request_id: request_id
                .filter(|id| is_request_id(id))
                .map_or_else(|| trace.trace_id.clone(), str::to_owned),
            trace,
            method: String::new(),
            path: String::new(),
            origin: None,
            idempotency_key: None,
            identity: None,
            meters: OnceLock::new(),
            body_digest: OnceLock::new(),
        })
    }

    /// The time zone of the caller's tenant; UTC where there is none.
    pub fn time_zone(&self) -> Tz {
        let zone = match self.identity.as_ref().map(|identity| &identity.who) {
            Some(Caller::User(user)) => {
                user.tenant.as_ref().and_then(|acting_in| acting_in.time_zone.as_deref())
            }
            _ => None,
        };
        zone.and_then(zones::named).unwrap_or(Tz::UTC)
    }

    /// Who a change made now is put down to.
    pub fn actor(&self, service: Service) -> Actor {
        match self.identity.as_ref().map(|identity| &identity.who) {
            Some(Caller::User(user)) => Actor::User { id: user.id },
            Some(Caller::Service(name)) => Actor::Service { name: *name },
            Some(Caller::Anonymous) | None => Actor::Service { name: service },
        }
    }
}

/// Whether it may be the id of a request: 1 to 128 letters, digits, `-`, `_` and `.`. Log lines hold it as it is.
pub fn is_request_id(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// The time zone of the tenant that a request acts in.
pub fn time_zone_of(request: &HttpRequest) -> Tz {
    request.extensions().get::<Arc<RequestContext>>().map_or(Tz::UTC, |context| context.time_zone())
}

/// The request being served by this task, if there is one.
pub fn current() -> Option<Arc<RequestContext>> {
    CURRENT.try_with(Arc::clone).ok()
}

/// The present moment in the time zone of the tenant that the request being served acts in; in UTC for other work.
pub fn now() -> DateTime<Tz> {
    let zone = current().map_or(Tz::UTC, |context| context.time_zone());
    Utc::now().with_timezone(&zone)
}

/// Runs `work` as part of `context`.
pub async fn within<T>(context: Arc<RequestContext>, work: impl Future<Output = T>) -> T {
    CURRENT.scope(context, work).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_not_gone_on_with_under_an_id_that_is_none() {
        assert_eq!(RequestContext::continued(Some("r-1.a_B"), None).request_id, "r-1.a_B");
        for no_id in ["", "a b", "a\"b", "a\nb", "\u{e4}", &"a".repeat(129)] {
            let context = RequestContext::continued(Some(no_id), None);
            assert_eq!(context.request_id, context.trace.trace_id, "{no_id}");
        }
    }
}
