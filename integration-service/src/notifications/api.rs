//! Notifications on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::NotificationType;
use crate::schema::notifications;

/// A notification as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = notifications, check_for_backend(diesel::pg::Pg))]
pub struct NotificationView {
    /// Id.
    pub id: Uuid,
    /// A few words.
    pub title: String,
    /// A sentence.
    pub message: String,
    /// How much it matters.
    #[serde(rename = "type")]
    pub kind: NotificationType,
    /// Whether it was read.
    pub read: bool,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
    /// What it is about.
    #[diesel(embed)]
    pub related: RelatedEntity,
    /// The event that caused it.
    pub event_id: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What a notification is about.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = notifications, check_for_backend(diesel::pg::Pg))]
pub struct RelatedEntity {
    /// Kind of thing, such as `Lead`.
    pub entity_type: String,
    /// Which one.
    pub entity_id: Uuid,
}

/// How many notifications were marked as read.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct MarkedRead {
    /// Those that had been unread.
    pub updated: usize,
}

impl Listed for NotificationView {
    const LISTING: Listing = Listing {
        path: "/api/v2/notifications",
        table: "notifications",
        columns: &[
            column("id", Kind::Uuid),
            column("type", Kind::Choice(NotificationType::WORDS)),
            column("read", Kind::Bool),
            column("read_at", Kind::Time),
            column("entity_type", Kind::Text),
            column("entity_id", Kind::Uuid),
            column("event_id", Kind::Uuid),
            column("created_at", Kind::Time),
        ],
        search: &["title", "message"],
        search_text: None,
        json: None,
        owners: &["user_id"],
        ordering: "-created_at",
        soft_delete: false,
        cursor: false,
    };
}

platform::stored!(NotificationView);
