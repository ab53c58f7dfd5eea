//! `cargo xtask web`: builds the web app into `.dev/web/<hash>`, once per content.

pub mod node;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use super::own_layout;
use devstack::progress::Progress;
use devstack::{output, workspace};
use node::Node;

/// The oldest Node that builds the app.
const OLDEST_NODE: (u32, u32) = (20, 19);
/// Builds that are kept: the one of the branch before is often wanted again.
const KEPT: usize = 3;

/// Builds the app and says where it is, or in one line why it could not be built.
pub fn web() -> Result<ExitCode> {
    match build_if_possible(&Progress::visible()) {
        Some(dir) => output::print(&format!("web: {}", dir.display()))?,
        None => output::print("web: not built")?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Checks what every change of the app must pass; unlike a build that is left out, a missing Node is a failure here.
pub fn check() -> Result<ExitCode> {
    let progress = Progress::visible();
    let node = Node::find_or_fetch(own_layout()?.dir(), OLDEST_NODE, &progress)?;
    let source = source();
    install(&node, &source)?;
    for script in ["check", "build", "budget"] {
        progress.say(&format!("web: npm run {script}"));
        run(&mut node.npm(&["run", "--silent", script]), &source)?;
    }
    output::print("web: all in order")?;
    Ok(ExitCode::SUCCESS)
}

/// The directory of the current build, if there is one.
pub fn built() -> Option<PathBuf> {
    let dir = place().ok()?;
    dir.join("index.html").is_file().then_some(dir)
}

/// The directory of the current build, made if that is possible. The API runs without it, so a failure is said and no
/// more.
pub fn build_if_possible(progress: &Progress) -> Option<PathBuf> {
    if let Some(dir) = built() {
        return Some(dir);
    }
    match build(progress) {
        Ok(dir) => Some(dir),
        Err(error) => {
            progress.say(&format!("the web app was not built: {error:#}; the API runs"));
            None
        }
    }
}

fn place() -> Result<PathBuf> {
    Ok(own_layout()?.dir().join("web").join(sources::hash(&source())?))
}

fn source() -> PathBuf {
    workspace::root().join("web")
}

fn build(progress: &Progress) -> Result<PathBuf> {
    let (source, dir) = (source(), place()?);
    let node = Node::find_or_fetch(own_layout()?.dir(), OLDEST_NODE, progress)?;
    progress.say("building the web app");
    install(&node, &source)?;
    run(&mut node.npm(&["run", "--silent", "build"]), &source)?;
    let parent = dir.parent().context("the build has no directory")?;
    fs::create_dir_all(parent)?;
    let unfinished = parent.join(format!("unfinished-{}", std::process::id()));
    copy(&source.join("dist"), &unfinished)?;
    if let Err(error) = fs::rename(&unfinished, &dir) {
        // Another build of the same sources may have been faster.
        fs::remove_dir_all(&unfinished)?;
        if !dir.join("index.html").is_file() {
            return Err(error).with_context(|| format!("can't write {}", dir.display()));
        }
    }
    forget_old(parent, &dir)?;
    Ok(dir)
}

/// Installs the packages of the lock file, unless they are installed already.
pub fn install(node: &Node, source: &Path) -> Result<()> {
    let lock = source.join("package-lock.json");
    let lock = fs::read(&lock).with_context(|| format!("can't read {}", lock.display()))?;
    let installed = source.join("node_modules").join(".leadstream-lock");
    if fs::read(&installed).is_ok_and(|kept| kept == lock) {
        return Ok(());
    }
    run(&mut node.npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]), source)?;
    fs::write(&installed, lock).with_context(|| format!("can't write {}", installed.display()))
}

fn run(command: &mut Command, dir: &Path) -> Result<()> {
    let output = command.current_dir(dir).stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("can't run {}", command.get_program().to_string_lossy()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    let end = lines.iter().rev().take(6).rev().copied().collect::<Vec<_>>().join(" | ");
    bail!("npm ended with {}: {end}", output.status)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("can't read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Removes all but the newest builds.
fn forget_old(parent: &Path, current: &Path) -> Result<()> {
    let mut others = Vec::new();
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        if entry.path() != current && entry.file_type()?.is_dir() {
            others.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    others.sort();
    let surplus = others.len().saturating_sub(KEPT - 1);
    for (_, dir) in others.into_iter().take(surplus) {
        fs::remove_dir_all(dir)?;
    }
    Ok(())
}
