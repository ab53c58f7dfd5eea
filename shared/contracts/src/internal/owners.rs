//! Calls to lead-service about a record's owners.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CallKind, InternalCall};
use crate::{Service, TenantId, UserId};

/// Kinds of records that can be asked about, as permissions name them.
pub const KINDS: [&str; 9] =
    ["leads", "accounts", "contacts", "deals", "activities", "tasks", "customers", "orders", "issues"];

/// Looks up a record's owners.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FindOwners {
    /// The tenant.
    pub tenant_id: TenantId,
    /// One of [`KINDS`].
    pub kind: String,
    /// The record.
    pub id: Uuid,
}

/// The answer to [`FindOwners`], when there is such a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundOwners {
    /// Its owners: the assignee and the creator.
    pub owners: Vec<UserId>,
}

impl InternalCall for FindOwners {
    type Answer = Option<FoundOwners>;
    const SERVICE: Service = Service::Lead;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/owners";
}
