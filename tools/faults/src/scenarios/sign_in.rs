//! Sign-ins beside registrations, which hash passwords too.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;

use super::super::goals::Goal;
use super::super::trial::Trial;
use super::Scenario;
use devstack::waiting::pause;
use devstack::wire::Request;

/// Concurrent connections that register.
const CONNECTIONS: usize = 48;
/// Timed sign-ins, without and with registrations.
const SIGN_INS: usize = 40;
/// Time between two sign-ins, which keeps them below the limit per address.
const BETWEEN: Duration = Duration::from_millis(100);
/// Most times its quiet value that the median may reach.
const MOST_TIMES: f64 = 3.0;

/// Registrations must not slow down sign-ins.
pub(super) const BESIDE_REGISTRATIONS: Scenario = Scenario::of(
    "sign-in-beside-registrations",
    "48 connections register accounts without pause while people sign in",
    beside_registrations,
);

fn beside_registrations(trial: &mut Trial<'_>, _: &Scenario) -> Result<()> {
    let quiet = sign_in_times(trial)?;
    let (over, registered, refused) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let gateway = trial.stage.gateway();
    let loud = std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                while !over.load(Ordering::SeqCst) {
                    let answer = registration().send(gateway, Duration::from_secs(30));
                    let is_taken = answer.is_ok_and(|answer| answer.status == 201);
                    if is_taken { &registered } else { &refused }.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        let loud = trial.strike_with(sign_in_times);
        over.store(true, Ordering::SeqCst);
        loud
    })?;
    let (quiet, loud) = (median(quiet), median(loud));
    trial.notes.push(format!(
        "{} registrations were taken and {} refused; the median sign-in took {} ms and then {} ms",
        registered.load(Ordering::SeqCst),
        refused.load(Ordering::SeqCst),
        quiet.as_millis(),
        loud.as_millis()
    ));
    trial.judge(Goal::times("the median sign-in", MOST_TIMES, quiet, loud));
    trial.calm_of_some_length()
}

fn registration() -> Request {
    let email = format!("crowd-{:016x}@example.com", rand::random::<u64>());
    let account = json!({
        "email": email, "password": "correct-horse-battery", "first_name": "Crowd", "last_name": "Member",
    });
    Request::new("POST", "/api/v2/auth/register").json(&account)
}

/// Signs the first tenant's admin in again and again, and returns how long each attempt took.
fn sign_in_times(trial: &mut Trial<'_>) -> Result<Vec<Duration>> {
    let admin = &trial.stage.tenants.first().context("there is no tenant")?.admin;
    let request = Request::new("POST", "/api/v2/auth/login")
        .json(&json!({"email": admin.email, "password": admin.password}));
    let mut times = Vec::with_capacity(SIGN_INS);
    for _ in 0..SIGN_INS {
        let sent = Instant::now();
        let answer = request.send(trial.stage.gateway(), Duration::from_secs(30));
        let status = answer.ok().context("a sign-in got no answer")?.status;
        anyhow::ensure!(status == 200, "a sign-in was answered {status}");
        times.push(sent.elapsed());
        pause(BETWEEN);
    }
    Ok(times)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_value() {
        let times = [9, 1, 5].map(Duration::from_millis).to_vec();

        assert_eq!(median(times), Duration::from_millis(5));
        assert_eq!(median(Vec::new()), Duration::ZERO);
    }
}
