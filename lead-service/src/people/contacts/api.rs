//! Contacts on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::contacts;

/// A contact as it is written.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteContact {
    /// The account they are at.
    pub account_id: Option<Uuid>,
    /// The lead they were.
    pub lead_id: Option<Uuid>,
    /// First name.
    #[schema(max_length = 100)]
    pub first_name: Option<String>,
    /// Last name.
    #[schema(max_length = 100)]
    pub last_name: Option<String>,
    /// E-mail address.
    #[schema(format = "email")]
    pub email: Option<String>,
    /// Phone number.
    #[schema(max_length = 50)]
    pub phone: Option<String>,
    /// Job title.
    #[schema(max_length = 255)]
    pub role_title: Option<String>,
    /// LinkedIn profile.
    #[schema(format = "linkedin-url", max_length = 500)]
    pub linkedin_url: Option<String>,
    /// Notes.
    #[schema(max_length = 20_000)]
    pub notes: Option<String>,
    /// The tenant's own fields.
    #[schema(value_type = Option<Object>)]
    pub custom_fields: Option<Value>,
    /// Assignee.
    pub assigned_to: Option<Uuid>,
}

/// A contact as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = contacts, check_for_backend(diesel::pg::Pg))]
pub struct ContactView {
    /// Id.
    pub id: Uuid,
    /// The account they are at.
    pub account_id: Option<Uuid>,
    /// The lead they were.
    pub lead_id: Option<Uuid>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// Job title.
    pub role_title: Option<String>,
    /// LinkedIn profile.
    pub linkedin_url: Option<String>,
    /// Notes.
    pub notes: Option<String>,
    /// The tenant's own fields.
    #[schema(value_type = Option<Object>)]
    pub custom_fields: Option<Value>,
    /// Assignee.
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

impl Listed for ContactView {
    const LISTING: Listing = Listing {
        path: "/api/v2/contacts",
        table: "contacts",
        columns: &[
            column("id", Kind::Uuid),
            column("account_id", Kind::Uuid),
            column("lead_id", Kind::Uuid),
            column("first_name", Kind::Text),
            column("last_name", Kind::Text),
            column("email", Kind::Email),
            column("phone", Kind::Phone),
            column("role_title", Kind::Text),
            column("linkedin_url", Kind::LinkedIn),
            column("assigned_to", Kind::Uuid),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["first_name", "last_name", "email", "phone", "role_title"],
        search_text: Some("search_text"),
        json: Some("custom_fields"),
        owners: &["assigned_to", "created_by"],
        ordering: "-created_at",
        soft_delete: true,
        cursor: true,
    };
}

platform::stored!(ContactView);
