//! Output for the terminal. Unlike `println!`, it does not panic when the reader is gone: a
//! supervisor with its log on a full disk has to go on, and `logs | head` has to end quietly.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use anyhow::Result;

/// Writes a line to stdout. Failing ends the command; see [`nobody_listens`].
pub fn print(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{text}")?;
    Ok(stdout.flush()?)
}

/// Writes a line to stderr if that is possible.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Whether a command failed only because its reader had enough.
pub fn nobody_listens(error: &anyhow::Error) -> bool {
    let broken = |error: &std::io::Error| error.kind() == ErrorKind::BrokenPipe;
    error.downcast_ref::<std::io::Error>().is_some_and(broken)
}

/// Ends a command: an error is printed with its causes.
pub fn conclude(outcome: Result<ExitCode>) -> ExitCode {
    match outcome {
        Ok(code) => code,
        Err(error) if nobody_listens(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
