//! Log files: opened for a process to write to, and their ends read for a person.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result, anyhow};

use crate::waiting::Cancel;

/// A log that is larger than this when its process starts is put aside as `<name>.log.1`.
const ROTATE_ABOVE_BYTES: u64 = 50 * 1024 * 1024;
/// What marks the beginning of a process.
const BEGIN: &str = "xtask: starting ";

/// Opens a log to append to, putting an overgrown one aside first.
pub fn open(path: &Path) -> Result<File> {
    if fs::metadata(path).is_ok_and(|facts| facts.len() > ROTATE_ABOVE_BYTES) {
        let aside = path.with_extension("log.1");
        fs::rename(path, &aside).with_context(|| format!("can't rotate {}", path.display()))?;
    }
    File::options()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("can't write to {}", path.display()))
}

/// Adds a line of our own. A log that can't be written must not stop what it reports about.
pub fn note(path: &Path, text: &str) {
    if let Ok(mut file) = open(path) {
        let _ = writeln!(file, "xtask: {text}");
    }
}

/// Marks where a process begins, so that its lines are distinguishable from its predecessor's.
pub fn begin(path: &Path, what: &str) {
    note(path, &format!("starting {what}"));
}

/// The last `count` lines of a log; empty when there is no such file.
pub fn tail(path: &Path, count: usize) -> Vec<String> {
    let Ok(file) = File::open(path) else { return Vec::new() };
    let mut last = VecDeque::with_capacity(count);
    for line in BufReader::new(file).split(b'\n').map_while(Result::ok) {
        if last.len() == count {
            last.pop_front();
        }
        last.push_back(String::from_utf8_lossy(&line).into_owned());
    }
    last.into()
}

/// The last words of a log as a paragraph for an error message: of the latest life that said anything.
pub fn excerpt(path: &Path) -> String {
    let lines = tail(path, 60);
    let mut lives = lines.split(|line| line.starts_with(BEGIN));
    let spoken = |life: &&[String]| life.iter().any(|line| !line.starts_with("xtask: "));
    let Some(words) = lives.rfind(spoken) else {
        return format!("{} says nothing", path.display());
    };
    let words = words.get(words.len().saturating_sub(15)..).unwrap_or(words);
    format!("the end of {}:\n    {}", path.display(), words.join("\n    "))
}

/// Adds a process's last words to why it was waited for in vain; an interruption needs no explanation.
pub fn explain(outcome: Result<()>, cancel: &Cancel, log: &Path) -> Result<()> {
    match outcome {
        Err(error) if !cancel.is_raised() => Err(anyhow!("{error:#}; {}", excerpt(log))),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_holds_the_latest_life_that_said_anything() {
        let path = std::env::temp_dir().join(format!("xtask-excerpt-{}", rand::random::<u64>()));
        for words in ["first\n", "second\n", ""] {
            begin(&path, "it");
            open(&path).unwrap().write_all(words.as_bytes()).unwrap();
            note(&path, "it ended");
        }

        let text = excerpt(&path);

        assert!(text.contains("second") && !text.contains("first"), "{text}");
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn an_overgrown_log_is_put_aside() {
        let dir = std::env::temp_dir().join(format!("xtask-logs-{}", rand::random::<u64>()));
        fs::create_dir_all(&dir).unwrap();
        let path = dir.join("a.log");
        File::create(&path).unwrap().set_len(ROTATE_ABOVE_BYTES + 1).unwrap();

        note(&path, "hello");

        assert_eq!(tail(&path, 5), ["xtask: hello"]);
        assert!(dir.join("a.log.1").exists());
        fs::remove_dir_all(&dir).unwrap();
    }
}
