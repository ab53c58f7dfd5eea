//! In-memory cache of access decisions from tenant-service, evicted by invalidation messages and by TTL.
//!
//! Entries carry the time, on a clock that ticks with every invalidation, at which they were asked for. An invalidation
//! notes the time for its tenant or person; an entry asked for before is not used. So an answer that was on its way while
//! things changed is not kept either, and nothing has to be searched for.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use contracts::{
    Service, TenantId, UserId,
    identity::PlatformRole,
    internal::tenants::{LookUpAccess, LookUpPlatformAccess, TenantRef},
};
use dashmap::DashMap;
use metrics::Counter;
use moka::future::Cache;
use platform::{
    Problem,
    client::{CallError, Peers},
    http::context::{self, RequestContext},
};
use uuid::Uuid;

use super::decide::Access;
use crate::upstream::breaker::Breakers;

const CAPACITY: u64 = 200_000;
/// How long an answer is used while invalidations reach us.
const WHILE_TOLD: Duration = Duration::from_secs(30);
/// How long while they do not.
const WHILE_NOT_TOLD: Duration = Duration::from_secs(5);
/// How long the absence of a tenant is believed.
const WHILE_ABSENT: Duration = Duration::from_secs(5);
/// How long after a failure the next attempt is made.
const AFTER_FAILURE: Duration = Duration::from_millis(500);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Question {
    InTenant(UserId, &'static str, TenantRef),
    OnPlatform(&'static str),
}

#[derive(Clone, Debug)]
enum Known {
    InTenant(Arc<Access>),
    OnPlatform(Arc<HashSet<String>>),
    Nothing(String),
}

#[derive(Debug)]
struct Entry {
    known: Known,
    asked_at: u64,
    fetched: Instant,
    fresh_until: Instant,
    /// Used for want of a better one, until the next attempt.
    makeshift: bool,
}

/// Returns the request that causes a call to tenant-service; called only when there is a call.
pub type Cause<'c> = &'c dyn Fn() -> Arc<RequestContext>;

/// Who may do what where, as far as it was asked.
pub struct AccessCache {
    peers: Peers,
    breakers: Arc<Breakers>,
    entries: Cache<Question, Arc<Entry>>,
    clock: AtomicU64,
    everything: AtomicU64,
    tenants: DashMap<Uuid, (u64, Instant)>,
    users: DashMap<Uuid, (u64, Instant)>,
    any_tenant: AtomicU64,
    told: AtomicBool,
    /// How long an answer is used at most, while tenant-service is away.
    at_most: Duration,
    remembered: Counter,
    asked: Counter,
}

impl AccessCache {
    /// Knows nothing yet. While tenant-service is away, an answer is used for `at_most`.
    pub fn new(peers: Peers, breakers: Arc<Breakers>, at_most: Duration) -> Self {
        Self {
            peers,
            breakers,
            entries: Cache::builder()
                .max_capacity(CAPACITY)
                .time_to_live(at_most.max(WHILE_TOLD) + Duration::from_secs(30))
                .build(),
            clock: AtomicU64::new(1),
            everything: AtomicU64::new(0),
            tenants: DashMap::new(),
            users: DashMap::new(),
            any_tenant: AtomicU64::new(0),
            told: AtomicBool::new(false),
            at_most,
            remembered: metrics::counter!("access_lookups_total", "outcome" => "remembered"),
            asked: metrics::counter!("access_lookups_total", "outcome" => "asked"),
        }
    }

    /// What the person may do in the tenant.
    ///
    /// # Errors
    /// 503 when tenant-service is away and nothing usable is remembered.
    pub async fn in_tenant(
        &self,
        user: UserId,
        role: PlatformRole,
        tenant: TenantRef,
        cause: Cause<'_>,
    ) -> Result<Arc<Access>, Problem> {
        match self.known(Question::InTenant(user, role.name(), tenant), cause).await? {
            Known::InTenant(access) => Ok(access),
            other => Err(Problem::internal(format!("access was answered by {other:?}"))),
        }
    }

    /// What the role may do on the platform itself.
    ///
    /// # Errors
    /// As [`AccessCache::in_tenant`].
    pub async fn on_platform(
        &self,
        role: PlatformRole,
        cause: Cause<'_>,
    ) -> Result<Arc<HashSet<String>>, Problem> {
        match self.known(Question::OnPlatform(role.name()), cause).await? {
            Known::OnPlatform(permissions) => Ok(permissions),
            other => Err(Problem::internal(format!("platform access was answered by {other:?}"))),
        }
    }

    /// Evicts the access of this user in this tenant; of all users or in all tenants where one is not given.
    pub fn forget(&self, tenant: Option<TenantId>, user: Option<UserId>) {
        let now = self.clock.fetch_add(1, Ordering::AcqRel) + 1;
        let stamp = (now, Instant::now());
        match (tenant, user) {
            (None, None) => self.everything.store(now, Ordering::Release),
            // Their entries in other tenants go, too: one look-up each.
            (_, Some(user)) => drop(self.users.insert(user.0, stamp)),
            (Some(tenant), None) => {
                self.tenants.insert(tenant.0, stamp);
                self.any_tenant.store(now, Ordering::Release);
            }
        }
        if self.tenants.len() + self.users.len() > 10_000 {
            // Entries live no longer than this, so older stamps forbid nothing any more.
            let recent = |(_, at): &(u64, Instant)| {
                at.elapsed() < self.at_most.max(WHILE_TOLD) + Duration::from_secs(60)
            };
            self.tenants.retain(|_, stamp| recent(stamp));
            self.users.retain(|_, stamp| recent(stamp));
        }
    }

    /// Whether invalidations reach us. Those missed before they did are made up for by forgetting everything.
    pub fn set_told(&self, told: bool) {
        if told {
            self.forget(None, None);
        }
        self.told.store(told, Ordering::Release);
    }

    /// Whether invalidations reach us.
    pub fn is_told(&self) -> bool {
        self.told.load(Ordering::Acquire)
    }

    async fn known(&self, question: Question, cause: Cause<'_>) -> Result<Known, Problem> {
        let remembered = self.entries.get(&question).await;
        let entry = match remembered {
            Some(entry) if self.is_fresh(&question, &entry) => {
                self.remembered.increment(1);
                entry
            }
            before => {
                self.asked.increment(1);
                let asked = question.clone();
                let ask = context::within(cause(), self.ask(&asked, before.as_deref()));
                let entry = self
                    .entries
                    .entry(question)
                    .or_insert_with_if(ask, |entry| !self.is_fresh(&asked, entry));
                Box::pin(entry).await.into_value()
            }
        };
        match &entry.known {
            Known::Nothing(cause) => Err(Problem::unavailable(cause.clone())),
            known => Ok(known.clone()),
        }
    }

    fn is_fresh(&self, question: &Question, entry: &Entry) -> bool {
        let now = Instant::now();
        let in_time = entry.makeshift || self.is_told() || now < entry.fetched + WHILE_NOT_TOLD;
        now < entry.fresh_until && in_time && !self.is_forgotten(question, entry)
    }

    /// Whether an invalidation came after the entry was asked for.
    fn is_forgotten(&self, question: &Question, entry: &Entry) -> bool {
        let after = |stamp: u64| stamp > entry.asked_at;
        if after(self.everything.load(Ordering::Acquire)) {
            return true;
        }
        let Question::InTenant(user, ..) = question else { return false };
        let Known::InTenant(access) = &entry.known else { return false };
        let tenant_changed = match access.tenant_id() {
            Some(id) => self.tenants.get(&id.0).is_some_and(|stamp| after(stamp.0)),
            None => after(self.any_tenant.load(Ordering::Acquire)),
        };
        tenant_changed || self.users.get(&user.0).is_some_and(|stamp| after(stamp.0))
    }

    async fn ask(&self, question: &Question, before: Option<&Entry>) -> Arc<Entry> {
        let asked_at = self.clock.load(Ordering::Acquire);
        let outcome = self.ask_tenant_service(question).await;
        let now = Instant::now();
        let usable = |entry: &&Entry| {
            !matches!(entry.known, Known::Nothing(_))
                && now < entry.fetched + self.at_most
                && !self.is_forgotten(question, entry)
        };
        match (outcome, before.filter(usable)) {
            (Ok(known), _) => {
                let absent = matches!(&known, Known::InTenant(access) if access.tenant.is_none());
                let longest = if absent { WHILE_ABSENT } else { WHILE_TOLD }.min(self.at_most);
                let life = spread(longest, rand::random_range(0.0..1.0));
                Arc::new(Entry { known, asked_at, fetched: now, fresh_until: now + life, makeshift: false })
            }
            (Err(cause), Some(old)) => {
                tracing::warn!(cause, "tenant-service is away: access goes on as it was last known");
                let (known, asked_at, fetched) = (old.known.clone(), old.asked_at, old.fetched);
                let fresh_until = (now + AFTER_FAILURE).min(fetched + self.at_most);
                Arc::new(Entry { known, asked_at, fetched, fresh_until, makeshift: true })
            }
            (Err(cause), None) => {
                let (known, fresh_until) = (Known::Nothing(cause), now + AFTER_FAILURE);
                Arc::new(Entry { known, asked_at, fetched: now, fresh_until, makeshift: true })
            }
        }
    }

    async fn ask_tenant_service(&self, question: &Question) -> Result<Known, String> {
        let breaker = self.breakers.of(Service::Tenant);
        if breaker.is_some_and(|breaker| !breaker.lets_through()) {
            return Err("tenant-service is away".to_owned());
        }
        let role = |name: &str| PlatformRole::parse(name).unwrap_or_default();
        let outcome = match question {
            Question::InTenant(user, name, tenant) => {
                let call = LookUpAccess { user_id: *user, platform_role: role(name), tenant: tenant.clone() };
                self.peers.call(&call).await.map(|answer| Known::InTenant(Arc::new(answer.into())))
            }
            Question::OnPlatform(name) => {
                let call = LookUpPlatformAccess { platform_role: role(name) };
                let answer = self.peers.call(&call).await;
                answer.map(|answer| Known::OnPlatform(Arc::new(answer.permissions.into_iter().collect())))
            }
        };
        if let Some(breaker) = breaker {
            if matches!(outcome, Err(CallError::Away(..))) { breaker.failed() } else { breaker.succeeded() }
        }
        outcome.map_err(|error| error.to_string())
    }
}

/// A life of up to `longest`, the last fifth of it by chance, so that what was fetched together does not expire at
/// once.
fn spread(longest: Duration, chance: f64) -> Duration {
    longest.mul_f64(1.0 - chance / 5.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lives_are_spread_and_none_is_longer_than_it_may_be() {
        let lives = [0.0, 0.5, 1.0].map(|chance| spread(Duration::from_secs(30), chance).as_secs());

        assert_eq!(lives, [30, 27, 24]);
    }
}
