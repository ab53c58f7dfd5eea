//! `cargo xtask faults`: fault injection under load, with a check of every lead.
//!
//! Killing a process tests that no acknowledged data is in its memory only. It does not test a loss of power.

mod checker;
mod clocks;
mod goals;
mod ledger;
mod listeners;
mod load;
mod proxy;
mod receiver;
mod redis;
mod report;
mod scenarios;
mod stage;
mod trial;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use devstack::output;
use devstack::progress::Progress;
use devstack::waiting::Cancel;
use devstack::workspace::{self, Profile};
use report::{Line, Report};
use scenarios::{SCENARIOS, Scenario};
use stage::{Build, Setting, Stage};
use trial::{Effort, Trial};

/// Command-line arguments.
#[derive(clap::Parser, Clone, Debug)]
#[command(
    name = "cargo xtask faults",
    about = "Breaks things under a throw-away platform and counts what became of its leads"
)]
pub struct Wanted {
    /// Scenarios to run [default: all; with --minutes, the short ones]
    pub scenarios: Vec<String>,
    /// List the scenarios
    #[arg(long)]
    pub list: bool,
    /// Seed of all random choices
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Target duration of the run; fewer and shorter faults are injected
    #[arg(long)]
    pub minutes: Option<u64>,
    /// Use the binaries that were built last instead of building them
    #[arg(long)]
    pub no_build: bool,
    /// Build and run with optimisations; goals in seconds then decide, too
    #[arg(long)]
    pub release: bool,
    /// Binaries of another release for every second replica, to test both side by side on one database
    #[arg(long, value_name = "DIRECTORY")]
    pub beside: Option<PathBuf>,
    /// File for the results as JSON [default: target/faults.json]
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
}

/// Runs scenarios and prints the results. Fails when a lead was lost, duplicated, in the wrong tenant or stuck, or a
/// scenario's own goal was missed.
pub fn faults(wanted: &Wanted) -> Result<ExitCode> {
    if wanted.list {
        for scenario in SCENARIOS {
            output::print(&format!("{:<20} {}", scenario.name, scenario.about))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = choose(wanted)?;
    let (progress, cancel) = (Progress::visible(), Cancel::on_signals()?);
    let profile = if wanted.release { Profile::Release } else { Profile::Debug };
    if !wanted.no_build {
        progress.say("building");
        workspace::build(profile, false)?;
    }
    let count = u32::try_from(chosen.len()).unwrap_or(u32::MAX).max(1);
    let effort = Effort { share: wanted.minutes.map(|minutes| Duration::from_secs(minutes * 60) / count) };
    let build = Build { profile, beside: wanted.beside.clone() };
    let report = run(&chosen, wanted.seed, &build, effort, progress, &cancel)?;
    let path = match &wanted.save {
        Some(path) => path.clone(),
        None => workspace::binaries(profile)?.with_file_name("faults.json"),
    };
    write(&path, &report)?;
    output::print(&format!("\n{}also in {}", report.table(), path.display()))?;
    Ok(if report.is_broken() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn choose(wanted: &Wanted) -> Result<Vec<Scenario>> {
    for name in &wanted.scenarios {
        if !SCENARIOS.iter().any(|scenario| scenario.name == name) {
            bail!("there is no scenario {name}; see cargo xtask faults --list");
        }
    }
    let named = |scenario: &&Scenario| wanted.scenarios.iter().any(|name| scenario.name == name);
    let fits =
        |scenario: &&Scenario| wanted.scenarios.is_empty() && (wanted.minutes.is_none() || scenario.is_short);
    let mut chosen: Vec<Scenario> =
        SCENARIOS.iter().filter(|scenario| named(scenario) || fits(scenario)).copied().collect();
    // One platform serves all scenarios of a setting.
    chosen.sort_by_key(|scenario| scenario.setting);
    Ok(chosen)
}

fn run(
    chosen: &[Scenario],
    seed: u64,
    build: &Build,
    effort: Effort,
    progress: Progress,
    cancel: &Cancel,
) -> Result<Report> {
    let mut report = Report { seed, is_optimised: build.profile == Profile::Release, lines: Vec::new() };
    let mut current: Option<(Setting, Stage)> = None;
    for scenario in chosen {
        if current.as_ref().is_none_or(|(setting, _)| *setting != scenario.setting) {
            drop(current.take());
            match Stage::set(scenario.setting, build, progress, cancel) {
                Ok(stage) => current = Some((scenario.setting, stage)),
                Err(error) if scenario.setting.asks_much() && !cancel.is_raised() => {
                    report.lines.push(Line::skipped(scenario.name, format!("{error:#}")));
                    continue;
                }
                Err(error) => return Err(error),
            }
        }
        let Some((_, stage)) = &mut current else { continue };
        progress.say(&format!("{}: {}", scenario.name, scenario.about));
        stage.sign_in_again()?;
        let mut trial = Trial::begin(stage, scenario.name, seed, effort, cancel)?;
        let outcome = (scenario.run)(&mut trial, scenario);
        let line = match outcome {
            Ok(()) => trial.end(scenario)?,
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("{} could not be played to its end", scenario.name));
            }
        };
        progress.say(&format!("{}: {}", scenario.name, if report.breaks(&line) { "BROKEN" } else { "held" }));
        report.lines.push(line);
    }
    progress.say("stopping");
    Ok(report)
}

fn write(path: &Path, report: &Report) -> Result<()> {
    let mut text = serde_json::to_string_pretty(&report.json())?;
    text.push('\n');
    std::fs::write(path, text).with_context(|| format!("can't write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(scenarios: &[&str], minutes: Option<u64>) -> Wanted {
        let scenarios = scenarios.iter().map(|name| (*name).to_owned()).collect();
        Wanted {
            scenarios,
            list: false,
            seed: 1,
            minutes,
            no_build: false,
            release: false,
            beside: None,
            save: None,
        }
    }

    #[test]
    fn all_scenarios_are_run_unless_some_are_named_or_time_is_short() {
        assert_eq!(choose(&wanted(&[], None)).unwrap().len(), SCENARIOS.len());
        assert_eq!(choose(&wanted(&["redis-full"], Some(3))).unwrap().len(), 1);
        let short = choose(&wanted(&[], Some(3))).unwrap();
        assert!(!short.is_empty() && short.iter().all(|scenario| scenario.is_short));
        assert!(choose(&wanted(&["nothing"], None)).unwrap_err().to_string().contains("no scenario nothing"));
    }
}
