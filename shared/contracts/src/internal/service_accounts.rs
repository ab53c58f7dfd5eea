//! Asked of auth-service: may an outside worker still come in?

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CallKind, InternalCall};
use crate::Service;

/// Checks that a service account is active. Services that accept service tokens cache the answer for seconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckServiceAccount {
    /// The account, from the token's `sub`.
    pub id: Uuid,
}

/// The answer to [`CheckServiceAccount`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ServiceAccountStanding {
    /// False for one that was switched off, deleted or never was.
    pub active: bool,
}

impl InternalCall for CheckServiceAccount {
    type Answer = ServiceAccountStanding;
    const SERVICE: Service = Service::Auth;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/service-accounts/check";
}
