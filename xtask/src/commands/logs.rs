//! `cargo xtask logs`: the last lines of the logs, and new ones.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};

use super::{LOOK, own_layout};
use devstack::layout::Layout;
use devstack::logs::tail;
use devstack::output;
use devstack::waiting::pause;

/// Prints the last lines of one log or of all, each line of several with its process's name.
pub fn logs(service: Option<&str>, follow: bool, lines: usize) -> Result<ExitCode> {
    let layout = own_layout()?;
    let mut names = known(&layout);
    if let Some(wanted) = service {
        if !names.iter().any(|name| name == wanted) {
            bail!("there is no log of {wanted}; there are: {}", names.join(", "));
        }
        names = vec![wanted.to_owned()];
    }
    let prefix = |name: &str| if names.len() > 1 { format!("{name:<19} | ") } else { String::new() };
    let mut followers = Vec::new();
    for name in &names {
        let path = layout.log(name);
        followers.push((prefix(name), Follower::at_end(&path)));
        for line in tail(&path, lines) {
            output::print(&format!("{}{line}", prefix(name)))?;
        }
    }
    if !follow {
        return Ok(ExitCode::SUCCESS);
    }
    loop {
        for (prefix, follower) in &mut followers {
            follower.print(prefix)?;
        }
        pause(LOOK);
    }
}

fn known(layout: &Layout) -> Vec<String> {
    let files = std::fs::read_dir(layout.log_dir()).into_iter().flatten().flatten();
    let mut names: Vec<_> =
        files.filter_map(|file| file.file_name().to_str()?.strip_suffix(".log").map(str::to_owned)).collect();
    names.sort();
    names
}

/// Reads lines that are added to a file.
pub(super) struct Follower {
    path: PathBuf,
    position: u64,
}

impl Follower {
    /// Starts at the file's present end.
    pub(super) fn at_end(path: &Path) -> Self {
        let position = std::fs::metadata(path).map_or(0, |facts| facts.len());
        Self { path: path.to_owned(), position }
    }

    /// Prints the lines that were added since the last time.
    pub(super) fn print(&mut self, prefix: &str) -> Result<()> {
        // A file that can't be read now may be readable the next time.
        for line in self.added().unwrap_or_default() {
            output::print(&format!("{prefix}{line}"))?;
        }
        Ok(())
    }

    fn added(&mut self) -> std::io::Result<Vec<String>> {
        let mut file = File::open(&self.path)?;
        if file.metadata()?.len() < self.position {
            // Rotated.
            self.position = 0;
        }
        file.seek(SeekFrom::Start(self.position))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let complete = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        bytes.truncate(complete);
        self.position += complete as u64;
        Ok(String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn only_whole_new_lines_are_given() {
        let path = std::env::temp_dir().join(format!("xtask-follow-{}", rand::random::<u64>()));
        let mut file = File::create(&path).unwrap();
        file.write_all(b"old\n").unwrap();
        let mut follower = Follower::at_end(&path);

        file.write_all(b"new\nhal").unwrap();
        let first = follower.added().unwrap();
        file.write_all(b"f\n").unwrap();
        let second = follower.added().unwrap();

        assert_eq!((first, second), (vec!["new".to_owned()], vec!["half".to_owned()]));
        std::fs::remove_file(&path).unwrap();
    }
}
