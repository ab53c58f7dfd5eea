//! Buffered writer of log lines to standard output, so that many lines leave in one write.
//!
//! A write per line costs more than making the line, and all threads wait for it. Warnings and errors are written at
//! once, with everything before them; [`flush`] writes the rest when a process ends.

use std::{
    io::{self, Write},
    sync::{Condvar, Mutex, MutexGuard, Once, PoisonError},
    time::Duration,
};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// For how long lines are gathered.
const MOMENT: Duration = Duration::from_millis(20);
/// Beyond this many bytes the thread that adds a line writes the buffer.
const FULL: usize = 256 * 1024;

static WAITING: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static ARRIVED: Condvar = Condvar::new();
static WRITER: Once = Once::new();

/// Writes log lines.
pub(crate) struct LogLines;

/// One line on its way.
pub(crate) struct LogLine {
    at_once: bool,
}

impl LogLines {
    /// Starts the thread that writes what was gathered.
    pub(crate) fn start() -> io::Result<Self> {
        let mut outcome = Ok(());
        WRITER.call_once(|| {
            let thread = std::thread::Builder::new().name("log".to_owned());
            outcome = thread.spawn(write_for_ever).map(drop);
        });
        outcome.map(|()| Self)
    }
}

impl MakeWriter<'_> for LogLines {
    type Writer = LogLine;

    fn make_writer(&self) -> LogLine {
        LogLine { at_once: false }
    }

    fn make_writer_for(&self, metadata: &Metadata<'_>) -> LogLine {
        LogLine { at_once: *metadata.level() <= Level::WARN }
    }
}

impl Write for LogLine {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = waiting();
        let is_first = waiting.is_empty();
        waiting.extend_from_slice(line);
        if self.at_once || waiting.len() >= FULL {
            write_out(waiting)?;
        } else if is_first {
            ARRIVED.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes what was gathered. The last thing that a process does.
pub(crate) fn flush() {
    // A closed standard output cannot be reported anywhere.
    let _closed = write_out(waiting());
}

fn waiting() -> MutexGuard<'static, Vec<u8>> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Standard output is taken before the lines are let go of, so that they leave in order.
fn write_out(mut waiting: MutexGuard<'_, Vec<u8>>) -> io::Result<()> {
    if waiting.is_empty() {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    let lines = std::mem::take(&mut *waiting);
    drop(waiting);
    out.write_all(&lines)?;
    out.flush()
}

fn write_for_ever() {
    loop {
        let waiting = waiting();
        let waiting =
            ARRIVED.wait_while(waiting, |lines| lines.is_empty()).unwrap_or_else(PoisonError::into_inner);
        // More lines may arrive in this moment.
        let (waiting, _) = ARRIVED.wait_timeout(waiting, MOMENT).unwrap_or_else(PoisonError::into_inner);
        // A closed standard output is noticed by its reader.
        let _closed = write_out(waiting);
    }
}
