//! Validation of tasks.

use chrono::{DateTime, Utc};
use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{Problem, text_enum};
use uuid::Uuid;

use super::{
    api::{TaskView, WriteTask},
    subject::Subject,
};
use crate::schema::tasks;

text_enum!(
    /// How far a task is.
    TaskStatus {
        /// Not started.
        Open = "open",
        /// Started.
        InProgress = "in_progress",
        /// It is done.
        Done = "done",
        /// It need not be done any more.
        Cancelled = "cancelled",
    }
);

text_enum!(
    /// How urgent a task is.
    TaskPriority {
        /// It can wait.
        Low = "low",
        /// As most are.
        Medium = "medium",
        /// Soon.
        High = "high",
        /// Now.
        Urgent = "urgent",
    }
);

/// The fields of a task that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = tasks, treat_none_as_null = true)]
pub struct TaskFields {
    title: String,
    description: Option<String>,
    due_at: Option<DateTime<Utc>>,
    status: TaskStatus,
    priority: TaskPriority,
    /// What kind of thing it is about.
    pub entity_type: Option<Subject>,
    /// The very thing.
    pub entity_id: Option<Uuid>,
    completed_at: Option<DateTime<Utc>>,
    assigned_to: Option<Uuid>,
}

impl TaskFields {
    /// What a task is about is named by its kind and its id, or not at all.
    pub fn parse(write: WriteTask) -> Result<Self, Problem> {
        let missing = match (write.entity_type, write.entity_id) {
            (Some(_), None) => Some("entity_id"),
            (None, Some(_)) => Some("entity_type"),
            _ => None,
        };
        if let Some(field) = missing {
            let fault = FieldError::new(field, "required", "entity_type and entity_id go together");
            return Err(Problem::invalid(vec![fault]));
        }
        Ok(Self {
            title: write.title.trim().to_owned(),
            description: write.description,
            due_at: write.due_at,
            status: write.status.unwrap_or(TaskStatus::Open),
            priority: write.priority.unwrap_or(TaskPriority::Medium),
            entity_type: write.entity_type,
            entity_id: write.entity_id,
            completed_at: None,
            assigned_to: write.assigned_to,
        })
    }

    /// Notes when the task was done: now, unless it was done before.
    pub fn note_completion(&mut self, before: Option<&TaskView>, now: DateTime<Utc>) {
        let done = self.status == TaskStatus::Done;
        self.completed_at = done.then(|| before.and_then(|before| before.completed_at).unwrap_or(now));
    }
}
