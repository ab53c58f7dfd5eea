//! Wire types of events.

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
    /// State of the handling of an event.
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

/// Event in lists.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = inbox, check_for_backend(diesel::pg::Pg))]
pub struct EventView {
    /// Id.
    pub id: Uuid,
    /// Type of the event, such as `Lead.CREATE`.
    pub event_type: String,
    /// Type of the record, such as `Lead`.
    pub entity_type: String,
    /// Id of the record.
    pub entity_id: Uuid,
    /// State of its handling.
    pub status: EventStatus,
    /// Tries so far.
    pub attempts: i32,
    /// Time of the next try.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Error of the last try.
    pub last_error: Option<String>,
    /// Time of the change.
    pub occurred_at: DateTime<Utc>,
    /// Time of receipt.
    pub created_at: DateTime<Utc>,
    /// Time of handling.
    pub handled_at: Option<DateTime<Utc>>,
}

/// Event with its content.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = inbox, check_for_backend(diesel::pg::Pg))]
pub struct EventDetail {
    /// The event.
    #[diesel(embed)]
    #[serde(flatten)]
    pub event: EventView,
    /// Received content: states before and after, actor, request and trace.
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
