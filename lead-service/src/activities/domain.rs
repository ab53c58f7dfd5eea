//! Validation of activities.

use chrono::{DateTime, Utc};
use diesel::{AsChangeset, Insertable};
use platform::text_enum;
use uuid::Uuid;

use super::api::WriteActivity;
use crate::schema::activities;

text_enum!(
    /// What kind of thing was done.
    ActivityType {
        /// Something written down.
        Note = "note",
        /// A call.
        Call = "call",
        /// A mail.
        Email = "email",
        /// A meeting.
        Meeting = "meeting",
        /// Anything else that was to be done.
        Task = "task",
    }
);

/// The fields of an activity that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = activities, treat_none_as_null = true)]
pub struct ActivityFields {
    /// The lead it concerns.
    pub lead_id: Option<Uuid>,
    /// The deal it concerns.
    pub deal_id: Option<Uuid>,
    /// The contact it concerns.
    pub contact_id: Option<Uuid>,
    /// The account it concerns.
    pub account_id: Option<Uuid>,
    activity_type: ActivityType,
    subject: String,
    description: String,
    scheduled_at: Option<DateTime<Utc>>,
    completed: bool,
    assigned_to: Option<Uuid>,
}

impl From<WriteActivity> for ActivityFields {
    fn from(write: WriteActivity) -> Self {
        Self {
            lead_id: write.lead_id,
            deal_id: write.deal_id,
            contact_id: write.contact_id,
            account_id: write.account_id,
            activity_type: write.activity_type,
            subject: write.subject.trim().to_owned(),
            description: write.description.unwrap_or_default(),
            scheduled_at: write.scheduled_at,
            completed: write.completed,
            assigned_to: write.assigned_to,
        }
    }
}
