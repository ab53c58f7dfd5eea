//! Wire types of notifications.

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

/// Notification.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = notifications, check_for_backend(diesel::pg::Pg))]
pub struct NotificationView {
    /// Id.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// Message.
    pub message: String,
    /// Importance.
    #[serde(rename = "type")]
    pub kind: NotificationType,
    /// Whether it was read.
    pub read: bool,
    /// Time of reading.
    pub read_at: Option<DateTime<Utc>>,
    /// Subject.
    #[diesel(embed)]
    pub related: RelatedEntity,
    /// The event that caused it.
    pub event_id: Option<Uuid>,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
}

/// Subject of a notification.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = notifications, check_for_backend(diesel::pg::Pg))]
pub struct RelatedEntity {
    /// Type of the record, such as `Lead`.
    pub entity_type: String,
    /// Its id.
    pub entity_id: Uuid,
}

/// Number of notifications that were marked as read.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct MarkedRead {
    /// Notifications that were unread before.
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
