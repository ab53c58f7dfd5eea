//! `cargo xtask bench`: how fast the platform is beside what its machine could do at best, measured in one run.
//!
//! Absolute figures differ from machine to machine and from day to day; the ratios hold.

mod captured;
mod child;
mod database;
mod facts;
mod identity;
mod jobs;
mod measure;
mod nginx;
mod report;
mod stage;
mod tools;
mod usage;
mod wrk;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::output;
use crate::progress::Progress;
use crate::waiting::Cancel;
use crate::workspace::{self, Profile};
use facts::Facts;
use jobs::{Job, Plan, gateway, ingest, page, read};
use report::Report;
use stage::Stage;
use tools::Tools;
use usage::Memory;

const FULL: Plan = Plan { rounds: 3, seconds: 4, settle: 20 };
const QUICK: Plan = Plan { rounds: 1, seconds: 3, settle: 20 };

/// Measures everything and prints it; `save` is a file for the same as JSON. Fails when a request was refused or an
/// acknowledged lead is missing, not when a goal was missed.
pub fn bench(save: Option<&Path>, quick: bool) -> Result<ExitCode> {
    let progress = Progress::visible();
    let cancel = Cancel::on_signals()?;
    let tools = Tools::find(&progress)?;
    progress.say("building");
    workspace::build(Profile::Release, false)?;
    let (plan, leads) = if quick { (QUICK, 50_000) } else { (FULL, 200_000) };
    let report = measure(&tools, plan, leads, progress, &cancel)?;
    if let Some(path) = save {
        let mut text = serde_json::to_string_pretty(&report)?;
        text.push('\n');
        std::fs::write(path, text).with_context(|| format!("can't write {}", path.display()))?;
    }
    output::print(&format!("\n{}", report.table()))?;
    Ok(if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn measure(tools: &Tools, plan: Plan, leads: i64, progress: Progress, cancel: &Cancel) -> Result<Report> {
    let facts = Facts::of_this_machine(tools.versions());
    let stage = Stage::set(tools, leads, progress, cancel)?;
    let mut memory = Memory::default();
    usage::settle(&stage.platform, cancel, Duration::from_secs(plan.settle))?;
    memory.look(&stage.platform);
    let memory_idle = memory.now.clone();
    progress.say(&format!("making {leads} leads"));
    stage.seed(leads)?;

    let mut report = Report {
        facts,
        leads,
        rounds: plan.rounds,
        seconds: plan.seconds,
        jobs: Vec::new(),
        memory_idle,
        memory_peak: Default::default(),
        memory_goals: Vec::new(),
        faults: Vec::new(),
    };
    // Ingest comes last: it makes the table larger than the readers' figures are meant for.
    run(&stage, plan, progress, &mut report, &mut memory)?;
    report.memory_peak = memory.peak;
    report.judge_memory();
    report.faults.extend(report.jobs.iter().flat_map(Job::refusals));
    report.faults.extend(stage.restarted().iter().map(|name| format!("{name} ended under load")));
    progress.say("stopping");
    stage.platform.stop();
    Ok(report)
}

fn run(
    stage: &Stage<'_>,
    plan: Plan,
    progress: Progress,
    report: &mut Report,
    memory: &mut Memory,
) -> Result<()> {
    let mut done = |job: Job, memory: &mut Memory| {
        memory.look(&stage.platform);
        report.jobs.push(job);
    };
    for connections in [32, 64] {
        progress.say(&format!("reading one lead over {connections} connections"));
        done(read::read_one(stage, plan, connections)?, memory);
    }
    progress.say("reading pages");
    done(page::counted(stage, plan, 64)?, memory);
    done(page::uncounted(stage, plan, 64)?, memory);
    progress.say("going through the gateway");
    done(gateway::throughput(stage, plan, 64)?, memory);
    done(gateway::latency(stage, plan)?, memory);
    for connections in [32, 64] {
        progress.say(&format!("taking leads in over {connections} connections"));
        let (job, faults) = ingest::ingest(stage, plan, connections)?;
        done(job, memory);
        report.faults.extend(faults);
    }
    Ok(())
}
