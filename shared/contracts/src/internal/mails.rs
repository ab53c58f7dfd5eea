//! Asked of auth-service, which sends the platform's own mails: take this one.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CallKind, InternalCall};
use crate::{Service, TenantId};

/// Takes a mail to be sent. Once answered it is stored and will be sent; asked again with the same `id` it is sent once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QueueMail {
    /// Chosen by the caller, kept with what causes the mail, so that asking twice sends one.
    pub id: Uuid,
    /// Address it goes to.
    pub to: String,
    /// The tenant that sends it. Absent in mails that were stored before tenants were counted.
    #[serde(default)]
    pub tenant_id: Option<TenantId>,
    /// What it says.
    pub mail: Mail,
}

/// What a mail says. The words around it are auth-service's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "template", rename_all = "snake_case")]
pub enum Mail {
    /// An invitation into a tenant.
    Invitation {
        /// Name of the tenant.
        tenant: String,
        /// Name or address of who invites.
        inviter: Option<String>,
        /// Name of the role.
        role: String,
        /// Where it is accepted, with its token. Sealed at rest.
        accept_url: String,
        /// After this the link is void, and the mail is not sent any more.
        expires_at: DateTime<Utc>,
    },
    /// A user joined a tenant without an invitation, such as its first admin.
    Welcome {
        /// Name of the tenant.
        tenant: String,
        /// Name of the role.
        role: String,
    },
}

/// The answer to [`QueueMail`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QueuedMail {
    /// Whether it was new; false when it had been taken before, or was not taken.
    pub is_new: bool,
    /// Seconds after which to ask again: too many mails went to the address, or on behalf of the tenant. It was not taken.
    #[serde(default)]
    pub wait_seconds: Option<u64>,
}

impl InternalCall for QueueMail {
    type Answer = QueuedMail;
    const SERVICE: Service = Service::Auth;
    const KIND: CallKind = CallKind::Put;
    const TEMPLATE: &'static str = "/internal/mails";
}

/// May a mail go to this address on behalf of this tenant now? Asked before something is accepted that sends one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckMailLimits {
    /// Address it would go to.
    pub to: String,
    /// The tenant.
    pub tenant_id: TenantId,
}

/// The answer to [`CheckMailLimits`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MailStanding {
    /// Seconds to wait; none when a mail may go now.
    pub wait_seconds: Option<u64>,
}

impl InternalCall for CheckMailLimits {
    type Answer = MailStanding;
    const SERVICE: Service = Service::Auth;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/mails/limits";
}
