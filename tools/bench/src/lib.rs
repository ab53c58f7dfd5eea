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
mod soak;
mod stage;
mod tools;
mod usage;
mod wrk;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};

use choice::Name;
pub use choice::Wanted;
use devstack::output;
use devstack::progress::Progress;
use devstack::waiting::Cancel;
use devstack::workspace::{self, Profile};
use facts::Facts;
use jobs::{INSTRUMENTED, Job, PLAIN, Plan, Staged, builds, export, growth, start};
use report::Report;
use stage::{Kind, Population, Stage};
use tools::Tools;
use usage::Memory;

/// Measures what is wanted and prints it. Fails when a request was refused or an acknowledged lead is missing, not when
/// a goal was missed.
pub fn bench(wanted: &Wanted) -> Result<ExitCode> {
    let plan = wanted.plan()?;
    let progress = Progress::visible();
    let cancel = Cancel::on_signals()?;
    let tools = Tools::find(&progress)?;
    if wanted.is_optimised() {
        progress.say("building");
        workspace::build(Profile::Release, false)?;
    }
    let facts = Facts::of_this_machine(tools.versions());
    let mut report = Report::new(facts, wanted.leads(), plan);
    Run { tools: &tools, wanted, plan, progress, cancel: &cancel }.all(&mut report)?;
    if let Some(path) = &wanted.save {
        let mut text = serde_json::to_string_pretty(&report)?;
        text.push('\n');
        std::fs::write(path, text).with_context(|| format!("can't write {}", path.display()))?;
    }
    output::print(&format!("\n{}", report.table()))?;
    Ok(if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What all parts of a run have in common.
struct Run<'a> {
    tools: &'a Tools,
    wanted: &'a Wanted,
    plan: Plan,
    progress: Progress,
    cancel: &'a Cancel,
}

impl Run<'_> {
    fn all(&self, report: &mut Report) -> Result<()> {
        self.on_a_plain_stage(report)?;
        self.with_instruments(report)?;
        if self.wanted.has(Name::Growth) {
            self.add(report, growth::growth(self.tools, self.plan, self.progress, self.cancel)?);
        }
        if self.wanted.has(Name::Export) {
            let leads = self.wanted.leads.unwrap_or(export::LEADS);
            self.add(report, export::export(self.tools, self.plan, leads, self.progress, self.cancel)?);
        }
        if self.wanted.has(Name::Start) {
            self.add(report, vec![start::start(self.progress, self.cancel)?]);
        }
        if self.wanted.has(Name::Builds) {
            self.add(report, vec![builds::builds(self.progress)?]);
        }
        Ok(())
    }

    /// The jobs that share one platform full of leads; its memory is measured.
    fn on_a_plain_stage(&self, report: &mut Report) -> Result<()> {
        let (chosen, soaked) = (self.chosen(&PLAIN), self.wanted.soak());
        if chosen.is_empty() && soaked.is_none() {
            return Ok(());
        }
        let population = Population::of_many(report.leads);
        let stage = Stage::set(self.tools, Kind::Plain, population, self.progress, self.cancel)?;
        let mut memory = Memory::default();
        usage::settle(&stage.platform, self.cancel, Duration::from_secs(self.plan.settle))?;
        memory.look(&stage.platform);
        report.memory_idle = memory.now.clone();
        report.memory_files = memory.files.clone();
        self.progress.say(&format!("making {} leads", report.leads));
        stage.seed()?;
        for job in chosen {
            self.progress.say(job.about);
            self.add(report, (job.run)(&stage, self.plan)?);
            memory.look(&stage.platform);
        }
        if let Some(minutes) = soaked {
            let soak = soak::soak(&stage, minutes, self.progress)?;
            memory.look(&stage.platform);
            if soak.errors > 0 {
                report.faults.push(format!("{} requests of the steady load were refused", soak.errors));
            }
            report.soak = Some(soak);
        }
        report.memory_peak = memory.peak;
        report.judge_memory();
        self.leave(report, stage);
        Ok(())
    }

    fn with_instruments(&self, report: &mut Report) -> Result<()> {
        let chosen = self.chosen(&INSTRUMENTED);
        if chosen.is_empty() {
            return Ok(());
        }
        let population = Population::of_many(report.leads);
        let stage = Stage::set(self.tools, Kind::Instrumented, population, self.progress, self.cancel)?;
        for job in chosen {
            self.progress.say(job.about);
            self.add(report, (job.run)(&stage, self.plan)?);
        }
        self.leave(report, stage);
        Ok(())
    }

    fn chosen<'j>(&self, jobs: &'j [Staged]) -> Vec<&'j Staged> {
        jobs.iter().filter(|job| self.wanted.has(job.name)).collect()
    }

    fn add(&self, report: &mut Report, jobs: Vec<Job>) {
        report.faults.extend(jobs.iter().flat_map(Job::refusals));
        report.jobs.extend(jobs);
    }

    fn leave(&self, report: &mut Report, stage: Stage<'_>) {
        report.faults.extend(stage.restarted().iter().map(|name| format!("{name} ended under load")));
        self.progress.say("stopping");
        stage.platform.stop();
    }
}
