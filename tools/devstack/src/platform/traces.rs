//! Removal of a platform's files and processes.

use std::path::Path;

use anyhow::Result;

use super::guard::Guard;
use crate::engines::place;
use crate::layout::{Layout, remove_dir};
use crate::output;
use crate::progress::Progress;
use crate::state::State;
use crate::supervisor::record::Record;

/// Removes a platform's directory when it is dropped, if the platform was meant to leave nothing.
pub(crate) struct Traces {
    // Let go after the directory was removed.
    ephemeral: Option<(Layout, Option<Guard>)>,
}

impl Traces {
    /// Hold it for as long as something runs in the layout. The directories exist.
    pub(crate) fn of(layout: &Layout, ephemeral: bool) -> Self {
        Self { ephemeral: ephemeral.then(|| (layout.clone(), Guard::over(layout))) }
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Some((layout, _)) = &self.ephemeral
            && let Err(error) = wipe(layout)
        {
            output::complain(&format!("xtask: {error:#}"));
        }
    }
}

/// Removes a platform's directory and data. Nothing may run in it any more.
pub fn wipe(layout: &Layout) -> Result<()> {
    // A damaged state knows no place outside; the rest is to be removed all the same.
    let state = State::load(&layout.state()).unwrap_or_default();
    if let Some(data) = &state.data {
        place::remove_outside(data)?;
    }
    remove_dir(layout.dir())
}

/// Ends the processes of a supervisor that was killed. To be called by the holder of the platform's lock.
pub fn stop_leftovers(layout: &Layout, progress: &Progress) -> Result<()> {
    let path: &Path = &layout.processes();
    if let Some(record) = Record::read(path)? {
        record.stop_leftovers(|text| progress.say(text));
        let _ = std::fs::remove_file(path);
    }
    Ok(())
}
