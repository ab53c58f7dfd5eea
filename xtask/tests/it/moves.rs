//! Moves of a tenant between the pool and a schema of its own, during writes and with killed processes: the move completes
//! or is reverted, and no record is lost or duplicated.

use std::{
    collections::HashSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use devstack::{
    people::{Api, Tenant, signed},
    wire::Request,
};
use serde_json::{Value, json};

use crate::browser::{pause, platform, tireless_platform};

const WRITERS: usize = 3;
/// Timeout of a request.
const LIMIT: Duration = Duration::from_secs(15);
/// Deadline of a move while its services are killed.
const LONGEST: Duration = Duration::from_secs(180);
/// Moments after the beginning of a move at which something is killed, in milliseconds: while rows are copied, while
/// the places are switched, and while the old one is cleared.
const MOMENTS: [u64; 3] = [60, 500, 1_100];

/// Outcomes of the writes.
#[derive(Default)]
struct Ledger {
    acknowledged: HashSet<String>,
    indeterminate: HashSet<String>,
    /// The longest time without an accepted write.
    longest_pause: Duration,
}

struct Mover<'m> {
    api: &'m Api,
    staff: &'m str,
    tenant: &'m Tenant,
}

impl Mover<'_> {
    fn path(&self) -> String {
        format!("/api/v2/tenants/{}/isolation", self.tenant.id)
    }

    fn state(&self) -> Value {
        self.api.ask(&signed("GET", &self.path(), self.staff, None), &[200]).unwrap().json()
    }

    fn begin(&self, to: &str) {
        let request = signed("POST", &self.path(), self.staff, None).json(&json!({ "isolation": to }));
        self.api.ask(&request, &[202]).unwrap();
    }

    /// Waits for the end; returns the outcome.
    fn end(&self) -> String {
        let began = Instant::now();
        loop {
            let state = self.state();
            let status = state["status"].as_str().unwrap_or_default().to_owned();
            if ["succeeded", "rolled_back"].contains(&status.as_str()) {
                return status;
            }
            assert!(began.elapsed() < LONGEST, "the move does not end: {state}");
            pause(Duration::from_millis(200));
        }
    }
}

fn write(api: &Api, tenant: &Tenant, name: &str, ledger: &Mutex<Ledger>) -> bool {
    let email = format!("{name}@moving.example");
    let body = json!({ "first_name": name, "email": email });
    ledger.lock().unwrap().indeterminate.insert(email.clone());
    let request = signed("POST", "/api/v2/leads", &tenant.token, Some(&tenant.client_id)).json(&body);
    match request.send(api.address, LIMIT) {
        Ok(answer) if answer.status == 201 => {
            let mut ledger = ledger.lock().unwrap();
            ledger.indeterminate.remove(&email);
            ledger.acknowledged.insert(email);
            true
        }
        // Certainly refused: the tenant is being moved. All other failures may have been carried out.
        Ok(answer) if answer.json()["code"] == "tenant_moving" => {
            assert!(answer.header("retry-after").is_some());
            ledger.lock().unwrap().indeterminate.remove(&email);
            false
        }
        Ok(_) | Err(_) => false,
    }
}

fn read(api: &Api, tenant: &Tenant) -> u16 {
    let request =
        signed("GET", "/api/v2/leads?page_size=1&count=none", &tenant.token, Some(&tenant.client_id));
    request.send(api.address, LIMIT).map_or(0, |answer| answer.status)
}

/// Addresses of all leads, read by cursor.
fn stored(api: &Api, tenant: &Tenant) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v2/leads?ordering=created_at&page_size=200&fields=email&cursor={cursor}");
        let stretch =
            api.ask(&signed("GET", &path, &tenant.token, Some(&tenant.client_id)), &[200]).unwrap().json();
        let emails = stretch["results"].as_array().unwrap().iter();
        all.extend(emails.filter_map(|lead| lead["email"].as_str().map(str::to_owned)));
        match stretch["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return all,
        }
    }
}

#[test]
fn a_move_ends_and_loses_nothing_whatever_is_killed_while_people_write() {
    let platform = platform();
    let api = Api::of(&platform).unwrap();
    let tenant = api.found("moving").unwrap();
    let staff = api.sign_in(&platform.demo().unwrap().platform_admin).unwrap();
    let mover = Mover { api: &api, staff: &staff, tenant: &tenant };
    let (ledger, done, count) = (Mutex::new(Ledger::default()), AtomicBool::new(false), AtomicUsize::new(0));

    let ends: Vec<String> = thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                let mut last = Instant::now();
                while !done.load(Ordering::SeqCst) {
                    let number = count.fetch_add(1, Ordering::SeqCst);
                    if write(&api, &tenant, &format!("w{number}"), &ledger) {
                        let mut ledger = ledger.lock().unwrap();
                        ledger.longest_pause = ledger.longest_pause.max(last.elapsed());
                        last = Instant::now();
                    } else {
                        pause(Duration::from_millis(50));
                    }
                }
            });
        }
        pause(Duration::from_secs(1));
        let mut ends = Vec::new();
        for service in ["lead-service", "tenant-service", "integration-service"] {
            for moment in MOMENTS {
                let to = if mover.state()["isolation"] == "pool" { "schema" } else { "pool" };
                mover.begin(to);
                pause(Duration::from_millis(moment));
                platform.kill(service).unwrap();
                ends.push(mover.end());
            }
        }
        done.store(true, Ordering::SeqCst);
        ends
    });

    assert_eq!(ends.len(), 9);
    assert_eq!(read(&api, &tenant), 200);
    let stored = stored(&api, &tenant);
    let unique: HashSet<String> = stored.iter().cloned().collect();
    let ledger = ledger.into_inner().unwrap();
    assert_eq!(stored.len(), unique.len(), "a lead is there twice");
    let lost: Vec<&String> = ledger.acknowledged.difference(&unique).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}; the moves: {ends:?}");
    let known =
        |email: &&String| !ledger.acknowledged.contains(*email) && !ledger.indeterminate.contains(*email);
    assert_eq!(unique.iter().filter(known).count(), 0, "refused and stored all the same");
    assert!(ledger.acknowledged.len() > 100, "{} writes were taken", ledger.acknowledged.len());
}

#[test]
fn an_undisturbed_move_pauses_writes_for_seconds_at_most_and_reads_not_at_all() {
    let platform = tireless_platform();
    let api = Api::of(&platform).unwrap();
    let tenant = api.found("moving").unwrap();
    let staff = api.sign_in(&platform.demo().unwrap().platform_admin).unwrap();
    let mover = Mover { api: &api, staff: &staff, tenant: &tenant };
    let (ledger, done, count) = (Mutex::new(Ledger::default()), AtomicBool::new(false), AtomicUsize::new(0));

    let (ends, unread) = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut failures = Vec::new();
            while !done.load(Ordering::SeqCst) {
                failures.extend(Some(read(&api, &tenant)).filter(|status| *status != 200));
            }
            failures
        });
        scope.spawn(|| {
            let mut last = Instant::now();
            while !done.load(Ordering::SeqCst) {
                let number = count.fetch_add(1, Ordering::SeqCst);
                if write(&api, &tenant, &format!("w{number}"), &ledger) {
                    let mut ledger = ledger.lock().unwrap();
                    ledger.longest_pause = ledger.longest_pause.max(last.elapsed());
                    last = Instant::now();
                }
            }
        });
        let ends = ["schema", "pool"].map(|to| {
            mover.begin(to);
            mover.end()
        });
        done.store(true, Ordering::SeqCst);
        (ends, reader.join().unwrap())
    });

    let ledger = ledger.into_inner().unwrap();
    assert_eq!(ends, ["succeeded", "succeeded"]);
    assert!(unread.is_empty(), "reads failed: {unread:?}");
    assert!(
        ledger.longest_pause < Duration::from_secs(12),
        "no write was taken for {:?}",
        ledger.longest_pause
    );
    let stored: HashSet<String> = stored(&api, &tenant).into_iter().collect();
    assert!(ledger.acknowledged.is_subset(&stored));
    assert_eq!(Request::new("GET", "/health/ready").send(api.address, LIMIT).unwrap().status, 200);
}
