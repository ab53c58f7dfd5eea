//! `cargo xtask test`: all tests, against a PostgreSQL and a Redis that exist only for them.

use std::path::PathBuf;
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use anyhow::{Context, Result};
use nix::sys::signal::Signal;

use super::LOOK;
use crate::engines::postgres::SUPERUSER;
use crate::engines::{Engines, Pair, pair};
use crate::layout::Layout;
use crate::platform::Traces;
use crate::progress::Progress;
use crate::secrets::Secrets;
use crate::state::State;
use crate::supervisor::Supervisor;
use crate::supervisor::identity::send;
use crate::supervisor::record::RecordFile;
use crate::waiting::{Cancel, pause};
use crate::workspace::{self, Profile, cargo};

/// Runs the tests; the arguments go to the test runner.
pub fn test(arguments: &[String]) -> Result<ExitCode> {
    let progress = Progress::visible();
    let engines = Engines::find_or_install(None, &progress)?;
    progress.say("building");
    workspace::build(Profile::Debug, false)?;
    let cancel = Cancel::on_signals()?;
    let bench = Bench::start(&engines, &progress, &cancel)?;
    progress.say("running the tests");
    let mut passed = true;
    for mut command in runners(arguments) {
        bench.tell(&mut command);
        passed &= !cancel.is_raised() && run(&mut command, &cancel)?.success();
    }
    drop(bench);
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// nextest where it is installed, which doesn't run the examples in the documentation; plain cargo otherwise.
fn runners(arguments: &[String]) -> Vec<Command> {
    let mut probe = cargo();
    probe.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    if !probe.status().is_ok_and(|status| status.success()) {
        let mut all = cargo();
        all.args(["test", "--workspace", "--no-fail-fast"]).args(arguments);
        return vec![all];
    }
    let mut tests = cargo();
    tests.args(["nextest", "run", "--workspace", "--no-fail-fast"]).args(arguments);
    let mut runners = vec![tests];
    if arguments.is_empty() {
        let mut examples = cargo();
        examples.args(["test", "--doc", "--workspace"]);
        runners.push(examples);
    }
    runners
}

/// Waits for a runner. Ctrl-C reaches it by itself, other signals are passed on; the pair outlives it either way.
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

/// The throw-away pair: gone, with its data, when it is dropped.
pub(crate) struct Bench {
    // Dropped in this order: the data goes when nobody uses it any more.
    _supervisor: Supervisor,
    _traces: Traces,
    postgres_url: String,
    redis_url: String,
}

impl Bench {
    /// Tells a command where they are.
    pub(crate) fn tell(&self, command: &mut Command) {
        command.env("LEADSTREAM_TEST_POSTGRES_URL", &self.postgres_url);
        command.env("LEADSTREAM_TEST_REDIS_URL", &self.redis_url);
    }

    /// Starts both.
    pub(crate) fn start(engines: &Engines, progress: &Progress, cancel: &Cancel) -> Result<Self> {
        let layout = Layout::of(&directory())?;
        layout.create()?;
        let traces = Traces::of(&layout, true);
        let secrets = Secrets::generate();
        let mut state = State::default();
        state.settle_ports(&pair::ENGINES, 0, progress)?;
        let (postgres, redis) = (state.port("postgres"), state.port("redis"));
        let record = RecordFile::at(layout.processes(), String::new());
        let supervisor = Supervisor::start(record, Progress::silent())?;
        progress.say(&format!("starting a throw-away PostgreSQL {} and Redis", engines.postgres_major));
        let settings = [("max_connections", "500")];
        let pair = Pair::prepare(engines, &layout, &mut state, &secrets, &settings)?;
        state.save(&layout.state())?;
        pair.start(&layout, &supervisor, cancel)?;
        Ok(Self {
            _supervisor: supervisor,
            _traces: traces,
            postgres_url: format!(
                "postgres://{SUPERUSER}:{}@127.0.0.1:{postgres}/postgres",
                secrets.postgres
            ),
            redis_url: format!("redis://:{}@127.0.0.1:{redis}/", secrets.redis),
        })
    }
}

fn directory() -> PathBuf {
    std::env::temp_dir().join(format!("leadstream-test-{:016x}", rand::random::<u64>()))
}
