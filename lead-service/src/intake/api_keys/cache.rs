//! In-memory cache of API keys.
//!
//! An entry is believed for five seconds, so that a revoked key or a suspended tenant is noticed in time even while
//! Redis is away; when the database is away, what was known is believed for a minute.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use contracts::TenantId;
use metrics::Counter;
use moka::future::Cache;
use platform::{Problem, db::Db};
use uuid::Uuid;

use super::{
    doors,
    store::{self, KnownKey},
};
use crate::{identity::SourceKey, intake::form_mappings::Form, recognition::Door};

const BELIEVED: Duration = Duration::from_secs(5);
const BELIEVED_WITHOUT_DATABASE: Duration = Duration::from_secs(60);
const CAPACITY: u64 = 50_000;

/// How a key is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Naming {
    /// By its text, which its holder sends in a header.
    Text,
    /// By its address.
    Address,
}

/// A key and how fast it is being used.
#[derive(Debug)]
pub struct CachedKey {
    /// The key.
    pub key: KnownKey,
    /// Whether it was named by its address only.
    pub by_address: bool,
    /// The source of the references that come in by it.
    pub source: SourceKey,
    /// What its form calls its fields, where that is known.
    pub form: Option<Form>,
    since: Instant,
    /// When the next submission would be right on time, in nanoseconds after `since` (GCRA).
    due: AtomicI64,
}

impl CachedKey {
    fn new(key: KnownKey, by_address: bool) -> Result<Self, Problem> {
        let form = key.form.clone().map(Form::stored).transpose()?;
        let source = if by_address { SourceKey::of_address(key.id) } else { doors::source(key.kind, key.id) };
        Ok(Self { key, by_address, source, form, since: Instant::now(), due: AtomicI64::new(0) })
    }

    /// What the ledger has of it beside a submission: the key, and the door by which it is used.
    pub fn entry_source(&self) -> (Uuid, &SourceKey) {
        (self.key.id, &self.source)
    }

    /// What is known of its senders: of those who have but an address, and in a browser, nothing.
    pub fn door(&self) -> Door {
        if self.by_address { Door::Anonymous } else { doors::door(self.key.kind, &self.key.allowed_origins) }
    }

    /// Takes one submission from the key's own rate. When there is none left, an error holds the seconds to wait and the rate
    /// per second.
    pub fn take(&self) -> Result<(), (u64, u32)> {
        let rate = self.key.rate_limit.and_then(|rate| u32::try_from(rate).ok());
        let Some(rate) = rate.filter(|rate| *rate > 0) else { return Ok(()) };
        let interval = 1_000_000_000 / i64::from(rate);
        // Twice the rate may come at once.
        let tolerance = interval.saturating_mul(2 * i64::from(rate));
        let now = i64::try_from(self.since.elapsed().as_nanos()).unwrap_or(i64::MAX);
        let mut due = self.due.load(Ordering::Relaxed);
        loop {
            let next = due.max(now).saturating_add(interval);
            if next.saturating_sub(now) > tolerance {
                let wait = next.saturating_sub(now).saturating_sub(tolerance);
                return Err((u64::try_from(wait / 1_000_000_000).unwrap_or_default() + 1, rate));
            }
            match self.due.compare_exchange_weak(due, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Ok(()),
                Err(actual) => due = actual,
            }
        }
    }
}

impl CachedKey {
    /// Counts submissions that came with one that was taken: the next ones wait for them.
    pub fn owe(&self, count: usize) {
        let rate = self.key.rate_limit.and_then(|rate| u32::try_from(rate).ok()).filter(|rate| *rate > 0);
        let (Some(rate), Ok(count)) = (rate, i64::try_from(count)) else { return };
        let owed = (1_000_000_000 / i64::from(rate)).saturating_mul(count);
        self.due.fetch_add(owed, Ordering::Relaxed);
    }
}

type Entry = Option<Arc<CachedKey>>;
type Name = (Naming, [u8; 32]);

/// Keys by the digest of their text or address. One is never taken for the other.
#[derive(Clone)]
pub struct KeyCache {
    db: Db,
    fresh: Cache<Name, Entry>,
    known: Cache<Name, Arc<CachedKey>>,
    remembered: Counter,
    asked: Counter,
}

impl KeyCache {
    /// An empty cache.
    pub fn new(db: Db) -> Self {
        Self {
            db,
            fresh: Cache::builder().max_capacity(CAPACITY).time_to_live(BELIEVED).build(),
            known: Cache::builder().max_capacity(CAPACITY).time_to_live(BELIEVED_WITHOUT_DATABASE).build(),
            remembered: metrics::counter!("api_key_lookups_total", "outcome" => "remembered"),
            asked: metrics::counter!("api_key_lookups_total", "outcome" => "asked"),
        }
    }

    /// The key with a text of this digest; none when there is no such key.
    pub async fn find(&self, digest: [u8; 32]) -> Result<Entry, Problem> {
        self.named((Naming::Text, digest)).await
    }

    /// The key with an address of this digest.
    pub async fn find_address(&self, digest: [u8; 32]) -> Result<Entry, Problem> {
        self.named((Naming::Address, digest)).await
    }

    async fn named(&self, name: Name) -> Result<Entry, Problem> {
        if let Some(entry) = self.fresh.get(&name).await {
            self.remembered.increment(1);
            return Ok(entry);
        }
        self.asked.increment(1);
        let loaded = self.fresh.try_get_with(name, self.load(name)).await;
        loaded.map_err(|problem| (*problem).clone())
    }

    async fn load(&self, name: Name) -> Result<Entry, Problem> {
        let (naming, digest) = name;
        let before = self.known.get(&name).await;
        let found = self
            .db
            .in_system(async |tx| {
                let found = match naming {
                    Naming::Text => store::find_by_digest(tx, &digest).await,
                    Naming::Address => store::find_by_address(tx, &digest).await,
                };
                found.map_err(Problem::from)
            })
            .await;
        match (found, before) {
            (Ok(Some(key)), before) => {
                let cached = CachedKey::new(key, naming == Naming::Address)?;
                if let Some(before) = before {
                    // What was used of the rate stays used.
                    let spent = before.due.load(Ordering::Relaxed);
                    let age = i64::try_from(before.since.elapsed().as_nanos()).unwrap_or(i64::MAX);
                    cached.due.store(spent.saturating_sub(age).max(0), Ordering::Relaxed);
                }
                let cached = Arc::new(cached);
                self.known.insert(name, Arc::clone(&cached)).await;
                Ok(Some(cached))
            }
            (Ok(None), _) => {
                self.known.invalidate(&name).await;
                Ok(None)
            }
            (Err(problem), Some(before)) => {
                tracing::warn!(%problem, "an API key is believed without the database");
                Ok(Some(before))
            }
            (Err(problem), None) => Err(problem),
        }
    }

    /// Forgets a tenant's keys: one of them or the tenant's state has changed.
    pub fn forget(&self, tenant: TenantId) {
        let stale: Vec<Name> = self
            .fresh
            .iter()
            .filter(|(_, entry)| entry.as_ref().is_some_and(|cached| cached.key.tenant_id == tenant.0))
            .map(|(name, _)| *name)
            .collect();
        let fresh = self.fresh.clone();
        actix_web::rt::spawn(async move {
            for name in stale {
                fresh.invalidate(&name).await;
            }
        });
    }
}
