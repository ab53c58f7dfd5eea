//! `cargo xtask check`: all checks of a change.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use devstack::{output, workspace};

/// One part: its cargo command line.
struct Part {
    arguments: &'static [&'static str],
}

const fn part(arguments: &'static [&'static str]) -> Part {
    Part { arguments }
}

/// Checks of every change.
const EVERY_CHANGE: [Part; 9] = [
    part(&["fmt", "--all", "--check"]),
    part(&["xtask", "tidy"]),
    part(&["test", "--workspace", "--all-targets", "--locked", "--no-run"]),
    part(&["xtask", "openapi", "--check", "--no-build"]),
    part(&["xtask", "clients", "--if-possible", "--no-build"]),
    part(&["xtask", "web", "--check"]),
    part(&["xtask", "test"]),
    part(&["xtask", "attack", "--quick", "--no-build"]),
    part(&["xtask", "faults", "--minutes", "3", "--no-build"]),
];

/// Checks that take a night.
const NIGHT: [Part; 6] = [
    part(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]),
    part(&["xtask", "clients", "--all", "--no-build"]),
    part(&["xtask", "attack"]),
    part(&["xtask", "mutants"]),
    part(&["xtask", "faults", "--release"]),
    part(&["xtask", "bench", "--builds"]),
];

/// Runs the parts in order and stops at the first that fails; with `all`, also those that take a night.
pub fn check(all: bool) -> Result<ExitCode> {
    let parts = EVERY_CHANGE.iter().chain(all.then_some(NIGHT.iter()).into_iter().flatten());
    let mut took = Vec::new();
    for Part { arguments } in parts {
        let title = format!("cargo {}", arguments.join(" "));
        output::print(&format!("\n=== {title}"))?;
        let start = Instant::now();
        let passed = command(arguments).status().with_context(|| format!("can't run {title}"))?.success();
        took.push((title, start.elapsed()));
        if !passed {
            output::print(&table(&took))?;
            bail!("the last part failed");
        }
    }
    output::print(&format!("{}\n=== all passed", table(&took)))?;
    Ok(ExitCode::SUCCESS)
}

/// Clippy is the workspace's compiler, so that one compilation of the workspace serves lints, tests and tools, and its
/// dependencies are compiled once instead of once for a check and once for the tests.
fn command(arguments: &[&str]) -> Command {
    let mut command = workspace::cargo();
    command
        .args(arguments)
        .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
        .env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__")
        // A clean clone is compiled once, so incremental files would not be reused.
        .env("CARGO_INCREMENTAL", "0");
    command
}

fn table(took: &[(String, Duration)]) -> String {
    let line = |title: &str, time: Duration| format!("{:>7.1} min  {title}", time.as_secs_f64() / 60.0);
    let all: Duration = took.iter().map(|(_, time)| *time).sum();
    let lines = took.iter().map(|(title, time)| line(title, *time)).chain([line("all", all)]);
    format!("\n{}", lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_adds_the_parts_up() {
        let took = [("one".to_owned(), Duration::from_secs(60)), ("two".to_owned(), Duration::from_secs(90))];

        assert_eq!(table(&took), "\n    1.0 min  one\n    1.5 min  two\n    2.5 min  all");
    }
}
