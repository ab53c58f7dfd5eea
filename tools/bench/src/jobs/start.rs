//! Start time of `cargo xtask up` when nothing has to be built.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::{Goal, Job};
use devstack::layout::Layout;
use devstack::waiting::Cancel;
use devstack::workspace::{self, Profile};
use devstack::{Options, Platform, Progress, platform};

const LIMIT: f64 = 5.0;

/// As a newcomer does it, from an empty directory, and once more with what is there then. Cargo's own look whether
/// anything changed is in both.
pub(crate) fn start(progress: Progress, cancel: &Cancel) -> Result<Job> {
    progress.say("building what cargo xtask up runs");
    workspace::build(Profile::Debug, false)?;
    let dir = Path::new("/var/tmp").join(format!("leadstream-start-{:016x}", rand::random::<u64>()));
    let layout = Layout::of(&dir)?;
    let options = Options { cancel: cancel.clone(), ..Options::at(layout.dir()) };
    progress.say("starting a platform from nothing, and again");
    let first = timed(&options);
    let again = first.as_ref().ok().map(|_| timed(&options));
    platform::wipe(&layout)?;
    let mut job = Job::new("start", 0, Vec::new());
    job.goals.push(Goal::at_most(
        "s for the first time, with the databases and the demo",
        LIMIT,
        first?.as_secs_f64(),
    ));
    if let Some(again) = again {
        job.goals.push(Goal::at_most("s with the data of before", LIMIT, again?.as_secs_f64()));
    }
    Ok(job)
}

fn timed(options: &Options) -> Result<Duration> {
    let begun = Instant::now();
    let platform = Platform::start(options)?;
    let took = begun.elapsed();
    platform.stop();
    Ok(took)
}
