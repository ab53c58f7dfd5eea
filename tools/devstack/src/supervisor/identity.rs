//! Identity of a process, to distinguish it from a later one with the same pid.

use std::path::Path;
use std::process::{Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

/// A process: its pid, and when it was born.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The process id.
    pub pid: u32,
    /// An opaque text that no later process with that pid has.
    pub born: String,
}

impl Identity {
    /// The living process with this pid.
    pub fn of(pid: u32) -> Option<Self> {
        birth(pid).map(|born| Self { pid, born })
    }

    /// This very process.
    pub fn own() -> Option<Self> {
        Self::of(std::process::id())
    }

    /// Whether it still lives.
    pub fn is_alive(&self) -> bool {
        birth(self.pid).is_some_and(|born| born == self.born)
    }

    /// Sends it a signal, unless it is gone.
    pub fn signal(&self, signal: Signal) {
        if self.is_alive() {
            send(self.pid, signal);
        }
    }
}

/// Sends a signal to a pid that the caller knows to be its own. That the process just ended is as good.
pub fn send(pid: u32, signal: Signal) {
    if let Ok(pid) = i32::try_from(pid) {
        let _ = kill(Pid::from_raw(pid), signal);
    }
}

/// The command line of a process.
pub fn command_line(pid: u32) -> Option<String> {
    if Path::new("/proc/self").exists() {
        let bytes = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        return Some(String::from_utf8_lossy(&bytes).replace('\0', " "));
    }
    ps(pid, "command=")
}

/// When a process was born; `None` when it is gone, or dead and only not yet collected.
fn birth(pid: u32) -> Option<String> {
    if Path::new("/proc/self/stat").exists() {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        return Some(format!("{}/{}", boot.trim(), ticks(&stat)?));
    }
    if ps(pid, "stat=")?.starts_with('Z') {
        return None;
    }
    ps(pid, "lstart=")
}

/// The start time in a line of /proc/<pid>/stat: field 22. The second field is a name that may hold anything.
fn ticks(stat: &str) -> Option<&str> {
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<_> = rest.split_whitespace().collect();
    let state = fields.first()?;
    if matches!(*state, "Z" | "X") { None } else { fields.get(19).copied() }
}

fn ps(pid: u32, column: &str) -> Option<String> {
    let output = Command::new("ps")
        .args(["-o", column, "-p", &pid.to_string()])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::waiting::Cancel;

    #[test]
    fn a_process_is_alive_until_it_is_killed() {
        let mut child = Command::new("/bin/sleep").arg("60").spawn().unwrap();
        let identity = Identity::of(child.id()).unwrap();
        assert!(identity.is_alive());

        identity.signal(Signal::SIGKILL);
        child.wait().unwrap();

        assert!(!identity.is_alive());
    }

    #[test]
    fn another_process_with_the_same_pid_is_somebody_else() {
        let imposter = Identity { pid: std::process::id(), born: "long ago".to_owned() };

        assert!(!imposter.is_alive());
        imposter.signal(Signal::SIGKILL);
    }

    #[test]
    fn the_name_of_a_process_cannot_confuse_us() {
        let rest = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4242 20";

        assert_eq!(ticks(&format!("17 (a ) Z b) {rest}")), Some("4242"));
        assert_eq!(ticks("17 (gone) Z 1 2 3"), None);
    }

    #[test]
    fn a_command_line_names_its_arguments() {
        let mut child = Command::new("/bin/sleep").arg("61").spawn().unwrap();

        // For a moment after its start a process has none.
        let (step, limit) = (Duration::from_millis(1), Duration::from_secs(5));
        let named = || Ok(command_line(child.id()).is_some_and(|line| line.contains("61")));
        let outcome = Cancel::default().until("the command line", step, limit, named);

        child.kill().unwrap();
        child.wait().unwrap();
        outcome.unwrap();
    }
}
