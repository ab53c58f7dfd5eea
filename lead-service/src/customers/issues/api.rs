//! Issues on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::{IssuePriority, IssueStatus, IssueType};
use crate::schema::issues;

/// An issue as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteIssue {
    /// What is the matter, in a line.
    #[schema(min_length = 1, max_length = 255)]
    pub title: String,
    /// All about it.
    #[serde(default)]
    #[schema(max_length = 50_000)]
    pub description: Option<String>,
    /// What kind of issue it is; `task` unless given.
    #[serde(default)]
    pub issue_type: Option<IssueType>,
    /// How far it is; `open` unless given.
    #[serde(default)]
    pub status: Option<IssueStatus>,
    /// How pressing it is; `medium` unless given.
    #[serde(default)]
    pub priority: Option<IssuePriority>,
    /// Who sees to it.
    #[serde(default)]
    pub assigned_to: Option<Uuid>,
    /// The customer it is about.
    #[serde(default)]
    pub customer_id: Option<Uuid>,
    /// The deal it is about.
    #[serde(default)]
    pub deal_id: Option<Uuid>,
    /// The contact it is about.
    #[serde(default)]
    pub contact_id: Option<Uuid>,
}

/// An issue as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = issues, check_for_backend(diesel::pg::Pg))]
pub struct IssueView {
    /// Id.
    pub id: Uuid,
    /// What is the matter, in a line.
    pub title: String,
    /// All about it.
    pub description: Option<String>,
    /// What kind of issue it is.
    pub issue_type: IssueType,
    /// How far it is.
    pub status: IssueStatus,
    /// How pressing it is.
    pub priority: IssuePriority,
    /// Who sees to it.
    pub assigned_to: Option<Uuid>,
    /// The customer it is about.
    pub customer_id: Option<Uuid>,
    /// The deal it is about.
    pub deal_id: Option<Uuid>,
    /// The contact it is about.
    pub contact_id: Option<Uuid>,
    /// Number of the issue on GitHub that it is linked to.
    pub github_issue_id: Option<i64>,
    /// When it was resolved or closed.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for IssueView {
    const LISTING: Listing = Listing {
        path: "/api/v2/issues",
        table: "issues",
        columns: &[
            column("id", Kind::Uuid),
            column("title", Kind::Text),
            column("issue_type", Kind::Choice(IssueType::WORDS)),
            column("status", Kind::Choice(IssueStatus::WORDS)),
            column("priority", Kind::Choice(IssuePriority::WORDS)),
            column("assigned_to", Kind::Uuid),
            column("customer_id", Kind::Uuid),
            column("deal_id", Kind::Uuid),
            column("contact_id", Kind::Uuid),
            column("github_issue_id", Kind::Int),
            column("resolved_at", Kind::Time),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["title", "description"],
        search_text: Some("search_text"),
        json: None,
        owners: &["assigned_to", "created_by"],
        ordering: "-created_at",
        soft_delete: true,
        cursor: true,
    };
}

platform::stored!(IssueView);
