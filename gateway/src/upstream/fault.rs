//! Failures between the gateway and a service, and the problems they become.

use actix_web::http::StatusCode;
use contracts::Service;
use platform::Problem;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The service has failed too often just now.
    #[error("the service is being left alone after failures")]
    Open,
    /// More requests are in flight than allowed.
    #[error("too many requests are in flight")]
    Full,
    /// No connection: the request was not sent.
    #[error("no connection: {0}")]
    Connect(std::io::Error),
    /// A connection that had been idle was gone: the service has most likely not seen the request.
    #[error("an idle connection was gone")]
    Stale,
    /// The connection broke after the request was sent.
    #[error("the connection broke: {0}")]
    Broken(std::io::Error),
    /// The answer is not HTTP as we speak it.
    #[error("the answer cannot be read: {0}")]
    Unreadable(&'static str),
    /// No answer in time.
    #[error("no answer in time")]
    Late,
    /// The caller's body.
    #[error("the caller's body: {0:?}")]
    Upload(UploadFault),
}

/// What was wrong with the caller's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadFault {
    /// Longer than this many bytes.
    TooLarge(u64),
    /// It took too long to arrive.
    TooSlow,
    /// It broke off.
    BrokenOff,
}

impl Fault {
    /// Whether the service itself failed, for its breaker.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Connect(_) | Self::Late)
    }

    /// The problem that the caller gets.
    pub fn problem(&self, service: Service) -> Problem {
        let cause = format!("{service}: {self}");
        match self {
            Self::Upload(fault) => Problem { cause: Some(cause), ..fault.problem() },
            Self::Late => Problem {
                code: "upstream_timeout",
                detail: "The service did not answer in time. The request may have been carried out."
                    .to_owned(),
                ..Problem::unavailable(cause)
            },
            Self::Broken(_) | Self::Unreadable(_) => Problem {
                code: "upstream_broken",
                detail: "The service broke off. The request may have been carried out.".to_owned(),
                ..Problem::unavailable(cause)
            },
            Self::Open | Self::Full | Self::Connect(_) | Self::Stale => Problem::unavailable(cause),
        }
    }
}

impl UploadFault {
    /// The problem that the caller gets.
    pub fn problem(self) -> Problem {
        match self {
            Self::TooLarge(limit) => {
                Problem::too_large("body_too_large", format!("The body may have at most {limit} bytes."))
            }
            Self::TooSlow => {
                Problem::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow", "The body took too long.")
            }
            Self::BrokenOff => {
                Problem::bad_request("body_truncated", "The request body ended before it was complete.")
            }
        }
    }
}
