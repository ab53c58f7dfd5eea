//! Goals of scenarios: the limit, the figure that was measured, and whether a missed goal decides.

use std::time::Duration;

use serde_json::{Value, json};

/// A goal with the figure that was reached.
#[derive(Clone, Debug)]
pub(super) struct Goal {
    /// The limit in words.
    pub(super) goal: String,
    /// The figure.
    pub(super) reached: String,
    /// Whether the figure is within the limit.
    pub(super) is_met: bool,
    /// Whether a build without optimisations, or a slow machine, can miss it.
    needs_speed: bool,
}

impl Goal {
    /// A condition that holds or does not.
    pub(super) fn holds(goal: &str, reached: String, is_met: bool) -> Self {
        Self { goal: goal.to_owned(), reached, is_met, needs_speed: false }
    }

    /// At most so many of something.
    pub(super) fn at_most(what: &str, most: u64, reached: u64) -> Self {
        Self::holds(&format!("{what}: at most {most}"), reached.to_string(), reached <= most)
    }

    /// A duration that is at most so many times its value without the fault. Both are measured in one run, so the ratio depends
    /// neither on the build nor on the machine's speed.
    pub(super) fn times(what: &str, most: f64, without: Duration, with: Duration) -> Self {
        let times = with.as_secs_f64() / without.as_secs_f64().max(0.000_001);
        let goal = format!("{what}: at most {most} times its value without the fault");
        Self::holds(&goal, format!("{times:.2} times"), times <= most)
    }

    /// A duration with a limit in seconds.
    pub(super) fn within(what: &str, limit: Duration, reached: Duration) -> Self {
        let goal = format!("{what} within {} s", limit.as_secs());
        let reached_text = format!("{:.1} s", reached.as_secs_f64());
        Self::holds(&goal, reached_text, reached <= limit).with_optimisations()
    }

    /// The same goal, which decides only in a build with optimisations.
    pub(super) fn with_optimisations(self) -> Self {
        Self { needs_speed: true, ..self }
    }

    /// Decides whether the goal breaks the scenario. The only place that does.
    pub(super) fn judge(&self, is_optimised: bool) -> bool {
        !self.is_met && (is_optimised || !self.needs_speed)
    }

    pub(super) fn json(&self) -> Value {
        json!({"goal": self.goal, "reached": self.reached, "met": self.is_met})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_missed_ratio_decides_in_every_build_and_missed_seconds_only_with_optimisations() {
        let ratio = Goal::times("the median", 3.0, SECOND, 4 * SECOND);
        let seconds = Goal::within("recovered", SECOND, 4 * SECOND);

        assert_eq!((ratio.judge(false), ratio.judge(true)), (true, true));
        assert_eq!((seconds.judge(false), seconds.judge(true)), (false, true));
        assert_eq!((ratio.reached.as_str(), seconds.reached.as_str()), ("4.00 times", "4.0 s"));
    }

    #[test]
    fn a_figure_at_its_limit_is_within_it() {
        let met = [
            Goal::times("the median", 3.0, SECOND, 3 * SECOND),
            Goal::at_most("questions", 12, 12),
            Goal::within("recovered", SECOND, SECOND),
        ];
        assert!(met.iter().all(|goal| goal.is_met && !goal.judge(true)), "{met:?}");

        assert!(Goal::times("the median", 3.0, SECOND, Duration::from_millis(3_001)).judge(false));
        assert!(Goal::at_most("questions", 12, 13).judge(false));
        assert_eq!(Goal::at_most("questions", 12, 13).goal, "questions: at most 12");
    }
}
