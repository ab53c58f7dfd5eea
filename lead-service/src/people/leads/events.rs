//! Events of leads.

/// Name of the entity in events.
pub const ENTITY: &str = "Lead";

/// Fields with an event type of their own.
pub const TRACKED: &[&str] =
    &["status", "assigned_to", "score", "suggestion_status", "account_id", "deleted"];
