//! Overload by one tenant at fifty times its limit, and many users at a cold cache.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;

use super::super::goals::Goal;
use super::super::trial::{Trial, percentile};
use super::Scenario;
use devstack::http::Http;
use devstack::people::signed;
use devstack::services::GATEWAY;
use devstack::waiting::pause;
use devstack::wire::{Failure, Request, Response};

/// Rate limit of the noisy tenant's key per second, and the multiple of it that is sent.
const QUOTA: u32 = 10;
const TIMES: u32 = 50;
/// Most times its quiet value that p99 of the other forms may reach.
const MOST_TIMES: f64 = 1.5;
/// Rounds of quiet and noise.
const ROUNDS: u32 = 4;
/// Concurrent visitors of the noisy tenant's form.
const VISITORS: u32 = 20;
/// Concurrent users at the cold cache.
const CROWD: usize = 100;
/// Most requests to tenant-service for filling the cache.
const MOST_ASKED: u64 = 12;

/// One tenant posts at fifty times its limit; the latency of the others is compared with its value before.
pub(super) const NOISY: Scenario =
    Scenario::of("noisy-tenant", "one form posts at fifty times the limit of its key", noisy);
/// The gateway has just started, with empty caches.
pub(super) const HERD: Scenario =
    Scenario::of("cache-herd", "a hundred people at once at a gateway that knows none", herd);

fn noisy(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    let long = trial.lasting(Duration::from_secs(10), Duration::from_secs(2), 2 * ROUNDS);
    let tenant = trial.stage.tenants.first().context("there is no tenant")?;
    let wanted = json!({"name": format!("Noisy {:08x}", rand::random::<u32>()), "rate_limit": QUOTA});
    let key = trial.stage.api()?.key(&tenant.token, &tenant.client_id, &wanted)?;
    // Without an e-mail address or a reference it cannot be confused with the load's own leads.
    let request = Request::new("POST", "/api/leads/ingest")
        .header("X-API-Key", &key)
        .json(&json!({"phone": "+49 30 901820"}));
    let noise = Noise::of(request, trial.stage.gateway());
    let (mut quiet, mut loud) = (Vec::new(), Vec::new());
    // Alternating, so that changes of the machine's speed affect both.
    for _ in 0..ROUNDS {
        let known = trial.log().seen().len();
        trial.calm(long)?;
        quiet.extend(trial.log().seen().split_off(known));
        let known = trial.log().seen().len();
        trial.strike(|trial| noise.during(|| trial.calm(long)))?;
        loud.extend(trial.log().seen().split_off(known));
    }
    let (quiet, loud) = (percentile(&quiet, 99), percentile(&loud, 99));
    trial.notes.push(format!(
        "{noise}; p99 of the others' posts was {} ms and became {} ms",
        quiet.as_millis(),
        loud.as_millis()
    ));
    let (passed, may) = (noise.passed.load(Ordering::SeqCst), noise.may());
    let is_its_share = passed <= may && passed * 10 >= may * 9;
    trial.judge(Goal::holds(
        "the key gets its rate, and no more",
        format!("{passed} of {may}"),
        is_its_share,
    ));
    trial.judge(Goal::at_most("requests without an answer", 0, noise.unanswered()));
    trial.judge(Goal::times("p99 of the other forms", MOST_TIMES, quiet, loud));
    trial.calm_of_some_length()
}

/// Form that is posted far above its limit.
struct Noise {
    request: Request,
    gateway: SocketAddr,
    shed: AtomicU64,
    passed: AtomicU64,
    unanswered: AtomicU64,
    slowest_micros: AtomicU64,
    /// Total duration.
    lasted_millis: AtomicU64,
}

impl Noise {
    fn of(request: Request, gateway: SocketAddr) -> Self {
        let zero = AtomicU64::default;
        Self {
            request,
            gateway,
            shed: zero(),
            passed: zero(),
            unanswered: zero(),
            slowest_micros: zero(),
            lasted_millis: zero(),
        }
    }

    /// Most requests that may be accepted: the rate, and one burst per round.
    fn may(&self) -> u64 {
        let lasted = self.lasted_millis.load(Ordering::SeqCst);
        (lasted * u64::from(QUOTA)).div_ceil(1_000) + u64::from(2 * QUOTA * ROUNDS)
    }

    fn unanswered(&self) -> u64 {
        self.unanswered.load(Ordering::SeqCst)
    }

    /// Posts until `something` returns.
    fn during(&self, something: impl FnOnce() -> Result<()>) -> Result<()> {
        let (over, next, begun) = (AtomicBool::new(false), AtomicU32::new(0), Instant::now());
        let outcome = std::thread::scope(|scope| {
            for _ in 0..VISITORS {
                scope.spawn(|| {
                    while !over.load(Ordering::SeqCst) {
                        let number = next.fetch_add(1, Ordering::SeqCst);
                        let due = Duration::from_secs(1) / (QUOTA * TIMES) * number;
                        pause(due.saturating_sub(begun.elapsed()));
                        self.post();
                    }
                });
            }
            let outcome = something();
            over.store(true, Ordering::SeqCst);
            outcome
        });
        let lasted = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.lasted_millis.fetch_add(lasted, Ordering::SeqCst);
        outcome
    }

    fn post(&self) {
        let sent = Instant::now();
        let counter = match self.request.send(self.gateway, Duration::from_secs(5)) {
            Ok(answer) if answer.status == 429 => &self.shed,
            Ok(_) => &self.passed,
            Err(_) => &self.unanswered,
        };
        counter.fetch_add(1, Ordering::SeqCst);
        let took = u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.slowest_micros.fetch_max(took, Ordering::SeqCst);
    }
}

impl fmt::Display for Noise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [shed, passed, slowest] =
            [&self.shed, &self.passed, &self.slowest_micros].map(|counter| counter.load(Ordering::SeqCst));
        write!(
            f,
            "{shed} requests were shed with 429 and {passed} looked at; the slowest of them took {} ms",
            slowest / 1_000
        )
    }
}

fn herd(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    trial.calm_of_some_length()?;
    let redis = trial.stage.redis()?;
    trial.strike(|trial| {
        redis.command(&["FLUSHALL"])?;
        trial.stage.platform.kill(GATEWAY)
    })?;
    let tenant = trial.stage.tenants.get(1).context("there is no second tenant")?;
    let request = signed("GET", "/api/v2/leads?page_size=1", &tenant.token, Some(&tenant.client_id));
    let address = trial.stage.gateway();
    redis.command(&["FLUSHALL"])?;
    let before = asked_for_access(trial)?;
    trial.strike(|trial| trial.stage.platform.kill(GATEWAY))?;
    let mut outcomes = BTreeMap::<String, usize>::new();
    let answers: Vec<String> = std::thread::scope(|scope| {
        let people: Vec<_> =
            (0..CROWD).map(|_| scope.spawn(|| request.send(address, Duration::from_secs(10)))).collect();
        let outcome = |answer: Result<Response, Failure>| match answer {
            Ok(answer) => answer.status.to_string(),
            Err(Failure::Refused(error) | Failure::Broken(error)) => format!("{:?}", error.kind()),
        };
        people.into_iter().filter_map(|person| Some(outcome(person.join().ok()?))).collect()
    });
    for answer in answers {
        *outcomes.entry(answer).or_default() += 1;
    }
    let served = outcomes.get("200").copied().unwrap_or_default();
    let asked = asked_for_access(trial)?.saturating_sub(before);
    trial.notes.push(format!(
        "of {CROWD} at once {outcomes:?}, and tenant-service was asked {asked} times who may do what, load included"
    ));
    let served_text = format!("{served} of {CROWD}");
    let all_served = Goal::holds("the whole crowd is served within 10 s", served_text, served == CROWD);
    trial.judge(all_served.with_optimisations());
    // Each person of the load and the one of the crowd ask once for each worker that learns of them, and again when their
    // first question fell into the start.
    trial.judge(Goal::at_most("questions that fill a cold cache", MOST_ASKED, asked));
    trial.calm_of_some_length()
}

/// Number of access requests to tenant-service so far, by its metrics.
fn asked_for_access(trial: &Trial<'_>) -> Result<u64> {
    let url = format!("{}/metrics", trial.stage.platform.service_url("tenant-service"));
    let text = Http::with_limit(Duration::from_secs(5)).send("GET", &url, &[], None)?.text;
    let counters = text.lines().filter(|line| {
        line.starts_with("http_requests_total") && line.contains("route=\"/internal/access\"")
    });
    Ok(counters.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum())
}
