//! Selection of jobs for a run.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Parser, ValueEnum};

use super::jobs::Plan;

/// How much is measured unless something else is asked for.
const FULL: Plan = Plan { rounds: 3, seconds: 4, settle: 20 };
const QUICK: Plan = Plan { rounds: 1, seconds: 2, settle: 10 };
/// Default minutes of steady load.
const SOAK: u64 = 2;

/// What is asked for.
#[derive(Clone, Debug, Default, Parser)]
#[command(
    name = "cargo xtask bench",
    about = "Measures a throw-away platform beside what its PostgreSQL and a plain proxy can do at best"
)]
pub struct Wanted {
    /// Only these jobs
    #[arg(long, value_name = "JOB", value_delimiter = ',')]
    pub only: Vec<Name>,
    /// Fewer leads, shorter runs, and neither growth nor exports nor imports nor a soak
    #[arg(long)]
    pub quick: bool,
    /// Also build everything from nothing, in a directory of its own, and say how long that takes
    #[arg(long)]
    pub builds: bool,
    /// How long memory is looked at under a steady load, in minutes [default: 2]
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(1..))]
    pub soak: Option<u64>,
    /// How long each run is, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub seconds: Option<u64>,
    /// Of how many runs each figure is the middle one
    #[arg(long, value_name = "RUNS", value_parser = clap::value_parser!(u64).range(1..100))]
    pub rounds: Option<u64>,
    /// How many leads there are, over 20 tenants
    #[arg(long, value_name = "LEADS", value_parser = clap::value_parser!(i64).range(1000..))]
    pub leads: Option<i64>,
    /// Also write everything to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
}

/// A job by the name that the command line knows it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Name {
    /// One lead by its id
    ReadOne,
    /// A page of leads, with and without their number
    ReadPage,
    /// Leads by three words
    Search,
    /// What the gateway adds to a small answer
    Gateway,
    /// Leads coming in one by one
    Ingest,
    /// Leads coming in by the hundred
    IngestBatch,
    /// A file of 100 thousand people, beside a bare COPY of its rows
    Import,
    /// What the gateway adds to an answer of 64 KiB
    Streamed,
    /// From a commit to its effect in another service
    Event,
    /// Reading among 10 thousand, 200 thousand and 2 million leads
    Growth,
    /// All leads of a tenant with a million as a file, and searches among them
    Export,
    /// Memory under a steady load
    Soak,
    /// Starting a platform
    Start,
    /// Building everything, and after one file changed
    Builds,
}

impl Wanted {
    /// Whether a job is measured.
    pub(super) fn has(&self, name: Name) -> bool {
        if !self.only.is_empty() {
            return self.only.contains(&name);
        }
        match name {
            Name::Growth | Name::Export | Name::Import => !self.quick,
            Name::Soak => !self.quick || self.soak.is_some(),
            Name::Builds => self.builds,
            _ => true,
        }
    }

    /// Whether anything is measured that needs the optimised build.
    pub(super) fn is_optimised(&self) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| !matches!(name, Name::Start | Name::Builds))
    }

    /// How many minutes of steady load there are; none without.
    pub(super) fn soak(&self) -> Option<u64> {
        self.has(Name::Soak).then(|| self.soak.unwrap_or(SOAK))
    }

    /// How long and how often.
    pub(super) fn plan(&self) -> Result<Plan> {
        let usual = if self.quick { QUICK } else { FULL };
        let Some(rounds) = self.rounds else {
            return Ok(Plan { seconds: self.seconds.unwrap_or(usual.seconds), ..usual });
        };
        if rounds % 2 == 0 {
            bail!("of an even number of runs none is the middle one");
        }
        Ok(Plan { rounds: usize::try_from(rounds)?, seconds: self.seconds.unwrap_or(usual.seconds), ..usual })
    }

    /// How many leads there are.
    pub(super) fn leads(&self) -> i64 {
        self.leads.unwrap_or(if self.quick { 50_000 } else { 200_000 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_measured_unless_some_jobs_are_named() {
        let some = Wanted { only: vec![Name::Search], ..Wanted::default() };

        assert!(Wanted::default().has(Name::Ingest));
        assert!(some.has(Name::Search) && !some.has(Name::Ingest));
        assert!(Wanted::default().is_optimised() && some.is_optimised());
        assert!(!Wanted { only: vec![Name::Start, Name::Builds], ..some }.is_optimised());
    }

    #[test]
    fn what_takes_long_is_left_out_of_a_quick_run_unless_it_is_asked_for() {
        let (full, quick) = (Wanted::default(), Wanted { quick: true, ..Wanted::default() });

        assert!(full.has(Name::Growth) && !quick.has(Name::Growth));
        assert!(full.has(Name::Export) && !quick.has(Name::Export));
        assert!(full.has(Name::Import) && !quick.has(Name::Import));
        assert_eq!((full.soak(), quick.soak()), (Some(SOAK), None));
        assert_eq!(Wanted { soak: Some(60), ..quick.clone() }.soak(), Some(60));
        assert!(quick.has(Name::Start) && !full.has(Name::Builds));
        assert!(Wanted { only: vec![Name::Builds, Name::Growth], ..quick }.has(Name::Growth));
    }

    #[test]
    fn a_plan_is_changed_where_that_is_asked_for() {
        let wanted = Wanted { quick: true, seconds: Some(60), ..Wanted::default() };

        let plan = wanted.plan().unwrap();

        assert_eq!((plan.rounds, plan.seconds), (QUICK.rounds, 60));
        assert!(Wanted { rounds: Some(2), ..wanted }.plan().is_err());
    }
}
