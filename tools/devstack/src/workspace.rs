//! The workspace this binary was built from: where it is, where its binaries are, and building them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::services::{GATEWAY, SERVICES};

/// Which build of the services is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Fast to build.
    #[default]
    Debug,
    /// Fast to run.
    Release,
}

impl Profile {
    /// The profile's directory below cargo's target directory.
    pub fn directory(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}

/// The root of the clone.
pub fn root() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap_or(own)
}

/// A cargo command in the root of the clone.
pub fn cargo() -> Command {
    let mut command = Command::new(option_env!("CARGO").unwrap_or("cargo"));
    command.current_dir(root());
    command
}

/// The cargo command that builds the platform's binaries and nothing else.
pub fn build_command(profile: Profile) -> Command {
    let mut command = cargo();
    command.args(["build", "--locked", "--bins", "--package", GATEWAY]);
    for service in SERVICES {
        command.args(["--package", service]);
    }
    if profile == Profile::Release {
        command.arg("--release");
    }
    command
}

/// Builds the platform's binaries. Cargo's own progress is shown unless `quiet`.
pub fn build(profile: Profile, quiet: bool) -> Result<()> {
    let mut command = build_command(profile);
    if quiet {
        command.arg("--quiet");
    }
    let status = command.status().context("can't run cargo")?;
    if !status.success() {
        bail!("the build failed (see the messages above)");
    }
    Ok(())
}

/// The directory of the built binaries.
pub fn binaries(profile: Profile) -> Result<PathBuf> {
    let facts = metadata()?;
    let target = facts.get("target_directory").and_then(Value::as_str);
    let target = target.context("cargo metadata names no target directory")?;
    Ok(Path::new(target).join(profile.directory()))
}

/// What `cargo metadata` says about the workspace's own crates, without touching the network.
pub fn metadata() -> Result<Value> {
    let output = cargo()
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .output()
        .context("cargo can't be run")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata isn't JSON")
}
