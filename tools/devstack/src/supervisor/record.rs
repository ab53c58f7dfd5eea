//! `processes.json`: what a supervisor runs, for the commands that look at it or end it from outside.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};

use super::identity::Identity;
use crate::layout::{read_json, write_json};
use crate::output;
use crate::waiting::Cancel;

/// How far a platform has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Not everything is ready.
    #[default]
    Starting,
    /// Everything was ready and seeded.
    Ready,
    /// Being stopped.
    Stopping,
}

/// The content of the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The address of the gateway.
    pub base_url: String,
    /// How far it has come.
    pub phase: Phase,
    /// The process that supervises.
    pub supervisor: Option<Identity>,
    /// What it runs, in the order of starting.
    pub processes: Vec<Entry>,
}

/// One supervised process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its port on 127.0.0.1.
    pub port: u16,
    /// The process, while it runs.
    pub identity: Option<Identity>,
    /// When it was started, in seconds since 1970.
    pub started: u64,
    /// How often it had to be started again.
    pub restarts: u32,
    /// The signal that ends it politely.
    pub stop_signal: i32,
}

impl Record {
    /// Reads the file; `None` when there is none.
    pub fn read(path: &Path) -> Result<Option<Self>> {
        read_json(path)
    }

    /// Ends what a supervisor left running when it was killed itself: last started, first ended.
    pub fn stop_leftovers(&self, mut told: impl FnMut(&str)) {
        for entry in self.processes.iter().rev() {
            let Some(identity) = entry.identity.as_ref().filter(|identity| identity.is_alive()) else {
                continue;
            };
            told(&format!("stopping {}, left over from before (pid {})", entry.name, identity.pid));
            identity.signal(Signal::try_from(entry.stop_signal).unwrap_or(Signal::SIGTERM));
            let (step, limit) = (Duration::from_millis(20), Duration::from_secs(10));
            if Cancel::default().until("it", step, limit, || Ok(!identity.is_alive())).is_err() {
                identity.signal(Signal::SIGKILL);
            }
        }
    }
}

/// A record and the file it is kept in; without a path nothing is written.
#[derive(Debug, Default)]
pub struct RecordFile {
    path: Option<PathBuf>,
    record: Record,
}

impl RecordFile {
    /// A file to be written at the first change.
    pub fn at(path: PathBuf, base_url: String) -> Self {
        let record = Record { base_url, supervisor: Identity::own(), ..Record::default() };
        Self { path: Some(path), record }
    }

    /// Changes the record, and the file when something is different now. A full disk must not stop the supervisor.
    pub fn update(&mut self, change: impl FnOnce(&mut Record)) {
        let mut record = self.record.clone();
        change(&mut record);
        if record != self.record {
            self.record = record;
            if let Some(path) = &self.path
                && let Err(error) = write_json(path, &self.record)
            {
                output::complain(&format!("xtask: {error:#}"));
            }
        }
    }

    /// Removes the file: nothing runs any more.
    pub fn remove(&self) {
        if let Some(path) = &self.path {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Now, in seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn leftovers_are_ended_and_strangers_are_not() {
        let mut ours = Command::new("/bin/sleep").arg("60").spawn().unwrap();
        let mut stranger = Command::new("/bin/sleep").arg("60").spawn().unwrap();
        let entry = |identity| Entry {
            name: "x".into(),
            port: 1,
            identity,
            started: 0,
            restarts: 0,
            stop_signal: Signal::SIGTERM as i32,
        };
        let old = Identity { pid: stranger.id(), born: "before".into() };
        let record =
            Record { processes: vec![entry(Identity::of(ours.id())), entry(Some(old))], ..Record::default() };

        record.stop_leftovers(|_| {});

        assert!(ours.wait().unwrap().code().is_none());
        assert!(stranger.try_wait().unwrap().is_none());
        stranger.kill().unwrap();
        stranger.wait().unwrap();
    }
}
