//! Crowds: one tenant that wants fifty times its share, and many people at a cold cache.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;

use super::super::trial::{Trial, percentile};
use super::Scenario;
use crate::http::Http;
use crate::people::signed;
use crate::services::GATEWAY;
use crate::waiting::pause;
use crate::wire::{Failure, Request, Response};

/// What the noisy tenant's key may do in a second, and how many times that it tries.
const QUOTA: u32 = 10;
const TIMES: u32 = 50;
/// Who is at the noisy tenant's form at once.
const VISITORS: u32 = 20;
/// People who ask at the same moment.
const CROWD: usize = 100;
/// How often they may make the gateway ask what it has forgotten.
const MOST_ASKED: u64 = 12;

/// One tenant is at fifty times its quota; the others' latency is compared with what it was before.
pub(super) const NOISY: Scenario =
    Scenario::of("noisy-tenant", "one form posts at fifty times the limit of its key", noisy);
/// The gateway has just started and knows nobody.
pub(super) const HERD: Scenario =
    Scenario::of("cache-herd", "a hundred people at once at a gateway that knows none", herd);

fn noisy(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    let long = trial.lasting(Duration::from_secs(20), Duration::from_secs(5), 1);
    let tenant = trial.stage.tenants.first().context("there is no tenant")?;
    let wanted = json!({"name": format!("Noisy {:08x}", rand::random::<u32>()), "rate_limit": QUOTA});
    let key = trial.stage.api()?.key(&tenant.token, &tenant.client_id, &wanted)?;
    trial.calm(long)?;
    let before = trial.log().seen();
    let (shed, passed) = (AtomicU64::new(0), AtomicU64::new(0));
    let slowest = trial.strike_with(|trial| {
        let over = AtomicBool::new(false);
        let address = trial.stage.gateway();
        // Without an e-mail address or a reference nothing of it can be mistaken for the load's own leads.
        let request = Request::new("POST", "/api/leads/ingest")
            .header("X-API-Key", &key)
            .json(&json!({"phone": "nonsense"}));
        std::thread::scope(|scope| {
            let visitors: Vec<_> = (0..VISITORS)
                .map(|_| {
                    scope.spawn(|| {
                        let mut slowest = Duration::ZERO;
                        while !over.load(Ordering::SeqCst) {
                            let begun = Instant::now();
                            if let Ok(answer) = request.send(address, Duration::from_secs(5)) {
                                let counter = if answer.status == 429 { &shed } else { &passed };
                                counter.fetch_add(1, Ordering::SeqCst);
                            }
                            slowest = slowest.max(begun.elapsed());
                            let pace = Duration::from_secs(1) * VISITORS / (QUOTA * TIMES);
                            pause(pace.saturating_sub(begun.elapsed()));
                        }
                        slowest
                    })
                })
                .collect();
            let waited = trial.calm(long);
            over.store(true, Ordering::SeqCst);
            let slowest = visitors.into_iter().filter_map(|visitor| visitor.join().ok()).max();
            waited.map(|()| slowest.unwrap_or_default())
        })
    })?;
    let during = trial.log().seen().split_off(before.len());
    let (quiet, loud) = (percentile(&before, 99), percentile(&during, 99));
    trial.notes.push(format!(
        "{} requests were shed with 429 and {} looked at; the slowest of them took {} ms; p99 of the others' posts was {} ms \
         and became {} ms",
        shed.load(Ordering::SeqCst),
        passed.load(Ordering::SeqCst),
        slowest.as_millis(),
        quiet.as_millis(),
        loud.as_millis()
    ));
    let ratio = loud.as_secs_f64() / quiet.as_secs_f64().max(0.000_001);
    trial.judge_time(
        "p99 of the others under 1.5 times what it was",
        format!("{ratio:.2} times"),
        ratio < 1.5,
    );
    trial.calm_of_some_length()
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
    trial.judge_time("everybody of the crowd is served", format!("{served} of {CROWD}"), served == CROWD);
    // Each person of the load and the one of the crowd ask once for each worker that learns of them, and again when their
    // first question fell into the start.
    trial.judge("a cold cache is filled by few questions", format!("{asked}"), asked <= MOST_ASKED);
    trial.calm_of_some_length()
}

/// How often tenant-service was asked for access so far, as its own metrics say.
fn asked_for_access(trial: &Trial<'_>) -> Result<u64> {
    let url = format!("{}/metrics", trial.stage.platform.service_url("tenant-service"));
    let text = Http::with_limit(Duration::from_secs(5)).send("GET", &url, &[], None)?.text;
    let counters = text.lines().filter(|line| {
        line.starts_with("http_requests_total") && line.contains("route=\"/internal/access\"")
    });
    Ok(counters.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum())
}
