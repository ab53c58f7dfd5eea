//! `cargo xtask test`: all tests, against a throw-away PostgreSQL and Redis.

use std::num::NonZero;
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;

use devstack::Progress;
use devstack::engines::{Engines, ThrowawayEngines};
use devstack::supervisor::identity::send;
use devstack::waiting::{Cancel, pause};
use devstack::workspace::{self, Profile, cargo};

use super::LOOK;

/// Runs the tests; the arguments go to the test runner.
pub fn test(arguments: &[String]) -> Result<ExitCode> {
    let progress = Progress::visible();
    let engines = Engines::find_or_install(None, &progress)?;
    progress.say("building");
    build(arguments)?;
    let cancel = Cancel::on_signals()?;
    let throwaway = ThrowawayEngines::start(&engines, &progress, &cancel)?;
    progress.say("running the tests");
    let mut command = runner(arguments);
    throwaway.tell(&mut command);
    let passed = run(&mut command, &cancel)?.success();
    drop(throwaway);
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds the binaries for tests of the whole platform. Without a package filter they are built together with all tests, which
/// compiles the dependencies once: tests enable more of their features.
fn build(arguments: &[String]) -> Result<()> {
    if arguments.iter().any(|argument| argument.starts_with("-p") || argument.starts_with("--package")) {
        return workspace::build(Profile::Debug, false);
    }
    let status = cargo().args(["test", "--workspace", "--no-run"]).status().context("can't run cargo")?;
    ensure!(status.success(), "the build failed (see the messages above)");
    Ok(())
}

/// nextest where it is installed, plain cargo otherwise. nextest runs twice as many tests at once as there are cores:
/// many wait for a lease, a timer or a process. `.config/nextest.toml` defines which run alone and which start first.
fn runner(arguments: &[String]) -> Command {
    let mut probe = cargo();
    probe.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    let has_nextest = probe.status().is_ok_and(|status| status.success());
    let mut command = cargo();
    command.args(if has_nextest { &["nextest", "run"][..] } else { &["test"] });
    command.args(["--workspace", "--no-fail-fast"]).args(arguments);
    let is_chosen = arguments.iter().any(|argument| argument.starts_with("--test-threads"));
    if has_nextest && !is_chosen {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        command.arg(format!("--test-threads={}", 2 * cores));
    }
    command
}

/// Waits for a runner. Ctrl-C reaches it by itself, other signals are forwarded; the engines outlive it in either case.
fn run(command: &mut Command, cancel: &Cancel) -> Result<ExitStatus> {
    let mut child = command.spawn().context("can't run cargo")?;
    let mut told = false;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if cancel.is_raised() && !told {
            send(child.id(), Signal::SIGTERM);
            told = true;
        }
        pause(LOOK);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn tests_that_the_configuration_of_nextest_names_exist() {
        let root = workspace::root();
        let configuration = fs::read_to_string(root.join(".config/nextest.toml")).unwrap();
        let named: Vec<&str> =
            configuration.split("test(=").skip(1).filter_map(|rest| rest.split(')').next()).collect();

        assert!(named.len() >= 3, "{named:?}");
        for name in named {
            let (module, function) = name.split_once("::").unwrap();
            let is_there = ["lead-service", "xtask"].iter().any(|package| {
                let file = root.join(package).join(format!("tests/it/{module}.rs"));
                fs::read_to_string(file).is_ok_and(|source| source.contains(&format!("fn {function}(")))
            });
            assert!(is_there, "{name}");
        }
    }
}
