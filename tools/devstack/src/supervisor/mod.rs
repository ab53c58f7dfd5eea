//! Keeps processes alive, and ends them in order: what was started last is stopped first.

pub mod backoff;
pub mod identity;
mod kept;
pub mod record;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::sys::signal::Signal;

use crate::progress::Progress;
use crate::waiting::pause;
use kept::Kept;
pub use kept::{Spec, Stage};
use record::{Phase, RecordFile};

/// How often the processes are looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Runs processes until it is stopped or dropped.
pub struct Supervisor {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    inside: Mutex<Inside>,
    wake: Condvar,
    progress: Progress,
}

struct Inside {
    kept: Vec<Kept>,
    record: RecordFile,
    stopping: bool,
}

impl Shared {
    /// A panic in another thread leaves nothing half-done in here.
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tend(&self) {
        let mut inside = self.inside();
        while !inside.stopping {
            for text in inside.kept.iter_mut().filter_map(Kept::tend).collect::<Vec<_>>() {
                self.progress.say(&text);
            }
            inside.note();
            inside = self.wake.wait_timeout(inside, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Inside {
    fn note(&mut self) {
        let entries = self.kept.iter().map(Kept::entry).collect();
        self.record.update(|record| record.processes = entries);
    }

    fn find(&self, name: &str) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.spec.name == name)
    }
}

impl Supervisor {
    /// Begins to supervise nothing yet, writing to `record` what it runs.
    pub fn start(record: RecordFile, progress: Progress) -> Result<Self> {
        let inside = Inside { kept: Vec::new(), record, stopping: false };
        let shared = Arc::new(Shared { inside: Mutex::new(inside), wake: Condvar::new(), progress });
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("supervisor".to_owned())
            .spawn(move || theirs.tend())
            .context("can't start the supervisor's thread")?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Starts a process and keeps it alive from now on.
    pub fn keep(&self, spec: Spec) -> Result<()> {
        let kept = Kept::start(spec)?;
        let mut inside = self.shared.inside();
        inside.kept.push(kept);
        inside.note();
        Ok(())
    }

    /// Writes down how far the platform has come.
    pub fn set_phase(&self, phase: Phase) {
        self.shared.inside().record.update(|record| record.phase = phase);
    }

    /// The pid of a process while it runs.
    pub fn pid(&self, name: &str) -> Option<u32> {
        self.shared.inside().find(name)?.pid()
    }

    /// How often a process had to be started again.
    pub fn restarts(&self, name: &str) -> u32 {
        self.shared.inside().find(name).map_or(0, |kept| kept.restarts)
    }

    /// Lets a process's next start wait as little as its first: what ended it was no fault of its own.
    pub fn forgive(&self, name: &str) {
        let mut inside = self.shared.inside();
        if let Some(kept) = inside.kept.iter_mut().find(|kept| kept.spec.name == name) {
            kept.forgive();
        }
    }

    /// Sends a signal to a process; false when it doesn't run right now.
    pub fn signal(&self, name: &str, signal: Signal) -> bool {
        let inside = self.shared.inside();
        let running = inside.find(name).filter(|kept| kept.pid().is_some());
        running.inspect(|kept| kept.signal(signal)).is_some()
    }

    /// Ends everything, stage by stage; what doesn't end in time is killed.
    pub fn stop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        self.set_phase(Phase::Stopping);
        self.shared.inside().stopping = true;
        self.shared.wake.notify_all();
        // It ends within one look, and a panicked one has ended.
        let _ = thread.join();
        let mut inside = self.shared.inside();
        for stage in [Stage::Gateway, Stage::Service, Stage::Engine] {
            let of_stage = inside.kept.iter_mut().filter(|kept| kept.spec.stage == stage).collect();
            stop_together(of_stage, self.shared.progress);
            inside.note();
        }
        inside.record.remove();
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop();
    }
}

fn stop_together(mut running: Vec<&mut Kept>, progress: Progress) {
    let begun = Instant::now();
    for kept in &running {
        kept.signal(kept.spec.stop_signal);
    }
    loop {
        running.retain_mut(|kept| !kept.has_ended());
        for kept in running.iter_mut().filter(|kept| begun.elapsed() > kept.spec.patience) {
            let (name, patience) = (&kept.spec.name, kept.spec.patience.as_secs());
            progress.say(&format!("{name} did not end within {patience} s and was killed"));
            kept.kill();
        }
        if running.is_empty() {
            return;
        }
        pause(Duration::from_millis(10));
    }
}

#[cfg(test)]
mod tests;
