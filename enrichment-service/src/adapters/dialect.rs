//! The retry policy as data: the meaning of a provider's statuses. 402, 403 and 429 have no meaning that all share.

use std::time::Duration;

use chrono::{DateTime, Utc};
use platform::egress::Response;
use serde::{Deserialize, Serialize};

use super::Failure;

/// Longest wait that a provider may ask for.
const LONGEST_WAIT: u64 = 24 * 60 * 60;

/// Which HTTP statuses mean what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialect {
    /// Asked too often: wait and ask again.
    pub throttled: Option<Vec<u16>>,
    /// Nothing left to spend: not asked again before a person sees to it.
    pub out_of_credit: Option<Vec<u16>>,
    /// Nothing is known.
    pub not_found: Option<Vec<u16>>,
    /// The credential is dead.
    pub auth: Option<Vec<u16>>,
    /// The person asked to be forgotten.
    pub erase: Option<Vec<u16>>,
}

/// The meaning of an answer's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The answer is to be read.
    Answered,
    /// Nothing is known.
    NotFound,
    /// Asked too often; the seconds to wait, where it says so.
    Throttled(Option<u64>),
    /// Nothing left to spend.
    OutOfCredit,
    /// The credential is dead.
    Auth,
    /// The person asked to be forgotten.
    Erase,
    /// The answer is not ready yet.
    NotReady,
    /// The request is at fault.
    Refused,
    /// The provider is at fault.
    Down,
}

impl Dialect {
    /// The usual statuses.
    pub fn usual() -> Self {
        Self {
            throttled: Some(vec![429]),
            out_of_credit: Some(vec![402]),
            not_found: Some(vec![404]),
            auth: Some(vec![401, 403]),
            erase: Some(vec![451]),
        }
    }

    /// Hunter's: 403 means asked too often, 429 that the credits are used up.
    pub fn hunter() -> Self {
        Self {
            throttled: Some(vec![403]),
            out_of_credit: Some(vec![429, 402]),
            auth: Some(vec![401]),
            ..Self::usual()
        }
    }

    /// This dialect, where `own` says nothing else.
    pub fn with(self, own: Option<Self>) -> Self {
        let own = own.unwrap_or_default();
        Self {
            throttled: own.throttled.or(self.throttled),
            out_of_credit: own.out_of_credit.or(self.out_of_credit),
            not_found: own.not_found.or(self.not_found),
            auth: own.auth.or(self.auth),
            erase: own.erase.or(self.erase),
        }
    }

    /// The meaning of a status.
    pub fn meaning(&self, status: u16, retry_after: Option<u64>) -> Meaning {
        let is = |list: &Option<Vec<u16>>| list.as_ref().is_some_and(|list| list.contains(&status));
        if is(&self.erase) {
            Meaning::Erase
        } else if is(&self.throttled) {
            Meaning::Throttled(retry_after)
        } else if is(&self.out_of_credit) {
            Meaning::OutOfCredit
        } else if is(&self.auth) {
            Meaning::Auth
        } else if is(&self.not_found) {
            Meaning::NotFound
        } else {
            match status {
                202 => Meaning::NotReady,
                200..=299 => Meaning::Answered,
                408 | 425 | 500.. => Meaning::Down,
                429 => Meaning::Throttled(retry_after),
                _ => Meaning::Refused,
            }
        }
    }
}

impl Meaning {
    /// The failure that it is; none where there is something to read, or nothing is known.
    pub fn failure(self, name: &str, status: u16) -> Option<Failure> {
        Some(match self {
            Self::Answered | Self::NotFound => return None,
            Self::Throttled(after) => {
                Failure::passing("rate_limited", format!("{name} was asked too often.")).after(after)
            }
            Self::OutOfCredit => Failure::lasting("out_of_credit", format!("{name} has no credit left.")),
            Self::Auth => {
                Failure::lasting("reauth_required", format!("{name} does not accept the credentials."))
            }
            Self::Erase => {
                Failure::lasting("erased", format!("{name} says that the person asked to be forgotten."))
            }
            Self::NotReady => {
                Failure::passing("not_ready", format!("{name} is not done yet.")).after(Some(5))
            }
            Self::Refused => {
                Failure::lasting("refused", format!("{name} refused the question with status {status}."))
            }
            Self::Down => Failure::passing("server_error", format!("{name} answered with status {status}.")),
        })
    }
}

/// Seconds to wait, from `Retry-After` (seconds or a date) or a limit's reset.
pub fn retry_after(response: &Response) -> Option<u64> {
    let stated = response.header("retry-after").map(str::trim)?;
    let seconds = match stated.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let at = DateTime::parse_from_rfc2822(stated).ok()?;
            let wait = at.with_timezone(&Utc) - Utc::now();
            wait.to_std().map_or(0, |wait: Duration| wait.as_secs())
        }
    };
    Some(seconds.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_status_means_different_things() {
        let table = [
            (Dialect::usual(), 429, Meaning::Throttled(Some(3))),
            (Dialect::hunter(), 429, Meaning::OutOfCredit),
            (Dialect::usual(), 403, Meaning::Auth),
            (Dialect::hunter(), 403, Meaning::Throttled(Some(3))),
            (Dialect::usual(), 451, Meaning::Erase),
            (Dialect::usual(), 404, Meaning::NotFound),
            (Dialect::usual(), 402, Meaning::OutOfCredit),
            (Dialect::usual(), 202, Meaning::NotReady),
            (Dialect::usual(), 422, Meaning::Refused),
            (Dialect::usual(), 503, Meaning::Down),
            (Dialect::usual(), 200, Meaning::Answered),
        ];
        for (dialect, status, meaning) in table {
            assert_eq!(dialect.meaning(status, Some(3)), meaning, "{status} {dialect:?}");
        }
    }

    #[test]
    fn what_is_configured_comes_before_what_is_usual() {
        let own = Dialect { not_found: Some(vec![422]), ..Dialect::default() };
        let dialect = Dialect::usual().with(Some(own));
        assert_eq!(dialect.meaning(422, None), Meaning::NotFound);
        assert_eq!(dialect.meaning(404, None), Meaning::Refused);
        assert_eq!(dialect.meaning(429, None), Meaning::Throttled(None));
    }
}
