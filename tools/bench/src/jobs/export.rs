//! One tenant with very many leads: read out whole as a file, with the memory that this takes, and searched.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use ureq::Agent;

use super::question::Question;
use super::search;
use super::{Contestant, Goal, Job, Line, Plan, compare};
use crate::measure::{Measure, ratio};
use crate::report::thousands;
use crate::stage::{Kind, Population, Stage};
use crate::tools::Tools;
use crate::usage::{self, Memory};
use devstack::Progress;
use devstack::services::GATEWAY;
use devstack::waiting::{Cancel, pause};

/// Default number of leads of the one tenant.
pub(crate) const LEADS: i64 = 1_000_000;
/// The process that makes the file.
const MAKER: &str = "lead-service";
const FORMATS: [&str; 2] = ["csv", "ndjson"];
/// How often memory is looked at while a file is read.
const LOOK: Duration = Duration::from_millis(100);
/// A file may take its time.
const LIMIT: Duration = Duration::from_secs(1_800);
/// Megabytes that a file of any length may take.
const MEMORY: f64 = 40.0;
/// One after the other, so that a search's time is its own work.
const CONNECTIONS: usize = 1;
/// Milliseconds that half of the searches may take.
const SEARCH_MS: f64 = 10.0;

/// On a platform of its own.
pub(crate) fn export(
    tools: &Tools,
    plan: Plan,
    leads: i64,
    progress: Progress,
    cancel: &Cancel,
) -> Result<Vec<Job>> {
    let stage = Stage::set(tools, Kind::Plain, Population::of_one(leads), progress, cancel)?;
    progress.say(&format!("making {leads} leads of one tenant"));
    stage.seed()?;
    usage::settle(&stage.platform, cancel, Duration::from_secs(plan.settle))?;
    progress.say("searching among them");
    let mut jobs = searches(&stage, plan)?;
    progress.say("filtering them by a field of the tenant's own");
    jobs.extend(filters(&stage, plan)?);
    for format in FORMATS {
        progress.say(&format!("reading all of them as {format}"));
        jobs.push(file(&stage, format)?);
    }
    stage.platform.stop();
    Ok(jobs)
}

/// The whole of a tenant's leads in a format.
fn file(stage: &Stage<'_>, format: &str) -> Result<Job> {
    // Whatever reading for the first time takes once, such as plans and connections, is not the file's.
    stage.ask("/api/v2/leads?page_size=200", None)?;
    let mut memory = Memory::default();
    memory.look(&stage.platform);
    let before = memory.now.clone();
    let done = AtomicBool::new(false);
    let (url, headers) =
        (format!("{}/api/v2/leads/export?format={format}", stage.platform.base_url()), stage.headers()?);
    let (read, most) = std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let read = read(&url, &headers);
            done.store(true, Ordering::Release);
            read
        });
        let mut most = before.clone();
        while !done.load(Ordering::Acquire) {
            memory.look(&stage.platform);
            for (name, size) in &memory.now {
                let known = most.entry(name.clone()).or_insert(*size);
                *known = known.max(*size);
            }
            pause(LOOK);
        }
        let read = reading.join().map_err(|_| anyhow!("a reader's thread failed"))?;
        read.map(|read| (read, most))
    })?;
    let rows = read.lines.saturating_sub(u64::from(format == "csv"));
    let more = |name: &str| {
        let of = |sizes: &BTreeMap<String, f64>| sizes.get(name).copied().unwrap_or(0.0);
        of(&most) - of(&before)
    };
    let measure =
        Measure { requests: rows, per_second: ratio(rows as f64, read.seconds), ..Measure::default() };
    let line = Line { name: format!("GET /leads/export?format={format}, rows"), measure };
    let mut job = Job::new(&format!("export as {format}"), CONNECTIONS, vec![line]);
    job.goals.push(Goal::at_most(&format!("MB that {MAKER} takes more"), MEMORY, more(MAKER)));
    job.notes.push(format!(
        "{} rows, {:.0} MB, {:.1} s, the first after {:.0} ms; {GATEWAY} took {:.1} MB more",
        thousands(rows as f64),
        read.bytes as f64 / 1e6,
        read.seconds,
        read.first.as_secs_f64() * 1e3,
        more(GATEWAY)
    ));
    if i64::try_from(rows)? != stage.population.largest {
        job.faults.push(format!("{} leads and {rows} rows", stage.population.largest));
    }
    Ok(job)
}

/// A file that was read to its end.
struct Reading {
    lines: u64,
    bytes: u64,
    seconds: f64,
    /// When it began to come.
    first: Duration,
}

/// Reads a file and keeps nothing of it.
fn read(url: &str, headers: &[(&str, String)]) -> Result<Reading> {
    let config = Agent::config_builder().proxy(None).http_status_as_error(false).timeout_global(Some(LIMIT));
    let agent: Agent = config.build().into();
    let mut request = agent.get(url);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let begun = Instant::now();
    let mut answer = request.call().context("the export got no answer")?;
    if answer.status().as_u16() != 200 {
        bail!("the export answered {}", answer.status());
    }
    let mut body = answer.body_mut().as_reader();
    let mut buffer = vec![0; 64 << 10];
    let (mut lines, mut bytes, mut first) = (0, 0, None);
    loop {
        let size = body.read(&mut buffer).context("the export broke off")?;
        let piece = buffer.get(..size).unwrap_or_default();
        if piece.is_empty() {
            break;
        }
        first.get_or_insert_with(|| begun.elapsed());
        lines += piece.iter().filter(|byte| **byte == b'\n').count() as u64;
        bytes += piece.len() as u64;
    }
    Ok(Reading { lines, bytes, seconds: begun.elapsed().as_secs_f64(), first: first.unwrap_or_default() })
}

/// Three words each, from those that next to all leads have to those of one.
fn searches(stage: &Stage<'_>, plan: Plan) -> Result<Vec<Job>> {
    let words = [
        ("search among all of one tenant, common words", search::words_of_most()),
        ("search among all of one tenant, many are found", search::words_of_many()),
        ("search among all of one tenant, one is found", search::words_of_one(stage)?),
    ];
    let mut jobs = Vec::new();
    for (name, words) in words {
        let body = search::body(&words);
        let question = Question {
            name: "POST /leads/search through the gateway",
            path: search::PATH,
            body: Some(&body),
        };
        let mut job = asked(stage, plan, name, &question)?;
        let p50 = job.lines.first().map_or(0, |line| line.measure.p50_us);
        job.goals.push(Goal::at_most("ms for half of them", SEARCH_MS, p50 as f64 / 1e3));
        job.notes.push(words.join(", "));
        jobs.push(job);
    }
    Ok(jobs)
}

/// Custom fields have no index: the first page is read in the list's order until it is full, and all
/// leads when there is no match.
fn filters(stage: &Stage<'_>, plan: Plan) -> Result<Vec<Job>> {
    const ONE_IN_THREE: &str = "/api/v2/leads?custom_fields.budget=10k-20k&count=none";
    const NOBODY: &str = "/api/v2/leads?custom_fields.budget=nothing&count=none";
    let job = |(name, path): (&str, &str)| {
        let question =
            Question { name: "GET /leads?custom_fields.budget= through the gateway", path, body: None };
        asked(stage, plan, name, &question)
    };
    [
        ("filter by a field of one's own, one in three has it", ONE_IN_THREE),
        ("filter by a field of one's own, nobody has it", NOBODY),
    ]
    .into_iter()
    .map(job)
    .collect()
}

/// A question asked alone, again and again.
fn asked(stage: &Stage<'_>, plan: Plan, name: &str, question: &Question<'_>) -> Result<Job> {
    let run = Box::new(question.asked(stage, CONNECTIONS)?);
    let lines = compare(stage, plan, &[Contestant { name: question.name, run }], &[])?;
    Ok(Job::new(name, CONNECTIONS, lines))
}
