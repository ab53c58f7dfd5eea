//! Programs that are run to their end, unless the user interrupts.

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use nix::sys::signal::Signal;

use devstack::supervisor::identity::send;
use devstack::waiting::{Cancel, pause};

/// Runs a command and gives what it printed to stdout; fails with its own words when it does.
pub(super) fn run(command: &mut Command, cancel: &Cancel) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().with_context(|| format!("can't run {name}"))?;
    let pid = child.id();
    let waiter = std::thread::spawn(move || child.wait_with_output());
    let mut told = false;
    while !waiter.is_finished() {
        if cancel.is_raised() && !told {
            send(pid, Signal::SIGTERM);
            told = true;
        }
        pause(Duration::from_millis(5));
    }
    let output = waiter.join().map_err(|_| anyhow!("waiting for {name} failed"))??;
    if cancel.is_raised() {
        bail!("interrupted");
    }
    finished(&name, &output)
}

fn finished(name: &str, output: &Output) -> Result<String> {
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        let last: Vec<&str> = words.trim().lines().rev().take(5).collect();
        bail!("{name} failed ({}): {}", output.status, last.into_iter().rev().collect::<Vec<_>>().join("; "));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_quoted() {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "echo no such table >&2; exit 3"]);

        let error = run(&mut command, &Cancel::default()).unwrap_err().to_string();

        assert!(error.contains("no such table") && error.contains('3'), "{error}");
    }

    #[test]
    fn an_interruption_ends_the_program() {
        let (cancel, mut command) = (Cancel::default(), Command::new("/bin/sleep"));
        cancel.raise();

        let outcome = run(command.arg("60"), &cancel);

        assert_eq!(outcome.unwrap_err().to_string(), "interrupted");
    }
}
