//! Rules for Cargo.lock: banned crates, and the oldest versions without known vulnerabilities.

use std::process::Stdio;

use anyhow::{Context, Result};
use serde::Deserialize;

use devstack::workspace::{cargo, root};

/// TLS is rustls with aws-lc-rs, PostgreSQL is used without libpq, and `rsa` leaks its keys through timing.
const BANNED: [&str; 4] = ["native-tls", "openssl-sys", "pq-sys", "rsa"];

/// The advisory database lacks both.
const FLOORS: [(&str, [u64; 3]); 2] = [("actix-http", [3, 12, 1]), ("jsonwebtoken", [10, 3, 0])];

/// The only crate that may depend on `ring`.
const RING_USER: &str = "tokio-postgres-rustls";

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
}

pub(super) fn check() -> Result<Vec<String>> {
    let path = root().join("Cargo.lock");
    let text = std::fs::read_to_string(&path).context("can't read Cargo.lock")?;
    let lock: Lock = toml::from_str(&text).context("Cargo.lock is damaged")?;
    let mut faults = faults(&lock.package);
    faults.extend(ring_faults(&ring_tree()?));
    Ok(faults)
}

fn faults(packages: &[Locked]) -> Vec<String> {
    let mut faults = Vec::new();
    for Locked { name, version } in packages {
        if BANNED.contains(&name.as_str()) {
            faults.push(format!("Cargo.lock: {name} is banned; see who brings it in: cargo tree -i {name}"));
        }
        if let Some((_, floor)) = FLOORS.iter().find(|(floored, _)| floored == name)
            && numbers(version) < floor.to_vec()
        {
            let [major, minor, patch] = floor;
            faults.push(format!("Cargo.lock: {name} {version} has holes; at least {major}.{minor}.{patch}"));
        }
    }
    faults
}

/// `1.2.3-beta.1` → [1, 2, 3].
fn numbers(version: &str) -> Vec<u64> {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    release.split('.').map(|number| number.parse().unwrap_or(0)).collect()
}

/// The lock file also contains crates that no feature enables, so cargo is asked for the dependents of `ring`: `0ring …`, and
/// `1<user> …` for each of them.
fn ring_tree() -> Result<String> {
    let output = cargo()
        .args(["tree", "--offline", "--workspace", "--edges", "normal,build", "--invert", "ring"])
        .args(["--depth", "1", "--prefix", "depth", "--charset", "ascii"])
        .stderr(Stdio::null())
        .output()
        .context("cargo can't be run")?;
    // Fails when there is no such package, which is the expected case.
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn ring_faults(tree: &str) -> Vec<String> {
    let users = tree.lines().filter_map(|line| line.strip_prefix('1'));
    users
        .filter_map(|user| user.split_whitespace().next())
        .filter(|name| *name != RING_USER)
        .map(|name| format!("Cargo.lock: {name} brings in ring; only {RING_USER} may"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locked(name: &str, version: &str) -> Locked {
        Locked { name: name.into(), version: version.into() }
    }

    #[test]
    fn banned_and_outdated_crates_are_faults() {
        let found = faults(&[
            locked("openssl-sys", "0.9.1"),
            locked("actix-http", "3.12.0"),
            locked("actix-http", "3.12.1"),
            locked("jsonwebtoken", "9.9.9"),
            locked("jsonwebtoken", "11.1.0"),
            locked("serde", "1.0.0"),
        ]);

        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn ring_has_one_permitted_user() {
        assert!(ring_faults("").is_empty());
        assert!(ring_faults("0ring v0.17.14\n1tokio-postgres-rustls v0.13.0\n").is_empty());
        assert_eq!(ring_faults("0ring v0.17.14\n1rustls v0.23.46\n").len(), 1);
    }
}
