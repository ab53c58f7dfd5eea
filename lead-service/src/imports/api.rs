//! Imports on the wire.

use chrono::{DateTime, Utc};
use contracts::problem::FieldError;
use diesel::{Queryable, Selectable, dsl::sql, expression::SqlLiteral, sql_types};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
    text_enum,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    files::FileFormat,
    keeping::kept_until,
    settings::{ImportDuplicates, ImportSettings, UpdateBy},
};
use crate::schema::imports;

text_enum!(
    /// The state of an import.
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
    /// The use that is made of the file.
    ImportMode {
        /// It is written.
        Commit = "commit",
        /// It is only looked at.
        Validate = "validate",
        /// It waits until a person has seen what its columns were taken for.
        Preview = "preview",
    }
);

/// An import that was taken in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AcceptedImport {
    /// Its id.
    pub id: Uuid,
    /// Its state.
    pub status: ImportStatus,
    /// The use that is made of the file. An import that was to be written waits as `preview` where no column feeds an address.
    pub mode: ImportMode,
    /// Warnings about the file.
    pub warnings: Vec<FieldError>,
}

/// A column of the file and what it was taken for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ColumnView {
    /// Its place, from 0.
    pub index: usize,
    /// Its heading. Doubled ones are numbered, and empty ones named by their place.
    pub name: String,
    /// Some of its cells.
    pub samples: Vec<String>,
    /// The number of different cells in the rows that were looked at.
    pub distinct: usize,
    /// The field that it feeds; none for one that is kept in `raw_payload`, `skip` for one that is left out.
    pub field: Option<String>,
    /// Confidence, from 0 to 1.
    pub confidence: f32,
    /// The reason, in a sentence.
    pub reason: String,
}

/// A file as it was taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PreviewView {
    /// The state of the import.
    pub status: ImportStatus,
    /// The use that is made of the file.
    pub mode: ImportMode,
    /// The format of the file.
    pub format: FileFormat,
    /// Its character set; none for a workbook.
    pub charset: Option<String>,
    /// The character that separates its cells; none where it is no table of text.
    pub delimiter: Option<String>,
    /// The line of its heading, from 1; 0 for a table without one.
    pub heading_row: Option<u64>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// About how many rows it has.
    pub rows_estimate: Option<i64>,
    /// Its columns, in their order.
    pub columns: Vec<ColumnView>,
    /// Fields that a column may feed, beside `custom_fields.NAME`.
    pub fields: Vec<&'static str>,
    /// The settings that were asked for so far.
    pub settings: ImportSettings,
    /// Warnings about the file.
    pub warnings: Vec<FieldError>,
}

text_enum!(
    /// The outcome of a row.
    RowResult {
        /// It made a lead.
        Created = "created",
        /// It changed one.
        Updated = "updated",
        /// It is about a known person.
        Duplicate = "duplicate",
        /// It could not be imported.
        Error = "error",
    }
);

/// A choice of an import's rows.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RowsQuery {
    /// Only rows of which this became.
    pub outcome: Option<RowResult>,
    /// Only rows with warnings, or without.
    pub warned: Option<bool>,
    /// Page, from 1.
    #[schema(minimum = 1)]
    pub page: Option<i64>,
    /// Rows of a page; 50 unless given.
    #[schema(minimum = 1, maximum = 200)]
    pub page_size: Option<i64>,
}

/// A row of an import and what became of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RowView {
    /// Its number, from 1, the heading not counted.
    pub row: i32,
    /// The line of the file on which it begins.
    pub line: Option<i64>,
    /// Its outcome.
    pub outcome: String,
    /// The lead that it made, changed or is about, where the caller sees it.
    pub lead_id: Option<Uuid>,
    /// The field by which the person was known.
    pub matched_by: Option<String>,
    /// Cells that could not be read, and were kept in `raw_payload`.
    pub warnings: Vec<FieldError>,
    /// The reasons why it could not be imported.
    pub errors: Vec<FieldError>,
}

/// Rows of an import.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RowsView {
    /// The number of rows in all.
    pub count: i64,
    /// Address of the next page.
    pub next: Option<String>,
    /// Address of the page before.
    pub previous: Option<String>,
    /// The rows, in the order of the file.
    pub results: Vec<RowView>,
}

/// An import.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = imports, check_for_backend(diesel::pg::Pg))]
pub struct ImportView {
    /// Id.
    pub id: Uuid,
    /// Its state.
    pub status: ImportStatus,
    /// The use that is made of the file.
    pub mode: ImportMode,
    /// The format of the file.
    pub format: FileFormat,
    /// By what rows find the leads that they update; none when known people are duplicates.
    pub update_by: Option<UpdateBy>,
    /// The treatment of rows about known people, where no field to update by is named.
    pub duplicate_policy: ImportDuplicates,
    /// The field that each column feeds; null for columns that are kept in `raw_payload`.
    #[schema(value_type = Object)]
    pub mapping: Value,
    /// The file's name.
    pub file_name: Option<String>,
    /// The number of rows of the file, as far as it was read.
    pub total: i32,
    /// Rows that made a lead; in mode `validate`, that would.
    pub created: i32,
    /// Rows that updated a lead, or would.
    pub updated: i32,
    /// Rows about people who are known.
    pub duplicates: i32,
    /// Leads that it made and that stay although it was taken back, because they were worked on since.
    pub kept: i32,
    /// Rows with faults.
    pub errors: i32,
    /// Rows of which something could not be read; it was kept in `raw_payload`.
    pub warned: i32,
    /// Warnings about the file as a whole.
    #[schema(value_type = Vec<FieldError>)]
    pub warnings: Value,
    /// The counts that validation expects before anything is written: created, updated, duplicates, errors.
    #[schema(value_type = Option<Object>)]
    pub expected: Option<Value>,
    /// Per cent done.
    #[diesel(select_expression = progress(), select_expression_type = SqlLiteral<sql_types::Integer>)]
    pub progress: i32,
    /// Address of the rows with errors, when there are any that the caller may see.
    #[diesel(select_expression = error_file(), select_expression_type = SqlLiteral<sql_types::Nullable<sql_types::Text>>)]
    pub error_file: Option<String>,
    /// The reason why it failed.
    pub failure: Option<String>,
    /// The person who started it.
    pub created_by: Uuid,
    /// The time at which it was started.
    pub created_at: DateTime<Utc>,
    /// The time at which it last moved on.
    pub updated_at: DateTime<Utc>,
    /// The time at which it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// The time until which its rows, the file of those with errors and its preview can be asked for: 30 days from its end.
    /// Its counts stay.
    #[diesel(select_expression = kept_until(), select_expression_type = SqlLiteral<sql_types::Nullable<sql_types::Timestamptz>>)]
    pub rows_until: Option<DateTime<Utc>>,
}

fn progress() -> SqlLiteral<sql_types::Integer> {
    sql("(CASE WHEN status IN ('completed', 'completed_with_errors', 'undone') THEN 100 \
         WHEN total = 0 THEN 0 ELSE least(99, done * 100 / total) END)")
}

fn error_file() -> SqlLiteral<sql_types::Nullable<sql_types::Text>> {
    sql("(CASE WHEN errors > 0 AND finished_at > now() - interval '30 days' \
         THEN '/api/v2/imports/' || id || '/errors' END)")
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
        search_text: None,
        json: None,
        owners: &["created_by"],
        ordering: "-created_at",
        soft_delete: false,
        cursor: false,
    };
}

platform::stored!(ImportView);
