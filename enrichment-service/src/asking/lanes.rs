//! The pace of each provider: how many calls at once, how many a second, a rest after too many failures.
//!
//! Paces are kept per process; processes do not know of each other's.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};
use uuid::Uuid;

use crate::{
    adapters::{Failure, Outcome},
    providers::domain::{Provider, ProviderStatus},
};

/// Calls at once unless the provider says otherwise.
const CONCURRENCY: i32 = 4;
/// Failures in a row after which a provider rests.
const FAILURES: u32 = 5;
/// First rest of a provider, doubled each time, and the longest.
const REST: i64 = 30;
const LONGEST_REST: i64 = 600;
/// Longest wait for a turn; beyond it, the job waits and not the process.
const PATIENCE: Duration = Duration::from_secs(20);

/// The lanes of all providers.
#[derive(Default)]
pub struct Lanes(Mutex<HashMap<Uuid, Arc<Lane>>>);

struct Lane {
    setup: (Option<i32>, Option<u64>, i32),
    places: Arc<Semaphore>,
    gap: Duration,
    next: Mutex<Instant>,
    failures: AtomicU32,
}

/// A place in a lane, for the time of a call.
pub struct Entry {
    _place: OwnedSemaphorePermit,
}

/// The standing of a provider after a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether it is asked.
    pub status: ProviderStatus,
    /// Why not.
    pub reason: Option<String>,
    /// Until when it rests.
    pub open_until: Option<DateTime<Utc>>,
}

impl Lane {
    fn of(provider: &Provider) -> Self {
        let places = usize::try_from(provider.max_concurrency.unwrap_or(CONCURRENCY)).unwrap_or(1).max(1);
        let gap = provider
            .max_per_second
            .filter(|rate| *rate > 0.0)
            .map(|rate| Duration::from_secs_f64(1.0 / rate));
        Self {
            setup: setup_of(provider),
            places: Arc::new(Semaphore::new(places)),
            gap: gap.unwrap_or_default(),
            next: Mutex::new(Instant::now()),
            failures: AtomicU32::new(0),
        }
    }

    /// When this call may be made.
    fn turn(&self) -> Result<Instant, Duration> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let turn = (*next).max(now);
        if turn - now > PATIENCE {
            return Err(turn - now);
        }
        *next = turn + self.gap;
        Ok(turn)
    }

    fn rest(&self, wait: Duration) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next = (*next).max(Instant::now() + wait);
    }
}

fn setup_of(provider: &Provider) -> (Option<i32>, Option<u64>, i32) {
    (provider.max_concurrency, provider.max_per_second.map(f64::to_bits), provider.setup_version)
}

impl Lanes {
    fn lane(&self, provider: &Provider) -> Arc<Lane> {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry(provider.id).or_insert_with(|| Arc::new(Lane::of(provider)));
        if lane.setup != setup_of(provider) {
            *lane = Arc::new(Lane::of(provider));
        }
        Arc::clone(lane)
    }

    /// Forgets a lane.
    pub fn forget(&self, provider: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&provider);
    }

    /// Waits for a place and a turn.
    ///
    /// # Errors
    /// When the turn is too far away.
    pub async fn enter(&self, provider: &Provider) -> Result<Entry, Failure> {
        let lane = self.lane(provider);
        let busy = |wait: Duration| {
            Failure::passing("rate_limited", format!("{} is asked as often as it may be.", provider.name))
                .after(Some(wait.as_secs().max(1)))
        };
        let place = tokio::time::timeout(PATIENCE, Arc::clone(&lane.places).acquire_owned()).await;
        let place = place.map_err(|_| busy(PATIENCE))?.map_err(|_| busy(PATIENCE))?;
        let turn = lane.turn().map_err(busy)?;
        tokio::time::sleep_until(turn).await;
        Ok(Entry { _place: place })
    }

    /// Takes note of what came of a call; says how its provider stands where that is news.
    pub fn took(&self, provider: &Provider, outcome: &Outcome) -> Option<Standing> {
        let lane = self.lane(provider);
        let Outcome::Failed(failure) = outcome else {
            lane.failures.store(0, Ordering::Relaxed);
            let was_out = matches!(provider.status, ProviderStatus::Open | ProviderStatus::ReauthRequired);
            return was_out.then_some(Standing {
                status: ProviderStatus::Ok,
                reason: None,
                open_until: None,
            });
        };
        let stands =
            |status, open_until| Some(Standing { status, reason: Some(failure.message.clone()), open_until });
        match failure.code {
            "reauth_required" => stands(ProviderStatus::ReauthRequired, None),
            "out_of_credit" => stands(ProviderStatus::Paused, None),
            "rate_limited" => {
                lane.rest(Duration::from_secs(failure.retry_after.unwrap_or(1)));
                None
            }
            "server_error" | "timeout" | "unreachable" | "unresolvable" | "malformed"
                if !matches!(provider.kind, crate::providers::domain::ProviderKind::Website) =>
            {
                let failures = lane.failures.fetch_add(1, Ordering::Relaxed) + 1;
                if failures < FAILURES && provider.status != ProviderStatus::Open {
                    return None;
                }
                let doublings = failures.saturating_sub(FAILURES).min(10);
                let rest = (REST << doublings).min(LONGEST_REST);
                stands(ProviderStatus::Open, Some(Utc::now() + TimeDelta::seconds(rest)))
            }
            _ => None,
        }
    }
}
