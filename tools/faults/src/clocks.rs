//! Adjustable clocks of processes, by a preloaded library.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use devstack::engines::install::install_packages;
use devstack::progress::Progress;

/// Paths of the library on common systems.
const PLACES: [&str; 4] =
    ["/usr/lib/*/faketime", "/usr/lib/faketime", "/usr/lib64/faketime", "/usr/local/lib/faketime"];
const LIBRARY: &str = "libfaketime.so.1";
const BY_HAND: &str =
    "Install libfaketime (Debian, Ubuntu: sudo apt-get install -y libfaketime) and try again.";

/// One file per process with the offset of its clock.
pub(super) struct Clocks {
    library: PathBuf,
    dir: PathBuf,
}

impl Clocks {
    /// Finds the library or installs it. The files are kept in `dir`.
    pub(super) fn make(dir: &Path, progress: &Progress) -> Result<Self> {
        if find().is_none() {
            install_packages("libfaketime is", &["libfaketime"], &["libfaketime"], BY_HAND, progress)?;
        }
        let library = find().context(BY_HAND)?;
        Ok(Self { library, dir: dir.to_owned() })
    }

    /// Prefix of a command line that gives its process such a clock. Only the time of day is changed; monotonic clocks
    /// are not, as when a machine's clock is set.
    pub(super) fn wrapper(&self) -> Vec<String> {
        vec![
            "env".to_owned(),
            format!("LD_PRELOAD={}", self.library.display()),
            format!("FAKETIME_TIMESTAMP_FILE={}", self.dir.join("clock-{name}").display()),
            "FAKETIME_CACHE_DURATION=1".to_owned(),
            "FAKETIME_DONT_FAKE_MONOTONIC=1".to_owned(),
            "DONT_FAKE_MONOTONIC=1".to_owned(),
        ]
    }

    /// Sets the offset of a process's clock in seconds; the process applies it within about a second.
    pub(super) fn set(&self, process: &str, seconds: i64) -> Result<()> {
        let path = self.dir.join(format!("clock-{process}"));
        std::fs::write(&path, format!("{seconds:+}\n"))
            .with_context(|| format!("can't write {}", path.display()))
    }
}

fn find() -> Option<PathBuf> {
    let mut places: Vec<PathBuf> = Vec::new();
    for place in PLACES {
        match place.split_once("/*/") {
            Some((before, after)) => {
                let within = std::fs::read_dir(before).into_iter().flatten().flatten();
                places.extend(within.map(|entry| entry.path().join(after)));
            }
            None => places.push(PathBuf::from(place)),
        }
    }
    places.into_iter().map(|place| place.join(LIBRARY)).find(|library| library.is_file())
}
