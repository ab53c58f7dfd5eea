//! What one operation demands of its caller and how it is measured.

use std::sync::{Arc, OnceLock};

use contracts::Service;

/// Who may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// Anybody.
    Public,
    /// Anybody; a token that is sent must be valid.
    Optional,
    /// Holders of an API key; the service checks it.
    ApiKey,
    /// Senders who sign or present a token of another kind; the service checks it.
    Signed,
    /// Anybody who is signed in.
    SignedIn,
    /// People whose role grants this permission.
    Permission(Arc<str>),
}

/// Where the tenant is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TenantNaming {
    /// Nowhere: the operation acts in none.
    None,
    /// In `X-Tenant-Id` or the host name.
    Header,
    /// In this segment of the path, counted from 0 after the first slash.
    Path(usize),
}

/// One operation of a service.
#[derive(Debug)]
pub struct Operation {
    /// The service that answers it.
    pub service: Service,
    /// HTTP method, upper-case.
    pub method: Box<str>,
    /// Path template.
    pub template: Arc<str>,
    /// Who may call.
    pub demand: Demand,
    /// Where the tenant is named.
    pub tenant: TenantNaming,
    /// Largest body it takes, where that differs from the default, in bytes.
    pub body_limit: Option<u64>,
    /// How it is measured.
    pub meters: Meters,
}

impl Operation {
    /// Whether the gateway looks at the caller's access token, if they sent one.
    pub fn needs_person(&self) -> bool {
        matches!(self.demand, Demand::Optional | Demand::SignedIn | Demand::Permission(_))
    }

    /// The permission it demands.
    pub fn permission(&self) -> Option<&Arc<str>> {
        match &self.demand {
            Demand::Permission(code) => Some(code),
            _ => None,
        }
    }
}

const STATUSES: [u16; 16] = [200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 409, 412, 413, 422, 429, 503];

/// Counters of one operation, looked up in the registry once and not per request.
pub struct Meters {
    method: Box<str>,
    route: Arc<str>,
    counters: [OnceLock<metrics::Counter>; STATUSES.len()],
    duration: OnceLock<metrics::Histogram>,
}

impl Meters {
    /// Meters under these labels.
    pub fn new(method: &str, route: &Arc<str>) -> Self {
        Self {
            method: method.into(),
            route: Arc::clone(route),
            counters: Default::default(),
            duration: OnceLock::new(),
        }
    }

    /// Counts one request.
    pub fn count(&self, status: u16, seconds: f64) {
        let counter = || {
            let (method, route) = (self.method.to_string(), self.route.to_string());
            metrics::counter!("http_requests_total", "method" => method, "route" => route, "status" => status.to_string())
        };
        let kept = STATUSES.iter().zip(&self.counters).find(|(known, _)| **known == status);
        match kept {
            Some((_, kept)) => kept.get_or_init(counter).increment(1),
            None => counter().increment(1),
        }
        let histogram = || {
            let (method, route) = (self.method.to_string(), self.route.to_string());
            metrics::histogram!("http_request_duration_seconds", "method" => method, "route" => route)
        };
        self.duration.get_or_init(histogram).record(seconds);
    }
}

impl std::fmt::Debug for Meters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meters")
            .field("method", &self.method)
            .field("route", &self.route)
            .finish_non_exhaustive()
    }
}
