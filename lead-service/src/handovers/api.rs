//! Handovers on the wire.

use chrono::{DateTime, Utc};
use contracts::{internal::tenants::Leaving, permissions::TenantUsersRead};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
    text_enum,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::handovers;

text_enum!(
    /// How a member left.
    HandoverCause {
        /// They were set inactive.
        Inactive = "inactive",
        /// They were removed from the tenant.
        Removed = "removed",
    }
);

impl From<Leaving> for HandoverCause {
    fn from(leaving: Leaving) -> Self {
        match leaving {
            Leaving::Inactive => Self::Inactive,
            Leaving::Removed => Self::Removed,
        }
    }
}

text_enum!(
    /// How far a handover is.
    HandoverStatus {
        /// It is not due yet, or records are going.
        Pending = "pending",
        /// The member came back while records were going: what went comes back.
        Returning = "returning",
        /// The records went to others.
        Done = "done",
        /// The member came back, or was removed before it was done.
        Cancelled = "cancelled",
        /// The records came back.
        Undone = "undone",
    }
);

/// A handover as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = handovers, check_for_backend(diesel::pg::Pg))]
pub struct HandoverView {
    /// Id.
    pub id: Uuid,
    /// The person who left.
    pub user_id: Uuid,
    /// How they left.
    pub cause: HandoverCause,
    /// When they left.
    pub left_at: DateTime<Utc>,
    /// How far it is.
    pub status: HandoverStatus,
    /// When it is due; null for a moment, until that is known.
    pub due_at: Option<DateTime<Utc>>,
    /// Who gets what the rules give to no one: the nearest active member above the person.
    pub manager_id: Option<Uuid>,
    /// Open leads that went to others.
    pub leads: i32,
    /// Open deals that did.
    pub deals: i32,
    /// Open tasks that did.
    pub tasks: i32,
    /// Contacts that did.
    pub contacts: i32,
    /// Customers that did.
    pub customers: i32,
    /// Records that came back, when it was undone or because the member came back. Those that had gone to yet others stayed.
    pub returned: i32,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// When it was planned.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When the records went.
    pub done_at: Option<DateTime<Utc>>,
}

impl HandoverView {
    /// Name of the entity in events.
    pub const NAME: &'static str = "Handover";
    /// Fields that get an event of their own.
    pub const TRACKED: &'static [&'static str] = &["status"];

    /// How many records went.
    pub fn total(&self) -> i32 {
        self.leads + self.deals + self.tasks + self.contacts + self.customers
    }
}

platform::record!(HandoverView, TenantUsersRead);

impl Listed for HandoverView {
    const LISTING: Listing = Listing {
        path: "/api/v2/handovers",
        table: "handovers",
        columns: &[
            column("id", Kind::Uuid),
            column("user_id", Kind::Uuid),
            column("cause", Kind::Choice(HandoverCause::WORDS)),
            column("status", Kind::Choice(HandoverStatus::WORDS)),
            column("due_at", Kind::Time),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &[],
        search_text: None,
        json: None,
        owners: &["user_id", "manager_id"],
        ordering: "-created_at",
        soft_delete: false,
        cursor: false,
    };
}

platform::stored!(HandoverView);
