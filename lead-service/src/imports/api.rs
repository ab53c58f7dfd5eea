//! Imports on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable, dsl::sql, expression::SqlLiteral, sql_types};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
    text_enum,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::files::FileFormat;
use crate::schema::imports;

text_enum!(
    /// How far an import is.
    ImportStatus {
        /// It waits.
        Pending = "pending",
        /// Its rows are looked at; nothing is written.
        Validating = "validating",
        /// Its rows are written, or taken back.
        Running = "running",
        /// Every row has its outcome, none an error.
        Completed = "completed",
        /// Every row has its outcome, some an error.
        CompletedWithErrors = "completed_with_errors",
        /// The file could not be read to its end.
        Failed = "failed",
        /// It was taken back.
        Undone = "undone",
    }
);

text_enum!(
    /// What is done with the file.
    ImportMode {
        /// It is written.
        Commit = "commit",
        /// It is only looked at.
        Validate = "validate",
    }
);

text_enum!(
    /// By what a row finds the lead that it updates.
    UpdateBy {
        /// E-mail address.
        Email = "email",
        /// The lead's reference.
        ExternalId = "external_id",
    }
);

/// An import that was taken in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AcceptedImport {
    /// Its id.
    pub id: Uuid,
    /// How far it is.
    pub status: ImportStatus,
}

/// How to write an import that was only looked at.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitImport {
    /// Which column feeds which field, null to leave one out; the mapping it was looked at by unless given.
    #[schema(value_type = Option<Object>)]
    pub mapping: Option<Map<String, Value>>,
    /// By what rows find the leads that they update; as it was looked at unless given.
    pub update_by: Option<UpdateBy>,
}

/// An import.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = imports, check_for_backend(diesel::pg::Pg))]
pub struct ImportView {
    /// Id.
    pub id: Uuid,
    /// How far it is.
    pub status: ImportStatus,
    /// What is done with the file.
    pub mode: ImportMode,
    /// How the file is written.
    pub format: FileFormat,
    /// By what rows find the leads that they update; none when known people are duplicates.
    pub update_by: Option<UpdateBy>,
    /// Which column feeds which field; null for columns that are left out.
    #[schema(value_type = Object)]
    pub mapping: Value,
    /// The file's name.
    pub file_name: Option<String>,
    /// How many rows the file has, as far as it was read.
    pub total: i32,
    /// Rows that made a lead; in mode `validate`, that would.
    pub created: i32,
    /// Rows that updated a lead, or would.
    pub updated: i32,
    /// Rows about people who are known.
    pub duplicates: i32,
    /// Rows with faults.
    pub errors: i32,
    /// What validation expects before anything is written: created, updated, duplicates, errors.
    #[schema(value_type = Option<Object>)]
    pub expected: Option<Value>,
    /// Per cent done.
    #[diesel(select_expression = progress(), select_expression_type = SqlLiteral<sql_types::Integer>)]
    pub progress: i32,
    /// Address of the rows with errors, when there are any.
    #[diesel(select_expression = error_file(), select_expression_type = SqlLiteral<sql_types::Nullable<sql_types::Text>>)]
    pub error_file: Option<String>,
    /// Why it failed.
    pub failure: Option<String>,
    /// Who started it.
    pub created_by: Uuid,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it last moved on.
    pub updated_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

fn progress() -> SqlLiteral<sql_types::Integer> {
    sql("(CASE WHEN status IN ('completed', 'completed_with_errors', 'undone') THEN 100 \
         WHEN total = 0 THEN 0 ELSE least(99, done * 100 / total) END)")
}

fn error_file() -> SqlLiteral<sql_types::Nullable<sql_types::Text>> {
    sql("(CASE WHEN errors > 0 AND finished_at IS NOT NULL THEN '/api/v2/imports/' || id || '/errors' END)")
}

impl Listed for ImportView {
    const LISTING: Listing = Listing {
        path: "/api/v2/imports",
        table: "imports",
        columns: &[
            column("id", Kind::Uuid),
            column("status", Kind::Choice(ImportStatus::WORDS)),
            column("mode", Kind::Choice(ImportMode::WORDS)),
            column("format", Kind::Choice(FileFormat::WORDS)),
            column("file_name", Kind::Text),
            column("total", Kind::Int),
            column("errors", Kind::Int),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
            column("finished_at", Kind::Time),
        ],
        search: &["file_name"],
        json: None,
        owners: &["created_by"],
        ordering: "-created_at",
        soft_delete: false,
        cursor: false,
    };
}

platform::stored!(ImportView);
