//! Packages of Node in a directory of their own.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::super::own_layout;
use super::super::web::install;
use super::super::web::node::Node;
use super::place::{Place, Set, pinned};
use devstack::progress::Progress;

/// The oldest Node that runs the packages of each change.
const OLDEST: (u32, u32) = (20, 19);
/// The oldest Node that runs hey-api.
const OLDEST_AT_NIGHT: (u32, u32) = (22, 18);

/// Installed packages and the Node that runs them.
pub struct NodePackages {
    node: Node,
    dir: PathBuf,
}

impl NodePackages {
    /// Installs a set, unless it is installed already.
    pub fn install(place: &Place, set: Set, progress: &Progress) -> Result<Self> {
        let oldest = if set == Set::Change { OLDEST } else { OLDEST_AT_NIGHT };
        let node = Node::find_or_fetch(own_layout()?.dir(), oldest, progress)?;
        let dir = place.packages(set)?;
        for name in ["package.json", "package-lock.json"] {
            let from = pinned(set, name);
            fs::copy(&from, dir.join(name)).with_context(|| format!("can't copy {}", from.display()))?;
        }
        if !dir.join("node_modules").is_dir() {
            progress.say("installing generators of Node");
        }
        install(&node, &dir)?;
        Ok(Self { node, dir })
    }

    /// A command of a package.
    pub fn command<A: AsRef<OsStr>>(&self, program: &str, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = self.node.script(&self.dir.join("node_modules").join(".bin").join(program));
        command.args(arguments);
        command
    }
}
