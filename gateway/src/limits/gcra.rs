//! The generic cell rate algorithm: one number per subject, its theoretical arrival time, says how much is spent.

/// How fast a subject may go. Times are in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    interval: u64,
    burst: u32,
}

/// Where a subject stands after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimitState {
    /// Requests it may make at once when it has rested.
    pub limit: u32,
    /// How many of them are left.
    pub remaining: u32,
    /// Seconds until all of them are.
    pub reset: u64,
}

/// What becomes of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is let through; the subject's arrival time becomes this.
    Allowed(u64, RateLimitState),
    /// It is not, and not before this many nanoseconds have passed.
    Refused(u64, RateLimitState),
}

impl Rate {
    /// So many a second and twice as many in a burst; none for 0, which means no limit.
    pub fn per_second(count: u32) -> Option<Self> {
        let interval = 1_000_000_000_u64.checked_div(u64::from(count))?.max(1);
        Some(Self { interval, burst: count.saturating_mul(2) })
    }

    /// Nanoseconds that one request costs.
    pub const fn interval(self) -> u64 {
        self.interval
    }

    /// Requests that may be made at once.
    pub const fn burst(self) -> u32 {
        self.burst
    }

    /// The slower of two.
    pub fn slower(self, other: Self) -> Self {
        if self.interval > other.interval { self } else { other }
    }

    /// How far ahead of the clock an arrival time may lie, in nanoseconds: two seconds, whatever the rate.
    pub(super) fn tolerance(self) -> u64 {
        self.interval.saturating_mul(u64::from(self.burst))
    }

    /// Where a subject with this arrival time stands.
    pub(super) fn limit_state(self, arrival: u64, now: u64) -> RateLimitState {
        let spent = arrival.saturating_sub(now);
        let left = self.tolerance().saturating_sub(spent) / self.interval;
        RateLimitState {
            limit: self.burst,
            remaining: u32::try_from(left).unwrap_or(u32::MAX),
            reset: spent.div_ceil(1_000_000_000),
        }
    }

    /// Decides about a request made `now` by a subject with this arrival time.
    pub fn decide(self, arrival: u64, now: u64) -> Verdict {
        let next = arrival.max(now).saturating_add(self.interval);
        let ahead = next - now;
        if ahead > self.tolerance() {
            Verdict::Refused(ahead - self.tolerance(), self.limit_state(arrival, now))
        } else {
            Verdict::Allowed(next, self.limit_state(next, now))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn spend(rate: Rate, arrival: &mut u64, now: u64) -> bool {
        match rate.decide(*arrival, now) {
            Verdict::Allowed(next, _) => {
                *arrival = next;
                true
            }
            Verdict::Refused(..) => false,
        }
    }

    #[test]
    fn a_burst_of_twice_the_rate_is_let_through_and_no_more() {
        let rate = Rate::per_second(10).unwrap();
        let mut arrival = 0;
        let allowed = (0..50).filter(|_| spend(rate, &mut arrival, SECOND)).count();
        assert_eq!(allowed, 20);
    }

    #[test]
    fn over_time_exactly_the_rate_is_let_through() {
        let rate = Rate::per_second(10).unwrap();
        let mut arrival = 0;
        let asked_every_millisecond = (0..10_000_u64).map(|ms| SECOND + ms * 1_000_000);
        let allowed = asked_every_millisecond.filter(|now| spend(rate, &mut arrival, *now)).count();
        assert_eq!(allowed, 20 + 99, "the burst, then one each tenth of a second");
    }

    #[test]
    fn a_refusal_says_when_to_come_back_and_coming_back_then_works() {
        let rate = Rate::per_second(10).unwrap();
        let mut arrival = 0;
        while spend(rate, &mut arrival, SECOND) {}
        let Verdict::Refused(wait, limit_state) = rate.decide(arrival, SECOND) else { panic!("not refused") };
        assert_eq!(limit_state, RateLimitState { limit: 20, remaining: 0, reset: 2 });
        assert!(!spend(rate, &mut arrival, SECOND + wait - 1));
        assert!(spend(rate, &mut arrival, SECOND + wait));
    }

    #[test]
    fn the_standing_counts_down() {
        let rate = Rate::per_second(5).unwrap();
        let Verdict::Allowed(_, limit_state) = rate.decide(0, SECOND) else { panic!("not allowed") };
        assert_eq!(limit_state, RateLimitState { limit: 10, remaining: 9, reset: 1 });
    }

    #[test]
    fn no_rate_is_no_limit() {
        assert_eq!(Rate::per_second(0), None);
    }
}
