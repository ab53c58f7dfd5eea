//! Progress output of long operations.

use std::io::{IsTerminal, Write};
use std::time::Instant;

/// Says what is being done, with the seconds since the start; silent when a test starts a platform.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    begun: Instant,
    voice: Voice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Voice {
    Silent,
    Lines,
    Terminal,
}

impl Progress {
    /// Says nothing at all.
    pub fn silent() -> Self {
        Self { begun: Instant::now(), voice: Voice::Silent }
    }

    /// Writes to stdout: plain lines, and on a terminal also a last line that changes in place.
    pub fn visible() -> Self {
        let voice = if std::io::stdout().is_terminal() { Voice::Terminal } else { Voice::Lines };
        Self { begun: Instant::now(), voice }
    }

    /// Whether nothing is ever said.
    pub fn is_silent(&self) -> bool {
        self.voice == Voice::Silent
    }

    /// One step was begun or something happened.
    pub fn say(&self, text: &str) {
        if self.voice != Voice::Silent {
            self.write(text, "\n");
        }
    }

    /// What is being waited for right now; only a terminal shows it.
    pub fn waiting(&self, text: &str) {
        if self.voice == Voice::Terminal {
            self.write(text, "");
        }
    }

    /// A line that can't be written is no reason to stop running the platform.
    fn write(&self, text: &str, end: &str) {
        let clear = if self.voice == Voice::Terminal { "\r\x1b[2K" } else { "" };
        let seconds = self.begun.elapsed().as_secs_f32();
        let mut stdout = std::io::stdout().lock();
        let _ = write!(stdout, "{clear}[{seconds:5.1}s] {text}{end}");
        let _ = stdout.flush();
    }
}
