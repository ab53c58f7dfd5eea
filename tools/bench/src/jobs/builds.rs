//! Build times: everything from nothing, and again after one file changed.

use std::fs::{File, FileTimes};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};

use super::{Goal, Job};
use devstack::Profile;
use devstack::Progress;
use devstack::layout::remove_dir;
use devstack::workspace;

/// In the largest of the services.
const TOUCHED: &str = "lead-service/src/people/leads/domain.rs";

/// In a target directory of its own, what `cargo xtask up` would build.
pub(crate) fn builds(progress: Progress) -> Result<Job> {
    let target = Scratch::beside_nothing();
    progress.say("building everything from nothing");
    let everything = target.build(Profile::Debug)?;
    progress.say("building after one file changed");
    let one_file = {
        let _touched = Touched::now(&workspace::root().join(TOUCHED))?;
        target.build(Profile::Debug)?
    };
    progress.say("building everything from nothing, optimised");
    let optimised = target.build(Profile::Release)?;
    let mut job = Job::new("build", 0, Vec::new());
    job.goals.push(Goal::at_most("min for everything, unoptimised", 4.0, everything.as_secs_f64() / 60.0));
    job.goals.push(Goal::at_most("min for everything, optimised", 8.0, optimised.as_secs_f64() / 60.0));
    job.goals.push(Goal::at_most(&format!("s after {TOUCHED} changed"), 3.0, one_file.as_secs_f64()));
    Ok(job)
}

/// A target directory that is removed in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn beside_nothing() -> Self {
        Self(Path::new("/var/tmp").join(format!("leadstream-target-{:016x}", rand::random::<u64>())))
    }

    fn build(&self, profile: Profile) -> Result<Duration> {
        let begun = Instant::now();
        let mut command = workspace::build_command(profile);
        command.arg("--quiet").env("CARGO_TARGET_DIR", &self.0).stdin(Stdio::null());
        if !command.status().context("cargo can't be run")?.success() {
            bail!("the build failed (see the messages above)");
        }
        Ok(begun.elapsed())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = remove_dir(&self.0) {
            devstack::output::complain(&format!("xtask: {error:#}"));
        }
    }
}

/// A file that looks as if it had just been changed, for as long as this lives: other target directories know it as it was.
struct Touched {
    file: File,
    before: SystemTime,
}

impl Touched {
    fn now(path: &Path) -> Result<Self> {
        let file = File::options()
            .append(true)
            .open(path)
            .with_context(|| format!("can't open {}", path.display()))?;
        let before = file.metadata()?.modified()?;
        file.set_times(FileTimes::new().set_modified(SystemTime::now()))?;
        Ok(Self { file, before })
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        // At worst something is built once more.
        let _ = self.file.set_times(FileTimes::new().set_modified(self.before));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_touched_file_is_young_and_becomes_what_it_was() {
        let dir = std::env::temp_dir().join(format!("leadstream-touched-{:016x}", rand::random::<u64>()));
        std::fs::write(&dir, "content").unwrap();
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        File::options()
            .append(true)
            .open(&dir)
            .unwrap()
            .set_times(FileTimes::new().set_modified(old))
            .unwrap();
        let age = || std::fs::metadata(&dir).unwrap().modified().unwrap();

        let touched = Touched::now(&dir).unwrap();
        let meanwhile = age();
        drop(touched);

        assert!(meanwhile > old);
        assert_eq!((age(), std::fs::read_to_string(&dir).unwrap().as_str()), (old, "content"));
        std::fs::remove_file(&dir).unwrap();
    }
}
