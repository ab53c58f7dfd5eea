//! A PostgreSQL and a Redis for tests: started for one run, removed with their data at its end.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use nix::sys::statvfs::statvfs;

use super::Engines;
use super::pair::{self, Pair};
use super::postgres::SUPERUSER;
use crate::layout::Layout;
use crate::platform::Traces;
use crate::progress::Progress;
use crate::secrets::Secrets;
use crate::state::State;
use crate::supervisor::Supervisor;
use crate::supervisor::record::RecordFile;
use crate::waiting::Cancel;

/// The file system in memory that Linux offers to every process.
const MEMORY: &str = "/dev/shm";
/// Free bytes that a whole run of the tests needs there, with a margin.
const NEEDED_IN_MEMORY: u64 = 6 << 30;

/// Both engines; dropping it stops them and removes their data.
pub struct ThrowawayEngines {
    // Dropped in this order: the data is removed once the processes have ended.
    _supervisor: Supervisor,
    _traces: Traces,
    postgres_url: String,
    redis_url: String,
}

impl ThrowawayEngines {
    /// Passes their addresses to a command.
    pub fn tell(&self, command: &mut Command) {
        command.env("LEADSTREAM_TEST_POSTGRES_URL", &self.postgres_url);
        command.env("LEADSTREAM_TEST_REDIS_URL", &self.redis_url);
    }

    /// Starts both.
    ///
    /// # Errors
    /// An engine that does not start, with the end of its log.
    pub fn start(engines: &Engines, progress: &Progress, cancel: &Cancel) -> Result<Self> {
        let layout = Layout::of(&scratch_directory("test"))?;
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

/// A new name for a directory of a run's own. It is in memory where there is room for it, since tests ask what a commit
/// does, not what a power cut does to it, and a flush to a shared disk takes most of a small transaction's time.
pub fn scratch_directory(purpose: &str) -> PathBuf {
    let parent = if has_room(Path::new(MEMORY)) { PathBuf::from(MEMORY) } else { std::env::temp_dir() };
    parent.join(format!("leadstream-{purpose}-{:016x}", rand::random::<u64>()))
}

fn has_room(dir: &Path) -> bool {
    statvfs(dir).is_ok_and(|facts| facts.blocks_available() * facts.fragment_size() >= NEEDED_IN_MEMORY)
}
