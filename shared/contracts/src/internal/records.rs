//! Asked of lead-service by enrichment-service: which records, what is known of them, write what was found, with its
//! provenance.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{CallKind, InternalCall, enrichments::JobSubject};
use crate::{Service, TenantId};

/// Which records may be chosen.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Choice {
    /// These; all unless given.
    pub ids: Option<Vec<Uuid>>,
    /// Those that meet this condition.
    #[serde(rename = "where")]
    pub condition: Option<Value>,
    /// Only those of this product.
    pub product_id: Option<Uuid>,
    /// Only those that are open: not unqualified, not converted, not archived.
    #[serde(default)]
    pub only_open: bool,
}

/// Chooses records, newest first. A merged record stands for the one that it was merged into.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SelectRecords {
    /// Owning tenant.
    pub tenant_id: TenantId,
    /// Accounts or leads.
    pub entity: JobSubject,
    /// Which.
    pub choice: Choice,
    /// Only those of these people, as a data scope says; all when none.
    pub seen_by: Option<Vec<Uuid>>,
    /// The tenant's time zone by its IANA name, in which a condition's days are counted.
    pub time_zone: Option<String>,
    /// Most that are wanted.
    pub limit: Option<i64>,
}

/// The answer to [`SelectRecords`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SelectedRecords {
    /// Ids, each once.
    pub ids: Vec<Uuid>,
    /// Faults of the condition: field, code, message.
    #[serde(default)]
    pub faults: Vec<crate::problem::FieldError>,
}

impl InternalCall for SelectRecords {
    type Answer = SelectedRecords;
    const SERVICE: Service = Service::Lead;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/records/select";
}

/// Reads records with what hangs on them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadRecords {
    /// Owning tenant.
    pub tenant_id: TenantId,
    /// Accounts or leads.
    pub entity: JobSubject,
    /// Which.
    pub ids: Vec<Uuid>,
    /// Only those of these people, as a data scope says; all when none.
    pub seen_by: Option<Vec<Uuid>>,
    /// Whether the last activities are wanted, too.
    #[serde(default)]
    pub with_activities: bool,
}

/// A record as it is now.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct KnownRecord {
    /// Its id: that of the winner where the one asked for was merged.
    pub id: Uuid,
    /// Its version.
    pub version: i32,
    /// All of its fields.
    pub record: Map<String, Value>,
    /// Its account, for a lead with one; for an account, itself.
    pub account: Map<String, Value>,
    /// The product that it is for.
    pub product: Map<String, Value>,
    /// Its last activities, newest first.
    #[serde(default)]
    pub activities: Vec<Value>,
    /// Fields that no enrichment changes.
    #[serde(default)]
    pub pinned: Vec<String>,
    /// Confidence of the fields that enrichment filled.
    #[serde(default)]
    pub confidences: Map<String, Value>,
}

/// The answer to [`ReadRecords`]: those that are there and seen.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct KnownRecords {
    /// The records.
    pub records: Vec<KnownRecord>,
}

impl InternalCall for ReadRecords {
    type Answer = KnownRecords;
    const SERVICE: Service = Service::Lead;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/records/read";
}

/// Asks whether a product is there.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct FindProduct {
    /// Owning tenant.
    pub tenant_id: TenantId,
    /// The product.
    pub id: Uuid,
}

/// The answer to [`FindProduct`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct FoundProduct {
    /// Whether it is.
    pub is_there: bool,
}

impl InternalCall for FindProduct {
    type Answer = FoundProduct;
    const SERVICE: Service = Service::Lead;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/records/product";
}

/// When a value takes the place of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WritePolicy {
    /// Where nothing stands.
    #[default]
    FillIfEmpty,
    /// Always.
    Always,
    /// Where it is surer than what stands there.
    HigherConfidence,
    /// Where its source counts for more: a person, a form, an import, enrichment by the order of its steps.
    SourceRank,
}

/// A value that was found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FoundValue {
    /// Name of the field.
    pub field: String,
    /// The value.
    pub value: Value,
    /// 0 to 1.
    pub confidence: f64,
    /// Who found it: `id`, `name`, `kind`.
    pub provider: Value,
    /// The step that it came from, from 0.
    pub step: i32,
    /// When.
    pub observed_at: DateTime<Utc>,
    /// Where, without secrets.
    pub source_url: Option<String>,
    /// Its cost, as a decimal number.
    pub cost: Option<String>,
}

/// Writes what was found, with its provenance. Idempotent by `job_id`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FillRecord {
    /// Owning tenant.
    pub tenant_id: TenantId,
    /// An account or a lead.
    pub entity: JobSubject,
    /// Which.
    pub id: Uuid,
    /// The enrichment job; a second call with it changes nothing more.
    pub job_id: Uuid,
    /// The version that the questions were asked about. Where it is another now, only fields that stand as they did are written.
    pub expected_version: Option<i32>,
    /// When a value takes the place of another.
    pub policy: WritePolicy,
    /// Values to be written.
    pub found: Vec<FoundValue>,
    /// Values to be kept beside, without being written.
    pub candidates: Vec<FoundValue>,
}

/// A field that was written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Written {
    /// Name of the field.
    pub field: String,
    /// The value it has now.
    pub value: Value,
    /// The value it had before.
    pub previous: Value,
}

/// A field that was not written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refused {
    /// Name of the field.
    pub field: String,
    /// `pinned`, `kept` by the policy, `changed` meanwhile, `invalid`, or `unknown_field`.
    pub reason: String,
}

/// The answer to [`FillRecord`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FilledRecord {
    /// The text.
    pub written: Vec<Written>,
    /// The fields that were not written.
    #[serde(default)]
    pub refused: Vec<Refused>,
    /// Share of the wanted fields that are filled, by field: its confidence and age in days, for those that are.
    #[serde(default)]
    pub standing: Map<String, Value>,
}

impl InternalCall for FillRecord {
    type Answer = FilledRecord;
    const SERVICE: Service = Service::Lead;
    const KIND: CallKind = CallKind::Put;
    const TEMPLATE: &'static str = "/internal/records/fill";
}

/// Suggests people as leads of an account. A person who is known already, in whatever state, is not added again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SuggestLeads {
    /// Owning tenant.
    pub tenant_id: TenantId,
    /// The account.
    pub account_id: Uuid,
    /// The enrichment job.
    pub job_id: Uuid,
    /// Who asked for it.
    pub started_by: Option<Uuid>,
    /// The people: fields of a lead, `persona`, `score` and `evaluation`.
    pub people: Vec<Map<String, Value>>,
    /// Most leads that the job makes in all.
    pub max: i64,
}

/// The answer to [`SuggestLeads`].
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct SuggestedLeads {
    /// Leads made by this call.
    pub created: i64,
    /// Leads made by the job in all.
    pub total: i64,
    /// People who were known already.
    pub known: i64,
    /// People who could not be taken: no name, no address.
    pub unusable: i64,
}

impl InternalCall for SuggestLeads {
    type Answer = SuggestedLeads;
    const SERVICE: Service = Service::Lead;
    const KIND: CallKind = CallKind::Put;
    const TEMPLATE: &'static str = "/internal/records/suggest";
}

/// Merges what was read of a person's doings on LinkedIn into `enrichment_data.linkedin`. Idempotent: nothing is doubled.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MergeLinkedin {
    /// Owning tenant.
    pub tenant_id: TenantId,
    /// The lead.
    pub lead_id: Uuid,
    /// The enrichment job.
    pub job_id: Uuid,
    /// Activities: `kind`, `text`, `url`, `author`, `at`.
    pub activities: Vec<Value>,
    /// Insights; those that are there stay when none are given.
    pub insights: Option<Value>,
    /// The accompanying evaluation.
    pub metadata: Value,
}

/// The answer to [`MergeLinkedin`].
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct MergedLinkedin {
    /// Activities that were new.
    pub added: i64,
    /// Activities in all.
    pub total: i64,
}

impl InternalCall for MergeLinkedin {
    type Answer = MergedLinkedin;
    const SERVICE: Service = Service::Lead;
    const KIND: CallKind = CallKind::Put;
    const TEMPLATE: &'static str = "/internal/records/linkedin";
}

/// Removes what a provider gave about a record: its values where they still stand, its candidates, its provenance. What
/// others gave stays.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ForgetProvider {
    /// Owning tenant.
    pub tenant_id: TenantId,
    /// An account or a lead.
    pub entity: JobSubject,
    /// Which.
    pub id: Uuid,
    /// The provider.
    pub provider_id: Uuid,
}

/// The answer to [`ForgetProvider`].
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct ForgottenProvider {
    /// Fields that were emptied.
    pub emptied: i64,
}

impl InternalCall for ForgetProvider {
    type Answer = ForgottenProvider;
    const SERVICE: Service = Service::Lead;
    const KIND: CallKind = CallKind::Put;
    const TEMPLATE: &'static str = "/internal/records/forget";
}
