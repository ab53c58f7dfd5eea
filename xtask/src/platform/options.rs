//! How a platform is to be started.

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
    /// What the user sees.
    pub progress: Progress,
    /// Ends the start early.
    pub cancel: Cancel,
}

impl Options {
    /// A silent debug platform on a free port, with the demo, whose data stays. The binaries are built first.
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            profile: Profile::Debug,
            port: None,
            build: true,
            seed: true,
            ephemeral: false,
            environment: Vec::new(),
            progress: Progress::silent(),
            cancel: Cancel::default(),
        }
    }
}
