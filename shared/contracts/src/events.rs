//! Events: changes that are published to every subscribed service.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{Service, TenantId, UserId};

/// What happened to the entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Action {
    /// It came to be.
    Create,
    /// It changed, a restore included.
    Update,
    /// It was deleted (softly).
    Delete,
}

impl Action {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }
}

/// Who made a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// A signed-in person.
    User {
        /// The person.
        id: UserId,
    },
    /// A holder of an API key.
    ApiKey {
        /// The key.
        id: Uuid,
    },
    /// A process of the platform.
    Service {
        /// Which one.
        name: Service,
    },
}

/// One event as it travels on a stream. `S` is what states are held as.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Envelope<S = Value> {
    /// Unique and time-ordered; consumers use it to make each effect once.
    pub id: Uuid,
    /// The tenant with the changed data.
    pub tenant_id: TenantId,
    /// `Lead.CREATE`, `Lead.DELETE`, `Lead.assigned_to.UPDATE`, or `Lead.UPDATE` for fields not tracked by name.
    pub event_type: String,
    /// `Lead`, `Account`, ….
    pub entity_type: String,
    /// The entity.
    pub entity_id: Uuid,
    /// What happened.
    pub action: Action,
    /// The changed fields as they were; absent on creation.
    pub previous_state: Option<S>,
    /// The entity on creation, the changed fields otherwise.
    pub current_state: Option<S>,
    /// Names of the changed fields.
    pub changed_fields: Vec<String>,
    /// Who did it.
    pub actor: Actor,
    /// Id of the request that did it.
    pub request_id: Option<String>,
    /// W3C trace context of that request.
    pub traceparent: Option<String>,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// The whole record after an update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<S>,
    /// Its place among the producer's events: those of one entity are in the order of their places.
    #[serde(default)]
    pub position: i64,
}

/// Whether `pattern` (`Lead.CREATE`, `Lead.*`, `*`) covers `event_type`.
///
/// A star stands for any number of parts at the end; elsewhere for exactly one.
pub fn pattern_matches(pattern: &str, event_type: &str) -> bool {
    let mut parts = event_type.split('.');
    let mut wanted = pattern.split('.').peekable();
    while let Some(want) = wanted.next() {
        match (want, parts.next()) {
            ("*", Some(_)) if wanted.peek().is_none() => return true,
            ("*", Some(_)) => {}
            (want, Some(part)) if want == part => {}
            _ => return false,
        }
    }
    parts.next().is_none()
}

/// The services that must have handled every event of a producer before it is forgotten.
///
/// The relay makes a consumer group for each of them, so that an event published before a consumer's first start
/// waits for it.
pub const fn subscribers(producer: Service) -> &'static [Service] {
    match producer {
        Service::Lead => &[Service::Enrichment, Service::Integration, Service::Tenant],
        Service::Tenant => &[Service::Lead, Service::Integration],
        Service::Enrichment => &[Service::Integration, Service::Lead],
        Service::Auth | Service::Integration | Service::Gateway => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trailing_star_covers_everything_below() {
        assert!(pattern_matches("Lead.*", "Lead.CREATE"));
        assert!(pattern_matches("Lead.*", "Lead.assigned_to.UPDATE"));
        assert!(pattern_matches("*", "Account.DELETE"));
    }

    #[test]
    fn an_exact_pattern_covers_only_itself() {
        assert!(pattern_matches("Lead.CREATE", "Lead.CREATE"));
        assert!(!pattern_matches("Lead.CREATE", "Lead.DELETE"));
        assert!(!pattern_matches("Lead", "Lead.CREATE"));
        assert!(!pattern_matches("Lead.CREATE.x", "Lead.CREATE"));
        assert!(!pattern_matches("Leads.*", "Lead.CREATE"));
    }

    #[test]
    fn an_inner_star_stands_for_one_part() {
        assert!(pattern_matches("Lead.*.UPDATE", "Lead.score.UPDATE"));
        assert!(!pattern_matches("Lead.*.UPDATE", "Lead.UPDATE"));
    }
}
