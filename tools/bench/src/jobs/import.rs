//! A file of 100,000 people imported through the API, beside a bare COPY of the same rows, with the memory that this takes.

use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use ureq::Agent;

use super::{Goal, Job, Line, Plan};
use crate::measure::{Measure, ratio};
use crate::report::thousands;
use crate::stage::Stage;
use crate::usage::{self, Memory, cpu, per_1000};
use devstack::waiting::pause;

const ROWS: usize = 100_000;
/// The process that reads the file and writes the leads.
const WORKER: &str = "lead-service";
/// The interval at which the import and the memory are looked at.
const LOOK: Duration = Duration::from_millis(200);
/// The time after which an import is given up.
const LIMIT: Duration = Duration::from_secs(900);
/// Seconds that are wanted.
const SECONDS: f64 = 60.0;
/// Megabytes that a file of any length may take.
const MEMORY: f64 = 60.0;
const BOUNDARY: &str = "leadstream-bench-import";
const HEADING: &str = "First name,Last name,Email,Phone,Company,Job title\n";
const OVER: [&str; 4] = ["completed", "completed_with_errors", "failed", "undone"];

/// Once, whatever the number of rounds: each makes the table larger.
pub(super) fn run(stage: &Stage<'_>, plan: Plan) -> Result<Vec<Job>> {
    usage::settle(&stage.platform, stage.cancel, Duration::from_secs(plan.settle))?;
    let marker = format!("{:08x}", rand::random::<u32>());
    let rows = rows(ROWS, &marker);
    let mut memory = Memory::default();
    memory.look(&stage.platform);
    let (before, spent) = (resident(&memory), cpu(&stage.platform, &[]));
    let begun = Instant::now();
    let path = format!("/api/v2/imports/{}", upload(stage, &rows)?);
    let (import, most) = wait(stage, &path, &mut memory)?;
    let seconds = begun.elapsed().as_secs_f64();
    let cpu_per_1000 = per_1000(&spent, &cpu(&stage.platform, &[]), ROWS as u64);
    usage::settle(&stage.platform, stage.cancel, Duration::from_secs(plan.settle))?;
    memory.look(&stage.platform);
    let copied = copy(stage, &rows)?;

    let line = |name: &str, seconds: f64| Line {
        name: name.to_owned(),
        measure: Measure {
            requests: ROWS as u64,
            per_second: ratio(ROWS as f64, seconds),
            ..Measure::default()
        },
    };
    let mut ours = line("POST /imports to its end, rows", seconds);
    ours.measure.cpu_per_1000 = cpu_per_1000;
    let mut job = Job::new("import", 1, vec![ours, line("COPY of the same rows into a bare table", copied)]);
    job.goals.push(Goal::at_most("s for 100,000 rows", SECONDS, seconds));
    job.goals.push(Goal::at_most(&format!("MB that {WORKER} takes more"), MEMORY, most - before));
    job.notes.push(format!(
        "{} rows, {:.1} MB, {seconds:.1} s, {copied:.2} s for the COPY; {WORKER} {before:.0} MB before, {most:.0} MB at most, \
         {:.0} MB after",
        thousands(ROWS as f64),
        rows.len() as f64 / 1e6,
        resident(&memory)
    ));
    job.faults.extend(faults(stage, &import, &marker)?);
    Ok(vec![job])
}

/// Rows of a file, each of another person.
fn rows(count: usize, marker: &str) -> String {
    let mut text = String::with_capacity(count * 96);
    for n in 0..count {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "Ada,Person {n},person.{n}.{marker}@company-{}.example,+49309{n:06},\"Company {}, Inc.\",Head of Sales",
            n % 5_000,
            n % 5_000
        );
    }
    text
}

fn resident(memory: &Memory) -> f64 {
    memory.now.get(WORKER).copied().unwrap_or(0.0)
}

/// Hands the file in. Gives the import's id.
fn upload(stage: &Stage<'_>, rows: &str) -> Result<String> {
    let head =
        "Content-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\nContent-Type: text/csv";
    let body = format!("--{BOUNDARY}\r\n{head}\r\n\r\n{HEADING}{rows}\r\n--{BOUNDARY}--\r\n");
    let config = Agent::config_builder().proxy(None).http_status_as_error(false).timeout_global(Some(LIMIT));
    let agent: Agent = config.build().into();
    let mut request = agent.post(format!("{}/api/v2/imports", stage.platform.base_url()));
    for (name, value) in &stage.headers()? {
        request = request.header(*name, value);
    }
    let request = request.header("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}"));
    let mut answer = request.send(&body).context("the upload got no answer")?;
    let text = answer.body_mut().read_to_string().context("the answer to the upload broke off")?;
    if answer.status().as_u16() != 202 {
        bail!("the upload was answered {}: {}", answer.status(), text.trim());
    }
    let accepted: Value = serde_json::from_str(&text)?;
    accepted.get("id").and_then(Value::as_str).map(str::to_owned).context("the import has no id")
}

/// Waits until the import is over. Gives it, and the most memory of its worker meanwhile.
fn wait(stage: &Stage<'_>, path: &str, memory: &mut Memory) -> Result<(Value, f64)> {
    let (since, mut most) = (Instant::now(), resident(memory));
    loop {
        memory.look(&stage.platform);
        most = most.max(resident(memory));
        let import = stage.ask(path, None)?.json();
        let status = import.get("status").and_then(Value::as_str).unwrap_or_default();
        if OVER.contains(&status) {
            return Ok((import, most));
        }
        if since.elapsed() > LIMIT {
            bail!("the import is not over after {} s: {import}", LIMIT.as_secs());
        }
        if stage.cancel.is_raised() {
            bail!("interrupted");
        }
        pause(LOOK);
    }
}

/// Seconds that PostgreSQL takes for the bare rows, with its commit.
fn copy(stage: &Stage<'_>, rows: &str) -> Result<f64> {
    let database = stage.database()?;
    let columns =
        "first_name text, last_name text, email text, phone text, company_name text, role_title text";
    database.run(&format!("create table bench_import_copy ({columns});\n"), &[])?;
    let script = format!("copy bench_import_copy from stdin with (format csv);\n{rows}\\.\n");
    let begun = Instant::now();
    let copied = database.run(&script, &[]);
    let seconds = begun.elapsed().as_secs_f64();
    let found = database.number("select count(*) from bench_import_copy", &[]);
    database.run("drop table bench_import_copy;\n", &[])?;
    copied?;
    let found = found?;
    if found != ROWS as u64 {
        bail!("the COPY wrote {found} rows");
    }
    Ok(seconds)
}

/// Faults of the import: rows without an outcome, people without a lead.
fn faults(stage: &Stage<'_>, import: &Value, marker: &str) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let created = import.get("created").and_then(Value::as_u64).unwrap_or(0);
    if import.get("status").and_then(Value::as_str) != Some("completed") || created != ROWS as u64 {
        faults.push(format!("the import did not come to its end with all rows: {import}"));
    }
    let stored = stage.database()?.number(
        "select count(*) from leads where tenant_id = :'tenant' and email like :'marked';\n",
        &[("tenant", stage.demo.tenant.id.clone()), ("marked", format!("%.{marker}@%"))],
    )?;
    if stored != created {
        faults.push(format!("{created} rows made leads, and {stored} leads are there"));
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_another_person() {
        let text = rows(3, "m");

        let emails: Vec<&str> = text.lines().filter_map(|line| line.split(',').nth(2)).collect();
        assert_eq!(emails.len(), 3);
        assert_eq!(emails.first(), Some(&"person.0.m@company-0.example"));
        assert!(emails.windows(2).all(|pair| pair.first() != pair.last()));
        assert!(text.starts_with("Ada,Person 0,") && text.contains(",+49309000002,\"Company 2, Inc.\","));
    }
}
