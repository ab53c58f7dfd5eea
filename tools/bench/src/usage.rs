//! CPU time and memory of the platform's processes, as Linux counts them; elsewhere nothing is said.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use anyhow::Result;

use super::facts::{field, first_number};
use devstack::Platform;
use devstack::services::{GATEWAY, SERVICES};
use devstack::supervisor::identity::command_line;
use devstack::waiting::{Cancel, pause};

/// What this program's own children used: the load generators.
pub(super) const GENERATOR: &str = "generator";
/// Linux reports times in ticks of this length, independent of the kernel's own.
const TICKS_PER_SECOND: f64 = 100.0;
/// As much CPU, in a second, is what idle processes use.
const IDLE_SECONDS: f64 = 0.12;

/// CPU seconds by process since its start.
pub(super) type Seconds = BTreeMap<String, f64>;

/// The names of all processes of a platform.
fn names() -> impl Iterator<Item = &'static str> {
    [GATEWAY].into_iter().chain(SERVICES).chain(["postgres", "redis"])
}

/// What every process, and the generators, have used so far. `others` are further processes with their children.
pub(super) fn cpu(platform: &Platform, others: &[(&str, u32)]) -> Seconds {
    let mut seconds = Seconds::new();
    for name in names() {
        let Some(pid) = platform.pid(name) else { continue };
        if let Some(times) = times(pid) {
            // PostgreSQL's first process takes over what those used that ended, pgbench's connections among them.
            seconds.insert(name.to_owned(), times.own + times.ended_children);
        }
        if name == "postgres" {
            for child in children(pid) {
                *seconds.entry(role_of(child)).or_default() += times(child).map_or(0.0, |times| times.own);
            }
        }
    }
    for (name, pid) in others {
        let living: f64 = children(*pid).filter_map(times).map(|child| child.own).sum();
        if let Some(times) = times(*pid) {
            seconds.insert((*name).to_owned(), times.own + times.ended_children + living);
        }
    }
    if let Some(times) = times(std::process::id()) {
        seconds.insert(GENERATOR.to_owned(), times.ended_children);
    }
    seconds
}

/// What was used between two looks, for each 1,000 requests.
pub(super) fn per_1000(before: &Seconds, after: &Seconds, requests: u64) -> Seconds {
    let used = |(name, seconds): (&String, &f64)| {
        let since = seconds - before.get(name).copied().unwrap_or(0.0);
        (name.clone(), since * 1000.0 / requests as f64)
    };
    if requests == 0 { Seconds::new() } else { after.iter().map(used).collect() }
}

/// Waits until all processes are idle; false when that took longer than the limit.
pub(super) fn settle(platform: &Platform, cancel: &Cancel, limit: Duration) -> Result<bool> {
    let look = Duration::from_secs(1);
    let turns = limit.as_secs();
    let mut before = busy_seconds(platform);
    for _ in 0..turns {
        pause(look);
        if cancel.is_raised() {
            anyhow::bail!("interrupted");
        }
        let now = busy_seconds(platform);
        if now - before < IDLE_SECONDS {
            return Ok(true);
        }
        before = now;
    }
    Ok(false)
}

fn busy_seconds(platform: &Platform) -> f64 {
    cpu(platform, &[]).iter().filter(|(name, _)| *name != GENERATOR).map(|(_, seconds)| seconds).sum()
}

struct Times {
    own: f64,
    ended_children: f64,
    parent: u32,
}

fn times(pid: u32) -> Option<Times> {
    parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// A line of /proc/<pid>/stat. The second field is a name that may hold anything.
fn parse(stat: &str) -> Option<Times> {
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    // The third field of the line is the first here.
    let number = |field: usize| fields.get(field - 3)?.parse::<f64>().ok();
    Some(Times {
        own: (number(14)? + number(15)?) / TICKS_PER_SECOND,
        ended_children: (number(16)? + number(17)?) / TICKS_PER_SECOND,
        parent: fields.get(1)?.parse().ok()?,
    })
}

/// The client of one of PostgreSQL's processes: `postgres, lead` for a connection to that database, `postgres` for all.
fn role_of(pid: u32) -> String {
    let line = command_line(pid).unwrap_or_default();
    let database = line.strip_prefix("postgres: ").and_then(database_of);
    database.map_or_else(|| "postgres".to_owned(), |name| format!("postgres, {name}"))
}

/// The database in what a connection's process is called: `lead_app lead 127.0.0.1(40000) idle`.
fn database_of(title: &str) -> Option<&str> {
    let mut words = title.split(' ');
    let (_user, database, address) = (words.next()?, words.next()?, words.next()?);
    address.starts_with("127.0.0.1(").then_some(database)
}

fn children(parent: u32) -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(move |pid| times(*pid).is_some_and(|times| times.parent == parent))
}

/// Resident memory in megabytes by process: right now, and the most there ever was. PostgreSQL's processes share
/// most of theirs, so that each is counted with its part, and its most is that of the looks taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// At the last look.
    pub(super) now: BTreeMap<String, f64>,
    /// Of that, pages of files, mostly the program itself: the system can take them back, and how many it maps at once is
    /// its own choice.
    pub(super) files: BTreeMap<String, f64>,
    /// The most.
    pub(super) peak: BTreeMap<String, f64>,
}

impl Memory {
    /// Looks.
    pub(super) fn look(&mut self, platform: &Platform) {
        for name in names() {
            let Some(pid) = platform.pid(name) else { continue };
            let found = if name == "postgres" { shares(pid) } else { resident(pid) };
            let Some(Resident { now, files, peak }) = found else { continue };
            self.now.insert(name.to_owned(), now);
            self.files.insert(name.to_owned(), files);
            let most = self.peak.entry(name.to_owned()).or_insert(peak);
            *most = most.max(peak);
        }
    }
}

/// The sum over the six processes that are ours.
pub(super) fn ours(memory: &BTreeMap<String, f64>) -> f64 {
    memory
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "postgres" | "redis"))
        .map(|(_, size)| size)
        .sum()
}

fn megabytes(table: &str, name: &str) -> Option<f64> {
    field(table, name).and_then(first_number).map(|kilobytes| kilobytes as f64 / 1024.0)
}

struct Resident {
    now: f64,
    files: f64,
    peak: f64,
}

fn resident(pid: u32) -> Option<Resident> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let size = |name| megabytes(&status, name);
    Some(Resident { now: size("VmRSS")?, files: size("RssFile")?, peak: size("VmHWM")? })
}

fn shares(pid: u32) -> Option<Resident> {
    let share = |pid: u32| {
        let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
        Some((megabytes(&rollup, "Pss")?, megabytes(&rollup, "Pss_File").unwrap_or(0.0)))
    };
    let own = share(pid)?;
    let (now, files) = children(pid).filter_map(share).fold(own, |sum, one| (sum.0 + one.0, sum.1 + one.1));
    Some(Resident { now, files, peak: now })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_any_name() {
        let line = "17 (a ) S 9 (b) S 42 1 1 0 -1 4194560 9 9 9 9 150 50 30 20 20 0 1 0 4242 1 1";

        let times = parse(line).unwrap();

        assert_eq!((times.own, times.ended_children, times.parent), (2.0, 0.5, 42));
        assert!(parse("17 (short) S 42").is_none());
    }

    #[test]
    fn a_connections_process_names_its_database() {
        assert_eq!(database_of("lead_app lead 127.0.0.1(40000) idle"), Some("lead"));
        assert_eq!(database_of("walwriter "), None);
        assert_eq!(database_of("autovacuum worker lead"), None);
    }

    #[test]
    fn what_was_used_is_told_for_a_thousand_requests() {
        let before = Seconds::from([("gateway".to_owned(), 1.0)]);
        let after = Seconds::from([("gateway".to_owned(), 3.0), ("redis".to_owned(), 0.5)]);

        let used = per_1000(&before, &after, 10_000);

        assert_eq!(used["gateway"], 0.2);
        assert_eq!(used["redis"], 0.05);
        assert!(per_1000(&before, &after, 0).is_empty());
    }

    #[test]
    fn the_engines_memory_is_not_ours() {
        let memory = BTreeMap::from([("gateway".to_owned(), 10.0), ("postgres".to_owned(), 99.0)]);

        assert_eq!(ours(&memory), 10.0);
    }
}
