//! Rate limiter of this process. A known subject costs one read lock of a shard and one atomic write.

use std::{
    net::IpAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Instant,
};

use contracts::{TenantId, UserId};
use dashmap::DashMap;
use sha2::{Digest, Sha256};

use super::gcra::{Rate, RateLimitState, Verdict};
use crate::config::LimitsConfig;

/// Subjects remembered at once; those beyond share one account per kind.
const CAPACITY: usize = 200_000;
/// How long a rate reported by lead-service is enforced here before the next request is let through to refresh it, in
/// nanoseconds.
const BELIEVED: u64 = 5_000_000_000;

/// Who is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A client address; IPv6 ones by the /64 that a single customer is given.
    Address(u128),
    /// A person.
    User(u128),
    /// An API key, by a digest.
    Key(u128),
    /// A tenant.
    Tenant(u128),
}

impl Subject {
    /// A client address.
    pub fn address(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
            IpAddr::V6(v6) => v6.to_bits() >> 64,
        })
    }

    /// A person.
    pub fn user(id: UserId) -> Self {
        Self::User(id.0.as_u128())
    }

    /// A tenant.
    pub fn tenant(id: TenantId) -> Self {
        Self::Tenant(id.0.as_u128())
    }

    /// An API key, as it was sent.
    pub fn key(text: &[u8]) -> Self {
        let digest = Sha256::digest(text);
        Self::Key(digest.first_chunk::<16>().copied().map_or(0, u128::from_be_bytes))
    }

    /// The account of all subjects of this kind that there is no room for.
    fn crowd(self) -> Self {
        match self {
            Self::Address(_) => Self::Address(u128::MAX),
            Self::User(_) => Self::User(u128::MAX),
            Self::Key(_) => Self::Key(u128::MAX),
            Self::Tenant(_) => Self::Tenant(u128::MAX),
        }
    }

    /// What it is: `address`, `user`, `key` or `tenant`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::User(_) => "user",
            Self::Key(_) => "key",
            Self::Tenant(_) => "tenant",
        }
    }

    /// A name for it that says nothing about the person.
    pub fn name(self) -> String {
        let (Self::Address(id) | Self::User(id) | Self::Key(id) | Self::Tenant(id)) = self;
        format!("{}:{id:032x}", self.kind())
    }
}

#[derive(Default)]
struct Account {
    arrival: AtomicU64,
    /// Requests let through since the last exchange with the other replicas.
    unshared: AtomicU32,
    /// The subject's own rate per second, while it is believed.
    own: AtomicU32,
    /// Until when it is.
    own_until: AtomicU64,
}

/// Accounts of all subjects.
pub struct RateLimiter {
    limits: LimitsConfig,
    accounts: DashMap<Subject, Account>,
    unshared: Mutex<Vec<Subject>>,
    started: Instant,
}

impl RateLimiter {
    /// An empty limiter.
    pub fn new(limits: LimitsConfig) -> Self {
        Self { limits, accounts: DashMap::new(), unshared: Mutex::default(), started: Instant::now() }
    }

    /// The rate that holds for a subject.
    pub fn rate(&self, subject: Subject) -> Option<Rate> {
        match self.accounts.get(&subject) {
            Some(account) => self.in_force(subject, &account, self.now()),
            None => self.usual(subject),
        }
    }

    fn in_force(&self, subject: Subject, account: &Account, now: u64) -> Option<Rate> {
        let usual = self.usual(subject);
        if account.own_until.load(Ordering::Relaxed) <= now {
            return usual;
        }
        let own = Rate::per_second(account.own.load(Ordering::Relaxed));
        own.zip(usual).map(|(own, usual)| own.slower(usual)).or(own).or(usual)
    }

    fn usual(&self, subject: Subject) -> Option<Rate> {
        match subject {
            Subject::Address(_) => self.limits.address,
            Subject::User(_) => self.limits.user,
            Subject::Key(_) => self.limits.key,
            Subject::Tenant(_) => self.limits.tenant,
        }
    }

    /// Spends one request. None when there is no limit; an error holds the nanoseconds to wait.
    pub fn spend(&self, subject: Subject) -> Option<Result<RateLimitState, (u64, RateLimitState)>> {
        let now = self.now();
        if let Some(account) = self.accounts.get(&subject) {
            let rate = self.in_force(subject, &account, now)?;
            return Some(self.charge(rate, subject, &account, now));
        }
        let rate = self.usual(subject)?;
        let subject = if self.accounts.len() < CAPACITY { subject } else { subject.crowd() };
        let account = self.accounts.entry(subject).or_default().downgrade();
        Some(self.charge(rate, subject, &account, now))
    }

    /// Takes over that a service has refused a request, because the subject has spent its own rate per second: until that
    /// is old, more of them are refused here. Gives where the subject stands; nothing when there is no room for it.
    pub fn observe(&self, subject: Subject, per_second: u32) -> Option<RateLimitState> {
        if self.accounts.len() >= CAPACITY && !self.accounts.contains_key(&subject) {
            return None;
        }
        let now = self.now();
        let account = self.accounts.entry(subject).or_default();
        account.own.store(per_second, Ordering::Relaxed);
        account.own_until.store(now + BELIEVED, Ordering::Relaxed);
        let rate = self.in_force(subject, &account, now)?;
        // Requests let through at the usual rate must not be shared with the other replicas at this one.
        account.unshared.store(0, Ordering::Relaxed);
        let spent = now + rate.tolerance();
        account.arrival.fetch_max(spent, Ordering::Relaxed);
        Some(rate.limit_state(spent, now))
    }

    fn charge(
        &self,
        rate: Rate,
        subject: Subject,
        account: &Account,
        now: u64,
    ) -> Result<RateLimitState, (u64, RateLimitState)> {
        let mut arrival = account.arrival.load(Ordering::Relaxed);
        loop {
            let (next, limit_state) = match rate.decide(arrival, now) {
                Verdict::Allowed(next, limit_state) => (next, limit_state),
                Verdict::Refused(wait, limit_state) => return Err((wait, limit_state)),
            };
            match account.arrival.compare_exchange_weak(arrival, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => {
                    if account.unshared.fetch_add(1, Ordering::Relaxed) == 0 {
                        self.unshared.lock().unwrap_or_else(PoisonError::into_inner).push(subject);
                    }
                    return Ok(limit_state);
                }
                Err(current) => arrival = current,
            }
        }
    }

    /// Takes at most `most` subjects that spent something since they were last taken, with how much.
    pub fn take_unshared(&self, most: usize) -> Vec<(Subject, u32)> {
        let subjects = {
            let mut waiting = self.unshared.lock().unwrap_or_else(PoisonError::into_inner);
            let rest = waiting.len().saturating_sub(most);
            waiting.split_off(rest)
        };
        let spent = |subject: Subject| Some(self.accounts.get(&subject)?.unshared.swap(0, Ordering::Relaxed));
        subjects
            .into_iter()
            .filter_map(|subject| Some((subject, spent(subject)?)))
            .filter(|(_, n)| *n > 0)
            .collect()
    }

    /// Takes over what all replicas together have let through: the subject's arrival time lies this far ahead.
    pub fn take_over(&self, subject: Subject, ahead_nanos: u64) {
        let Some(account) = self.accounts.get(&subject) else { return };
        let now = self.now();
        if let Some(rate) = self.in_force(subject, &account, now) {
            let since = u64::from(account.unshared.load(Ordering::Relaxed)) * rate.interval();
            let arrival = now.saturating_add(ahead_nanos).saturating_add(since);
            account.arrival.fetch_max(arrival, Ordering::Relaxed);
        }
    }

    /// Evicts subjects that have their whole burst again.
    pub fn sweep(&self) {
        let now = self.now();
        self.accounts.retain(|_, account| {
            account.arrival.load(Ordering::Relaxed) > now || account.unshared.load(Ordering::Relaxed) > 0
        });
    }

    fn now(&self) -> u64 {
        // An hour of margin, so that the time 0 of a new account lies well in the past.
        let elapsed = u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        elapsed.saturating_add(3_600_000_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(per_second: u32) -> RateLimiter {
        let rate = Rate::per_second(per_second);
        RateLimiter::new(LimitsConfig { address: rate, user: None, key: rate, tenant: rate })
    }

    #[test]
    fn every_subject_has_an_account_of_its_own() {
        let limiter = limiter(1);
        let spend = |subject| limiter.spend(subject).unwrap().is_ok();
        let [one, two] = ["10.0.0.1", "10.0.0.2"].map(|text| Subject::address(text.parse().unwrap()));
        assert!(spend(one) && spend(one) && !spend(one));
        assert!(spend(two));
        assert!(spend(Subject::key(b"k")));
        assert!(limiter.spend(Subject::User(1)).is_none(), "no limit is set for people");
    }

    #[test]
    fn an_ipv6_customer_is_one_subject_and_a_mapped_address_is_the_ipv4_one() {
        let subject = |text: &str| Subject::address(text.parse().unwrap());
        assert_eq!(subject("2001:db8::1"), subject("2001:db8::ffff:1"));
        assert_ne!(subject("2001:db8::1"), subject("2001:db8:0:1::1"));
        assert_eq!(subject("::ffff:10.0.0.1"), subject("10.0.0.1"));
    }

    #[test]
    fn what_others_let_through_counts_here_too() {
        let limiter = limiter(10);
        let subject = Subject::key(b"k");
        assert!(limiter.spend(subject).unwrap().is_ok());
        assert_eq!(limiter.take_unshared(10), [(subject, 1)]);
        assert!(limiter.take_unshared(10).is_empty());

        limiter.take_over(subject, 2_000_000_000);

        assert!(limiter.spend(subject).unwrap().is_err());
    }

    #[test]
    fn a_rate_that_a_service_told_holds_where_it_is_the_slower_one_and_for_a_while() {
        let (subject, other) = (Subject::key(b"k"), Subject::key(b"o"));
        for usual in [0, 10_000] {
            let limiter = limiter(usual);
            assert!(limiter.spend(subject).is_none_or(|spent| spent.is_ok()));

            let limit_state = limiter.observe(subject, 20).unwrap();

            assert_eq!(limit_state, RateLimitState { limit: 40, remaining: 0, reset: 2 });
            assert!(limiter.take_unshared(10).is_empty(), "told at another price than it was bought");
            let (wait, _) = limiter.spend(subject).unwrap().unwrap_err();
            assert!((45_000_000..=50_000_000).contains(&wait), "{wait}");
            assert!(limiter.spend(other).is_none_or(|spent| spent.is_ok()));
            let account = || limiter.accounts.get(&subject).unwrap();
            account().arrival.fetch_sub(wait, Ordering::Relaxed);
            assert!(limiter.spend(subject).unwrap().is_ok());
            assert_eq!(limiter.rate(subject), Rate::per_second(20));
            account().own_until.store(limiter.now(), Ordering::Relaxed);
            assert_eq!(limiter.rate(subject), Rate::per_second(usual));
        }
        let limiter = limiter(1);
        limiter.observe(subject, 1_000);
        assert_eq!(limiter.rate(subject), Rate::per_second(1));
    }

    #[test]
    fn a_sweep_forgets_only_the_rested() {
        let limiter = limiter(1);
        let subject = Subject::key(b"k");
        while limiter.spend(subject).unwrap().is_ok() {}
        limiter.take_unshared(10);
        limiter.sweep();
        assert!(limiter.spend(subject).unwrap().is_err());
    }
}
