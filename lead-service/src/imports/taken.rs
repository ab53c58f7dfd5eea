//! An import while a worker holds it.

use contracts::{TenantId, UserId, identity::PlatformRole};
use diesel::{
    QueryableByName,
    sql_types::{Bool, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    api::{ImportMode, ImportStatus, UpdateBy},
    files::FileFormat,
};

/// What an import shows while the person for whom it acts is no active member.
pub const PAUSED: &str = "Paused: the person for whom it acts is no active member of an active tenant.";

/// An import that a worker holds.
#[derive(Clone, Debug, QueryableByName)]
pub struct TakenImport {
    /// Id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    mode: String,
    #[diesel(sql_type = Text)]
    format: String,
    #[diesel(sql_type = Nullable<Text>)]
    update_by: Option<String>,
    /// Which column feeds which field.
    #[diesel(sql_type = Jsonb)]
    pub mapping: Value,
    /// Rows that have their outcome.
    #[diesel(sql_type = Integer)]
    pub done: i32,
    /// Whether it is being taken back.
    #[diesel(sql_type = Bool)]
    pub is_undoing: bool,
    #[diesel(sql_type = SqlUuid)]
    acts_for: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    acts_as: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    failure: Option<String>,
    /// Request that started it.
    #[diesel(sql_type = Nullable<Text>)]
    pub request_id: Option<String>,
    /// Its trace.
    #[diesel(sql_type = Nullable<Text>)]
    pub traceparent: Option<String>,
}

impl TakenImport {
    /// Whose it is.
    pub fn tenant(&self) -> TenantId {
        TenantId(self.tenant_id)
    }

    /// Whether its rows are being written already.
    pub fn is_running(&self) -> bool {
        self.status == ImportStatus::Running.word()
    }

    /// Whether it is only looked at.
    pub fn is_trial(&self) -> bool {
        self.mode == ImportMode::Validate.word()
    }

    /// How the file is written.
    pub fn format(&self) -> FileFormat {
        FileFormat::parse(&self.format).unwrap_or(FileFormat::Csv)
    }

    /// By what rows find leads.
    pub fn update_by(&self) -> Option<UpdateBy> {
        self.update_by.as_deref().and_then(UpdateBy::parse)
    }

    /// The person who started its present stage, with whose rights it acts.
    pub fn acts_for(&self) -> UserId {
        UserId(self.acts_for)
    }

    /// That person's role on the platform.
    pub fn acts_as(&self) -> PlatformRole {
        self.acts_as.as_deref().and_then(PlatformRole::parse).unwrap_or_default()
    }

    /// Whether it was paused.
    pub fn is_paused(&self) -> bool {
        self.failure.as_deref() == Some(PAUSED)
    }
}
