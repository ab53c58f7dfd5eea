//! Jobs: each runs its contestants in turn, the platform first.

pub(super) mod builds;
mod event;
pub(super) mod export;
mod gateway;
pub(super) mod growth;
mod import;
mod ingest;
mod page;
mod question;
mod read;
mod search;
pub(super) mod start;
pub(super) mod steady;
mod streamed;

use anyhow::{Context, Result};
use serde::Serialize;

use super::choice::Name;
use super::measure::{Measure, ratio};
use super::stage::Stage;
use super::usage::{cpu, per_1000};

/// A job on a platform full of leads.
pub(super) struct Staged {
    /// Its name on the command line.
    pub(super) name: Name,
    /// Description for the progress output.
    pub(super) about: &'static str,
    /// Does it.
    pub(super) run: fn(&Stage<'_>, Plan) -> Result<Vec<Job>>,
}

/// Jobs that need a stage with instruments.
pub(super) const INSTRUMENTED: [Staged; 2] = [
    Staged { name: Name::Streamed, about: "passing large answers through the gateway", run: streamed::run },
    Staged { name: Name::Event, about: "waiting for events", run: event::run },
];

/// Jobs on a plain one, in their order: ingests and imports come last, because they make the table larger than the readers'
/// figures are meant for.
pub(super) const PLAIN: [Staged; 7] = [
    Staged { name: Name::ReadOne, about: "reading single leads", run: read::run },
    Staged { name: Name::ReadPage, about: "reading pages", run: page::run },
    Staged { name: Name::Search, about: "searching", run: search::run },
    Staged { name: Name::Gateway, about: "going through the gateway", run: gateway::run },
    Staged { name: Name::Ingest, about: "taking leads in", run: ingest::one_by_one },
    Staged { name: Name::IngestBatch, about: "taking leads in by the hundred", run: ingest::by_the_hundred },
    Staged { name: Name::Import, about: "importing a file of 100,000 people", run: import::run },
];

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// How often each contestant of a job runs, in turn with the others.
    pub(super) rounds: usize,
    /// How long each of these runs is.
    pub(super) seconds: u64,
    /// How long the platform may need until it has worked off what a run of ingests left behind.
    pub(super) settle: u64,
}

/// One line of the table.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    /// Who did it.
    pub(super) name: String,
    /// What was seen.
    pub(super) measure: Measure,
}

/// What came of a job.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Job {
    /// What was done.
    pub(super) name: String,
    /// Over how many connections at once; 0 for what is no load.
    pub(super) connections: usize,
    /// The platform, and then what it is compared with.
    pub(super) lines: Vec<Line>,
    /// What was wanted of it.
    pub(super) goals: Vec<Goal>,
    /// What else there is to say.
    pub(super) notes: Vec<String>,
    /// What must not be: leads that were acknowledged and are not stored.
    pub(super) faults: Vec<String>,
}

/// Something wanted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Goal {
    /// In words.
    pub(super) text: String,
    /// What was reached.
    pub(super) reached: f64,
    /// Whether that is enough.
    pub(super) met: bool,
}

impl Goal {
    /// At least `wanted`.
    pub(super) fn at_least(what: &str, wanted: f64, reached: f64) -> Self {
        Self { text: format!("{what} ≥ {wanted}"), reached, met: reached >= wanted }
    }

    /// At most `wanted`.
    pub(super) fn at_most(what: &str, wanted: f64, reached: f64) -> Self {
        Self { text: format!("{what} ≤ {wanted}"), reached, met: reached <= wanted }
    }
}

/// A contestant, run for a number of seconds.
pub(super) struct Contestant<'a> {
    /// Its name in the table.
    pub(super) name: &'a str,
    /// Does it.
    pub(super) run: Box<dyn Fn(u64) -> Result<Measure> + 'a>,
}

/// Runs all contestants in turn, `plan.rounds` times, so that what disturbs the machine disturbs all of them.
/// `others` are processes that are looked at beside the platform's.
pub(super) fn compare(
    stage: &Stage<'_>,
    plan: Plan,
    contestants: &[Contestant<'_>],
    others: &[(&str, u32)],
) -> Result<Vec<Line>> {
    let mut runs: Vec<Vec<Measure>> = contestants.iter().map(|_| Vec::new()).collect();
    for _ in 0..plan.rounds {
        for (contestant, runs) in contestants.iter().zip(&mut runs) {
            let before = cpu(&stage.platform, others);
            let mut measure = (contestant.run)(plan.seconds).with_context(|| contestant.name.to_owned())?;
            measure.cpu_per_1000 = per_1000(&before, &cpu(&stage.platform, others), measure.requests);
            runs.push(measure);
        }
    }
    let middle = |(contestant, runs): (&Contestant<'_>, Vec<Measure>)| {
        let measure = Measure::middle(runs).context("there was no run")?;
        Ok(Line { name: contestant.name.to_owned(), measure })
    };
    contestants.iter().zip(runs).map(middle).collect()
}

impl Job {
    /// A job of which nothing is wanted yet.
    pub(super) fn new(name: &str, connections: usize, lines: Vec<Line>) -> Self {
        Self {
            name: name.to_owned(),
            connections,
            lines,
            goals: Vec::new(),
            notes: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// What was done, and over how many connections.
    pub(super) fn title(&self) -> String {
        match self.connections {
            0 => self.name.clone(),
            1 => format!("{}, 1 connection", self.name),
            several => format!("{}, {several} connections", self.name),
        }
    }

    /// The throughput of the platform by that of another line.
    pub(super) fn ratio_to(&self, line: usize) -> f64 {
        let of = |line: usize| self.lines.get(line).map_or(0.0, |line| line.measure.per_second);
        ratio(of(0), of(line))
    }

    /// The platform's 99th percentile by that of another line.
    pub(super) fn p99_to(&self, line: usize) -> f64 {
        let of = |line: usize| self.lines.get(line).map_or(0.0, |line| line.measure.p99_us as f64);
        ratio(of(0), of(line))
    }

    /// Violations, and errors of any contestant: a figure with errors compares nothing.
    pub(super) fn refusals(&self) -> Vec<String> {
        let erring = self.lines.iter().filter(|line| line.measure.errors > 0);
        let text = |line: &Line| {
            let (name, errors) = (&line.name, line.measure.errors);
            format!(
                "{name}, {} connections: {errors} requests were refused or not answered",
                self.connections
            )
        };
        erring.map(text).chain(self.faults.iter().cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_ours_by_theirs() {
        let line = |per_second, p99_us| Line {
            name: String::new(),
            measure: Measure { per_second, p99_us, ..Measure::default() },
        };
        let job = Job::new("j", 1, vec![line(50.0, 30), line(100.0, 10)]);

        assert_eq!(job.ratio_to(1), 0.5);
        assert_eq!(job.p99_to(1), 3.0);
        assert_eq!(job.ratio_to(2), 0.0);
    }

    #[test]
    fn errors_and_lost_leads_are_refusals() {
        let line = |errors| Line { name: "ours".into(), measure: Measure { errors, ..Measure::default() } };
        let mut job = Job::new("j", 8, vec![line(0), line(3)]);
        job.faults.push("one is missing".into());

        let refusals = job.refusals();

        assert_eq!(refusals.len(), 2);
        assert!(refusals[0].contains("8 connections: 3 requests") && refusals[1] == "one is missing");
    }

    #[test]
    fn a_goal_is_met_at_its_border() {
        assert!(Goal::at_least("ratio", 0.8, 0.8).met);
        assert!(!Goal::at_least("ratio", 0.8, 0.79).met);
        assert!(Goal::at_most("MB", 150.0, 150.0).met);
        assert!(!Goal::at_most("MB", 150.0, 151.0).met);
    }
}
