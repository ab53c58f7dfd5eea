//! Leads come in, are committed with their events, and are answered; beside it, PostgreSQL alone.

use std::cell::RefCell;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::{Contestant, Goal, Job, Plan, compare};
use crate::database::Load;
use crate::measure::Measure;
use crate::stage::Stage;
use crate::usage;
use crate::wrk::{Lua, threads};

const SCRIPT: &str = include_str!("../scripts/ingest.lua");
const INSERT_LEAD: &str = include_str!("../scripts/insert_lead.sql");
const INSERT_ALL: &str = include_str!("../scripts/insert_all.sql");

/// How leads come in.
struct Manner {
    /// What the job is called.
    job: &'static str,
    /// The contestants: through the gateway, the leads' rows alone, and every row.
    names: [&'static str; 3],
    /// How many leads a request brings, or a transaction writes.
    leads: u64,
    /// Where the scripts of pgbench take a lead's number from.
    rows: &'static str,
}

const ONE_BY_ONE: Manner = Manner {
    job: "ingest",
    names: ["ingest through the gateway", "pgbench: the lead's row", "pgbench: every row of an ingest"],
    leads: 1,
    rows: "(SELECT :n::bigint AS n) AS sent",
};

const BY_THE_HUNDRED: Manner = Manner {
    job: "ingest batch, leads",
    names: [
        "100 leads a request through the gateway",
        "pgbench: 100 leads' rows a transaction",
        "pgbench: every row of 100 ingests a transaction",
    ],
    leads: 100,
    rows: "(SELECT :n::bigint + place AS n FROM generate_series(1, 100) AS place) AS sent",
};

/// Each in a request of its own.
pub(super) fn one_by_one(stage: &Stage<'_>, plan: Plan) -> Result<Vec<Job>> {
    let run = |connections| {
        let mut job = ingest(stage, plan, &ONE_BY_ONE, connections)?;
        job.goals.push(Goal::at_least("ratio to the lead's row alone", 1.0, job.ratio_to(1)));
        job.goals.push(Goal::at_most("p99 by that of the lead's row alone", 2.0, job.p99_to(1)));
        Ok(job)
    };
    [32, 64].into_iter().map(run).collect()
}

/// A hundred in each request; leads are counted, requests are timed.
pub(super) fn by_the_hundred(stage: &Stage<'_>, plan: Plan) -> Result<Vec<Job>> {
    let mut job = ingest(stage, plan, &BY_THE_HUNDRED, 16)?;
    job.goals.push(Goal::at_least("ratio to the leads' rows alone", 0.5, job.ratio_to(1)));
    Ok(vec![job])
}

/// What became of the submissions of the platform's runs.
#[derive(Default)]
struct Kept {
    acknowledged: u64,
    stored: u64,
    faults: Vec<String>,
    slowest: Duration,
    unsettled: bool,
}

fn ingest(stage: &Stage<'_>, plan: Plan, manner: &Manner, connections: usize) -> Result<Job> {
    let kept = RefCell::new(Kept::default());
    let database = stage.database()?;
    let variables = [("tenant", stage.demo.tenant.id.clone())];
    let api_key =
        database.run("select id from api_keys where tenant_id = :'tenant' limit 1;\n", &variables)?;
    let of_database = |text: &'static str| {
        let (database, api_key) = (&database, api_key.trim().to_owned());
        move |seconds| {
            let variables = [("tenant", &stage.demo.tenant.id), ("api_key_id", &api_key), ("run", &marker())]
                .map(|(name, value)| (name.to_owned(), value.clone()));
            let measure = database.pgbench(&Load {
                script: &database.script("insert.sql", &text.replace("{rows}", manner.rows))?,
                variables: &variables,
                tenant: &stage.demo.tenant.id,
                is_planned_for_it: false,
                connections,
                seconds,
            })?;
            Ok(measure.counting_parts(manner.leads))
        }
    };
    let [ours, lead, all] = manner.names;
    let contestants = [
        Contestant {
            name: ours,
            run: Box::new(|seconds| through_gateway(stage, plan, manner, connections, seconds, &kept)),
        },
        Contestant { name: lead, run: Box::new(of_database(INSERT_LEAD)) },
        Contestant { name: all, run: Box::new(of_database(INSERT_ALL)) },
    ];
    let lines = compare(stage, plan, &contestants, &[])?;
    drop(contestants);
    let kept = kept.into_inner();
    let mut job = Job { faults: kept.faults, ..Job::new(manner.job, connections, lines) };
    job.notes.push(format!(
        "{} acknowledged, {} stored (a submission may be stored whose answer the generator did not wait for)",
        kept.acknowledged, kept.stored
    ));
    job.notes.push(format!(
        "{} s from the end of a run until all its events were worked off{}, in the CPU time of the run",
        kept.slowest.as_secs(),
        if kept.unsettled { " (given up)" } else { "" }
    ));
    Ok(job)
}

/// A steady stream of leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Over how many connections.
    pub(super) connections: usize,
    /// How many leads come in a second.
    pub(super) per_second: u64,
}

/// Lets leads come in one by one at a pace; gives what their references begin with, and what the generator saw.
pub(super) fn paced(stage: &Stage<'_>, pace: Pace, seconds: u64) -> Result<(String, Measure)> {
    let (run, script) = script(stage, ONE_BY_ONE.leads, Some(pace))?;
    let measure = stage.wrk().run(&script, &stage.platform.base_url(), pace.connections, seconds)?;
    Ok((run, measure))
}

/// Writes a script of wrk's for a run. The references of its leads begin with the returned marker.
pub(super) fn script(stage: &Stage<'_>, leads: u64, pace: Option<Pace>) -> Result<(String, PathBuf)> {
    let (run, host) = (marker(), stage.host());
    // Each thread keeps its own part of the pace.
    let rate = pace.map_or(0, |pace| pace.per_second / threads(pace.connections) as u64);
    let values = [
        ("host", Lua::Text(&host)),
        ("api_key", Lua::Text(&stage.demo.api_key)),
        ("run", Lua::Text(run.trim_end_matches('-'))),
        ("items", Lua::Number(i64::try_from(leads)?)),
        ("rate", Lua::Number(i64::try_from(rate)?)),
    ];
    let script = stage.wrk().script("ingest.lua", &values, SCRIPT)?;
    Ok((run, script))
}

fn marker() -> String {
    format!("b{:08x}-", rand::random::<u32>())
}

fn through_gateway(
    stage: &Stage<'_>,
    plan: Plan,
    manner: &Manner,
    connections: usize,
    seconds: u64,
    kept: &RefCell<Kept>,
) -> Result<Measure> {
    let (run, script) = script(stage, manner.leads, None)?;
    let measure = stage.wrk().run(&script, &stage.platform.base_url(), connections, seconds)?;
    let ended = Instant::now();
    let settled = usage::settle(&stage.platform, stage.cancel, Duration::from_secs(plan.settle))?;
    let acknowledged = measure.requests.saturating_sub(measure.errors) * manner.leads;
    let unanswered = (measure.errors + connections as u64) * manner.leads;
    let stored = stored(stage, &run)?;
    let mut kept = kept.borrow_mut();
    kept.acknowledged += acknowledged;
    kept.stored += stored;
    kept.slowest = kept.slowest.max(ended.elapsed());
    kept.unsettled |= !settled;
    if let Some(fault) = fault(acknowledged, stored, unanswered) {
        kept.faults.push(fault);
    }
    Ok(measure.counting_parts(manner.leads))
}

fn stored(stage: &Stage<'_>, run: &str) -> Result<u64> {
    let variables = [("tenant", stage.demo.tenant.id.clone()), ("run", format!("{run}%"))];
    let statement =
        "select count(*) from leads where tenant_id = :'tenant' and lead_reference_id like :'run';\n";
    stage.database()?.number(statement, &variables).context("can't count what was stored")
}

/// Acknowledged leads must be stored; those without an answer, at most `unanswered`, may be.
fn fault(acknowledged: u64, stored: u64, unanswered: u64) -> Option<String> {
    if stored < acknowledged {
        return Some(format!("{acknowledged} submissions were acknowledged, but only {stored} are stored"));
    }
    (stored > acknowledged + unanswered)
        .then(|| format!("{stored} submissions are stored, but only {acknowledged} were acknowledged"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_of_pgbench_take_their_rows_from_where_the_manner_says() {
        for text in [INSERT_LEAD, INSERT_ALL] {
            assert_eq!(text.matches("FROM {rows}").count(), 1);
        }
    }

    #[test]
    fn whatever_was_acknowledged_must_be_stored() {
        assert!(fault(100, 99, 32).unwrap().contains("only 99 are stored"));
        assert_eq!(fault(100, 100, 32), None);
        assert_eq!(fault(100, 132, 32), None);
        assert!(fault(100, 133, 32).is_some());
    }
}
