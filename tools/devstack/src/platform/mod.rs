//! One whole platform on this machine: PostgreSQL, Redis and the six processes, until it is stopped or dropped.
//!
//! `cargo xtask up` is a thin user of this; an end-to-end test starts one in a directory of its own.

mod guard;
mod options;
mod start;
mod traces;

use std::fs::File;
use std::path::PathBuf;

use anyhow::{Result, bail};
use nix::sys::signal::Signal;

use crate::demo::Demo;
use crate::engines::postgres::SUPERUSER;
use crate::http;
use crate::layout::Layout;
use crate::services::Surroundings;
use crate::supervisor::Supervisor;
pub use options::Options;
pub(crate) use traces::Traces;
pub use traces::{stop_leftovers, wipe};

/// A running platform. Dropping it stops everything it started, and nothing else.
pub struct Platform {
    // Dropped in this order: the processes end before their lock is freed and their traces are removed.
    supervisor: Supervisor,
    _lock: File,
    _traces: Traces,
    layout: Layout,
    surroundings: Surroundings,
    demo: Option<Demo>,
}

impl Platform {
    /// Starts everything and returns when it is ready, and seeded if that was asked for.
    pub fn start(options: &Options) -> Result<Self> {
        start::start(options)
    }

    /// `http://127.0.0.1:<the gateway's port>`.
    pub fn base_url(&self) -> String {
        self.surroundings.base_url()
    }

    /// The address at which mails can be read that would have been sent.
    pub fn mailbox_url(&self) -> String {
        self.surroundings.mailbox_url()
    }

    /// The content of `demo.json`; `None` when no demo was asked for.
    pub fn demo(&self) -> Option<&Demo> {
        self.demo.as_ref()
    }

    /// The pid of a process (`lead-service`, `gateway`, `postgres`, …); `None` while it doesn't run.
    pub fn pid(&self, name: &str) -> Option<u32> {
        self.supervisor.pid(name)
    }

    /// How often a process had to be started again.
    pub fn restarts(&self, name: &str) -> u32 {
        self.supervisor.restarts(name)
    }

    /// Starts a process that ends from now on without much ado: what happened to it so far was meant to happen.
    pub fn forgive(&self, name: &str) {
        self.supervisor.forgive(name);
    }

    /// Kills a process with SIGKILL; the supervisor starts it again.
    pub fn kill(&self, name: &str) -> Result<()> {
        self.signal(name, Signal::SIGKILL)
    }

    /// Sends any signal to a process, such as SIGSTOP and SIGCONT to make it hang for a while.
    pub fn signal(&self, name: &str, signal: Signal) -> Result<()> {
        if !self.supervisor.signal(name, signal) {
            bail!("{name} isn't running right now");
        }
        Ok(())
    }

    /// Whether one of the six processes says that it can serve.
    pub fn is_ready(&self, name: &str) -> bool {
        http::is_ready(self.surroundings.port(name))
    }

    /// The address of one of the six processes itself, without the gateway.
    pub fn service_url(&self, name: &str) -> String {
        format!("http://127.0.0.1:{}", self.surroundings.port(name))
    }

    /// The address of a database for PostgreSQL's superuser.
    pub fn postgres_url(&self, database: &str) -> String {
        self.surroundings.postgres_url(SUPERUSER, &self.surroundings.secrets.postgres, database)
    }

    /// The address of Redis.
    pub fn redis_url(&self) -> String {
        self.surroundings.redis_url()
    }

    /// The log of a process as far as it is written; empty when there is none.
    pub fn log(&self, name: &str) -> String {
        let bytes = std::fs::read(self.log_path(name)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The file of a process's log.
    pub fn log_path(&self, name: &str) -> PathBuf {
        self.layout.log(name)
    }

    /// Stops everything, in reverse order. Dropping does the same.
    pub fn stop(mut self) {
        self.supervisor.stop();
    }
}
