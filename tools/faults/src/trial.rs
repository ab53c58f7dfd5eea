//! Running scenario: the load, the injected faults, and the recovery times.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::checker;
use super::goals::Goal;
use super::listeners::Listeners;
use super::load::{Aim, Load, Log, Seen};
use super::report::Line;
use super::scenarios::Scenario;
use super::stage::Stage;
use devstack::waiting::{Cancel, pause};

/// Posts per second.
pub(super) const RATE: u32 = 150;
/// Deadline for recovery, after which the scenario is aborted.
const LONGEST_RECOVERY: Duration = Duration::from_secs(90);
/// Time in which requests that were in flight at the recovery may still fail.
const AFTERMATH: Duration = Duration::from_secs(1);

/// Time budget.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    /// For each scenario; no limit when there is none.
    pub(super) share: Option<Duration>,
}

/// Injected fault: its begin, its end and the time of recovery.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strike {
    struck: Instant,
    lifted: Instant,
    ready: Instant,
}

/// Running scenario.
pub(super) struct Trial<'a> {
    /// The platform.
    pub(super) stage: &'a Stage,
    /// Seeded random numbers.
    pub(super) random: StdRng,
    /// Notes for the report.
    pub(super) notes: Vec<String>,
    /// Goals of the scenario's own.
    goals: Vec<Goal>,
    /// Expected number of stream entries that were set aside as unreadable.
    pub(super) unreadable: u64,
    effort: Effort,
    cancel: Cancel,
    load: Load,
    listeners: Listeners,
    marker: String,
    strikes: Vec<Strike>,
}

impl<'a> Trial<'a> {
    /// Starts the load.
    pub(super) fn begin(
        stage: &'a Stage,
        name: &str,
        seed: u64,
        effort: Effort,
        cancel: &Cancel,
    ) -> Result<Self> {
        let seed = name.bytes().fold(seed, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
        // Distinguishes them from an earlier run's leads on the same platform.
        let marker = format!("{name}-{:04x}", seed & 0xffff);
        let aim = Aim {
            gateway: stage.gateway(),
            tenants: stage.tenants.clone(),
            marker: marker.clone(),
            rate: RATE,
            seed,
        };
        let log = Arc::new(Log::default());
        let listeners = Listeners::start(stage, &aim, &log, cancel)?;
        Ok(Self {
            stage,
            random: StdRng::seed_from_u64(seed),
            notes: Vec::new(),
            goals: Vec::new(),
            unreadable: checker::set_aside(stage)?,
            effort,
            cancel: cancel.clone(),
            load: Load::start(&aim, log),
            listeners,
            marker,
            strikes: Vec::new(),
        })
    }

    /// Number of faults within the time budget, at most that of a whole run.
    pub(super) fn strikes(&self, all: u64) -> u64 {
        self.effort.share.map_or(all, |share| (share.as_secs() / 8).clamp(1, all))
    }

    /// Duration of each of so many faults: `long` in a whole run, at least `short`.
    pub(super) fn lasting(&self, long: Duration, short: Duration, blows: u32) -> Duration {
        self.effort.share.map_or(long, |share| (share / 3 / blows.max(1)).clamp(short, long))
    }

    /// Continues the load for a while.
    pub(super) fn calm(&self, long: Duration) -> Result<()> {
        let end = Instant::now() + long;
        while Instant::now() < end {
            if self.cancel.is_raised() {
                bail!("interrupted");
            }
            pause(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Waits until a condition holds, with a deadline.
    pub(super) fn until(&self, what: &str, longest: Duration, holds: impl Fn(&Self) -> bool) -> Result<()> {
        self.cancel.until(what, Duration::from_millis(100), longest, || Ok(holds(self)))
    }

    /// Adds a goal of the scenario with its figure.
    pub(super) fn judge(&mut self, goal: Goal) {
        self.goals.push(goal);
    }

    /// Failed requests of the load so far.
    pub(super) fn failed(&self) -> usize {
        self.log().seen().iter().filter(|one| !one.served).count()
    }

    /// Continues the load for a random time, so that faults are not aligned with it.
    pub(super) fn calm_of_some_length(&mut self) -> Result<()> {
        let long = Duration::from_millis(self.random.random_range(1_000..2_500));
        self.calm(long)
    }

    /// Record of the load so far.
    pub(super) fn log(&self) -> &Log {
        self.load.log()
    }

    /// Injects a fault that ends when `blow` returns, and waits until everything is ready again.
    pub(super) fn strike(&mut self, blow: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.strike_with(blow)
    }

    /// The same for a fault with a result.
    pub(super) fn strike_with<T>(&mut self, blow: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let struck = Instant::now();
        let said = blow(self)?;
        let lifted = Instant::now();
        let (step, cancel) = (Duration::from_millis(20), self.cancel.clone());
        // A killed process is not gone at once, and a frozen one answers a moment longer.
        self.calm(Duration::from_millis(50))?;
        cancel.until("becoming ready again", step, LONGEST_RECOVERY, || Ok(self.stage.is_ready()))?;
        self.strikes.push(Strike { struck, lifted, ready: Instant::now() });
        for name in self.stage.processes().iter().map(String::as_str).chain(["postgres", "redis"]) {
            self.stage.platform.forgive(name);
        }
        Ok(said)
    }

    /// Ends the load, waits for unfinished work, and returns the results.
    pub(super) fn end(self, scenario: &Scenario) -> Result<Line> {
        let Self { stage, load, listeners, marker, strikes, notes, goals, unreadable, cancel, .. } = self;
        let log: Arc<Log> = load.stop();
        let mut line = Line::named(scenario.name);
        line.notes = notes;
        line.goals = goals;
        for (failure, count) in log.failures() {
            line.failures.insert(failure, count);
        }
        judge_errors(&strikes, &log.seen(), &mut line);
        line.judge(scenario);
        checker::Sought { stage, log: &log, listeners: &listeners, marker: &marker, unreadable }
            .check(&cancel, &mut line)?;
        line.notes.extend(listeners.stop());
        Ok(line)
    }
}

/// Counts failures during and after the faults, and the recovery time of each.
fn judge_errors(strikes: &[Strike], seen: &[Seen], line: &mut Line) {
    for (place, strike) in strikes.iter().enumerate() {
        let next = strikes.get(place + 1).map(|next| next.struck);
        let until = next.map_or(strike.ready + AFTERMATH, |next| next.min(strike.ready + AFTERMATH));
        let of_this = |one: &&Seen| !one.served && one.at >= strike.struck && one.at < until;
        let last = seen.iter().filter(of_this).map(|one| one.at).max();
        line.errors_during += seen.iter().filter(of_this).count();
        let healed = last.map_or(strike.ready, |last| last.max(strike.ready));
        line.recoveries.push(healed.saturating_duration_since(strike.lifted));
    }
    let all = seen.iter().filter(|one| !one.served).count();
    line.errors_after = all - line.errors_during;
    line.requests = seen.len();
    line.posts_failed = seen.iter().filter(|one| one.is_post && !one.served).count();
    line.posts_p99 = percentile(seen, 99);
}

/// Percentile of the durations of served posts.
pub(super) fn percentile(seen: &[Seen], percent: usize) -> Duration {
    let mut times: Vec<Duration> =
        seen.iter().filter(|one| one.is_post && one.served).map(|one| one.took).collect();
    times.sort_unstable();
    times.get(times.len().saturating_mul(percent) / 100).or(times.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_counted_to_the_blow_they_follow_until_all_is_well_again() {
        let zero = Instant::now();
        let at = |ms: u64| zero + Duration::from_millis(ms);
        let seen = |ms: u64, served: bool| Seen { at: at(ms), took: Duration::ZERO, served, is_post: true };
        let strikes = [
            Strike { struck: at(1_000), lifted: at(1_500), ready: at(2_000) },
            Strike { struck: at(5_000), lifted: at(5_000), ready: at(5_100) },
        ];
        let all =
            [seen(500, true), seen(1_200, false), seen(2_300, false), seen(4_000, false), seen(4_500, true)];
        let mut line = Line::named("x");

        judge_errors(&strikes, &all, &mut line);

        assert_eq!((line.errors_during, line.errors_after), (2, 1));
        assert_eq!(line.recoveries, [Duration::from_millis(800), Duration::from_millis(100)]);
    }
}
