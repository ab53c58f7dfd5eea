//! One private PostgreSQL cluster: made, started, asked whether it is ready.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;

use super::account::Account;
use crate::layout::{remove_dir, write_private};
use crate::supervisor::identity::{Identity, command_line};
use crate::waiting::Cancel;

/// Everything that is known about a cluster.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// The directory of PostgreSQL's binaries.
    pub binaries: PathBuf,
    /// The cluster's data.
    pub data: PathBuf,
    /// The port on 127.0.0.1.
    pub port: u16,
    /// The user it runs as.
    pub account: Account,
    /// Settings beyond the defaults of [`Cluster::command`].
    pub settings: Vec<(&'static str, &'static str)>,
}

/// A new cluster on its way to the disk.
#[must_use]
pub struct Flush(Child);

impl Flush {
    /// Waits until it is there.
    ///
    /// # Errors
    /// What the system said about it.
    pub fn finish(self) -> Result<()> {
        let output = self.0.wait_with_output().context("can't wait for initdb")?;
        if !output.status.success() {
            bail!(
                "the new cluster can't be written to disk: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(())
    }
}

/// The superuser's name.
pub const SUPERUSER: &str = "postgres";

/// The major version of the cluster in a directory, when there is one.
pub fn major_of(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

impl Cluster {
    /// Creates the cluster when there is none, and returns whether it did. It is made beside its place and moved, so that an
    /// interrupted attempt leaves nothing that looks like a cluster. The system may still hold it in memory: see
    /// [`Cluster::flush`].
    pub fn create(&self, password: &str) -> Result<bool> {
        if self.data.join("PG_VERSION").exists() {
            return Ok(false);
        }
        let draft = self.data.with_extension("draft");
        let password_file = self.data.with_extension("password");
        write_private(&password_file, password)?;
        self.account.own(&password_file).context("can't hand the password over")?;
        let made = self.initdb_in_some_locale(&draft, &password_file);
        let _ = fs::remove_file(&password_file);
        made?;
        remove_dir(&self.data)?;
        fs::rename(&draft, &self.data).with_context(|| format!("can't move to {}", self.data.display()))?;
        Ok(true)
    }

    /// Begins to write a new cluster to disk. It takes seconds, in which the server can be started already.
    pub fn flush(&self) -> Result<Flush> {
        let mut command = self.account.command(&self.binaries.join("initdb"), &self.data);
        command.args(["--sync-only", "--pgdata"]).arg(&self.data);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        Ok(Flush(command.spawn().context("can't run initdb")?))
    }

    /// The byte order is the same in both; the first also knows what a letter is, but not every system has it.
    fn initdb_in_some_locale(&self, draft: &Path, password_file: &Path) -> Result<()> {
        let mut complaint = String::new();
        for locale in ["C.UTF-8", "C"] {
            match self.initdb(draft, password_file, locale)? {
                None => return Ok(()),
                Some(text) => complaint = text,
            }
        }
        bail!("initdb failed: {complaint}")
    }

    /// Runs initdb; gives its complaint when it fails.
    fn initdb(&self, draft: &Path, password_file: &Path, locale: &str) -> Result<Option<String>> {
        remove_dir(draft)?;
        self.account.create_dir(draft)?;
        let mut command = self.account.command(&self.binaries.join("initdb"), draft);
        command
            .args(["--username", SUPERUSER, "--auth", "scram-sha-256", "--encoding", "UTF8"])
            .args(["--locale", locale, "--no-sync"])
            .arg("--pwfile")
            .arg(password_file)
            .arg("--pgdata")
            .arg(draft);
        let output = command.output().context("can't run initdb")?;
        let complaint = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Ok((!output.status.success()).then_some(complaint))
    }

    /// The command that runs the server in the foreground, after removing what a dead one left behind.
    pub fn command(&self) -> Result<Command> {
        self.clear_leftovers()?;
        let mut command = self.account.command(&self.binaries.join("postgres"), &self.data);
        command.arg("-D").arg(&self.data);
        let port = self.port.to_string();
        let settings = [
            ("port", port.as_str()),
            ("listen_addresses", "127.0.0.1"),
            ("unix_socket_directories", ""),
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("full_page_writes", "on"),
            ("max_connections", "300"),
            ("shared_buffers", "128MB"),
            ("work_mem", "8MB"),
            ("maintenance_work_mem", "64MB"),
            ("max_wal_size", "1GB"),
            ("log_line_prefix", "%m [%p] %u@%d "),
            ("logging_collector", "off"),
        ];
        // Of a setting that is given twice, the last one counts.
        for (name, value) in settings.into_iter().chain(self.settings.iter().copied()) {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        Ok(command)
    }

    /// Whether the server accepts connections.
    pub fn is_ready(&self) -> bool {
        Command::new(self.binaries.join("pg_isready"))
            .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])
            .stdin(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// A server that was killed leaves its pid file. PostgreSQL itself distrusts one with a pid that another process
    /// has now; we know that this directory is ours alone. A server that outlived its supervisor is stopped.
    fn clear_leftovers(&self) -> Result<()> {
        let file = self.data.join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&file) else { return Ok(()) };
        let pid = text.lines().next().and_then(|line| line.trim().parse().ok());
        let ours = pid.filter(|pid| {
            command_line(*pid).is_some_and(|line| line.contains(&*self.data.to_string_lossy()))
        });
        if let Some(old) = ours.and_then(Identity::of) {
            old.signal(Signal::SIGINT);
            let step = Duration::from_millis(50);
            return Cancel::default().until(
                "stopping an older PostgreSQL",
                step,
                Duration::from_secs(30),
                || Ok(!old.is_alive()),
            );
        }
        fs::remove_file(&file).with_context(|| format!("can't remove {}", file.display()))
    }
}
