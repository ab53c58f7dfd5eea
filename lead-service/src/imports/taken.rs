//! An import while a worker holds it.

use contracts::{TenantId, UserId, identity::PlatformRole};
use diesel::{
    QueryableByName,
    sql_types::{Bool, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    api::{ColumnView, ImportMode, ImportStatus},
    files::Layout,
    settings::{ImportDuplicates, ImportSettings, UpdateBy},
};

/// The error of an import while its starter is no active member.
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
    #[diesel(sql_type = Nullable<Text>)]
    update_by: Option<String>,
    #[diesel(sql_type = Text)]
    duplicate_policy: String,
    #[diesel(sql_type = Jsonb)]
    layout: Value,
    #[diesel(sql_type = Jsonb)]
    columns: Value,
    #[diesel(sql_type = Jsonb)]
    settings: Value,
    /// The file's name.
    #[diesel(sql_type = Nullable<Text>)]
    pub file_name: Option<String>,
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
    /// Owning tenant.
    pub fn tenant(&self) -> TenantId {
        TenantId(self.tenant_id)
    }

    /// The file's name; empty where it has none.
    pub fn file_name(&self) -> &str {
        self.file_name.as_deref().unwrap_or_default()
    }

    /// Whether its rows are being written already.
    pub fn is_running(&self) -> bool {
        self.status == ImportStatus::Running.word()
    }

    /// Whether it is only looked at.
    pub fn is_trial(&self) -> bool {
        self.mode == ImportMode::Validate.word()
    }

    /// By what rows find leads.
    pub fn update_by(&self) -> Option<UpdateBy> {
        self.update_by.as_deref().and_then(UpdateBy::parse)
    }

    /// The treatment of rows about known people.
    pub fn policy(&self) -> ImportDuplicates {
        ImportDuplicates::parse(&self.duplicate_policy).unwrap_or(ImportDuplicates::Skip)
    }

    /// Whether rows may change known leads.
    pub fn changes_leads(&self) -> bool {
        let changes = matches!(self.policy(), ImportDuplicates::Update | ImportDuplicates::UpdateEmpty);
        changes || self.update_by.is_some()
    }

    /// The place and writing of the rows; none for one that an earlier release took in.
    pub fn layout(&self) -> Option<Layout> {
        serde_json::from_value(self.layout.clone()).ok()
    }

    /// The columns in the order of the file.
    pub fn columns(&self) -> Vec<ColumnView> {
        serde_json::from_value(self.columns.clone()).unwrap_or_default()
    }

    /// The settings that the person asked for.
    pub fn settings(&self) -> ImportSettings {
        serde_json::from_value(self.settings.clone()).unwrap_or_default()
    }

    /// The user who started its present stage. It acts with that user's rights.
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
