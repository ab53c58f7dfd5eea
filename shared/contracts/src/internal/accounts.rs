//! Asked of lead-service: fill an account with what was found about it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CallKind, InternalCall};
use crate::{
    Service, TenantId,
    write::{FilledField, FoundFields},
};

/// Fills the account's empty fields; what a person wrote stays. Idempotent by `request_id`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FillAccount {
    /// Owning tenant.
    pub tenant_id: TenantId,
    /// The account.
    pub account_id: Uuid,
    /// Id of the enrichment job; a second call with it changes nothing more.
    pub request_id: Uuid,
    /// Name of the source, such as `website`.
    pub provider: String,
    /// What was found.
    pub found: FoundFields,
}

/// The answer to [`FillAccount`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FilledAccount {
    /// The fields that were empty and now are not.
    pub filled: Vec<FilledField>,
}

impl InternalCall for FillAccount {
    type Answer = FilledAccount;
    const SERVICE: Service = Service::Lead;
    const KIND: CallKind = CallKind::Put;
    const TEMPLATE: &'static str = "/internal/accounts/fill";
}
