//! Asked of tenant-service: put this into the audit of who did what to identity and access.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::InternalCall;
use crate::{Service, TenantId, UserId, events::Actor};

/// Records what happened. Idempotent by each occurrence's id; to be kept and sent again until it is answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordOccurrences {
    /// What happened, at most 200.
    pub occurrences: Vec<Occurrence>,
}

/// Whose audit something belongs into.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Concern {
    /// One tenant's.
    Tenant {
        /// The tenant.
        id: TenantId,
    },
    /// That of every tenant a person belongs to, such as for a sign-in.
    Person {
        /// The person.
        id: UserId,
    },
}

/// Something that was done to identity or access, or was tried.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Occurrence {
    /// Unique and time-ordered (UUIDv7).
    pub id: Uuid,
    /// Whose audit it belongs into.
    pub concerns: Concern,
    /// `Session.CREATE`, `Session.REFUSED`, `User.password.UPDATE`, ….
    pub action: String,
    /// `Session`, `User`, ….
    pub entity_type: String,
    /// Which one.
    pub entity_id: Option<Uuid>,
    /// Who did it.
    pub actor: Actor,
    /// What else is to be said. Nothing secret.
    pub details: Option<Value>,
    /// Id of the request that did it.
    pub request_id: Option<String>,
    /// Address of the client.
    pub client_address: Option<String>,
    /// When.
    pub occurred_at: DateTime<Utc>,
}

/// The answer to [`RecordOccurrences`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordedOccurrences {
    /// How many entries were new; one for each tenant concerned.
    pub recorded: usize,
}

impl InternalCall for RecordOccurrences {
    type Answer = RecordedOccurrences;
    const SERVICE: Service = Service::Tenant;
    const METHOD: &'static str = "PUT";
    const TEMPLATE: &'static str = "/internal/audit";
}
