//! Outcome of a delivery by the receiver's answer.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::AsChangeset;
use platform::{
    egress::{EgressError, Response},
    text_enum,
    worker::backoff,
};

use crate::schema::deliveries;

/// Tries before a delivery is given up.
pub const TRIES: i32 = 8;
/// Upper limit of `Retry-After`.
const RETRY_AFTER_LIMIT: TimeDelta = TimeDelta::hours(24);
/// Stored part of an answer, in bytes.
const KEPT: usize = 2_048;
/// Status with which a receiver unsubscribes.
const GONE: i32 = 410;

text_enum! {
    /// Transport of a delivery.
    DeliveryKind {
        /// Webhook.
        Webhook = "webhook",
    }
}

text_enum! {
    /// State of a delivery.
    DeliveryStatus {
        /// Waiting for its next try.
        Pending = "pending",
        /// Being sent.
        InProgress = "in_progress",
        /// Answered with a 2xx.
        Succeeded = "succeeded",
        /// Given up, with the reason.
        Failed = "failed",
        /// Its endpoint was switched off or deleted.
        Cancelled = "cancelled",
    }
}

/// Result of a try, as it is stored.
#[derive(Clone, Debug, PartialEq, AsChangeset)]
#[diesel(table_name = deliveries, treat_none_as_null = true)]
pub struct Outcome {
    /// State of the delivery after it.
    pub status: DeliveryStatus,
    /// Time of the next try, if there is one.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// HTTP status of the answer.
    pub last_status_code: Option<i32>,
    /// Beginning of the answer.
    pub last_response: Option<String>,
    /// Error, if it failed.
    pub last_error: Option<String>,
    /// Time of the successful answer.
    pub delivered_at: Option<DateTime<Utc>>,
}

impl Outcome {
    /// Outcome of the `attempt`-th try. A redirect is a failure: the body is signed for one address only.
    pub fn of(result: Result<Response, EgressError>, attempt: i32, now: DateTime<Utc>) -> Self {
        let response = match result {
            Ok(response) => response,
            Err(error) => {
                let message = format!("{}: {error}", error.code());
                // During a restart of the receiver, a proxy in front of it may answer with something other than HTTP.
                let may_pass = error.is_retryable() || matches!(error, EgressError::Malformed { .. });
                return if may_pass {
                    Self::again(message, attempt, now, None)
                } else {
                    Self::ended(DeliveryStatus::Failed, message)
                };
            }
        };
        let code = response.status.as_u16();
        let answered = |outcome: Self| Self {
            last_status_code: Some(i32::from(code)),
            last_response: Some(kept(&response.body)),
            ..outcome
        };
        let refused = || format!("The receiver answered {code}.");
        answered(match code {
            200..=299 => Self {
                status: DeliveryStatus::Succeeded,
                next_attempt_at: None,
                last_status_code: None,
                last_response: None,
                last_error: None,
                delivered_at: Some(now),
            },
            410 => Self::ended(DeliveryStatus::Failed, refused()),
            429 | 503 => {
                let asked = response.header("retry-after").and_then(|text| retry_after(text, now));
                Self::again(refused(), attempt, now, asked)
            }
            _ => Self::again(refused(), attempt, now, None),
        })
    }

    /// Final outcome.
    pub fn ended(status: DeliveryStatus, message: impl Into<String>) -> Self {
        Self {
            status,
            next_attempt_at: None,
            last_status_code: None,
            last_response: None,
            last_error: Some(message.into()),
            delivered_at: None,
        }
    }

    /// Retry at the time that the receiver asked for or after the usual pause; final after the last try.
    pub fn again(
        message: impl Into<String>,
        attempt: i32,
        now: DateTime<Utc>,
        asked: Option<TimeDelta>,
    ) -> Self {
        if attempt >= TRIES {
            return Self::ended(DeliveryStatus::Failed, message);
        }
        let pause = asked.unwrap_or_else(|| delta(backoff(attempt)));
        Self {
            status: DeliveryStatus::Pending,
            next_attempt_at: Some(now + pause),
            ..Self::ended(DeliveryStatus::Pending, message)
        }
    }

    /// Whether the receiver has unsubscribed.
    pub fn endpoint_is_gone(&self) -> bool {
        self.last_status_code == Some(GONE)
    }
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(RETRY_AFTER_LIMIT)
}

/// Pause by `Retry-After`, in seconds or as a date (RFC 9110), at least a second and at most a day.
fn retry_after(text: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
    let text = text.trim();
    let asked = match text.parse::<u32>() {
        Ok(seconds) => TimeDelta::seconds(i64::from(seconds)),
        Err(_) => DateTime::parse_from_rfc2822(text).ok()?.with_timezone(&Utc) - now,
    };
    Some(asked.clamp(TimeDelta::seconds(1), RETRY_AFTER_LIMIT))
}

/// The beginning of an answer as text that PostgreSQL can store.
fn kept(body: &[u8]) -> String {
    String::from_utf8_lossy(body.get(..KEPT).unwrap_or(body)).replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn seconds(outcome: &Outcome) -> Option<i64> {
        outcome.next_attempt_at.map(|at| (at - NOW).num_seconds())
    }

    #[test]
    fn retry_after_is_read_in_seconds_and_as_a_date_and_is_bounded() {
        assert_eq!(retry_after("120", NOW), Some(TimeDelta::seconds(120)));
        assert_eq!(retry_after("Thu, 01 Jan 1970 00:05:00 GMT", NOW), Some(TimeDelta::minutes(5)));
        assert_eq!(retry_after("4000000", NOW), Some(TimeDelta::hours(24)));
        assert_eq!(retry_after("Fri, 01 Jan 1999 00:00:00 GMT", NOW), Some(TimeDelta::hours(24)));
        assert_eq!(retry_after("0", NOW), Some(TimeDelta::seconds(1)));
        assert_eq!(retry_after("Wed, 31 Dec 1969 00:00:00 GMT", NOW), Some(TimeDelta::seconds(1)));
        assert_eq!(retry_after("soon", NOW), None);
        assert_eq!(retry_after("-5", NOW), None);
    }

    #[test]
    fn what_may_pass_is_tried_again_and_what_cannot_is_not() {
        let again = Outcome::of(Err(EgressError::Timeout(Duration::from_secs(10))), 1, NOW);
        assert_eq!(again.status, DeliveryStatus::Pending);
        assert!((1..=3).contains(&seconds(&again).unwrap()));

        let garbage = EgressError::Malformed { host: "r.example".into(), cause: "no HTTP".into() };
        assert_eq!(Outcome::of(Err(garbage), 1, NOW).status, DeliveryStatus::Pending);

        let blocked = EgressError::Blocked { host: "10.0.0.1".into(), reason: "a private address" };
        let ended = Outcome::of(Err(blocked), 1, NOW);
        assert_eq!((ended.status, ended.next_attempt_at), (DeliveryStatus::Failed, None));
        assert!(ended.last_error.unwrap().starts_with("blocked: "));
    }

    #[test]
    fn the_eighth_failure_is_the_last() {
        assert_eq!(Outcome::again("no", TRIES - 1, NOW, None).status, DeliveryStatus::Pending);
        let last = Outcome::again("no", TRIES, NOW, Some(TimeDelta::seconds(1)));
        assert_eq!((last.status, last.next_attempt_at), (DeliveryStatus::Failed, None));
    }

    #[test]
    fn an_answer_is_kept_as_text_without_nul() {
        assert_eq!(kept(b"a\0b"), "a\u{fffd}b");
        assert_eq!(kept(&[b'x'; 5_000]).len(), KEPT);
        assert!(kept(&[0xff; 10]).chars().all(|c| c == '\u{fffd}'));
    }
}
