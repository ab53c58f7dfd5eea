//! Validation of issues.

use diesel::{AsChangeset, Insertable};
use platform::{Problem, text_enum};
use uuid::Uuid;

use super::api::WriteIssue;
use crate::schema::issues;

text_enum!(
    /// What kind of issue it is.
    IssueType {
        /// Something does not work.
        Bug = "bug",
        /// Something is missing.
        Feature = "feature",
        /// Something is to be done.
        Task = "task",
    }
);

text_enum!(
    /// How far an issue is.
    IssueStatus {
        /// Not started.
        Open = "open",
        /// Started.
        InProgress = "in_progress",
        /// It is done.
        Resolved = "resolved",
        /// It is over, done or not.
        Closed = "closed",
    }
);

text_enum!(
    /// How pressing an issue is.
    IssuePriority {
        /// It can wait.
        Low = "low",
        /// In its turn.
        Medium = "medium",
        /// Before others.
        High = "high",
        /// Before everything.
        Urgent = "urgent",
    }
);

impl IssueStatus {
    /// Whether nothing is left to do.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Resolved | Self::Closed)
    }
}

/// The fields of an issue that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = issues, treat_none_as_null = true)]
pub struct IssueFields {
    title: String,
    description: Option<String>,
    issue_type: IssueType,
    /// How far it is.
    pub status: IssueStatus,
    priority: IssuePriority,
    /// Who sees to it.
    pub assigned_to: Option<Uuid>,
    /// The customer it is about.
    pub customer_id: Option<Uuid>,
    /// The deal it is about.
    pub deal_id: Option<Uuid>,
    /// The contact it is about.
    pub contact_id: Option<Uuid>,
}

impl IssueFields {
    /// The schema of [`WriteIssue`] has seen to everything but the defaults.
    pub fn parse(write: WriteIssue) -> Result<Self, Problem> {
        Ok(Self {
            title: write.title.trim().to_owned(),
            description: write.description,
            issue_type: write.issue_type.unwrap_or(IssueType::Task),
            status: write.status.unwrap_or(IssueStatus::Open),
            priority: write.priority.unwrap_or(IssuePriority::Medium),
            assigned_to: write.assigned_to,
            customer_id: write.customer_id,
            deal_id: write.deal_id,
            contact_id: write.contact_id,
        })
    }
}
