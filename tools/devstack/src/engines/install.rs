//! Installs PostgreSQL and Redis with the system's package manager, or says exactly what to do.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use nix::unistd::geteuid;

use super::find::search_path;
use crate::progress::Progress;

/// Installs what is missing without asking anything.
pub fn install(postgres: bool, redis: bool, progress: &Progress) -> Result<()> {
    let missing = match (postgres, redis) {
        (true, true) => "PostgreSQL and Redis are",
        (true, false) => "PostgreSQL is",
        _ => "Redis is",
    };
    let wanted = |apt: [&'static str; 2]| -> Vec<&'static str> {
        [postgres, redis].into_iter().zip(apt).filter(|(wanted, _)| *wanted).map(|(_, name)| name).collect()
    };
    let (apt, brew) = (wanted(["postgresql", "redis-server"]), wanted(["postgresql@17", "redis"]));
    install_packages(missing, &apt, &brew, &by_hand(), progress)
}

/// Installs packages that are missing (`wrk is`), named as each package manager knows them; `by_hand` is what a
/// person can do when we can't.
pub fn install_packages(
    missing: &str,
    in_apt: &[&str],
    in_brew: &[&str],
    by_hand: &str,
    progress: &Progress,
) -> Result<()> {
    if has("apt-get") {
        let Some(prefix) = as_root() else {
            bail!("{missing} missing, and installing needs root without a password here. {by_hand}");
        };
        progress.say(&format!("{missing} missing: installing with apt-get"));
        return apt(&prefix, in_apt, by_hand);
    }
    if has("brew") {
        progress.say(&format!("{missing} missing: installing with brew"));
        return run(Command::new("brew").arg("install").args(in_brew).env("NONINTERACTIVE", "1"));
    }
    bail!("{missing} missing, and there is neither apt-get nor brew to install with. {by_hand}")
}

/// What a person can do when we can't.
pub fn by_hand() -> String {
    "Install PostgreSQL 15 or newer and Redis 7 or newer (Debian, Ubuntu: sudo apt-get install -y postgresql \
     redis-server; macOS: brew install postgresql@17 redis) and try again, or run everything in containers: \
     deploy/make-env && docker compose up --build"
        .to_owned()
}

fn apt(prefix: &[&str], packages: &[&str], by_hand: &str) -> Result<()> {
    let apt_get = |arguments: &[&str]| {
        let words = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=120"];
        let mut words = prefix.iter().copied().chain(words).chain(arguments.iter().copied());
        let mut command = Command::new(words.next().unwrap_or("env"));
        command.args(words);
        command
    };
    // One unreachable list among many fails the update; the packages may be there all the same.
    let updated = run(&mut apt_get(&["update", "-q"]));
    let mut install = apt_get(&["install", "-q", "-y", "--no-install-recommends"]);
    install.args(packages);
    match (run(&mut install), updated) {
        (Ok(()), _) => Ok(()),
        (Err(error), Ok(())) => Err(error.context(by_hand.to_owned())),
        (Err(error), Err(update)) => Err(error.context(format!("{update:#}")).context(by_hand.to_owned())),
    }
}

/// What to put before a command so that it runs as root: nothing when we are, `None` when we can't be.
fn as_root() -> Option<Vec<&'static str>> {
    if geteuid().is_root() {
        return Some(Vec::new());
    }
    let mut probe = Command::new("sudo");
    probe.args(["-n", "true"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    probe.status().is_ok_and(|status| status.success()).then(|| vec!["sudo", "-n"])
}

fn has(program: &str) -> bool {
    search_path().iter().any(|dir: &std::path::PathBuf| Path::new(dir).join(program).is_file())
}

fn run(command: &mut Command) -> Result<()> {
    let text = format!("{command:?}").replace('"', "");
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("can't run {text}"))?;
    if !status.success() {
        bail!("{text} failed with {status}");
    }
    Ok(())
}
