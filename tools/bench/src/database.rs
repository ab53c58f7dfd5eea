//! The platform's PostgreSQL: a shell for statements, and pgbench for load.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::child;
use super::measure::{Measure, percentile};
use super::tools::Tools;
use devstack::layout::write_private;
use devstack::sql::environment;
use devstack::waiting::{Cancel, pause};

/// How long pgbench's connections take to end.
const ENDING: Duration = Duration::from_millis(500);

/// The lead database of the running platform, seen as superuser.
pub(super) struct Database<'a> {
    environment: Vec<(&'static str, String)>,
    tools: &'a Tools,
    dir: PathBuf,
    cancel: &'a Cancel,
}

/// A load for pgbench.
pub(super) struct Load<'a> {
    /// The file of its script.
    pub(super) script: &'a Path,
    /// Variables of the script.
    pub(super) variables: &'a [(String, String)],
    /// The tenant that it reads and writes as the application's role.
    pub(super) tenant: &'a str,
    /// Whether the planner is shown that tenant, for the best plan there is.
    pub(super) is_planned_for_it: bool,
    /// How many connections it uses.
    pub(super) connections: usize,
    /// How long it runs.
    pub(super) seconds: u64,
}

impl<'a> Database<'a> {
    /// The database at an address `postgres://user:password@host:port/database`; files are written to `dir`.
    pub(super) fn at(url: &str, tools: &'a Tools, dir: &Path, cancel: &'a Cancel) -> Result<Self> {
        let environment = environment(url).context("an address of PostgreSQL looks different")?;
        Ok(Self { environment, tools, dir: dir.to_owned(), cancel })
    }

    /// Runs a script of psql's and gives its unadorned output.
    pub(super) fn run(&self, script: &str, variables: &[(&str, String)]) -> Result<String> {
        let file = self.dir.join("statements.sql");
        write_private(&file, script)?;
        let mut command = Command::new(&self.tools.psql);
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]).stdin(Stdio::null());
        for (name, value) in variables {
            command.arg("-v").arg(format!("{name}={value}"));
        }
        command.arg("-f").arg(&file).envs(self.environment.iter().cloned());
        child::run(&mut command, self.cancel)
    }

    /// Runs one statement that gives one number.
    pub(super) fn number(&self, statement: &str, variables: &[(&str, String)]) -> Result<u64> {
        let text = self.run(statement, variables)?;
        text.trim().parse().with_context(|| format!("{statement} gave {text:?}"))
    }

    /// Writes a script for pgbench.
    pub(super) fn script(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.dir.join(name);
        write_private(&path, text)?;
        Ok(path)
    }

    /// Lets pgbench run a load.
    pub(super) fn pgbench(&self, load: &Load<'_>) -> Result<Measure> {
        let prefix = self.dir.join("latencies");
        remove_logs(&self.dir)?;
        let threads = load.connections.min(2).to_string();
        let mut command = Command::new(&self.tools.pgbench);
        command
            .args(["-n", "-M", "prepared", "-c", &load.connections.to_string(), "-j", &threads])
            .args(["-T", &load.seconds.to_string(), "-l", "--sampling-rate=0.2", "--log-prefix"])
            .arg(&prefix)
            .arg("-f")
            .arg(load.script);
        for (name, value) in load.variables {
            command.arg("-D").arg(format!("{name}={value}"));
        }
        command.envs(self.environment.iter().cloned()).stdin(Stdio::null());
        // The role and the tenant of every transaction, so that the policies are applied to it.
        let plans = if load.is_planned_for_it { "tenant" } else { "all" };
        let options = format!("-c role=lead_app -c app.tenant_id={} -c app.plans={plans}", load.tenant);
        command.env("PGOPTIONS", options);
        let text = child::run(&mut command, self.cancel)?;
        // Its connections end after it, and what they used is counted when they have.
        pause(ENDING);
        let (requests, per_second) =
            parse(&text).with_context(|| format!("pgbench said something unexpected: {}", text.trim()))?;
        let mut latencies = Vec::new();
        for log in logs(&self.dir)? {
            latencies.extend(latencies_of(&fs::read_to_string(log)?));
        }
        latencies.sort_unstable();
        let (p50_us, p99_us) = (percentile(&latencies, 50), percentile(&latencies, 99));
        if latencies.is_empty() {
            bail!("pgbench finished no transaction");
        }
        Ok(Measure { requests, per_second, p50_us, p99_us, ..Measure::default() })
    }
}

fn logs(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dir).with_context(|| format!("can't read {}", dir.display()))?;
    let named =
        entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with("latencies."));
    Ok(named.map(|entry| entry.path()).collect())
}

fn remove_logs(dir: &Path) -> Result<()> {
    for log in logs(dir)? {
        fs::remove_file(&log).with_context(|| format!("can't remove {}", log.display()))?;
    }
    Ok(())
}

/// Transactions in all and per second.
fn parse(text: &str) -> Option<(u64, f64)> {
    let after = |start: &str| text.lines().find_map(|line| line.strip_prefix(start)).map(str::trim);
    let done = after("number of transactions actually processed:")?.split('/').next()?.trim().parse().ok()?;
    let per_second = after("tps =")?.split_whitespace().next()?.parse().ok()?;
    Some((done, per_second))
}

/// The latencies in microseconds: the third column.
fn latencies_of(log: &str) -> impl Iterator<Item = u64> {
    log.lines().filter_map(|line| line.split(' ').nth(2)?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_pgbench_are_read() {
        let text = "pgbench (15.18)\ntransaction type: x.sql\nnumber of clients: 32\n\
                    number of transactions actually processed: 41230\nnumber of failed transactions: 0 (0.000%)\n\
                    latency average = 2.3 ms\ninitial connection time = 80.1 ms\n\
                    tps = 13765.126 (without initial connection time)\n";

        assert_eq!(parse(text), Some((41_230, 13_765.126)));
        assert_eq!(parse("pgbench: error: connection failed"), None);
    }

    #[test]
    fn latencies_are_the_third_column() {
        let log = "0 199 2241 0 1175850568 995598\n1 9 413 0 1175850569 608\n2 1 skipped 0 1 2\n";

        assert_eq!(latencies_of(log).collect::<Vec<_>>(), [2241, 413]);
    }
}
