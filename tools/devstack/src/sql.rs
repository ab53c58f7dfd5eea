//! Statements for a platform's PostgreSQL, sent with its own shell.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// What separates columns; no value has it.
const SEPARATOR: char = '\u{1f}';

/// One database, seen as the role of its address.
#[derive(Clone, Debug)]
pub struct Sql {
    psql: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl Sql {
    /// The database at `postgres://user:password@host:port/database`; `binaries` is the directory of `psql`.
    pub fn at(url: &str, binaries: &Path) -> Result<Self> {
        let environment = environment(url).context("an address of PostgreSQL looks different")?;
        Ok(Self { psql: binaries.join("psql"), environment })
    }

    /// The rows of a statement, each value as text.
    pub fn rows(&self, statements: &str) -> Result<Vec<Vec<String>>> {
        let output = self.start(statements)?.wait_with_output()?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let rows = text.lines().filter(|line| !line.is_empty());
        Ok(rows.map(|row| row.split(SEPARATOR).map(str::to_owned).collect()).collect())
    }

    /// The one number that a statement gives.
    pub fn number(&self, statement: &str) -> Result<u64> {
        let rows = self.rows(statement)?;
        let value = rows.first().and_then(|row| row.first()).map_or("", String::as_str);
        value.parse().with_context(|| format!("{statement} gave {value:?}"))
    }

    /// Begins to run statements; they go on until the shell is waited for or killed.
    pub fn start(&self, statements: &str) -> Result<Child> {
        let separator = SEPARATOR.to_string();
        let mut command = Command::new(&self.psql);
        command
            .args(["-X", "-q", "-A", "-t", "-F", &separator, "-v", "ON_ERROR_STOP=1", "-f", "-"])
            .envs(self.environment.iter().cloned())
            .env("PGCONNECT_TIMEOUT", "5")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().context("can't run psql")?;
        if let Some(mut stdin) = child.stdin.take() {
            let statements = statements.to_owned();
            // In a thread beside the reader of the rows: a shell blocks when its output is not read. One that cannot connect ends
            // without reading, and says why.
            std::thread::spawn(move || stdin.write_all(statements.as_bytes()));
        }
        Ok(child)
    }
}

/// What libpq's programs read; a password among arguments would be visible to all users.
pub fn environment(url: &str) -> Option<Vec<(&'static str, String)>> {
    let (user, rest) = url.strip_prefix("postgres://")?.split_once(':')?;
    let (password, rest) = rest.split_once('@')?;
    let (address, database) = rest.split_once('/')?;
    let (host, port) = address.split_once(':')?;
    let names = ["PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"];
    let values = [host, port, user, password, database];
    Some(names.into_iter().zip(values).map(|(name, value)| (name, value.to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_an_environment() {
        let environment = environment("postgres://app:Se-cret@127.0.0.1:5433/lead").unwrap();

        assert!(environment.contains(&("PGPASSWORD", "Se-cret".to_owned())));
        assert!(environment.contains(&("PGPORT", "5433".to_owned())));
        assert!(environment.contains(&("PGDATABASE", "lead".to_owned())));
        assert!(super::environment("mysql://x").is_none());
    }
}
