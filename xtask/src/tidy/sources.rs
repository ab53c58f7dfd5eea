//! Walks the crates' source files; the rules themselves are in `text`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::dependencies::Package;
use super::text;
use devstack::workspace;

pub(super) fn check(packages: &[Package]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for package in packages {
        let mut files = Vec::new();
        collect(package.manifest_path.parent().unwrap_or(Path::new(".")), &mut files)?;
        for file in files {
            let content =
                fs::read_to_string(&file).with_context(|| format!("can't read {}", file.display()))?;
            let shown = file.strip_prefix(workspace::root()).unwrap_or(&file);
            faults.extend(text::check(shown, &content));
        }
    }
    Ok(faults)
}

/// Rust and SQL files below a directory, without build output and hidden directories.
pub(super) fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("can't read {}", dir.display()))? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "rs" || ending == "sql") {
            files.push(path);
        }
    }
    Ok(())
}
