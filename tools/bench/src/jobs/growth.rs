//! Cost of the same reads with ten and two hundred times as many leads.
//!
//! Over few connections, so that a request's time is its own work rather than waiting for others.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use super::question::Question;
use super::search;
use super::{Contestant, Goal, Job, Line, Plan, compare, read};
use crate::report::thousands;
use crate::stage::{Kind, Population, Stage};
use crate::tools::Tools;
use crate::usage;
use devstack::Progress;
use devstack::waiting::Cancel;

/// Leads of all tenants.
const SIZES: [i64; 3] = [10_000, 200_000, 2_000_000];
const CONNECTIONS: usize = 4;
const PAGES: &str = "/api/v2/leads?status=new&page_size=50";
/// Rows of a page, and of the stretches by which its place in the middle is walked to.
const PAGE: u64 = 50;
const STRETCH: u64 = 200;

/// One platform after another, each with more leads.
pub(crate) fn growth(tools: &Tools, plan: Plan, progress: Progress, cancel: &Cancel) -> Result<Vec<Job>> {
    let mut by_size = Vec::new();
    for leads in SIZES {
        let stage = Stage::set(tools, Kind::Plain, Population::of_many(leads), progress, cancel)?;
        progress.say(&format!("making {leads} leads"));
        stage.seed()?;
        usage::settle(&stage.platform, cancel, Duration::from_secs(plan.settle))?;
        progress.say(&format!("reading among {leads} leads"));
        by_size.push((leads, reads(&stage, plan)?));
        stage.platform.stop();
    }
    Ok(jobs(&by_size, plan.seconds))
}

/// Everything that is read, as lines.
fn reads(stage: &Stage<'_>, plan: Plan) -> Result<Vec<Line>> {
    let (number, cursor) = middle(stage)?;
    let (first, counted) = (format!("{PAGES}&count=none"), PAGES.to_owned());
    let by_number = format!("{PAGES}&count=none&page={number}");
    let by_cursor = format!("{PAGES}&cursor={cursor}");
    let (many, one) = (search::body(&search::words_of_many()), search::body(&search::words_of_one(stage)?));
    let questions = [
        Question { name: "page, first", path: &first, body: None },
        Question { name: "page, in the middle by cursor", path: &by_cursor, body: None },
        Question { name: "page, in the middle by number", path: &by_number, body: None },
        Question { name: "page, with how many there are", path: &counted, body: None },
        Question { name: "search, many are found", path: search::PATH, body: Some(&many) },
        Question { name: "search, one is found", path: search::PATH, body: Some(&one) },
    ];
    let mut contestants =
        vec![Contestant { name: "read one", run: Box::new(read::asked(stage, CONNECTIONS)?) }];
    for question in &questions {
        let asked = question.asked(stage, CONNECTIONS)?;
        contestants.push(Contestant { name: question.name, run: Box::new(asked) });
    }
    compare(stage, plan, &contestants, &[])
}

/// Half of the matching leads lie before it: a page's number, and the cursor of the same place.
fn middle(stage: &Stage<'_>) -> Result<(u64, String)> {
    let statement = "select count(*) from leads where tenant_id = :'tenant' and status = 'new';\n";
    let matching = stage.database()?.number(statement, &[("tenant", stage.demo.tenant.id.clone())])?;
    let stretches = (matching / 2 / STRETCH).max(1);
    let mut cursor = String::new();
    for _ in 0..stretches {
        let path = format!("/api/v2/leads?status=new&page_size={STRETCH}&fields=id,score&cursor={cursor}");
        let answer = stage.ask(&path, None)?.json();
        let next = answer.get("next_cursor").and_then(Value::as_str);
        cursor = next.context("the leads end before their middle")?.to_owned();
    }
    Ok((stretches * STRETCH / PAGE + 1, cursor))
}

/// One job for each thing that is read, with a line for each size.
fn jobs(by_size: &[(i64, Vec<Line>)], seconds: u64) -> Vec<Job> {
    let Some((_, smallest)) = by_size.first() else { return Vec::new() };
    let job = |(place, line): (usize, &Line)| {
        let of_size = |(leads, lines): &(i64, Vec<Line>)| {
            let measure = lines.get(place)?.measure.clone();
            Some(Line { name: format!("of {} leads", thousands(*leads as f64)), measure })
        };
        let lines: Vec<Line> = by_size.iter().filter_map(of_size).collect();
        let mut job = Job::new(&format!("growth: {}", line.name), CONNECTIONS, lines);
        let times = times_as_long(&job, seconds);
        job.goals.push(Goal::at_most("times as long with the most leads", 1.3, times));
        if job.lines.iter().any(|line| line.measure.requests == 0) {
            job.notes
                .push(format!("a request took longer than the {seconds} s of a run: at least so many times"));
        }
        job
    };
    smallest.iter().enumerate().map(job).collect()
}

/// How many times as long a request takes at the last size as at the first; where none was answered in time, at least.
fn times_as_long(job: &Job, seconds: u64) -> f64 {
    let per_second =
        |line: Option<&Line>| line.map_or(0.0, |line| line.measure.per_second).max(1.0 / seconds as f64);
    per_second(job.lines.first()) / per_second(job.lines.last())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Measure;

    #[test]
    fn what_is_read_is_held_against_itself_among_fewer_leads() {
        let line = |name: &str, requests: u64| Line {
            name: name.to_owned(),
            measure: Measure { requests, per_second: requests as f64, ..Measure::default() },
        };
        let by_size = [
            (10, vec![line("a", 100), line("b", 90), line("c", 90)]),
            (2_000, vec![line("a", 80), line("b", 30), line("c", 0)]),
        ];

        let jobs = jobs(&by_size, 4);

        assert_eq!(jobs[0].name, "growth: a");
        assert_eq!(jobs[0].lines[1].name, "of 2,000 leads");
        assert!(jobs[0].goals[0].met && jobs[0].goals[0].reached == 1.25);
        assert!(!jobs[1].goals[0].met && jobs[1].goals[0].reached == 3.0);
        // Not one in four seconds is less than one in four seconds.
        assert!(!jobs[2].goals[0].met && jobs[2].goals[0].reached == 360.0 && jobs[2].notes.len() == 1);
    }
}
