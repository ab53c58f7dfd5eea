//! Leaves a failing service alone for a while, so that callers learn at once and it can recover.

use std::{
    sync::atomic::{AtomicU32, AtomicU64, Ordering},
    time::Instant,
};

use contracts::Service;
use metrics::Gauge;

use crate::{config::UpstreamConfig, routes::owners};

/// One service's breaker, shared by all workers.
pub struct Breaker {
    failures: AtomicU32,
    /// Milliseconds after `started` at which one request is let through to try.
    try_at: AtomicU64,
    threshold: u32,
    pause: u64,
    started: Instant,
    /// 1 while the service is left alone.
    open: Gauge,
}

/// One breaker per service.
pub struct Breakers([Breaker; 5]);

impl Breakers {
    /// All closed.
    pub fn new(config: &UpstreamConfig) -> Self {
        Self(Service::OWNERS_OF_DATA.map(|service| Breaker::new(service, config)))
    }

    /// The breaker of a service; none for the gateway.
    pub fn of(&self, service: Service) -> Option<&Breaker> {
        self.0.get(owners::place(service)?)
    }
}

impl Breaker {
    /// Closed.
    pub fn new(service: Service, config: &UpstreamConfig) -> Self {
        Self {
            open: metrics::gauge!("upstream_breaker_open", "service" => service.name()),
            failures: AtomicU32::new(0),
            try_at: AtomicU64::new(0),
            threshold: config.breaker_failures.max(1),
            pause: u64::try_from(config.breaker_pause.as_millis()).unwrap_or(u64::MAX),
            started: Instant::now(),
        }
    }

    /// Whether a request may be sent. While the service is failing, one per pause may.
    pub fn lets_through(&self) -> bool {
        if self.failures.load(Ordering::Relaxed) < self.threshold {
            return true;
        }
        let now = self.now();
        let try_at = self.try_at.load(Ordering::Relaxed);
        let next = now.saturating_add(self.pause);
        now >= try_at
            && self.try_at.compare_exchange(try_at, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// The service answered.
    pub fn succeeded(&self) {
        if self.failures.load(Ordering::Relaxed) > 0 {
            self.failures.store(0, Ordering::Relaxed);
            self.open.set(0);
        }
    }

    /// The service could not be reached or did not answer in time.
    pub fn failed(&self) {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if failures >= self.threshold {
            self.try_at.store(self.now().saturating_add(self.pause), Ordering::Relaxed);
            self.open.set(1);
            // Far from overflowing, however long it lasts.
            self.failures.store(self.threshold, Ordering::Relaxed);
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn breaker(pause: Duration) -> Breaker {
        let config = UpstreamConfig {
            connect_timeout: pause,
            idle_timeout: pause,
            in_flight: 1,
            breaker_failures: 3,
            breaker_pause: pause,
        };
        Breaker::new(Service::Lead, &config)
    }

    #[test]
    fn it_opens_after_failures_in_a_row_only() {
        let breaker = breaker(Duration::from_secs(60));
        breaker.failed();
        breaker.failed();
        breaker.succeeded();
        breaker.failed();
        breaker.failed();
        assert!(breaker.lets_through());
        breaker.failed();
        assert!(!breaker.lets_through());
    }

    #[test]
    fn after_the_pause_one_request_tries_and_its_success_closes() {
        let breaker = breaker(Duration::ZERO);
        (0..3).for_each(|_| breaker.failed());
        assert!(breaker.lets_through(), "the pause is over");
        breaker.succeeded();
        assert!(breaker.lets_through() && breaker.lets_through());
    }
}
