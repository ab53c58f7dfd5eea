//! The programs that measure: wrk is installed when it is missing, nginx is used when it is there.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use devstack::engines::Engines;
use devstack::engines::find::{output_of, search_path};
use devstack::engines::install;
use devstack::progress::Progress;

/// Where everything is.
pub(super) struct Tools {
    /// PostgreSQL's and Redis's binaries.
    pub(super) engines: Engines,
    /// PostgreSQL's own load generator.
    pub(super) pgbench: PathBuf,
    /// PostgreSQL's shell.
    pub(super) psql: PathBuf,
    /// The HTTP load generator.
    pub(super) wrk: PathBuf,
    /// A plain proxy to compare with, where there is one.
    pub(super) nginx: Option<PathBuf>,
}

impl Tools {
    /// Finds them, installing what can't be done without.
    pub(super) fn find(progress: &Progress) -> Result<Self> {
        let engines = Engines::find_or_install(None, progress)?;
        let (pgbench, psql) = (engines.postgres.join("pgbench"), engines.postgres.join("psql"));
        if !pgbench.is_file() {
            bail!(
                "{} doesn't exist; it is in the package postgresql-contrib or postgresql",
                pgbench.display()
            );
        }
        let wrk = match find("wrk") {
            Some(wrk) => wrk,
            None => {
                install::install_packages("wrk is", &["wrk"], &["wrk"], BY_HAND, progress)?;
                find("wrk").context(BY_HAND)?
            }
        };
        // Not installed by us: Debian's package starts a server for the whole machine.
        let nginx = find("nginx");
        if nginx.is_none() {
            progress.say("nginx isn't installed: the gateway is compared with the service only");
        }
        Ok(Self { engines, pgbench, psql, wrk, nginx })
    }

    /// Names and versions, as the programs print them.
    pub(super) fn versions(&self) -> Vec<(&'static str, String)> {
        let first_line = |program: &Path, argument: &str| {
            let text = output_of(program, argument).unwrap_or_default();
            text.lines().next().unwrap_or_default().trim().to_owned()
        };
        let mut versions = vec![
            ("PostgreSQL", first_line(&self.engines.postgres.join("postgres"), "--version")),
            ("Redis", first_line(&self.engines.redis, "--version")),
            ("rustc", first_line(Path::new("rustc"), "--version")),
            ("system", first_line(Path::new("uname"), "-srm")),
        ];
        versions.retain(|(_, text)| !text.is_empty());
        versions
    }
}

const BY_HAND: &str =
    "Install wrk (Debian, Ubuntu: sudo apt-get install -y wrk; macOS: brew install wrk) and try again.";

fn find(name: &str) -> Option<PathBuf> {
    // Where Debian keeps servers isn't on every user's path.
    let system = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"].map(PathBuf::from);
    search_path().into_iter().chain(system).map(|dir| dir.join(name)).find(|file| file.is_file())
}
