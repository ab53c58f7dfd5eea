//! Attempt counters and the wait that follows from them. Pure.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use platform::Problem;
use sha2::{Digest, Sha256};

use crate::tokens::Fingerprint;

/// Failures this long ago are forgotten.
pub const WINDOW: Duration = Duration::from_secs(60 * 60);
const FIRST_WAIT: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Wrong passwords and codes. They are forgotten an hour after the last one, and those of a pair with the right password.
    Guesses,
    /// Requests that cost a hash or send a mail, whatever comes of them. They are forgotten as fast as they are free.
    Requests,
}

/// How many attempts of one kind are free within an hour; 0 is no limit.
#[derive(Clone, Copy, Debug)]
pub struct Tries {
    /// Of one account from one address.
    pub pair: u32,
    /// Of one account from addresses it was not used from before.
    pub account: u32,
    /// From one address, of accounts that were not used from it before.
    pub address: u32,
}

/// What an attempt is counted under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subjects {
    /// The account from this address.
    pub pair: Fingerprint,
    /// The account.
    pub account: Fingerprint,
    /// The address; none where it is not known. Callers without one have nothing in common that could be counted.
    pub address: Option<Fingerprint>,
}

impl Subjects {
    /// Of a guess at `account` from `address`. The account need not exist.
    pub fn of(account: &str, address: Option<&str>) -> Self {
        Self::counted(Kind::Guesses, account, address)
    }

    /// Of an attempt of this kind. What is counted of one kind does not count for the other.
    pub fn counted(kind: Kind, account: &str, address: Option<&str>) -> Self {
        let address = address.and_then(network);
        let prefix = match kind {
            Kind::Guesses => "",
            Kind::Requests => "request ",
        };
        let hash = |what: &str, parts: &[&str]| {
            Sha256::digest(format!("{prefix}{what}\n{}", parts.join("\n"))).into()
        };
        Self {
            pair: hash("pair", &[account, address.as_deref().unwrap_or_default()]),
            account: hash("account", &[account]),
            address: address.as_deref().map(|address| hash("address", &[address])),
        }
    }

    /// Each subject with the number of attempts that is forgotten within an hour, in the order of [`Subjects::all`].
    pub fn forgotten(&self, kind: Kind, tries: Tries) -> Vec<(Fingerprint, u32)> {
        let own = [(self.pair, tries.pair), (self.account, tries.account)];
        let shared = self.address.map(|address| (address, tries.address));
        let mut all: Vec<_> = own.into_iter().chain(shared).collect();
        if kind == Kind::Guesses {
            all.iter_mut().for_each(|(_, per_hour)| *per_hour = 0);
        }
        all.sort_unstable();
        all
    }

    /// All of them, always in the same order, so that locks are taken in the same order.
    pub fn all(&self) -> Vec<Fingerprint> {
        let mut all: Vec<_> = [self.pair, self.account].into_iter().chain(self.address).collect();
        all.sort_unstable();
        all
    }
}

/// The network that counts as one address: who has one address of IPv6 has the 2^64 beside it. None for text that is no
/// address, such as an empty one.
pub fn network(address: &str) -> Option<String> {
    Some(match address.trim().parse().ok()? {
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => Ipv6Addr::from(u128::from(v6) >> 64 << 64).to_string(),
        },
        IpAddr::V4(v4) => v4.to_string(),
    })
}

/// Failures counted under one subject.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// How many.
    pub failures: u32,
    /// How long ago the last one was.
    pub age: Duration,
}

impl Count {
    /// How long to wait yet: nothing for the first `free` failures, then half a minute after each, twice as long each
    /// time up to a quarter of an hour.
    fn wait(self, free: u32) -> Option<Duration> {
        if free == 0 || self.failures < free || self.age >= WINDOW {
            return None;
        }
        let doublings = (self.failures - free).min(10);
        let wait = (FIRST_WAIT * 2_u32.pow(doublings)).min(LONGEST_WAIT);
        wait.checked_sub(self.age).filter(|left| !left.is_zero())
    }
}

/// What is counted for one attempt.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Of the account from this address.
    pub pair: Count,
    /// Of the account.
    pub account: Count,
    /// From the address.
    pub address: Count,
}

/// How long an attempt has to wait; none where it may be made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// In all.
    pub whole: Option<Duration>,
    /// Because of what was tried from its address, whatever account that was for.
    pub address: Option<Duration>,
}

impl Counts {
    /// The waits that follow. `is_familiar`: the account was used from this address before, so that what others do does not
    /// concern it.
    pub fn waits(self, tries: Tries, is_familiar: bool) -> Waits {
        let own = self.pair.wait(tries.pair);
        if is_familiar {
            return Waits { whole: own, address: None };
        }
        let address = self.address.wait(tries.address);
        Waits { whole: own.max(self.account.wait(tries.account)).max(address), address }
    }
}

impl Kind {
    /// 429: an attempt of this kind has to wait.
    pub fn throttled(self, wait: Duration) -> Problem {
        let detail = match self {
            Self::Guesses => {
                "Too many wrong passwords lately. Try again later, or ask for a new password by mail."
            }
            Self::Requests => "Too many requests of this kind lately. Try again later.",
        };
        Problem::throttled(wait.as_secs() + 1, detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRIES: Tries = Tries { pair: 10, account: 100, address: 300 };

    fn count(failures: u32, seconds: u64) -> Count {
        Count { failures, age: Duration::from_secs(seconds) }
    }

    #[test]
    fn the_first_failures_are_free_and_then_each_costs_twice_the_time() {
        assert_eq!(count(9, 0).wait(10), None);
        assert_eq!(count(10, 0).wait(10), Some(Duration::from_secs(30)));
        assert_eq!(count(12, 20).wait(10), Some(Duration::from_secs(100)));
        assert_eq!(count(40, 0).wait(10), Some(LONGEST_WAIT));
        assert_eq!(count(10, 31).wait(10), None);
        assert_eq!(count(10, 3_600).wait(10), None);
        assert_eq!(count(10, 0).wait(0), None);
    }

    #[test]
    fn what_others_do_elsewhere_does_not_concern_somebody_at_a_familiar_address() {
        let attacked = Counts { account: count(1_000, 0), address: count(1_000, 0), ..Counts::default() };

        assert_eq!(attacked.waits(TRIES, true), Waits::default());
        let longest = Some(LONGEST_WAIT);
        assert_eq!(attacked.waits(TRIES, false), Waits { whole: longest, address: longest });
    }

    #[test]
    fn ones_own_failures_count_at_a_familiar_address_too() {
        let counts = Counts { pair: count(11, 10), ..Counts::default() };
        let wait = counts.waits(TRIES, true).whole.unwrap();
        let problem = Kind::Guesses.throttled(wait);

        assert_eq!((problem.status.as_u16(), problem.retry_after), (429, Some(51)));
    }

    #[test]
    fn requests_do_not_count_as_guesses() {
        let of = |kind| Subjects::counted(kind, "ada@example.com", Some("203.0.113.7"));
        let (guesses, requests) = (of(Kind::Guesses).all(), of(Kind::Requests).all());
        assert!(guesses.iter().all(|subject| !requests.contains(subject)));
        assert_eq!(of(Kind::Guesses), Subjects::of("ada@example.com", Some("203.0.113.7")));
    }

    #[test]
    fn requests_are_forgotten_as_fast_as_they_are_free_and_guesses_all_at_once() {
        let subjects = Subjects::of("ada@example.com", Some("203.0.113.7"));
        let forgotten = subjects.forgotten(Kind::Requests, TRIES);
        let address = subjects.address.unwrap();
        assert!(forgotten.contains(&(subjects.pair, 10)) && forgotten.contains(&(address, 300)));
        assert!(subjects.forgotten(Kind::Guesses, TRIES).iter().all(|(_, per_hour)| *per_hour == 0));
        assert_eq!(forgotten.iter().map(|(subject, _)| *subject).collect::<Vec<_>>(), subjects.all());
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one() {
        let of = |address| Subjects::of("ada@example.com", Some(address));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:203.0.113.7"), of("203.0.113.7"));
        assert_ne!(of("203.0.113.7"), of("203.0.113.8"));
    }

    #[test]
    fn an_address_that_is_not_known_is_none_and_not_one_that_many_share() {
        for unknown in [None, Some(""), Some(" "), Some("unknown"), Some("203.0.113")] {
            let (ada, eve) =
                (Subjects::of("ada@example.com", unknown), Subjects::of("eve@example.com", unknown));
            assert_eq!((ada.address, ada.all().len()), (None, 2), "{unknown:?}");
            assert!(ada.all().iter().all(|subject| !eve.all().contains(subject)), "{unknown:?}");
            assert_eq!(ada, Subjects::of("ada@example.com", None), "{unknown:?}");
        }
        assert_eq!(network(" 203.0.113.7 ").as_deref(), Some("203.0.113.7"));
    }
}
