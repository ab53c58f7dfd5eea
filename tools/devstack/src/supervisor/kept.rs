//! One process that is kept alive.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::sys::signal::Signal;

use super::backoff::Backoff;
use super::identity::{Identity, send};
use super::record::{Entry, now};
use crate::logs;

/// When a process is started and stopped: stages are stopped from the last to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// PostgreSQL and Redis.
    Engine,
    /// What uses them.
    Service,
    /// What uses the services.
    Gateway,
}

/// What to run, and how to end it.
pub struct Spec {
    /// The name in logs and tables.
    pub name: String,
    /// The port it listens on.
    pub port: u16,
    /// When it is stopped.
    pub stage: Stage,
    /// The signal that ends it politely.
    pub stop_signal: Signal,
    /// How long it may take before it is killed.
    pub patience: Duration,
    /// Where its output goes.
    pub log: PathBuf,
    /// Makes the command of each start.
    pub command: Box<dyn Fn() -> Result<Command> + Send>,
}

/// A process, the times it had to be started again, and when that is due.
pub(super) struct Kept {
    pub(super) spec: Spec,
    pub(super) restarts: u32,
    child: Option<Child>,
    identity: Option<Identity>,
    backoff: Backoff,
    begun: Instant,
    started: u64,
    due: Option<Instant>,
}

impl Kept {
    pub(super) fn start(spec: Spec) -> Result<Self> {
        let mut kept = Self {
            spec,
            restarts: 0,
            child: None,
            identity: None,
            backoff: Backoff::default(),
            begun: Instant::now(),
            started: now(),
            due: None,
        };
        kept.spawn()?;
        Ok(kept)
    }

    fn spawn(&mut self) -> Result<()> {
        let mut command = (self.spec.command)()?;
        logs::begin(&self.spec.log, &self.spec.name);
        let log = logs::open(&self.spec.log)?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        // In a group of its own, so that Ctrl-C at the terminal reaches the supervisor only, which ends all in order.
        let child =
            command.process_group(0).spawn().with_context(|| format!("can't start {}", self.spec.name))?;
        self.identity = Identity::of(child.id());
        self.child = Some(child);
        self.begun = Instant::now();
        self.started = now();
        self.due = None;
        Ok(())
    }

    /// Notices an end, and starts again when it is time. Says what happened, if something did.
    pub(super) fn tend(&mut self) -> Option<String> {
        if let Some(child) = &mut self.child {
            let status = child.try_wait().ok().flatten()?;
            self.child = None;
            self.identity = None;
            return Some(self.postpone(&format!("ended with {status}")));
        }
        if self.due.is_some_and(|due| due > Instant::now()) {
            return None;
        }
        self.restarts = self.restarts.saturating_add(1);
        match self.spawn() {
            Ok(()) => Some(format!("{} was started again", self.spec.name)),
            Err(error) => Some(self.postpone(&format!("{error:#}"))),
        }
    }

    pub(super) fn forgive(&mut self) {
        self.backoff = Backoff::default();
    }

    fn postpone(&mut self, reason: &str) -> String {
        let wait = self.backoff.next(self.begun.elapsed());
        self.begun = Instant::now();
        self.due = Some(self.begun + wait);
        let text = format!("{} {reason}; starting again in {} ms", self.spec.name, wait.as_millis());
        logs::note(&self.spec.log, &text);
        text
    }

    /// The pid while it runs. It can't be another process's, because only the supervisor reaps this child.
    pub(super) fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    pub(super) fn signal(&self, signal: Signal) {
        if let Some(pid) = self.pid() {
            send(pid, signal);
        }
    }

    /// Whether it has ended, after restarts were switched off.
    pub(super) fn has_ended(&mut self) -> bool {
        let ended = self.child.as_mut().is_none_or(|child| !matches!(child.try_wait(), Ok(None)));
        if ended {
            self.child = None;
            self.identity = None;
        }
        ended
    }

    pub(super) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Fails only for a child that already ended.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    pub(super) fn entry(&self) -> Entry {
        Entry {
            name: self.spec.name.clone(),
            port: self.spec.port,
            identity: self.identity.clone(),
            started: self.started,
            restarts: self.restarts,
            stop_signal: self.spec.stop_signal as i32,
        }
    }
}
