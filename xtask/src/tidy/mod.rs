//! `cargo xtask tidy`: rules that the compiler does not check, without a network.

mod contexts;
mod dependencies;
mod lockfile;
mod paths;
mod sources;
mod text;
mod web;

use std::process::ExitCode;

use anyhow::Result;

use devstack::{output, workspace};

/// Checks everything and reports all faults together.
pub fn tidy() -> Result<ExitCode> {
    let packages = dependencies::packages(&workspace::metadata()?)?;
    let mut faults = dependencies::check(&packages);
    faults.extend(sources::check(&packages)?);
    faults.extend(contexts::check(&packages)?);
    faults.extend(web::check()?);
    faults.extend(lockfile::check()?);
    faults.sort();
    for fault in &faults {
        output::print(fault)?;
    }
    if faults.is_empty() {
        output::print("tidy: all in order")?;
        return Ok(ExitCode::SUCCESS);
    }
    output::print(&format!("tidy: {} fault(s)", faults.len()))?;
    Ok(ExitCode::FAILURE)
}
