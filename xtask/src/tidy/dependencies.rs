//! Direction of dependencies: services → platform → contracts, and nothing else.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

/// A crate of the workspace.
#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) manifest_path: PathBuf,
    pub(super) dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `dev`, `build`, or none for an ordinary one.
    pub(super) kind: Option<String>,
}

/// Crates that contracts must not depend on, by prefix: every client of the services depends on it.
const NOT_IN_CONTRACTS: [&str; 5] = ["actix", "awc", "diesel", "redis", "tokio"];

pub(super) fn packages(metadata: &Value) -> Result<Vec<Package>> {
    let packages = metadata.get("packages").cloned().context("cargo metadata lists no packages")?;
    serde_json::from_value(packages).context("cargo metadata looks different from what was expected")
}

pub(super) fn check(packages: &[Package]) -> Vec<String> {
    let is_ours = |name: &str| packages.iter().any(|package| package.name == name);
    let mut faults = Vec::new();
    for package in packages {
        for dependency in &package.dependencies {
            let (from, to) = (package.name.as_str(), dependency.name.as_str());
            let is_dev = dependency.kind.as_deref() == Some("dev");
            if is_ours(to) && !may_use(from, to, is_dev) {
                let kind = if is_dev { "dev-depends" } else { "depends" };
                faults.push(format!(
                    "{from}: {kind} on {to}; services → platform → contracts, and nothing else"
                ));
            }
            if from == "contracts" && !is_dev && NOT_IN_CONTRACTS.iter().any(|start| to.starts_with(start)) {
                faults.push(format!("contracts: depends on {to}, but must stay free of machinery"));
            }
        }
    }
    faults
}

fn may_use(from: &str, to: &str, is_dev: bool) -> bool {
    if is_dev {
        // Tests of a service must not depend on another service either.
        return matches!(to, "contracts" | "platform" | "testkit") || from == "xtask";
    }
    match from {
        "contracts" | "devstack" => false,
        "xtask" | "attack" | "bench" | "faults" | "mutants" => to == "devstack",
        "platform" => to == "contracts",
        _ => matches!(to, "contracts" | "platform"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    type Edges<'a> = &'a [(&'a str, Option<&'a str>)];

    fn faults(crates: &[(&str, Edges<'_>)]) -> Vec<String> {
        let mut list = Vec::new();
        for (name, on) in crates {
            let on: Vec<_> = on.iter().map(|(name, kind)| json!({"name": name, "kind": kind})).collect();
            list.push(json!({"name": name, "manifest_path": "/x/Cargo.toml", "dependencies": on}));
        }
        check(&packages(&json!({"packages": list})).unwrap())
    }

    #[test]
    fn the_allowed_directions_pass() {
        let found = faults(&[
            ("contracts", &[("serde", None), ("tokio", Some("dev"))]),
            ("platform", &[("contracts", None), ("testkit", Some("dev"))]),
            ("testkit", &[("contracts", None), ("platform", None)]),
            ("lead-service", &[("contracts", None), ("platform", None), ("testkit", Some("dev"))]),
            ("xtask", &[("testkit", Some("dev"))]),
        ]);

        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn every_other_direction_is_a_fault() {
        let found = faults(&[
            ("contracts", &[("tokio-util", None)]),
            ("platform", &[("lead-service", None)]),
            ("testkit", &[]),
            ("lead-service", &[("auth-service", None), ("testkit", None), ("gateway", Some("dev"))]),
            ("auth-service", &[]),
            ("gateway", &[]),
            ("xtask", &[("platform", None)]),
        ]);

        assert_eq!(found.len(), 6, "{found:?}");
    }
}
