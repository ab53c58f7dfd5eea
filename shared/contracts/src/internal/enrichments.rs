//! Asked of enrichment-service: start a job, say how far the enrichments of an account are; and the names of the enrichments.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{CallKind, InternalCall};
use crate::{Service, TenantId, UserId};

/// A kind of enrichment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EnrichmentType {
    /// Facts about a company.
    CompanyInfo,
    /// People at a company who fit the product.
    GenerateLeads,
    /// Activities of a person on LinkedIn.
    LeadLinkedinResearch,
    /// An answer to a tenant's own question.
    CustomColumn,
    /// Contact data and role of a person.
    LeadInfo,
}

impl EnrichmentType {
    /// Every type.
    pub const ALL: [Self; 5] = [
        Self::CompanyInfo,
        Self::GenerateLeads,
        Self::LeadLinkedinResearch,
        Self::CustomColumn,
        Self::LeadInfo,
    ];

    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CompanyInfo => "COMPANY_INFO",
            Self::GenerateLeads => "GENERATE_LEADS",
            Self::LeadLinkedinResearch => "LEAD_LINKEDIN_RESEARCH",
            Self::CustomColumn => "CUSTOM_COLUMN",
            Self::LeadInfo => "LEAD_INFO",
        }
    }

    /// The type of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name() == name)
    }
}

/// A job that was started. Those of a new account travel in its creation event under `enrichment_jobs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StartedJob {
    /// The findings that it is for.
    #[serde(rename = "type")]
    pub kind: EnrichmentType,
    /// Id of the job, made by the starter so that it can answer at once.
    pub job_id: Uuid,
}

/// What a job is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobSubject {
    /// An account.
    Account,
    /// A lead.
    Lead,
}

impl JobSubject {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Lead => "lead",
        }
    }
}

/// Starts this job. Idempotent by its id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartJob {
    /// Owning tenant.
    pub tenant_id: TenantId,
    /// The job.
    pub job: StartedJob,
    /// The kind of its subject.
    pub subject: JobSubject,
    /// Id of that thing.
    pub subject_id: Uuid,
    /// What is known already.
    pub input: Value,
    /// Who asked for it.
    pub started_by: Option<UserId>,
    /// Id of the request that asked for it.
    pub request_id: Option<String>,
    /// Its place in a trace.
    pub traceparent: Option<String>,
}

/// The answer to [`StartJob`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobStarted {
    /// Whether it was not known before.
    pub is_new: bool,
}

/// How far are the enrichments of this account?
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadAccountEnrichment {
    /// Owning tenant.
    pub tenant_id: TenantId,
    /// The account.
    pub account_id: Uuid,
}

/// State of an enrichment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnrichmentStatus {
    /// Not begun.
    Pending,
    /// Being worked on.
    InProgress,
    /// Done.
    Completed,
    /// Failed, with the reason; tried again where a next run is scheduled.
    Failed,
    /// Not done, with the reason, such as that no provider knows of it.
    Skipped,
}

impl EnrichmentStatus {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    /// The status of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Pending, Self::InProgress, Self::Completed, Self::Failed, Self::Skipped]
            .into_iter()
            .find(|s| s.name() == name)
    }
}

/// One enrichment of an account.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AccountEnrichment {
    /// The findings that it is for.
    pub enrichment_type: EnrichmentType,
    /// How far it is.
    pub status: EnrichmentStatus,
    /// 0 to 100.
    pub completion_percent: i32,
    /// When it last succeeded.
    pub last_successful_run: Option<DateTime<Utc>>,
    /// When it was last tried.
    pub last_attempted_run: Option<DateTime<Utc>>,
    /// When it is tried next.
    pub next_scheduled_run: Option<DateTime<Utc>>,
    /// Failures in a row.
    pub failure_count: i32,
    /// Share of the wanted fields that are filled, weighted by confidence and age, 0 to 1.
    #[serde(default)]
    pub data_quality_score: Option<f64>,
    /// Where the data came from.
    pub source: String,
    /// Why it failed: `code`, `message` and `retryable`.
    #[schema(value_type = Option<Object>)]
    pub error_details: Option<Value>,
    /// The job.
    pub job_id: Option<Uuid>,
    /// Which fields it filled, from where and when.
    pub provenance: Vec<Provenance>,
}

/// Where one enriched field came from.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Provenance {
    /// Name of the field.
    pub field: String,
    /// Name of the source.
    pub provider: String,
    /// The page it was read from.
    pub source_url: Option<String>,
    /// 0 to 1.
    pub confidence: f64,
    /// When it was read.
    pub fetched_at: DateTime<Utc>,
    /// The value before.
    #[schema(value_type = Option<Object>)]
    pub previous_value: Option<Value>,
}

impl InternalCall for StartJob {
    type Answer = JobStarted;
    const SERVICE: Service = Service::Enrichment;
    const KIND: CallKind = CallKind::Put;
    const TEMPLATE: &'static str = "/internal/jobs";
}

impl InternalCall for ReadAccountEnrichment {
    type Answer = Vec<AccountEnrichment>;
    const SERVICE: Service = Service::Enrichment;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/account-enrichment";
}
