//! `cargo xtask bench`: how fast the platform is beside what its machine could do at best, measured in one run.
//!
//! Absolute figures differ from machine to machine and from day to day; the ratios hold.

mod captured;
mod child;
mod choice;
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

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::output;
use crate::progress::Progress;
use crate::waiting::Cancel;
use crate::workspace::{self, Profile};
pub use choice::Wanted;
use facts::Facts;
use jobs::{Job, Plan, STAGED};
use report::Report;
use stage::Stage;
use tools::Tools;
use usage::Memory;

/// Measures what is wanted and prints it. Fails when a request was refused or an acknowledged lead is missing, not when
/// a goal was missed.
pub fn bench(wanted: &Wanted) -> Result<ExitCode> {
    let plan = wanted.plan()?;
    let progress = Progress::visible();
    let cancel = Cancel::on_signals()?;
    let tools = Tools::find(&progress)?;
    progress.say("building");
    workspace::build(Profile::Release, false)?;
    let facts = Facts::of_this_machine(tools.versions());
    let mut report = Report::new(facts, wanted.leads(), plan);
    on_stage(&tools, wanted, plan, progress, &cancel, &mut report)?;
    if let Some(path) = &wanted.save {
        let mut text = serde_json::to_string_pretty(&report)?;
        text.push('\n');
        std::fs::write(path, text).with_context(|| format!("can't write {}", path.display()))?;
    }
    output::print(&format!("\n{}", report.table()))?;
    Ok(if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The jobs that share one platform full of leads.
fn on_stage(
    tools: &Tools,
    wanted: &Wanted,
    plan: Plan,
    progress: Progress,
    cancel: &Cancel,
    report: &mut Report,
) -> Result<()> {
    let chosen: Vec<_> = STAGED.iter().filter(|job| wanted.has(job.name)).collect();
    if chosen.is_empty() {
        return Ok(());
    }
    let stage = Stage::set(tools, report.leads, progress, cancel)?;
    let mut memory = Memory::default();
    usage::settle(&stage.platform, cancel, Duration::from_secs(plan.settle))?;
    memory.look(&stage.platform);
    report.memory_idle = memory.now.clone();
    progress.say(&format!("making {} leads", report.leads));
    stage.seed(report.leads)?;
    for job in chosen {
        progress.say(job.about);
        let done = (job.run)(&stage, plan)?;
        memory.look(&stage.platform);
        report.faults.extend(done.iter().flat_map(Job::refusals));
        report.jobs.extend(done);
    }
    report.memory_peak = memory.peak;
    report.judge_memory();
    report.faults.extend(stage.restarted().iter().map(|name| format!("{name} ended under load")));
    progress.say("stopping");
    stage.platform.stop();
    Ok(())
}
