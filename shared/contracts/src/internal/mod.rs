//! Internal calls between services: a request and an answer type each, one file per callee.
//!
//! The caller's client and the callee's handler are both typed by these, so the two ends cannot drift.

pub mod accounts;
pub mod engagements;
pub mod enrichments;
pub mod identities;
pub mod mails;
pub mod moves;
pub mod owners;
pub mod permissions;
pub mod records;
pub mod service_accounts;
pub mod tenants;
pub mod users;

use std::borrow::Cow;

use serde::{Serialize, de::DeserializeOwned};

use crate::Service;

/// What is known of a call beforehand, which decides whether it may be sent a second time when its answer is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// A question in a body: asked twice, it changes nothing more. A POST.
    Ask,
    /// It is idempotent: sent twice, it does what it does once.
    Put,
    /// Sent twice, it might do its work twice.
    Once,
}

impl CallKind {
    /// HTTP method.
    pub const fn method(self) -> &'static str {
        match self {
            Self::Put => "PUT",
            Self::Ask | Self::Once => "POST",
        }
    }

    /// Whether a call with an unknown outcome may be sent again.
    pub const fn is_repeatable(self) -> bool {
        matches!(self, Self::Ask | Self::Put)
    }
}

/// A request from one process to another.
pub trait InternalCall: Serialize + DeserializeOwned + 'static {
    /// What comes back with a 2xx.
    type Answer: Serialize + DeserializeOwned + 'static;
    /// Who answers it.
    const SERVICE: Service;
    /// Whether it may be sent a second time.
    const KIND: CallKind;
    /// HTTP method.
    const METHOD: &'static str = Self::KIND.method();
    /// Path with `{}` places, starting with `/internal/`.
    const TEMPLATE: &'static str;

    /// The path of this very request.
    fn path(&self) -> Cow<'static, str> {
        Cow::Borrowed(Self::TEMPLATE)
    }
}
