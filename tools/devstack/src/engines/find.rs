//! Finds the server binaries of PostgreSQL and Redis, and installs them when there are none.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use super::install;
use crate::progress::Progress;

/// The oldest PostgreSQL that will do.
pub const OLDEST_POSTGRES: u32 = 15;
/// The oldest Redis that will do.
pub const OLDEST_REDIS: u32 = 7;

/// Where the binaries are.
#[derive(Clone, Debug)]
pub struct Engines {
    /// The directory with `initdb`, `postgres`, `psql` and `pg_isready`.
    pub postgres: PathBuf,
    /// PostgreSQL's major version.
    pub postgres_major: u32,
    /// The file of `redis-server`.
    pub redis: PathBuf,
}

impl Engines {
    /// Finds both, installing what is missing. `major` asks for exactly this PostgreSQL, because data of it exists.
    pub fn find_or_install(major: Option<u32>, progress: &Progress) -> Result<Self> {
        let mut postgres = find_postgres(major);
        let mut redis = find_redis();
        if let (Some(major), None, Some(other)) = (major, &postgres, find_postgres(None)) {
            bail!(
                "the data here was made by PostgreSQL {major}, but only PostgreSQL {} is installed. Install \
                 PostgreSQL {major} as well, or start anew without the data: cargo xtask down --wipe",
                other.1
            );
        }
        if postgres.is_none() || redis.is_none() {
            install::install(postgres.is_none(), redis.is_none(), progress)?;
            postgres = postgres.or_else(|| find_postgres(major));
            redis = redis.or_else(find_redis);
        }
        match (postgres, redis) {
            (Some((postgres, postgres_major)), Some(redis)) => Ok(Self { postgres, postgres_major, redis }),
            (None, _) => bail!(
                "the system's package manager has no PostgreSQL {OLDEST_POSTGRES} or newer. {}",
                install::by_hand()
            ),
            (_, None) => bail!(
                "the system's package manager has no Redis {OLDEST_REDIS} or newer. {}",
                install::by_hand()
            ),
        }
    }
}

/// The newest usable PostgreSQL: the directory of its binaries and its major version.
fn find_postgres(major: Option<u32>) -> Option<(PathBuf, u32)> {
    let complete = |dir: &PathBuf| {
        ["initdb", "postgres", "psql", "pg_isready"].iter().all(|name| dir.join(name).is_file())
    };
    postgres_directories()
        .into_iter()
        .filter(complete)
        .filter_map(|dir| version_of(&dir.join("postgres")).map(|found| (dir, found)))
        .filter(|(_, found)| *found >= OLDEST_POSTGRES && major.is_none_or(|wanted| wanted == *found))
        .max_by_key(|(_, found)| *found)
}

fn find_redis() -> Option<PathBuf> {
    let brew = ["/opt/homebrew/bin", "/usr/local/bin", "/home/linuxbrew/.linuxbrew/bin"].map(PathBuf::from);
    search_path()
        .into_iter()
        .chain(brew)
        .map(|dir| dir.join("redis-server"))
        .find(|file| file.is_file() && version_of(file).is_some_and(|found| found >= OLDEST_REDIS))
}

fn postgres_directories() -> Vec<PathBuf> {
    let mut found = search_path();
    if let Some(dir) = output_of(Path::new("pg_config"), "--bindir") {
        found.push(PathBuf::from(dir.trim()));
    }
    // Each: a directory, the start of its interesting entries' names, and what follows below them.
    for (parent, start) in [
        ("/usr/lib/postgresql", ""),
        ("/usr", "pgsql-"),
        ("/opt/homebrew/opt", "postgresql"),
        ("/usr/local/opt", "postgresql"),
        ("/home/linuxbrew/.linuxbrew/opt", "postgresql"),
        ("/Applications/Postgres.app/Contents/Versions", ""),
    ] {
        let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
        let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(start));
        found.extend(named.map(|entry| entry.path().join("bin")));
    }
    found
}

/// The directories of `PATH`, in order.
#[expect(clippy::disallowed_methods, reason = "where programs are is the environment's to say")]
pub fn search_path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

fn version_of(binary: &Path) -> Option<u32> {
    parse_major(&output_of(binary, "--version")?)
}

/// The major version in `postgres (PostgreSQL) 15.18 (Debian …)` or `Redis server v=7.0.15 sha=…`.
fn parse_major(text: &str) -> Option<u32> {
    text.split_whitespace().find_map(|word| {
        let word = word.strip_prefix("v=").unwrap_or(word);
        let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    })
}

/// What a program prints to stdout when it is called with this argument; `None` unless it succeeds.
pub fn output_of(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_binaries_say() {
        for (text, major) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", Some(15)),
            ("postgres (PostgreSQL) 18beta1", Some(18)),
            ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", Some(7)),
            ("Valkey server v=8.1.1 sha=00000000:0", Some(8)),
            ("something else", None),
        ] {
            assert_eq!(parse_major(text), major, "{text}");
        }
    }
}
