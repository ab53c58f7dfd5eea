//! Options for starting a platform.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::progress::Progress;
use crate::waiting::Cancel;
use crate::workspace::Profile;

/// What may differ between `cargo xtask up` and a test. Begin with [`Options::at`].
#[derive(Clone, Debug)]
pub struct Options {
    /// Where everything is kept; made when missing.
    pub dir: PathBuf,
    /// Which build of the services is run.
    pub profile: Profile,
    /// The gateway's port; a free one is chosen when there is none.
    pub port: Option<u16>,
    /// Whether the binaries are built first.
    pub build: bool,
    /// Whether the demo is made.
    pub seed: bool,
    /// Whether `dir` and all data are removed in the end.
    pub ephemeral: bool,
    /// Variables for all six processes, on top of what they are given anyway.
    pub environment: Vec<(String, String)>,
    /// Settings of PostgreSQL's beyond those it always gets.
    pub settings: Vec<(&'static str, &'static str)>,
    /// What the command lines of the six processes begin with, such as `env NAME=value`; `{name}` in it stands for the process.
    /// It has to become the process itself, which is sent signals.
    pub wrapper: Vec<String>,
    /// How many processes of each service are run. Others find only the first one, unless a detour leads to all.
    pub replicas: u16,
    /// Ports under which the processes find each other (`lead-service`) and the engines (`postgres`, `redis`), for
    /// a proxy between them.
    pub detours: BTreeMap<String, u16>,
    /// What the user sees.
    pub progress: Progress,
    /// Ends the start early.
    pub cancel: Cancel,
}

impl Options {
    /// A silent debug platform on a free port, with the demo and kept data. The binaries are built first.
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            profile: Profile::Debug,
            port: None,
            build: true,
            seed: true,
            ephemeral: false,
            environment: Vec::new(),
            settings: Vec::new(),
            wrapper: Vec::new(),
            replicas: 1,
            detours: BTreeMap::new(),
            progress: Progress::silent(),
            cancel: Cancel::default(),
        }
    }

    /// With limits that are decided as always, but let one generator do what a thousand visitors would.
    pub fn with_raised_limits(mut self) -> Self {
        let limits = ["RATE_LIMIT_ADDRESS", "RATE_LIMIT_USER", "RATE_LIMIT_KEY", "RATE_LIMIT_TENANT"];
        self.environment.extend(limits.map(|name| (name.to_owned(), "1000000".to_owned())));
        self
    }
}
