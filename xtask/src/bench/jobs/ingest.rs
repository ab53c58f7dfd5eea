//! A lead comes in, is committed with its event, and is answered; beside it, PostgreSQL alone.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::{Contestant, Goal, Job, Plan, compare};
use crate::bench::database::Load;
use crate::bench::measure::Measure;
use crate::bench::stage::Stage;
use crate::bench::usage;
use crate::bench::wrk::Lua;

const SCRIPT: &str = include_str!("../scripts/ingest.lua");
const INSERT_LEAD: &str = include_str!("../scripts/insert_lead.sql");
const INSERT_ALL: &str = include_str!("../scripts/insert_all.sql");

/// What became of the submissions of the platform's runs.
#[derive(Default)]
struct Kept {
    acknowledged: u64,
    stored: u64,
    faults: Vec<String>,
    slowest: Duration,
    unsettled: bool,
}

/// Runs the job over so many connections.
pub(in crate::bench) fn ingest(
    stage: &Stage<'_>,
    plan: Plan,
    connections: usize,
) -> Result<(Job, Vec<String>)> {
    let kept = RefCell::new(Kept::default());
    let database = stage.database()?;
    let variables = [("tenant", stage.demo.tenant.id.clone())];
    let api_key =
        database.run("select id from api_keys where tenant_id = :'tenant' limit 1;\n", &variables)?;
    let of_database = |text: &'static str, name: &'static str| {
        let (database, api_key) = (&database, api_key.trim().to_owned());
        move |seconds| {
            let variables = [("tenant", &stage.demo.tenant.id), ("api_key_id", &api_key), ("run", &marker())]
                .map(|(name, value)| (name.to_owned(), value.clone()));
            database.pgbench(&Load {
                script: &database.script(name, text)?,
                variables: &variables,
                tenant: &stage.demo.tenant.id,
                connections,
                seconds,
            })
        }
    };
    let contestants = [
        Contestant {
            name: "ingest through the gateway",
            run: Box::new(|seconds| through_gateway(stage, plan, connections, seconds, &kept)),
        },
        Contestant {
            name: "pgbench: the lead's row",
            run: Box::new(of_database(INSERT_LEAD, "insert_lead.sql")),
        },
        Contestant {
            name: "pgbench: lead, event and outbox",
            run: Box::new(of_database(INSERT_ALL, "insert_all.sql")),
        },
    ];
    let lines = compare(stage, plan, &contestants, &[])?;
    drop(contestants);
    let kept = kept.into_inner();
    let mut job = Job { name: "ingest".to_owned(), connections, lines, goals: vec![], notes: vec![] };
    job.goals.push(Goal::at_least("ratio to the lead's row alone", 1.0, job.ratio_to(1)));
    job.goals.push(Goal::at_most("p99 by that of the lead's row alone", 2.0, job.p99_to(1)));
    job.notes.push(format!(
        "{} acknowledged, {} stored (a submission may be stored whose answer the generator did not wait for)",
        kept.acknowledged, kept.stored
    ));
    job.notes.push(format!(
        "{} s from the end of a run until all its events were worked off{}, in the CPU time of the run",
        kept.slowest.as_secs(),
        if kept.unsettled { " (given up)" } else { "" }
    ));
    Ok((job, kept.faults))
}

fn marker() -> String {
    format!("b{:08x}-", rand::random::<u32>())
}

fn through_gateway(
    stage: &Stage<'_>,
    plan: Plan,
    connections: usize,
    seconds: u64,
    kept: &RefCell<Kept>,
) -> Result<Measure> {
    let (run, host) = (marker(), stage.host());
    let values = [
        ("host", Lua::Text(&host)),
        ("api_key", Lua::Text(&stage.demo.api_key)),
        ("run", Lua::Text(run.trim_end_matches('-'))),
    ];
    let wrk = stage.wrk();
    let script = wrk.script("ingest.lua", &values, SCRIPT)?;
    let measure = wrk.run(&script, &stage.platform.base_url(), connections, seconds)?;
    let ended = Instant::now();
    let settled = usage::settle(&stage.platform, stage.cancel, Duration::from_secs(plan.settle))?;
    let acknowledged = measure.requests.saturating_sub(measure.errors);
    let stored = stored(stage, &run)?;
    let mut kept = kept.borrow_mut();
    kept.acknowledged += acknowledged;
    kept.stored += stored;
    kept.slowest = kept.slowest.max(ended.elapsed());
    kept.unsettled |= !settled;
    if let Some(fault) = fault(acknowledged, stored, measure.errors + connections as u64) {
        kept.faults.push(fault);
    }
    Ok(measure)
}

fn stored(stage: &Stage<'_>, run: &str) -> Result<u64> {
    let variables = [("tenant", stage.demo.tenant.id.clone()), ("run", format!("{run}%"))];
    let statement =
        "select count(*) from leads where tenant_id = :'tenant' and lead_reference_id like :'run';\n";
    stage.database()?.number(statement, &variables).context("can't count what was stored")
}

/// What was acknowledged must be stored; what the generator heard nothing of, at most `unheard`, may be.
fn fault(acknowledged: u64, stored: u64, unheard: u64) -> Option<String> {
    if stored < acknowledged {
        return Some(format!("{acknowledged} submissions were acknowledged, but only {stored} are stored"));
    }
    (stored > acknowledged + unheard)
        .then(|| format!("{stored} submissions are stored, but only {acknowledged} were acknowledged"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_was_acknowledged_must_be_stored() {
        assert!(fault(100, 99, 32).unwrap().contains("only 99 are stored"));
        assert_eq!(fault(100, 100, 32), None);
        assert_eq!(fault(100, 132, 32), None);
        assert!(fault(100, 133, 32).is_some());
    }
}
