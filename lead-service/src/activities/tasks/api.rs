//! Tasks on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    domain::{TaskPriority, TaskStatus},
    subject::Subject,
};
use crate::schema::tasks;

/// A task as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteTask {
    /// What is to be done.
    #[schema(min_length = 1, max_length = 255)]
    pub title: String,
    /// More about it.
    #[schema(max_length = 20_000)]
    pub description: Option<String>,
    /// By when.
    pub due_at: Option<DateTime<Utc>>,
    /// How far it is; `open` unless given.
    pub status: Option<TaskStatus>,
    /// How urgent it is; `medium` unless given.
    pub priority: Option<TaskPriority>,
    /// What kind of thing it is about.
    pub entity_type: Option<Subject>,
    /// The very thing; goes with its kind.
    pub entity_id: Option<Uuid>,
    /// Who is to do it.
    pub assigned_to: Option<Uuid>,
}

/// A task as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = tasks, check_for_backend(diesel::pg::Pg))]
pub struct TaskView {
    /// Id.
    pub id: Uuid,
    /// What is to be done.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// By when.
    pub due_at: Option<DateTime<Utc>>,
    /// How far it is.
    pub status: TaskStatus,
    /// How urgent it is.
    pub priority: TaskPriority,
    /// What kind of thing it is about.
    pub entity_type: Option<Subject>,
    /// The very thing.
    pub entity_id: Option<Uuid>,
    /// When it was done.
    pub completed_at: Option<DateTime<Utc>>,
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

impl Listed for TaskView {
    const LISTING: Listing = Listing {
        path: "/api/v2/tasks",
        table: "tasks",
        columns: &[
            column("id", Kind::Uuid),
            column("title", Kind::Text),
            column("due_at", Kind::Time),
            column("status", Kind::Choice(TaskStatus::WORDS)),
            column("priority", Kind::Choice(TaskPriority::WORDS)),
            column("entity_type", Kind::Choice(Subject::WORDS)),
            column("entity_id", Kind::Uuid),
            column("completed_at", Kind::Time),
            column("assigned_to", Kind::Uuid),
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

platform::stored!(TaskView);
