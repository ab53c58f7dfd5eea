//! Everything that was found, for programs as JSON and for people as a table.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use super::facts::Facts;
use super::jobs::{Goal, Job, Plan};
use super::soak::Soak;
use super::usage::{GENERATOR, ours};

/// The outcome of a whole run.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// The machine.
    pub(super) facts: Facts,
    /// How many leads there were.
    pub(super) leads: i64,
    /// Of how many runs each figure is the middle one.
    pub(super) rounds: usize,
    /// How long each run was, in seconds.
    pub(super) seconds: u64,
    /// The jobs.
    pub(super) jobs: Vec<Job>,
    /// Resident megabytes by process before any load.
    pub(super) memory_idle: BTreeMap<String, f64>,
    /// Of that, megabytes of files by process.
    pub(super) memory_files: BTreeMap<String, f64>,
    /// The most resident megabytes by process.
    pub(super) memory_peak: BTreeMap<String, f64>,
    /// Memory under a steady load, where that was wanted.
    pub(super) soak: Option<Soak>,
    /// What was wanted of the six processes' memory.
    pub(super) memory_goals: Vec<Goal>,
    /// What must not be: lost leads, refused requests, processes that ended.
    pub(super) faults: Vec<String>,
}

impl Report {
    /// A report in which nothing is found yet.
    pub(super) fn new(facts: Facts, leads: i64, plan: Plan) -> Self {
        Self {
            facts,
            leads,
            rounds: plan.rounds,
            seconds: plan.seconds,
            jobs: Vec::new(),
            memory_idle: BTreeMap::new(),
            memory_files: BTreeMap::new(),
            memory_peak: BTreeMap::new(),
            soak: None,
            memory_goals: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Adds what is wanted of memory, once it was looked at.
    pub(super) fn judge_memory(&mut self) {
        if self.memory_idle.is_empty() {
            return;
        }
        let (idle, peak) = (ours(&self.memory_idle), ours(&self.memory_peak));
        self.memory_goals = vec![
            Goal::at_most("MB of the six processes, idle", 150.0, idle),
            Goal::at_most("MB of the six processes, at most", 400.0, peak),
        ];
        if let Some(part) = self.soak.as_ref().and_then(Soak::growth_by_size) {
            self.memory_goals.push(Goal::at_most("part by which they grow in an hour", 0.05, part));
        }
    }

    /// The table, in Markdown that is also readable as it is.
    pub(super) fn table(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        self.write_facts(out)?;
        self.write_jobs(out)?;
        self.write_cpu(out)?;
        self.write_memory(out)?;
        for fault in &self.faults {
            writeln!(out, "\nFAULT: {fault}")?;
        }
        Ok(())
    }

    fn write_facts(&self, out: &mut String) -> std::fmt::Result {
        let Facts { cpu, cores, memory_mb, versions, load_before } = &self.facts;
        writeln!(out, "{cpu}, {cores} cores, {memory_mb} MB")?;
        for (_, version) in versions {
            writeln!(out, "{version}")?;
        }
        if let Some(load) = load_before {
            let busy = if self.facts.is_busy() {
                " - others use this machine, so these figures are noisy"
            } else {
                ""
            };
            writeln!(out, "load average before: {load}{busy}")?;
        }
        let Self { leads, rounds, seconds, .. } = self;
        writeln!(
            out,
            "{leads} leads over 20 tenants; each figure is the middle one of {rounds} runs of {seconds} s"
        )
    }

    fn write_jobs(&self, out: &mut String) -> std::fmt::Result {
        let mut rows = Vec::new();
        for job in &self.jobs {
            for (place, line) in job.lines.iter().enumerate() {
                let measure = &line.measure;
                rows.push(vec![
                    if place == 0 { job.name.clone() } else { String::new() },
                    line.name.clone(),
                    job.connections.to_string(),
                    thousands(measure.per_second),
                    milliseconds(measure.p50_us),
                    milliseconds(measure.p99_us),
                    measure.errors.to_string(),
                    if place == 0 { String::new() } else { format!("{:.2}", job.ratio_to(place)) },
                ]);
            }
        }
        let heads = ["job", "by", "connections", "per second", "p50 ms", "p99 ms", "errors", "ours / this"];
        grid(out, &heads, &rows)?;
        let mut goals = Vec::new();
        for job in &self.jobs {
            let name = job.title();
            goals.extend(job.goals.iter().map(|goal| goal_row(&name, goal)));
        }
        goals.extend(self.memory_goals.iter().map(|goal| goal_row("memory", goal)));
        grid(out, &["job", "goal", "reached", ""], &goals)?;
        writeln!(out)?;
        for job in &self.jobs {
            for note in &job.notes {
                writeln!(out, "{}: {note}", job.title())?;
            }
        }
        Ok(())
    }

    fn write_cpu(&self, out: &mut String) -> std::fmt::Result {
        let looked_at = |job: &&Job| job.lines.iter().any(|line| !line.measure.cpu_per_1000.is_empty());
        let jobs: Vec<&Job> = self.jobs.iter().filter(looked_at).collect();
        let lines = || jobs.iter().flat_map(|job| &job.lines);
        let mut processes: Vec<&String> = lines().flat_map(|line| line.measure.cpu_per_1000.keys()).collect();
        processes.sort_by_key(|name| (name.as_str() == GENERATOR, name.as_str()));
        processes.dedup();
        // Those that do next to nothing anywhere would only make the table wide.
        let most = |name: &String| {
            lines().filter_map(|line| line.measure.cpu_per_1000.get(name)).copied().fold(0.0, f64::max)
        };
        processes.retain(|name| most(name) >= 0.005);
        if processes.is_empty() {
            return Ok(());
        }
        writeln!(out, "\nCPU milliseconds per 1,000 requests:")?;
        let mut rows: Vec<Vec<String>> = Vec::new();
        for job in &jobs {
            for (place, line) in job.lines.iter().enumerate() {
                let title = if place == 0 { job.title() } else { String::new() };
                let mut row = vec![title, line.name.clone()];
                let of = |name: &String| line.measure.cpu_per_1000.get(name).copied().unwrap_or(0.0);
                row.extend(processes.iter().map(|name| format!("{:.0}", of(name) * 1000.0)));
                row.push(format!("{:.0}", line.measure.cpu_total() * 1000.0));
                rows.push(row);
            }
        }
        let mut heads = vec!["job", "by"];
        heads.extend(processes.iter().map(|name| name.as_str()));
        heads.push("all");
        grid(out, &heads, &rows)
    }

    fn write_memory(&self, out: &mut String) -> std::fmt::Result {
        if self.memory_idle.is_empty() {
            return Ok(());
        }
        writeln!(out, "\nResident memory in MB:")?;
        let row = |name: &str, sizes: [f64; 3], growth: Option<f64>| {
            let mut row = vec![name.to_owned()];
            row.extend(sizes.map(|size| format!("{size:.0}")));
            row.extend(growth.map(|growth| format!("{growth:+.1}")));
            row
        };
        let soak = self.soak.as_ref();
        let all = [&self.memory_idle, &self.memory_files, &self.memory_peak];
        let of = |name: &String| all.map(|sizes| sizes.get(name).copied().unwrap_or(0.0));
        let growth_of = |name: &String| soak.map(|soak| soak.growth_of(name));
        let mut rows: Vec<_> =
            self.memory_idle.keys().map(|name| row(name, of(name), growth_of(name))).collect();
        rows.push(row("the six processes", all.map(ours), soak.map(Soak::growth)));
        let growth = soak.map(|soak| format!("more in an hour, by {} min of steady load", soak.minutes));
        let mut heads = vec!["process", "idle", "of it files", "at most"];
        heads.extend(growth.as_deref());
        grid(out, &heads, &rows)
    }
}

fn goal_row(job: &str, goal: &Goal) -> Vec<String> {
    let reached =
        if goal.reached < 10.0 { format!("{:.2}", goal.reached) } else { format!("{:.0}", goal.reached) };
    vec![job.to_owned(), goal.text.clone(), reached, if goal.met { "met" } else { "MISSED" }.to_owned()]
}

/// A Markdown table with columns as wide as they need to be; nothing when it would be empty.
fn grid(out: &mut String, heads: &[&str], rows: &[Vec<String>]) -> std::fmt::Result {
    if rows.is_empty() {
        return Ok(());
    }
    let length = |text: &str| text.chars().count();
    let widths: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(column, head)| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| length(cell));
            cells.chain([length(head)]).max().unwrap_or(0)
        })
        .collect();
    writeln!(out)?;
    let mut write_row = |cells: &[&str]| {
        for (cell, width) in cells.iter().zip(&widths) {
            write!(out, "| {cell:width$} ")?;
        }
        writeln!(out, "|")
    };
    let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    write_row(heads)?;
    write_row(&rules.iter().map(String::as_str).collect::<Vec<_>>())?;
    for row in rows {
        write_row(&row.iter().map(String::as_str).collect::<Vec<_>>())?;
    }
    Ok(())
}

fn milliseconds(microseconds: u64) -> String {
    format!("{:.2}", microseconds as f64 / 1000.0)
}

/// A whole number with commas.
pub(super) fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_with_commas() {
        assert_eq!(thousands(7.4), "7");
        assert_eq!(thousands(999.0), "999");
        assert_eq!(thousands(1000.0), "1,000");
        assert_eq!(thousands(1_234_567.0), "1,234,567");
        assert_eq!(milliseconds(1234), "1.23");
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut text = String::new();

        grid(&mut text, &["a", "µs"], &[vec!["long".into(), "1".into()]]).unwrap();

        grid(&mut text, &["of", "nothing"], &[]).unwrap();

        assert_eq!(text, "\n| a    | µs |\n| ---- | -- |\n| long | 1  |\n");
    }
}
