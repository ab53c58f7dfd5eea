//! Internal calls between services: a request and an answer type each, one file per callee.
//!
//! The caller's client and the callee's handler are both typed by these, so the two ends cannot drift.

pub mod accounts;
pub mod engagements;
pub mod enrichments;
pub mod identities;
pub mod mails;
pub mod owners;
pub mod permissions;
pub mod records;
pub mod service_accounts;
pub mod tenants;
pub mod users;

use std::borrow::Cow;

use serde::{Serialize, de::DeserializeOwned};

use crate::Service;

/// A request from one process to another.
pub trait InternalCall: Serialize + DeserializeOwned + 'static {
    /// What comes back with a 2xx.
    type Answer: Serialize + DeserializeOwned + 'static;
    /// Who answers it.
    const SERVICE: Service;
    /// HTTP method; an idempotent call is a PUT and may be retried.
    const METHOD: &'static str;
    /// Path with `{}` places, starting with `/internal/`.
    const TEMPLATE: &'static str;

    /// The path of this very request.
    fn path(&self) -> Cow<'static, str> {
        Cow::Borrowed(Self::TEMPLATE)
    }
}
