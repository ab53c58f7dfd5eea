//! Processes are killed while forms post: no acknowledged lead is lost, and the platform recovers.
//!
//! Killing a process tests that no acknowledged data is in its memory only. It does not test a loss of power.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use devstack::Platform;
use serde_json::json;

use crate::{
    browser::{Browser, eventually, pause, platform},
    outside::{Outside, Received},
};

const POSTS: usize = 1_000;
const THREADS: usize = 8;
const RECOVERY: Duration = Duration::from_secs(30);

/// Outcome of each post: recorded before it is sent, and again with its answer.
#[derive(Default)]
struct Ledger {
    acknowledged: HashSet<String>,
    indeterminate: HashSet<String>,
}

fn stream_of_posts(platform: &Platform, marker: &str, while_posting: impl FnOnce(&AtomicUsize)) -> Ledger {
    let ledger = Arc::new(Mutex::new(Ledger::default()));
    let next = AtomicUsize::new(0);
    let form = Browser::form(platform);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    if number >= POSTS {
                        return;
                    }
                    let reference = format!("{marker}-{number}");
                    ledger.lock().unwrap().indeterminate.insert(reference.clone());
                    let lead = json!({"name": "P", "email": format!("{reference}@example.com"), "lead_reference_id": reference});
                    let answer = form.try_post("/api/leads/ingest", &lead);
                    if answer.is_ok_and(|answer| matches!(answer.status, 200 | 201)) {
                        let mut ledger = ledger.lock().unwrap();
                        ledger.indeterminate.remove(&reference);
                        ledger.acknowledged.insert(reference);
                    }
                    // About 400 posts a second: a stream that lasts long enough to be interrupted.
                    pause(Duration::from_millis(20));
                }
            });
        }
        while_posting(&next);
    });
    Arc::into_inner(ledger).unwrap().into_inner().unwrap()
}

/// References of all stored leads, read by cursor.
fn stored(platform: &Platform, marker: &str) -> Vec<String> {
    let admin = Browser::tenant_admin(platform);
    let mut references = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!(
            "/api/v2/leads?ordering=created_at&page_size=200&fields=lead_reference_id&cursor={cursor}"
        );
        let stretch = admin.get(&path).expect(200);
        for lead in stretch["results"].as_array().unwrap() {
            let reference = lead["lead_reference_id"].as_str().unwrap_or_default();
            if !reference.is_empty() && reference.starts_with(marker) {
                references.push(reference.to_owned());
            }
        }
        match stretch["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return references,
        }
    }
}

#[test]
fn any_service_may_be_killed_while_forms_post() {
    let platform = platform();
    let outside = Outside::start();
    let endpoint = json!({"url": outside.address(), "events": ["Lead.CREATE"]});
    Browser::tenant_admin(&platform).post("/api/v2/webhook-endpoints", &endpoint).expect(201);
    let services = [
        "lead-service",
        "gateway",
        "integration-service",
        "tenant-service",
        "auth-service",
        "enrichment-service",
    ];
    let mut acknowledged = BTreeSet::new();

    for service in services {
        let killed = AtomicBool::new(false);
        let ledger = stream_of_posts(&platform, service, |sent| {
            eventually("the stream is under way", RECOVERY, || {
                (sent.load(Ordering::SeqCst) > POSTS / 3).then_some(())
            });
            platform.kill(service).unwrap();
            killed.store(true, Ordering::SeqCst);
        });
        assert!(killed.load(Ordering::SeqCst));
        eventually(&format!("{service} is back"), RECOVERY, || platform.is_ready(service).then_some(()));
        eventually("the gateway is ready", RECOVERY, || platform.is_ready("gateway").then_some(()));

        let stored = stored(&platform, service);
        let unique: HashSet<String> = stored.iter().cloned().collect();
        assert_eq!(stored.len(), unique.len(), "{service}: a lead is stored twice");
        let lost: Vec<&String> = ledger.acknowledged.difference(&unique).collect();
        assert!(lost.is_empty(), "{service}: acknowledged and lost: {lost:?}");
        let unknown: Vec<&String> = unique
            .iter()
            .filter(|reference| {
                !ledger.acknowledged.contains(*reference) && !ledger.indeterminate.contains(*reference)
            })
            .collect();
        assert!(unknown.is_empty(), "{service}: stored and never sent: {unknown:?}");
        assert!(!ledger.acknowledged.is_empty(), "{service}: nothing was acknowledged at all");
        acknowledged.extend(ledger.acknowledged);
    }

    // Every stored lead is delivered, whichever process was killed; an event keeps its id on each try. The stored leads are
    // read again each time: a post without an answer may have been committed after the stream ended.
    let told = || -> BTreeSet<(String, String)> {
        let received = outside.received();
        let text =
            |one: &Received| one.body["data"]["lead_reference_id"].as_str().unwrap_or_default().to_owned();
        received.iter().map(|one| (text(one), one.header("webhook-id").to_owned())).collect()
    };
    // The differences are named, so that a failure shows where an event was lost.
    let difference = || {
        let all: BTreeSet<String> = stored(&platform, "").into_iter().collect();
        let references: BTreeSet<String> = told().into_iter().map(|(reference, _)| reference).collect();
        let list = |one: &BTreeSet<String>, other| one.difference(other).cloned().collect::<Vec<_>>();
        (list(&all, &references), list(&references, &all), list(&acknowledged, &all))
    };
    let none = (Vec::new(), Vec::new(), Vec::new());
    let ended = Instant::now();
    while difference() != none {
        assert!(
            ended.elapsed() < Duration::from_secs(90),
            "(listed and not told, told and not listed, acknowledged and not listed): {:?}",
            difference()
        );
        pause(Duration::from_millis(250));
    }
    let told: Vec<(String, String)> = told().into_iter().collect();
    let twice: Vec<_> = told.windows(2).filter(|pair| pair[0].0 == pair[1].0).collect();
    assert!(twice.is_empty(), "a lead with several events: {twice:?}");
    platform.stop();
}

#[test]
fn leads_are_taken_while_redis_is_away_and_told_when_it_is_back() {
    let platform = platform();
    let outside = Outside::start();
    let admin = Browser::tenant_admin(&platform);
    let endpoint = json!({"url": outside.address(), "events": ["Lead.CREATE"]});
    admin.post("/api/v2/webhook-endpoints", &endpoint).expect(201);
    let form = Browser::form(&platform);

    platform.kill("redis").unwrap();
    let taken: Vec<u16> = (0..50)
        .map(|n| form.post("/api/leads/ingest", &json!({"email": format!("r{n}@example.com")})).status)
        .collect();

    assert!(taken.iter().all(|status| *status == 201), "{taken:?}");
    eventually("every lead is delivered", Duration::from_secs(60), || {
        (outside.received().len() == 50).then_some(())
    });
    platform.stop();
}
