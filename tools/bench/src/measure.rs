//! One run of a load, and several of them as one figure.

use std::collections::BTreeMap;

use serde::Serialize;

/// What a load generator saw in one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Measure {
    /// Answers, or transactions.
    pub(super) requests: u64,
    /// Of them, those that were refused (4xx, 5xx), and those that got no answer.
    pub(super) errors: u64,
    /// How many there were in a second.
    pub(super) per_second: f64,
    /// Half took no longer, in microseconds.
    pub(super) p50_us: u64,
    /// 99 of 100 took no longer, in microseconds.
    pub(super) p99_us: u64,
    /// CPU seconds per 1,000 requests by process; empty where the system does not report it.
    pub(super) cpu_per_1000: BTreeMap<String, f64>,
}

impl Measure {
    /// Several runs of the same as one: the median by throughput, with the errors of all.
    pub(super) fn middle(mut runs: Vec<Self>) -> Option<Self> {
        let errors = runs.iter().map(|run| run.errors).sum();
        runs.sort_by(|one, other| one.per_second.total_cmp(&other.per_second));
        let place = runs.len() / 2;
        let middle = runs.into_iter().nth(place)?;
        Some(Self { errors, ..middle })
    }

    /// The same with each part of a request counted instead of the request; what a request takes remains.
    pub(super) fn counting_parts(self, parts: u64) -> Self {
        Self { requests: self.requests * parts, per_second: self.per_second * parts as f64, ..self }
    }

    /// CPU seconds per 1,000 requests of everything together.
    pub(super) fn cpu_total(&self) -> f64 {
        self.cpu_per_1000.values().sum()
    }
}

/// One divided by another; 0 when there is nothing to divide by.
pub(super) fn ratio(one: f64, by: f64) -> f64 {
    if by > 0.0 { one / by } else { 0.0 }
}

/// The value below which `percent` of the sorted values lie; 0 when there are none.
pub(super) fn percentile(sorted: &[u64], percent: usize) -> u64 {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(per_second: f64, errors: u64) -> Measure {
        Measure { per_second, errors, ..Measure::default() }
    }

    #[test]
    fn the_middle_run_stands_for_all_but_no_error_is_forgotten() {
        let middle = Measure::middle(vec![run(30.0, 0), run(10.0, 2), run(20.0, 1)]).unwrap();

        assert_eq!(middle.per_second, 20.0);
        assert_eq!(middle.errors, 3);
        assert!(Measure::middle(Vec::new()).is_none());
    }

    #[test]
    fn parts_are_counted_but_requests_are_timed() {
        let run = Measure { requests: 3, per_second: 1.5, p50_us: 40, errors: 1, ..Measure::default() };

        let parts = run.counting_parts(100);

        assert_eq!((parts.requests, parts.per_second, parts.p50_us, parts.errors), (300, 150.0, 40, 1));
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let sorted: Vec<u64> = (1..=200).collect();

        assert_eq!(percentile(&sorted, 50), 100);
        assert_eq!(percentile(&sorted, 99), 198);
        assert_eq!(percentile(&[7], 99), 7);
        assert_eq!(percentile(&[], 99), 0);
    }

    #[test]
    fn a_ratio_to_nothing_is_nothing() {
        assert_eq!(ratio(3.0, 2.0), 1.5);
        assert_eq!(ratio(3.0, 0.0), 0.0);
    }
}
