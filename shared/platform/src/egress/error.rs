//! Why there is no answer from a user-given address, in words its user may see.

use std::{error::Error, io, time::Duration};

use url::Url;

use super::guard::Blocked;

/// Why there is no answer. The sentences name nothing that the address's giver did not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// It leads somewhere that is not public.
    #[error("{host} leads to {reason}, which is not reached")]
    Blocked {
        /// Host as written in the address.
        host: String,
        /// What kind of address that is, such as `a private address`.
        reason: &'static str,
    },
    /// It is no http or https address with a host and without a password.
    #[error("{0:?} is not a web address")]
    BadAddress(String),
    /// A header that HTTP cannot carry.
    #[error("the header {0:?} cannot be sent")]
    BadHeader(String),
    /// Nothing is known under that name.
    #[error("{0} has no address")]
    Unresolvable(String),
    /// No connection, or one that broke off.
    #[error("{host} cannot be reached: {cause}")]
    Unreachable {
        /// Host as written in the address.
        host: String,
        /// What the connection said.
        cause: String,
    },
    /// No whole answer in time.
    #[error("there was no whole answer within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    /// The answer is larger than the limit in bytes.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// One redirect after another, more than this many.
    #[error("there were more than {0} redirects")]
    TooManyRedirects(u32),
    /// The answer is not HTTP, or its encoding is broken.
    #[error("{host} answered something that cannot be read: {cause}")]
    Malformed {
        /// Host as written in the address.
        host: String,
        /// What is wrong with it.
        cause: String,
    },
}

impl EgressError {
    /// Stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Blocked { .. } => "blocked",
            Self::BadAddress(_) => "bad_address",
            Self::BadHeader(_) => "bad_header",
            Self::Unresolvable(_) => "unresolvable",
            Self::Unreachable { .. } => "unreachable",
            Self::Timeout(_) => "timeout",
            Self::TooLarge(_) => "too_large",
            Self::TooManyRedirects(_) => "too_many_redirects",
            Self::Malformed { .. } => "malformed",
        }
    }

    /// Whether another try may end differently.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Unresolvable(_) | Self::Unreachable { .. } | Self::Timeout(_))
    }

    pub(super) fn of_transport(error: &reqwest::Error, url: &Url) -> Self {
        let host = host(url);
        let mut deepest = error.to_string();
        let mut is_garbage = error.is_decode();
        let mut source = error.source();
        while let Some(cause) = source {
            if let Some(Blocked(reason)) = cause.downcast_ref() {
                return Self::Blocked { host, reason };
            }
            if let Some(error) = cause.downcast_ref::<hyper::Error>() {
                is_garbage = error.is_parse();
            }
            if let Some(error) = cause.downcast_ref::<io::Error>() {
                is_garbage |=
                    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData);
            }
            deepest = cause.to_string();
            source = cause.source();
        }
        if error.is_dns() {
            Self::Unresolvable(host)
        } else if is_garbage {
            Self::Malformed { host, cause: deepest }
        } else {
            Self::Unreachable { host, cause: deepest }
        }
    }
}

/// The host as written in the address.
pub(super) fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}
