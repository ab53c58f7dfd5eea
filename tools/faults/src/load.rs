//! Steady load of posting forms and reading users, independent of the platform's state.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::ledger::{Fate, Ledger};
use devstack::people::{Tenant, signed};
use devstack::waiting::pause;
use devstack::wire::{Failure, Request, Response};

/// Concurrent forms; more than the rate needs, so that those that wait for a hanging platform do not delay the others.
const FORMS: u64 = 48;
/// Concurrent users, and the interval of their requests.
const READERS: usize = 3;
const READ_EVERY: Duration = Duration::from_millis(200);
/// Timeout of a request.
const PATIENCE: Duration = Duration::from_secs(10);
/// Retries of a form with a reference after an unknown outcome.
const TRIES: u32 = 3;

/// One request's outcome.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// Time of the outcome.
    pub(super) at: Instant,
    /// Duration.
    pub(super) took: Duration,
    /// Whether the request was served.
    pub(super) served: bool,
    /// Whether it was a post of a form.
    pub(super) is_post: bool,
}

/// Record of a load.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// Outcome of each lead.
    pub(super) ledger: Ledger,
    seen: Mutex<Vec<Seen>>,
    strange: Mutex<Vec<String>>,
    failures: Mutex<std::collections::BTreeMap<String, u64>>,
}

/// Content and target of a load.
#[derive(Clone)]
pub(super) struct Aim {
    /// The gateway, or the proxy in front of it.
    pub(super) gateway: SocketAddr,
    /// Tenants, used in rotation.
    pub(super) tenants: Vec<Tenant>,
    /// Prefix of the names of this load's leads.
    pub(super) marker: String,
    /// Posts per second.
    pub(super) rate: u32,
    /// Seed of the load.
    pub(super) seed: u64,
}

/// Running load. It ends when it is stopped or dropped.
pub(super) struct Load {
    log: Arc<Log>,
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    /// Starts posting and reading.
    pub(super) fn start(aim: &Aim, log: Arc<Log>) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let (next, begun) = (Arc::new(AtomicU64::new(0)), Instant::now());
        let mut threads = Vec::new();
        for _ in 0..FORMS {
            let form = Form { aim: aim.clone(), log: Arc::clone(&log), over: Arc::clone(&over) };
            let next = Arc::clone(&next);
            threads.push(std::thread::spawn(move || form.run(&next, begun)));
        }
        for place in 0..READERS {
            let reader = Reader { aim: aim.clone(), log: Arc::clone(&log), over: Arc::clone(&over), place };
            threads.push(std::thread::spawn(move || reader.run()));
        }
        Self { log, over, threads }
    }

    /// Record so far.
    pub(super) fn log(&self) -> &Log {
        &self.log
    }

    /// Stops, waits for the last answers and returns the record.
    pub(super) fn stop(mut self) -> Arc<Log> {
        self.join();
        Arc::clone(&self.log)
    }

    fn join(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        for thread in self.threads.drain(..) {
            // The leads of a thread that panicked stay indeterminate.
            let _ = thread.join();
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.join();
    }
}

impl Log {
    /// Outcomes in the order of their answers.
    pub(super) fn seen(&self) -> Vec<Seen> {
        lock(&self.seen).clone()
    }

    /// Data that must not have been visible.
    pub(super) fn strange(&self) -> Vec<String> {
        lock(&self.strange).clone()
    }

    /// Number of occurrences of each failure.
    pub(super) fn failures(&self) -> Vec<(String, u64)> {
        lock(&self.failures).iter().map(|(name, count)| (name.clone(), *count)).collect()
    }

    /// Records the outcome of a `post`, `read` or `stream`.
    pub(super) fn note(&self, begun: Instant, what: &str, outcome: &Result<Response, Failure>, served: bool) {
        let at = Instant::now();
        lock(&self.seen).push(Seen { at, took: at - begun, served, is_post: what == "post" });
        if !served {
            let why = match outcome {
                Ok(answer) => {
                    let code = answer.json().get("code").and_then(Value::as_str).unwrap_or("-").to_owned();
                    format!("{} {code}", answer.status)
                }
                Err(Failure::Refused(error)) => format!("not connected: {:?}", error.kind()),
                Err(Failure::Broken(error)) => format!("broke off: {:?}", error.kind()),
            };
            *lock(&self.failures).entry(format!("{what}: {why}")).or_default() += 1;
        }
    }
}

struct Form {
    aim: Aim,
    log: Arc<Log>,
    over: Arc<AtomicBool>,
}

impl Form {
    fn run(&self, next: &AtomicU64, begun: Instant) {
        while !self.over.load(Ordering::SeqCst) {
            let number = next.fetch_add(1, Ordering::SeqCst);
            let due = begun
                + Duration::from_micros(number.saturating_mul(1_000_000) / u64::from(self.aim.rate.max(1)));
            let wait = due.saturating_duration_since(Instant::now());
            if wait > Duration::from_secs(5) {
                return;
            }
            pause(wait);
            if !self.over.load(Ordering::SeqCst) {
                self.post(number);
            }
        }
    }

    fn post(&self, number: u64) {
        let mut random = StdRng::seed_from_u64(self.aim.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let place = random.random_range(0..self.aim.tenants.len().max(1));
        let Some(tenant) = self.aim.tenants.get(place) else { return };
        let lead = format!("{}-{}-{number}", self.aim.marker, tenant.client_id);
        let may_repeat = number.is_multiple_of(2);
        let mut body = json!({
            "name": "Ada Lovelace", "email": format!("{lead}@example.com"), "company_name": "Analytical Engines",
            "message": "x".repeat(random.random_range(0..200)),
        });
        if let (Some(members), true) = (body.as_object_mut(), may_repeat) {
            members.insert("lead_reference_id".to_owned(), json!(lead));
        }
        let request = Request::new("POST", "/api/leads/ingest").header("X-API-Key", &tenant.key).json(&body);
        let mut may_be_stored = false;
        for _ in 0..if may_repeat { TRIES } else { 1 } {
            self.log.ledger.begin(&lead, place);
            let begun = Instant::now();
            let outcome = request.send(self.aim.gateway, PATIENCE);
            let fate = fate(&outcome);
            self.log.note(begun, "post", &outcome, fate == Fate::Acknowledged);
            may_be_stored |= fate == Fate::Indeterminate;
            let known = if may_be_stored && fate == Fate::Rejected { Fate::Indeterminate } else { fate };
            self.log.ledger.end(&lead, known);
            if fate == Fate::Acknowledged || self.over.load(Ordering::SeqCst) {
                return;
            }
            pause(Duration::from_millis(500));
        }
    }
}

/// Outcome by the answer to a post. A 5xx may follow the commit; a 4xx never does.
fn fate(outcome: &Result<Response, Failure>) -> Fate {
    match outcome {
        Ok(answer) if matches!(answer.status, 200 | 201) => Fate::Acknowledged,
        Ok(answer) if answer.status < 500 => Fate::Rejected,
        Err(Failure::Refused(_)) => Fate::Rejected,
        Ok(_) | Err(Failure::Broken(_)) => Fate::Indeterminate,
    }
}

struct Reader {
    aim: Aim,
    log: Arc<Log>,
    over: Arc<AtomicBool>,
    place: usize,
}

impl Reader {
    fn run(&self) {
        let Some(tenant) = self.aim.tenants.get(self.place % self.aim.tenants.len().max(1)) else { return };
        let target = "/api/v2/leads?ordering=-created_at&page_size=20&count=none&fields=id,email";
        let request = signed("GET", target, &tenant.token, Some(&tenant.client_id));
        while !self.over.load(Ordering::SeqCst) {
            let begun = Instant::now();
            let outcome = request.send(self.aim.gateway, PATIENCE);
            let served = matches!(&outcome, Ok(answer) if answer.status == 200);
            self.log.note(begun, "read", &outcome, served);
            if let (Ok(answer), true) = (&outcome, served) {
                self.look(tenant, &answer.json());
            }
            pause(READ_EVERY.saturating_sub(begun.elapsed()));
        }
    }

    /// The name of every lead contains its tenant.
    fn look(&self, tenant: &Tenant, page: &Value) {
        for lead in page.get("results").and_then(Value::as_array).into_iter().flatten() {
            let email = lead.get("email").and_then(Value::as_str).unwrap_or_default();
            if !email.contains(&format!("-{}-", tenant.client_id)) {
                lock(&self.log.strange).push(format!("{} was shown {email}", tenant.client_id));
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_no_is_a_rejection() {
        let answered = |status| Ok(Response { status, ..Response::default() });
        let broken = || std::io::Error::from(std::io::ErrorKind::ConnectionReset);

        assert_eq!(fate(&answered(201)), Fate::Acknowledged);
        assert_eq!(fate(&answered(200)), Fate::Acknowledged);
        assert_eq!(fate(&answered(429)), Fate::Rejected);
        assert_eq!(fate(&answered(503)), Fate::Indeterminate);
        assert_eq!(fate(&Err(Failure::Refused(broken()))), Fate::Rejected);
        assert_eq!(fate(&Err(Failure::Broken(broken()))), Fate::Indeterminate);
    }
}
