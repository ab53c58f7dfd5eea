//! Tools with binaries of their own, so that `cargo xtask up` does not compile them.

use std::process::ExitCode;

use anyhow::{Context, Result};
use devstack::workspace;

/// Builds and runs a tool with these arguments; its exit status is the command's.
pub fn run(name: &str, arguments: &[String]) -> Result<ExitCode> {
    let mut command = workspace::cargo();
    command.args(["run", "--quiet", "--package", name, "--"]).args(arguments);
    let status = command.status().with_context(|| format!("can't run {name}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
