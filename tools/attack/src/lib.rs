//! `cargo xtask attack`: hostile requests and a check that none of them works.

mod bodies;
mod egress;
mod examination;
mod framing;
mod headers;
mod hostile;
mod isolation;
mod mutants;
pub mod operations;
mod rebinding;
mod resolver;
mod stage;
mod sweep;
mod tokens;
mod verdict;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use devstack::output;
use devstack::progress::Progress;
use devstack::waiting::Cancel;
use devstack::workspace::{self, Profile};
use stage::Stage;
use verdict::Suite;

/// What is asked for.
#[derive(clap::Parser, Clone, Debug)]
#[command(
    name = "cargo xtask attack",
    about = "Sends a throw-away platform what it must withstand and counts what it withstood"
)]
pub struct Wanted {
    /// Which suites: tokens, headers, framing, bodies, isolation, mutants, egress, sweep; all of them when there is none
    pub suites: Vec<String>,
    /// Attack the platform at this address instead of one of our own; two tenants are left behind there
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Try one in twenty of the hostile values, for a run of few minutes
    #[arg(long)]
    pub quick: bool,
    /// Use the binaries that were built last instead of building them
    #[arg(long)]
    pub no_build: bool,
    /// Where everything is written to as JSON [default: target/attack.json]
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
}

type Run = fn(&Stage, &Suite) -> Result<()>;

/// The suites in the order in which they are run: what may spoil others comes last.
const SUITES: [(&str, Run); 8] = [
    ("tokens", tokens::run),
    ("headers", headers::run),
    ("framing", framing::run),
    ("bodies", bodies::run),
    ("isolation", isolation::run),
    ("mutants", mutants::run),
    ("egress", egress::run),
    ("sweep", sweep::run),
];

/// Runs suites and prints how many of their cases passed. Fails when one did not.
pub fn attack(wanted: &Wanted) -> Result<ExitCode> {
    if let Some(name) = wanted.suites.iter().find(|name| !SUITES.iter().any(|(known, _)| known == name)) {
        bail!("there is no suite {name}");
    }
    let (progress, cancel) = (Progress::visible(), Cancel::on_signals()?);
    let mut stage = match &wanted.base_url {
        Some(base_url) => Stage::at(base_url, None)?,
        None => {
            if !wanted.no_build {
                progress.say("building");
                workspace::build(Profile::Debug, false)?;
            }
            Stage::own(progress, &cancel)?
        }
    };
    if wanted.quick {
        stage.one_in = 20;
    }
    let mut suites = Vec::new();
    for (name, run) in SUITES {
        if !wanted.suites.is_empty() && !wanted.suites.iter().any(|one| one == name) {
            continue;
        }
        if cancel.is_raised() {
            bail!("interrupted");
        }
        progress.say(&format!("attacking: {name}"));
        let suite = Suite::named(name);
        run(&stage, &suite).with_context(|| format!("the suite {name} could not be run to its end"))?;
        suites.push(suite);
    }
    let restarted = restarted(&stage);
    drop(stage);
    report(wanted, &suites, &restarted)
}

/// Processes that ended, which no request may bring about.
fn restarted(stage: &Stage) -> Vec<&'static str> {
    let Some(own) = &stage.own else { return Vec::new() };
    let all =
        devstack::services::SERVICES.into_iter().chain([devstack::services::GATEWAY, "postgres", "redis"]);
    all.filter(|name| own.platform.restarts(name) > 0).collect()
}

fn report(wanted: &Wanted, suites: &[Suite], restarted: &[&str]) -> Result<ExitCode> {
    let path = match &wanted.save {
        Some(path) => path.clone(),
        None => workspace::binaries(Profile::Debug)?.with_file_name("attack.json"),
    };
    let all: Vec<Value> = suites.iter().map(Suite::json).collect();
    let mut text = serde_json::to_string_pretty(&json!({"suites": all, "processes_that_ended": restarted}))?;
    text.push('\n');
    std::fs::write(&path, text).with_context(|| format!("can't write {}", path.display()))?;
    let mut shown = String::new();
    for suite in suites {
        shown.push_str(&suite.text());
    }
    let (total, passed) =
        suites.iter().map(Suite::count).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    for name in restarted {
        shown.push_str(&format!("FAILED {name} ended under the attack\n"));
    }
    output::print(&format!("\n{shown}{passed} of {total} cases passed; also in {}", path.display()))?;
    let held = restarted.is_empty() && suites.iter().all(Suite::passed);
    Ok(if held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
