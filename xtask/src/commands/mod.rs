//! One module per command of `cargo xtask`.

pub mod check;
pub mod clients;
pub mod down;
pub mod logs;
pub mod openapi;
pub mod status;
pub mod test;
pub mod tool;
pub mod up;
pub mod web;

use std::time::Duration;

use anyhow::Result;

use devstack::layout::Layout;
use devstack::workspace;

/// Polling interval of commands.
pub(crate) const LOOK: Duration = Duration::from_millis(100);

/// The layout of this clone's own platform.
pub(crate) fn own_layout() -> Result<Layout> {
    Layout::of(&workspace::root().join(".dev"))
}
