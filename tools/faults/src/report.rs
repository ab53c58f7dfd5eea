//! Results of the scenarios, as a table and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use serde_json::{Value, json};

use super::{goals::Goal, scenarios::Scenario};

/// The outcome of one scenario.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// Its name.
    pub(super) name: String,
    /// Why it was not run, when it was not.
    pub(super) skipped: Option<String>,
    /// Leads that were answered with a 2xx.
    pub(super) acknowledged: usize,
    /// Leads that were refused.
    pub(super) rejected: usize,
    /// Leads with an unknown outcome.
    pub(super) indeterminate: usize,
    /// Acknowledged and not stored.
    pub(super) lost: usize,
    /// Stored, published or notified more than once, or stored though refused.
    pub(super) duplicated: usize,
    /// Stored, shown or published in another tenant.
    pub(super) wrong_tenant: usize,
    /// Stored without its further effects.
    pub(super) stuck: usize,
    /// Time from the end of each fault to the last failed request or the last process that became ready.
    pub(super) recoveries: Vec<Duration>,
    /// Goals beside the guarantees.
    pub(super) goals: Vec<Goal>,
    /// Posts that failed.
    pub(super) posts_failed: usize,
    /// Requests, served or not.
    pub(super) requests: usize,
    /// Failed requests from a fault until everything was ready again.
    pub(super) errors_during: usize,
    /// Failed requests at any other time.
    pub(super) errors_after: usize,
    /// 99th percentile of the posts' durations.
    pub(super) posts_p99: Duration,
    /// Time from the end of the load until everything was published.
    pub(super) told_within: Duration,
    /// Number of failed requests by their error.
    pub(super) failures: BTreeMap<String, u64>,
    /// Further notes.
    pub(super) notes: Vec<String>,
}

impl Line {
    /// Empty line.
    pub(super) fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Scenario that this machine does not support.
    pub(super) fn skipped(name: &str, reason: String) -> Self {
        Self { skipped: Some(reason), ..Self::named(name) }
    }

    /// Compares the figures with the goals that every scenario can have.
    pub(super) fn judge(&mut self, scenario: &Scenario) {
        if let Some(limit) = scenario.recovers_within {
            let (_, longest) = self.recovery();
            self.goals.push(Goal::within("recovered", limit, longest));
        }
        let failed = self.errors_during + self.errors_after;
        let limits = [
            (scenario.is_seamless, "no request failed", failed),
            (scenario.takes_all, "every post acknowledged", self.posts_failed),
        ];
        for (_, goal, failed) in limits.into_iter().filter(|(is_asked, ..)| *is_asked) {
            self.goals.push(Goal::holds(goal, format!("{failed} failed"), failed == 0));
        }
    }

    fn recovery(&self) -> (Duration, Duration) {
        let mut all = self.recoveries.clone();
        all.sort_unstable();
        (all.get(all.len() / 2).copied().unwrap_or_default(), all.last().copied().unwrap_or_default())
    }

    fn cells(&self) -> Vec<String> {
        if let Some(reason) = &self.skipped {
            return vec![self.name.clone(), format!("skipped: {reason}")];
        }
        let (middle, longest) = self.recovery();
        let figures = [
            self.acknowledged,
            self.lost,
            self.duplicated,
            self.wrong_tenant,
            self.stuck,
            self.indeterminate,
        ];
        let mut cells = vec![self.name.clone()];
        cells.extend(figures.map(|figure| figure.to_string()));
        cells.push(format!("{:.1} / {:.1} s", middle.as_secs_f64(), longest.as_secs_f64()));
        cells.push(self.errors_during.to_string());
        cells.push(self.errors_after.to_string());
        cells
    }

    fn json(&self) -> Value {
        let (middle, longest) = self.recovery();
        json!({
            "scenario": self.name,
            "skipped": self.skipped,
            "acknowledged": self.acknowledged,
            "rejected": self.rejected,
            "indeterminate": self.indeterminate,
            "lost": self.lost,
            "duplicated": self.duplicated,
            "wrong_tenant": self.wrong_tenant,
            "stuck": self.stuck,
            "blows": self.recoveries.len(),
            "recovery_seconds_p50": middle.as_secs_f64(),
            "recovery_seconds_max": longest.as_secs_f64(),
            "goals": self.goals.iter().map(Goal::json).collect::<Vec<_>>(),
            "requests": self.requests,
            "errors_during": self.errors_during,
            "errors_after": self.errors_after,
            "posts_p99_seconds": self.posts_p99.as_secs_f64(),
            "told_within_seconds": self.told_within.as_secs_f64(),
            "failures": self.failures,
            "notes": self.notes,
        })
    }
}

const HEADS: [&str; 10] = [
    "scenario",
    "acknowledged",
    "lost",
    "duplicated",
    "wrong tenant",
    "stuck",
    "indeterminate",
    "recovery p50 / max",
    "errors during",
    "errors after",
];

/// Result of a run.
#[derive(Debug)]
pub(super) struct Report {
    /// Seed of the run.
    pub(super) seed: u64,
    /// Whether the platform was built with optimisations: goals in seconds then decide, too.
    pub(super) is_optimised: bool,
    /// One line per scenario.
    pub(super) lines: Vec<Line>,
}

impl Report {
    /// Whether any guarantee or goal was violated.
    pub(super) fn is_broken(&self) -> bool {
        self.lines.iter().any(|line| self.breaks(line))
    }

    /// Whether a scenario violated a guarantee or missed a goal that decides.
    pub(super) fn breaks(&self, line: &Line) -> bool {
        line.lost + line.duplicated + line.wrong_tenant + line.stuck > 0
            || line.goals.iter().any(|goal| goal.judge(self.is_optimised))
    }

    /// Markdown table.
    pub(super) fn table(&self) -> String {
        let mut rows = vec![HEADS.map(str::to_owned).to_vec()];
        rows.extend(self.lines.iter().map(Line::cells));
        let width = |place: usize| {
            let whole = rows.iter().filter(|row| row.len() == HEADS.len());
            whole.filter_map(|row| row.get(place)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..HEADS.len()).map(width).collect();
        let mut text = String::new();
        for (number, row) in rows.iter().enumerate() {
            for (place, width) in widths.iter().enumerate().take(row.len()) {
                let cell = row.get(place).map_or("", String::as_str);
                // Writing to a String cannot fail.
                let _ = if place == 0 {
                    write!(text, "| {cell:<width$} ")
                } else {
                    write!(text, "| {cell:>width$} ")
                };
            }
            text.push_str("|\n");
            if number == 0 {
                let rule =
                    widths.iter().map(|width| format!("|{}", "-".repeat(width + 2))).collect::<String>();
                let _ = writeln!(text, "{rule}|");
            }
        }
        for line in &self.lines {
            for Goal { goal, reached, is_met, .. } in &line.goals {
                let verdict = if *is_met { "met" } else { "MISSED" };
                let _ = writeln!(text, "{}: {goal}: {reached}, {verdict}", line.name);
            }
            for (failure, count) in &line.failures {
                let _ = writeln!(text, "{}: {count} × {failure}", line.name);
            }
            for note in &line.notes {
                let _ = writeln!(text, "{}: {note}", line.name);
            }
        }
        let _ = writeln!(text, "seed {}", self.seed);
        text
    }

    /// JSON form.
    pub(super) fn json(&self) -> Value {
        json!({"seed": self.seed, "scenarios": self.lines.iter().map(Line::json).collect::<Vec<_>>()})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_promises_and_missed_goals_break_a_report() {
        let slow = Line { errors_after: 9, recoveries: vec![Duration::from_secs(60)], ..Line::named("slow") };
        let lossy = Line { lost: 1, ..Line::named("lossy") };
        let missing = |goal: Goal| Line { goals: vec![goal], ..Line::named("missed") };
        let ratio = missing(Goal::times("p99", 1.5, Duration::from_secs(1), Duration::from_secs(2)));
        let seconds = missing(Goal::within("recovered", Duration::from_secs(1), Duration::from_secs(2)));
        let report = |line: &Line| Report { seed: 1, is_optimised: false, lines: vec![line.clone()] };

        assert!(!report(&slow).is_broken());
        assert!(report(&lossy).is_broken());
        assert!(report(&ratio).is_broken());
        assert!(!report(&seconds).is_broken());
        assert!(Report { is_optimised: true, ..report(&seconds) }.is_broken());
        assert!(!report(&Line::skipped("disk", "no root".into())).is_broken());
    }

    #[test]
    fn the_table_has_a_row_for_each_scenario_and_says_why_one_was_skipped() {
        let lines = vec![
            Line {
                acknowledged: 1_500,
                recoveries: vec![Duration::from_millis(1_260)],
                ..Line::named("kill")
            },
            Line::skipped("disk-full", "no root".into()),
        ];

        let table = Report { seed: 7, is_optimised: false, lines }.table();

        assert!(table.contains("1.3 / 1.3 s"), "{table}");
        assert!(table.contains("| disk-full | skipped: no root |"), "{table}");
        assert!(table.ends_with("seed 7\n"));
    }
}
