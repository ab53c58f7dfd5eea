//! Rules about the web app's files: length, names, comments, and the direction of imports.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::text;
use devstack::workspace;

/// Folders of `web/src`, from those that know nothing to those that know a noun: each imports from its own rank and
/// below. Those that are not named are slices.
const RANKS: [(&str, u8); 11] = [
    ("api", 0),
    ("text", 0),
    ("session", 1),
    ("ui", 2),
    ("views", 2),
    ("grid", 3),
    ("board", 3),
    ("people", 3),
    ("shell", 4),
    ("records", 4),
    ("activities", 5),
];
const SLICE: u8 = 6;
/// What is not written by hand, or not by us.
const LEFT_OUT: [&str; 4] = ["node_modules", "dist", "test-results", "generated"];

pub(super) fn check() -> Result<Vec<String>> {
    let web = workspace::root().join("web");
    let mut files = Vec::new();
    if web.is_dir() {
        collect(&web, &mut files)?;
    }
    let mut faults = Vec::new();
    for file in files {
        let content = fs::read_to_string(&file).with_context(|| format!("can't read {}", file.display()))?;
        let shown = file.strip_prefix(workspace::root()).unwrap_or(&file);
        faults.extend(text::check(shown, &content));
        faults.extend(upward(shown, &content));
    }
    Ok(faults)
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("can't read {}", dir.display()))? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            if !LEFT_OUT.contains(&name.as_str()) && !name.starts_with('.') {
                collect(&path, files)?;
            }
        } else if path.extension().is_some_and(|ending| ending == "ts" || ending == "tsx" || ending == "mjs")
        {
            files.push(path);
        }
    }
    Ok(())
}

/// Imports from a folder that stands above the file's own.
fn upward(path: &Path, content: &str) -> Vec<String> {
    let Some(own) = path.to_str().and_then(|path| path.strip_prefix("web/src/")).and_then(folder) else {
        return Vec::new();
    };
    let starts = ["from '../", "import('../", "import '../"];
    let path_of = |line: &'_ str| {
        starts.iter().find_map(|start| line.split_once(start)).map(|(_, path)| path.to_owned())
    };
    let imported: Vec<String> = content.lines().filter_map(path_of).collect();
    imported
        .iter()
        .filter_map(|path| folder(path))
        .filter(|other| rank(other) > rank(own))
        .map(|other| format!("{}: `{own}` must not import from `{other}`", path.display()))
        .collect()
}

/// The first folder of a path; none for a file beside the folders.
fn folder(path: &str) -> Option<&str> {
    path.split_once('/').map(|(folder, _)| folder)
}

fn rank(folder: &str) -> u8 {
    RANKS.iter().find(|(name, _)| *name == folder).map_or(SLICE, |(_, rank)| *rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, content: &str) -> usize {
        upward(Path::new(path), content).len()
    }

    #[test]
    fn what_knows_no_noun_imports_from_no_slice() {
        assert_eq!(faults("web/src/grid/grid.tsx", "import { x } from '../leads/entity'\n"), 1);
        assert_eq!(faults("web/src/ui/button.tsx", "import { x } from '../records/list'\n"), 1);
        assert_eq!(faults("web/src/records/list.tsx", "const x = () => import('../tasks/screens')\n"), 1);
        assert_eq!(faults("web/src/leads/screens.tsx", "import { x } from '../tasks/related'\n"), 0);
        assert_eq!(faults("web/src/leads/screens.tsx", "import { x } from '../ui/button'\n"), 0);
        assert_eq!(faults("web/src/routes.tsx", "import { x } from './leads/screens'\n"), 0);
    }

    #[test]
    fn the_app_keeps_the_rules() {
        assert_eq!(check().unwrap(), Vec::<String>::new());
    }
}
