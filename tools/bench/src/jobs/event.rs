//! Time from a commit in one service to its effect in another: PostgreSQL itself records commit times,
//! and both databases are in one cluster, so that both times are of one clock.
//!
//! The cause is the commit of a lead with its event in lead-service. The effect is the commit of the inbox row, with
//! deliveries and notifications, in integration-service. Each time is taken when a commit begins to be written to the log,
//! so that what is measured has the cause's flush to disk in it, and ends before the effect's.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, Result};

use super::ingest::{self, Pace};
use super::{Goal, Job, Line, Plan};
use crate::database::Database;
use crate::measure::{Measure, percentile};
use crate::stage::Stage;
use crate::usage;

/// Leads per second.
const RATE: u64 = 500;
const CONNECTIONS: usize = 32;
/// As long as caches need to be filled and connections to be made.
const WARM_UP: u64 = 2;

/// When an event was committed, in microseconds since 1970, by its id.
type Times = HashMap<String, u64>;

const CAUSES: &str = "select e.id, (extract(epoch from pg_xact_commit_timestamp(e.xmin)) * 1000000)::bigint \
                      from events e join leads l on l.id = e.entity_id where e.event_type = 'Lead.CREATE' \
                      and l.tenant_id = :'tenant' and l.lead_reference_id like :'run';\n";
/// A row that another attempt writes again has that attempt's time.
const EFFECTS: &str = "select event_id, (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000)::bigint \
                       from inbox where tenant_id = :'tenant' and event_type = 'Lead.CREATE' and status = 'COMPLETED';\n";

/// At a steady rate for as long as all runs of another job.
pub(super) fn run(stage: &Stage<'_>, plan: Plan) -> Result<Vec<Job>> {
    let pace = Pace { connections: CONNECTIONS, per_second: RATE };
    ingest::paced(stage, pace, WARM_UP)?;
    let seconds = plan.seconds * plan.rounds as u64;
    let (marker, sent) = ingest::paced(stage, pace, seconds)?;
    usage::settle(&stage.platform, stage.cancel, Duration::from_secs(plan.settle))?;

    let tenant = ("tenant", stage.demo.tenant.id.clone());
    let causes = times(&stage.database()?, CAUSES, &[tenant.clone(), ("run", format!("{marker}%"))])?;
    let effects = times(&stage.database_of("integration")?, EFFECTS, &[tenant])?;
    let (delays, missing) = delays(&causes, &effects);

    let measure = Measure {
        requests: delays.len() as u64,
        errors: sent.errors,
        per_second: sent.per_second,
        p50_us: percentile(&delays, 50),
        p99_us: percentile(&delays, 99),
        ..Measure::default()
    };
    let milliseconds = |microseconds: u64| microseconds as f64 / 1000.0;
    let (p50, p99) = (milliseconds(measure.p50_us), milliseconds(measure.p99_us));
    let line = Line { name: "lead-service's commit to integration-service's".to_owned(), measure };
    let mut job = Job::new("event", CONNECTIONS, vec![line]);
    job.goals.push(Goal::at_least("leads a second", RATE as f64 * 0.95, sent.per_second));
    job.goals.push(Goal::at_most("ms at p50", 10.0, p50));
    job.goals.push(Goal::at_most("ms at p99", 100.0, p99));
    let slowest = delays.last().copied().map_or(0.0, milliseconds);
    job.notes.push(format!("{} events, of which the slowest took {slowest:.1} ms", delays.len()));
    if missing > 0 {
        job.faults.push(format!("{missing} of {} events had no effect", causes.len()));
    }
    Ok(vec![job])
}

fn times(database: &Database<'_>, statement: &str, variables: &[(&str, String)]) -> Result<Times> {
    let text = database.run(statement, variables)?;
    parse(&text).with_context(|| format!("{statement} gave something unexpected"))
}

fn parse(text: &str) -> Option<Times> {
    let row = |line: &str| {
        let (id, time) = line.split_once('|')?;
        Some((id.to_owned(), time.parse().ok()?))
    };
    text.lines().map(row).collect()
}

/// Microseconds from each cause to its effect, sorted, and how many causes have none.
fn delays(causes: &Times, effects: &Times) -> (Vec<u64>, usize) {
    let delay = |(id, cause): (&String, &u64)| Some(effects.get(id)?.saturating_sub(*cause));
    let mut delays: Vec<u64> = causes.iter().filter_map(delay).collect();
    delays.sort_unstable();
    let missing = causes.len() - delays.len();
    (delays, missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_lies_between_a_cause_and_its_own_effect() {
        let causes = parse("a|1000\nb|2000\nc|3000\n").unwrap();
        let effects = parse("b|2700\na|1900\nx|1\n").unwrap();

        assert_eq!(delays(&causes, &effects), (vec![700, 900], 1));
        assert!(parse("a|\n").is_none());
    }
}
