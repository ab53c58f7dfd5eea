//! `cargo xtask down`: stops the platform of this clone, and with `--wipe` also removes its data.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use nix::sys::signal::Signal;

use super::{LOOK, own_layout};
use devstack::output;
use devstack::platform;
use devstack::progress::Progress;
use devstack::supervisor::record::Record;
use devstack::waiting::Cancel;

/// Timeouts of all stages together, with a margin.
const LIMIT: Duration = Duration::from_secs(90);

/// Stops a running platform; succeeds if none runs.
pub fn down(wipe: bool) -> Result<ExitCode> {
    let layout = own_layout()?;
    if !layout.dir().exists() {
        output::print("Nothing is running, and there is no data.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let progress = Progress::visible();
    let mut lock = layout.lock()?;
    if lock.is_none() {
        progress.say("stopping");
        let record = Record::read(&layout.processes())?.unwrap_or_default();
        let supervisor = record.supervisor.context("the platform is only just being started; try again")?;
        supervisor.signal(Signal::SIGTERM);
        Cancel::default().until("stopping the platform", LOOK, LIMIT, || {
            lock = layout.lock()?;
            Ok(lock.is_some())
        })?;
        progress.say("stopped");
    } else {
        output::print("Nothing is running.")?;
    }
    platform::stop_leftovers(&layout, &progress)?;
    if wipe {
        platform::wipe(&layout)?;
        progress.say("all data was removed");
    }
    Ok(ExitCode::SUCCESS)
}
