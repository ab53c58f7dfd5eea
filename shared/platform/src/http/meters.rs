//! Request metrics.

use std::sync::{Arc, OnceLock};

const STATUSES: [u16; 16] = [200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 409, 412, 413, 422, 429, 503];

/// Counters of one route, looked up in the registry once and not per request.
pub struct Meters {
    method: Box<str>,
    route: Arc<str>,
    counters: [OnceLock<metrics::Counter>; STATUSES.len()],
    duration: OnceLock<metrics::Histogram>,
}

impl Meters {
    /// Meters under these labels: an HTTP method and a path template.
    pub fn new(method: &str, route: impl Into<Arc<str>>) -> Self {
        Self {
            method: method.into(),
            route: route.into(),
            counters: Default::default(),
            duration: OnceLock::new(),
        }
    }

    /// The path template.
    pub fn route(&self) -> &str {
        &self.route
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
