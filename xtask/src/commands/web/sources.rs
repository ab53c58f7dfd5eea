//! Fingerprint of the web app's sources.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// What is made of the sources, and what only tests them.
const LEFT_OUT: [&str; 5] = ["node_modules", "dist", "test-results", "e2e", "perf"];

/// A fingerprint of everything that a build depends on.
pub fn hash(dir: &Path) -> Result<String> {
    let mut files = Vec::new();
    collect(dir, &mut files)?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(dir).unwrap_or(&file).hash(&mut hasher);
        fs::read(&file).with_context(|| format!("can't read {}", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("can't read {}", dir.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        if LEFT_OUT.iter().any(|left_out| name == *left_out) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_and_names_make_the_fingerprint_and_what_is_built_does_not() {
        let dir = std::env::temp_dir().join(format!("leadstream-sources-{}", std::process::id()));
        fs::create_dir_all(dir.join("src")).unwrap();
        fs::write(dir.join("src/a.ts"), "1").unwrap();
        let first = hash(&dir).unwrap();

        fs::create_dir_all(dir.join("node_modules/x")).unwrap();
        fs::write(dir.join("node_modules/x/y.js"), "1").unwrap();
        assert_eq!(hash(&dir).unwrap(), first);
        fs::write(dir.join("src/a.ts"), "2").unwrap();
        let changed = hash(&dir).unwrap();
        fs::rename(dir.join("src/a.ts"), dir.join("src/b.ts")).unwrap();
        let renamed = hash(&dir).unwrap();

        fs::remove_dir_all(&dir).unwrap();
        assert_ne!(changed, first);
        assert_ne!(renamed, changed);
    }
}
