//! PostgreSQL and Redis together, kept alive by a supervisor.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use nix::sys::signal::Signal;

use super::account::Account;
use super::find::Engines;
use super::place;
use super::postgres::Cluster;
use super::redis::Redis;
use crate::layout::Layout;
use crate::logs;
use crate::secrets::Secrets;
use crate::state::State;
use crate::supervisor::{Spec, Stage, Supervisor};
use crate::waiting::Cancel;

/// The two engines of one platform.
#[derive(Clone)]
pub struct Pair {
    /// PostgreSQL.
    pub cluster: Cluster,
    /// Redis.
    pub redis: Redis,
    /// Whether the cluster was made just now.
    pub is_new: bool,
}

/// The names of the engines' processes.
pub const ENGINES: [&str; 2] = ["postgres", "redis"];

impl Pair {
    /// Settles where the data lies (noted in `state`), and makes what doesn't exist yet.
    pub fn prepare(
        engines: &Engines,
        layout: &Layout,
        state: &mut State,
        secrets: &Secrets,
        settings: &[(&'static str, &'static str)],
    ) -> Result<Self> {
        let postgres_account = Account::unprivileged(&["postgres"])?;
        let redis_account = Account::unprivileged(&["redis"])?;
        let accounts = [&postgres_account, &redis_account];
        let data = place::settle(layout.dir(), state.data.as_deref(), &accounts)?;
        state.data = Some(data.clone());
        let cluster = Cluster {
            binaries: engines.postgres.clone(),
            data: data.join("postgres"),
            port: state.port("postgres"),
            account: postgres_account,
            settings: settings.to_vec(),
        };
        let redis = Redis {
            binary: engines.redis.clone(),
            data: data.join("redis"),
            port: state.port("redis"),
            password: secrets.redis.clone(),
            account: redis_account,
        };
        let is_new = cluster.create(&secrets.postgres)?;
        redis.create()?;
        Ok(Self { cluster, redis, is_new })
    }

    /// Where the data of a state lies, if it lies anywhere yet.
    pub fn postgres_data(layout: &Layout, state: &State) -> std::path::PathBuf {
        let base: &Path = state.data.as_deref().unwrap_or(layout.dir());
        base.join("postgres")
    }

    /// Starts both and waits until they answer.
    pub fn start(&self, layout: &Layout, supervisor: &Supervisor, cancel: &Cancel) -> Result<()> {
        let (cluster, redis) = (Arc::new(self.cluster.clone()), Arc::new(self.redis.clone()));
        supervisor.keep(Spec {
            name: "postgres".to_owned(),
            port: self.cluster.port,
            stage: Stage::Engine,
            // Fast shutdown: connections are ended, a checkpoint is written.
            stop_signal: Signal::SIGINT,
            patience: Duration::from_secs(30),
            log: layout.log("postgres"),
            command: Box::new(move || cluster.command()),
        })?;
        supervisor.keep(Spec {
            name: "redis".to_owned(),
            port: self.redis.port,
            stage: Stage::Engine,
            stop_signal: Signal::SIGTERM,
            patience: Duration::from_secs(10),
            log: layout.log("redis"),
            command: Box::new(move || Ok(redis.command())),
        })?;
        Self::wait("postgres", layout, cancel, || self.cluster.is_ready())?;
        Self::wait("redis", layout, cancel, || self.redis.is_ready())
    }

    fn wait(name: &str, layout: &Layout, cancel: &Cancel, ready: impl Fn() -> bool) -> Result<()> {
        let (step, limit) = (Duration::from_millis(10), Duration::from_secs(60));
        let outcome = cancel.until(&format!("starting {name}"), step, limit, || Ok(ready()));
        logs::explain(outcome, cancel, &layout.log(name))
    }
}
