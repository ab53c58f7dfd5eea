//! Events on the wire.

use chrono::{DateTime, Utc};
use contracts::permissions::EventsRead;
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
    text_enum,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::inbox;

text_enum! {
    /// How far the handling of an event is.
    EventStatus {
        /// Waiting for its next try.
        Pending = "PENDING",
        /// Being handled.
        Processing = "PROCESSING",
        /// Handled.
        Completed = "COMPLETED",
        /// Given up, with the reason.
        Failed = "FAILED",
    }
}

/// An event as it is listed.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = inbox, check_for_backend(diesel::pg::Pg))]
pub struct EventView {
    /// Id.
    pub id: Uuid,
    /// What happened, such as `Lead.CREATE`.
    pub event_type: String,
    /// To what kind of thing, such as `Lead`.
    pub entity_type: String,
    /// To which one.
    pub entity_id: Uuid,
    /// How far its handling is.
    pub status: EventStatus,
    /// Tries so far.
    pub attempts: i32,
    /// When it is tried next.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was received.
    pub created_at: DateTime<Utc>,
    /// When it was handled.
    pub handled_at: Option<DateTime<Utc>>,
}

/// An event with all that was received.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = inbox, check_for_backend(diesel::pg::Pg))]
pub struct EventDetail {
    /// The event.
    #[diesel(embed)]
    #[serde(flatten)]
    pub event: EventView,
    /// The event as it was received: states before and after, who did it, request and trace.
    #[schema(value_type = Option<Object>)]
    pub envelope: Option<Value>,
}

platform::record!(EventView, EventsRead, no version);

impl Listed for EventView {
    const LISTING: Listing = Listing {
        path: "/api/v2/events",
        table: "inbox",
        columns: &[
            column("id", Kind::Uuid),
            column("event_type", Kind::Text),
            column("entity_type", Kind::Text),
            column("entity_id", Kind::Uuid),
            column("status", Kind::Choice(EventStatus::WORDS)),
            column("attempts", Kind::Int),
            column("next_attempt_at", Kind::Time),
            column("occurred_at", Kind::Time),
            column("created_at", Kind::Time),
            column("handled_at", Kind::Time),
        ],
        search: &[],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-occurred_at",
        soft_delete: false,
        cursor: true,
    };
}

platform::stored!(EventView);
