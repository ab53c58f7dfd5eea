//! The supervisor with small real processes.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;
use crate::logs::tail;
use crate::waiting::Cancel;

/// A directory that goes with the test.
struct Directory(PathBuf);

impl std::ops::Deref for Directory {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

fn directory() -> Directory {
    let dir = std::env::temp_dir().join(format!("xtask-supervisor-{}", rand::random::<u64>()));
    std::fs::create_dir_all(&dir).unwrap();
    Directory(dir)
}

fn shell(dir: &Path, name: &str, stage: Stage, script: &str) -> Spec {
    let script = script.to_owned();
    Spec {
        name: name.to_owned(),
        port: 1,
        stage,
        stop_signal: Signal::SIGTERM,
        patience: Duration::from_millis(500),
        log: dir.join(format!("{name}.log")),
        command: Box::new(move || {
            let mut command = Command::new("/bin/sh");
            command.args(["-c", &script]);
            Ok(command)
        }),
    }
}

fn supervisor(dir: &Path) -> Supervisor {
    let record = RecordFile::at(dir.join("processes.json"), "http://here".to_owned());
    Supervisor::start(record, Progress::silent()).unwrap()
}

fn eventually(check: impl Fn() -> bool) {
    let (step, limit) = (Duration::from_millis(10), Duration::from_secs(10));
    Cancel::default().until("the expected", step, limit, || Ok(check())).unwrap();
}

#[test]
fn a_killed_process_comes_back_with_another_pid() {
    let dir = directory();
    let supervisor = supervisor(&dir);
    supervisor.keep(shell(&dir, "a", Stage::Service, "exec sleep 60")).unwrap();
    let first = supervisor.pid("a").unwrap();

    assert!(supervisor.signal("a", Signal::SIGKILL));

    eventually(|| supervisor.pid("a").is_some_and(|pid| pid != first));
    assert_eq!(supervisor.restarts("a"), 1);
    assert!(tail(&dir.join("a.log"), 5).concat().contains("starting again in 200 ms"));
}

#[test]
fn a_process_that_cannot_live_is_started_ever_more_slowly() {
    let dir = directory();
    let supervisor = supervisor(&dir);

    supervisor.keep(shell(&dir, "a", Stage::Service, "echo alive; exit 3")).unwrap();
    pause(Duration::from_millis(1900));

    // At 0, 0.2, 0.6 and 1.4 s, give or take a look.
    let starts = tail(&dir.join("a.log"), 50).iter().filter(|line| *line == "alive").count();
    assert!((3..=4).contains(&starts), "{starts} starts");
}

#[test]
fn stopping_ends_the_last_stage_first_and_starts_nothing_again() {
    let dir = directory();
    let mut supervisor = supervisor(&dir);
    let order = dir.join("order");
    for (name, stage) in [("db", Stage::Engine), ("svc", Stage::Service), ("gate", Stage::Gateway)] {
        let script = format!(
            "trap 'echo {name} >> {}; exit' TERM; touch {}/{name}.up; while :; do sleep 0.02; done",
            order.display(),
            dir.display()
        );
        supervisor.keep(shell(&dir, name, stage, &script)).unwrap();
        eventually(|| dir.join(format!("{name}.up")).exists());
    }

    supervisor.stop();

    assert_eq!(std::fs::read_to_string(&order).unwrap(), "gate\nsvc\ndb\n");
    assert_eq!(supervisor.pid("db"), None);
    assert!(!dir.join("processes.json").exists());
}

#[test]
fn a_process_that_ignores_the_signal_is_killed_after_its_patience() {
    let dir = directory();
    let mut supervisor = supervisor(&dir);
    let script = format!("trap '' TERM; touch {}/up; while :; do sleep 0.02; done", dir.display());
    supervisor.keep(shell(&dir, "deaf", Stage::Service, &script)).unwrap();
    eventually(|| dir.join("up").exists());
    let begun = Instant::now();

    supervisor.stop();

    assert!(begun.elapsed() >= Duration::from_millis(500));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn dropping_ends_everything_and_the_record_says_what_runs() {
    let dir = directory();
    let supervisor = supervisor(&dir);
    supervisor.keep(shell(&dir, "a", Stage::Service, "exec sleep 60")).unwrap();

    let record = record::Record::read(&dir.join("processes.json")).unwrap().unwrap();
    let identity = record.processes[0].identity.clone().unwrap();
    assert!(identity.is_alive());
    drop(supervisor);

    assert!(!identity.is_alive());
}

#[test]
fn a_command_that_cannot_be_started_is_an_error_at_once() {
    let dir = directory();
    let supervisor = supervisor(&dir);
    let mut spec = shell(&dir, "a", Stage::Service, "");
    spec.command = Box::new(|| Ok(Command::new("/no/such/program")));

    let outcome = supervisor.keep(spec);

    assert_eq!(outcome.unwrap_err().to_string(), "can't start a");
}
