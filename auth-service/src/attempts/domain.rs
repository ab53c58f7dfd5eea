//! What is counted and how long one has to wait. Pure.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use platform::Problem;
use sha2::{Digest, Sha256};

use crate::secrets::Fingerprint;

/// Failures this long ago are forgotten.
pub const WINDOW: Duration = Duration::from_secs(60 * 60);
const FIRST_WAIT: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// How many wrong passwords are free within an hour; 0 is no limit.
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
    /// The address.
    pub address: Fingerprint,
}

impl Subjects {
    /// Of an attempt at `account` from `address`. The account need not exist.
    pub fn of(account: &str, address: Option<&str>) -> Self {
        let address = network(address.unwrap_or_default());
        let hash = |parts: &[&str]| Sha256::digest(parts.join("\n")).into();
        Self {
            pair: hash(&["pair", account, &address]),
            account: hash(&["account", account]),
            address: hash(&["address", &address]),
        }
    }

    /// All of them, in one order for everybody.
    pub fn all(&self) -> [Fingerprint; 3] {
        let mut all = [self.pair, self.account, self.address];
        all.sort_unstable();
        all
    }
}

/// Who has one address of IPv6 has the 2^64 beside it.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => Ipv6Addr::from(u128::from(v6) >> 64 << 64).to_string(),
        },
        _ => address.to_owned(),
    }
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

impl Counts {
    /// Whether the attempt may be made. `is_familiar`: the account was used from this address before.
    ///
    /// # Errors
    /// 429 with the time to wait.
    pub fn judge(self, tries: Tries, is_familiar: bool) -> Result<(), Problem> {
        let own = self.pair.wait(tries.pair);
        let of_others = || self.account.wait(tries.account).max(self.address.wait(tries.address));
        match if is_familiar { own } else { own.max(of_others()) } {
            None => Ok(()),
            Some(wait) => Err(Problem::throttled(
                wait.as_secs() + 1,
                "Too many wrong passwords lately. Try again later, or ask for a new password by mail.",
            )),
        }
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

        assert!(attacked.judge(TRIES, true).is_ok());
        assert_eq!(attacked.judge(TRIES, false).unwrap_err().status, 429);
    }

    #[test]
    fn ones_own_failures_count_at_a_familiar_address_too() {
        let problem = Counts { pair: count(11, 10), ..Counts::default() }.judge(TRIES, true).unwrap_err();

        assert_eq!((problem.status.as_u16(), problem.retry_after), (429, Some(51)));
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one() {
        let of = |address| Subjects::of("ada@example.com", Some(address));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:203.0.113.7"), of("203.0.113.7"));
        assert_ne!(of("203.0.113.7"), of("203.0.113.8"));
    }
}
