//! Activities on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::ActivityType;
use crate::schema::activities;

/// An activity as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteActivity {
    /// The lead it concerns.
    pub lead_id: Option<Uuid>,
    /// The deal it concerns.
    pub deal_id: Option<Uuid>,
    /// The contact it concerns.
    pub contact_id: Option<Uuid>,
    /// The account it concerns.
    pub account_id: Option<Uuid>,
    /// What kind of thing it is.
    pub activity_type: ActivityType,
    /// What it is about.
    #[schema(min_length = 1, max_length = 255)]
    pub subject: String,
    /// What happened.
    #[schema(max_length = 50_000)]
    pub description: Option<String>,
    /// When it is to happen.
    pub scheduled_at: Option<DateTime<Utc>>,
    /// Whether it is done.
    #[serde(default)]
    pub completed: bool,
    /// Who is to do it.
    pub assigned_to: Option<Uuid>,
}

/// An activity as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = activities, check_for_backend(diesel::pg::Pg))]
pub struct ActivityView {
    /// Id.
    pub id: Uuid,
    /// The lead it concerns.
    pub lead_id: Option<Uuid>,
    /// The deal it concerns.
    pub deal_id: Option<Uuid>,
    /// The contact it concerns.
    pub contact_id: Option<Uuid>,
    /// The account it concerns.
    pub account_id: Option<Uuid>,
    /// What kind of thing it is.
    pub activity_type: ActivityType,
    /// What it is about.
    pub subject: String,
    /// What happened.
    pub description: String,
    /// When it is to happen.
    pub scheduled_at: Option<DateTime<Utc>>,
    /// Whether it is done.
    pub completed: bool,
    /// Who is to do it.
    pub assigned_to: Option<Uuid>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for ActivityView {
    const LISTING: Listing = Listing {
        path: "/api/v2/activities",
        table: "activities",
        columns: &[
            column("id", Kind::Uuid),
            column("lead_id", Kind::Uuid),
            column("deal_id", Kind::Uuid),
            column("contact_id", Kind::Uuid),
            column("account_id", Kind::Uuid),
            column("activity_type", Kind::Choice(ActivityType::WORDS)),
            column("subject", Kind::Text),
            column("scheduled_at", Kind::Time),
            column("completed", Kind::Bool),
            column("assigned_to", Kind::Uuid),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["subject", "description"],
        search_text: Some("search_text"),
        json: None,
        owners: &["assigned_to", "created_by"],
        ordering: "-created_at",
        soft_delete: true,
        cursor: true,
    };
}

platform::stored!(ActivityView);
