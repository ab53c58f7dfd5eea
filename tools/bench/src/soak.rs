//! Whether memory stays what it is while the platform works on and on.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use serde::Serialize;

use super::jobs::steady;
use super::stage::Stage;
use super::usage::{Memory, ours};
use devstack::Progress;
use devstack::waiting::pause;

/// How often is looked, and how long one run of the generators is: shorter than a token's life.
const LOOK: Duration = Duration::from_secs(5);
const RUN: u64 = 60;
/// In shorter runs caches are still filling, so that a slope says nothing.
const TELLING: u64 = 10;

/// Resident megabytes under a steady load.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Soak {
    /// How long it was.
    pub(super) minutes: u64,
    /// What was seen: seconds since the begin, and megabytes by process.
    pub(super) looks: Vec<(f64, BTreeMap<String, f64>)>,
    /// Requests that were refused or not answered.
    pub(super) errors: u64,
}

/// Lets leads come in and be read for so many minutes.
pub(super) fn soak(stage: &Stage<'_>, minutes: u64, progress: Progress) -> Result<Soak> {
    let (begun, mut soak) = (Instant::now(), Soak { minutes, looks: Vec::new(), errors: 0 });
    let mut memory = Memory::default();
    for minute in 0..minutes {
        progress.say(&format!("working for minute {} of {minutes}", minute + 1));
        let loads = steady::loads(stage)?;
        std::thread::scope(|scope| {
            let running: Vec<_> = loads.iter().map(|load| scope.spawn(move || load(RUN))).collect();
            while !running.iter().all(std::thread::ScopedJoinHandle::is_finished) {
                memory.look(&stage.platform);
                soak.looks.push((begun.elapsed().as_secs_f64(), memory.now.clone()));
                pause(LOOK);
            }
            for load in running {
                let measure = load.join().map_err(|_| anyhow!("a generator's thread failed"))??;
                soak.errors += measure.errors;
            }
            Ok::<_, anyhow::Error>(())
        })
        .context("under a steady load")?;
    }
    Ok(soak)
}

impl Soak {
    /// What is resident more, an hour later, in megabytes: the six processes together.
    pub(super) fn growth(&self) -> f64 {
        slope(&self.settled(ours)) * 3600.0
    }

    /// The same of one process.
    pub(super) fn growth_of(&self, name: &str) -> f64 {
        slope(&self.settled(|memory| memory.get(name).copied().unwrap_or(0.0))) * 3600.0
    }

    /// [`Soak::growth`] as a part of what the six processes have; none when the run was too short.
    pub(super) fn growth_by_size(&self) -> Option<f64> {
        let size = self.looks.last().map(|(_, memory)| ours(memory)).filter(|size| *size > 0.0)?;
        (self.minutes >= TELLING).then(|| self.growth() / size)
    }

    /// The looks after the first quarter, in which caches fill.
    fn settled(&self, size: impl Fn(&BTreeMap<String, f64>) -> f64) -> Vec<(f64, f64)> {
        let settled = self.looks.iter().skip(self.looks.len() / 4);
        settled.map(|(second, memory)| (*second, size(memory))).collect()
    }
}

/// By how much y grows with x, by least squares; 0 when nothing can be said.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x_mean, y_mean) = (mean(|point| point.0), mean(|point| point.1));
    let products: f64 = points.iter().map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
    let squares: f64 = points.iter().map(|(x, _)| (x - x_mean).powi(2)).sum();
    if squares > 0.0 { products / squares } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soak(minutes: u64, sizes: &[f64]) -> Soak {
        let look = |(place, size): (usize, &f64)| {
            (place as f64 * 60.0, BTreeMap::from([("gateway".to_owned(), *size), ("redis".to_owned(), 5.0)]))
        };
        Soak { minutes, looks: sizes.iter().enumerate().map(look).collect(), errors: 0 }
    }

    #[test]
    fn a_slope_is_that_of_the_line_through_the_points() {
        assert_eq!(slope(&[(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]), 2.0);
        assert_eq!(slope(&[(3.0, 1.0)]), 0.0);
        assert_eq!(slope(&[]), 0.0);
    }

    #[test]
    fn growth_is_told_for_an_hour_and_without_the_time_in_which_caches_fill() {
        let filling = soak(12, &[10.0, 90.0, 100.0, 101.0, 102.0, 103.0, 104.0, 105.0]);

        assert!((filling.growth() - 60.0).abs() < 1e-6, "{}", filling.growth());
        assert_eq!(filling.growth_of("redis"), 0.0);
        assert!(filling.growth_by_size().is_some_and(|part| (part - 60.0 / 105.0).abs() < 1e-6));
    }

    #[test]
    fn a_short_one_is_not_judged() {
        assert_eq!(soak(2, &[10.0, 20.0]).growth_by_size(), None);
    }
}
