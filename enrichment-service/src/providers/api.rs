//! Providers on the wire.

use chrono::{DateTime, Utc};
use contracts::permissions::EnrichmentProvidersManage;
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::{ProviderKind, ProviderStatus};
use crate::{
    money::{Amount, Written},
    schema::enrichment_providers,
};

/// A provider as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteProvider {
    /// Its kind; it stays.
    pub kind: ProviderKind,
    /// Its name, unique in the tenant.
    #[schema(format = "name", min_length = 1, max_length = 100)]
    pub name: String,
    /// Base address: with `/v1` for a model. Vendors have one of their own.
    #[schema(format = "uri", max_length = 2_048)]
    pub base_url: Option<String>,
    /// Secrets by name, such as `api_key`. They are never answered; left out they stay, null removes them.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    pub credentials: Option<Option<Map<String, Value>>>,
    /// Configuration of its kind.
    #[schema(value_type = Option<Object>)]
    pub config: Option<Value>,
    /// Whether it is asked.
    #[serde(default = "enabled")]
    #[schema(default = true)]
    pub enabled: bool,
    /// Calls per second, at most.
    #[schema(minimum = 0.001, maximum = 100)]
    pub max_per_second: Option<f64>,
    /// Calls at once, at most; 4 unless given.
    #[schema(minimum = 1, maximum = 64)]
    pub max_concurrency: Option<i32>,
    /// Time limit of one call in milliseconds; 30,000 unless given.
    #[schema(minimum = 100, maximum = 120_000)]
    pub timeout_ms: Option<i32>,
    /// Most that is spent in a month of the tenant's time zone.
    pub monthly_budget: Option<Written>,
    /// Price of a call, whatever comes of it.
    pub price_per_call: Option<Written>,
    /// Price of an answer that says something, beside that of the call.
    pub price_per_hit: Option<Written>,
    /// Price of a million tokens that a model reads.
    pub price_in: Option<Written>,
    /// Price of a million tokens that a model writes.
    pub price_out: Option<Written>,
}

fn enabled() -> bool {
    true
}

/// Tells what is given, null included, from what is left out.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Map<String, Value>>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A provider as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = enrichment_providers, check_for_backend(diesel::pg::Pg))]
pub struct ProviderView {
    /// Id.
    pub id: Uuid,
    /// Its kind.
    pub kind: ProviderKind,
    /// Its name.
    pub name: String,
    /// Base address.
    pub base_url: Option<String>,
    /// Whether credentials are stored.
    pub has_credentials: bool,
    /// Configuration of its kind.
    #[schema(value_type = Object)]
    pub config: Value,
    /// Whether it is asked.
    pub enabled: bool,
    /// Calls per second, at most.
    pub max_per_second: Option<f64>,
    /// Calls at once, at most.
    pub max_concurrency: Option<i32>,
    /// Time limit of one call.
    pub timeout_ms: Option<i32>,
    /// Most that is spent in a month.
    pub monthly_budget: Option<Amount>,
    /// Price of a call.
    pub price_per_call: Option<Amount>,
    /// Price of an answer that says something, beside that of the call.
    pub price_per_hit: Option<Amount>,
    /// Price of a million tokens that a model reads.
    pub price_in: Option<Amount>,
    /// Price of a million tokens that a model writes.
    pub price_out: Option<Amount>,
    /// ok, paused, reauth_required (its credentials are not accepted) or open (it failed too often and rests).
    pub status: ProviderStatus,
    /// Why it is not asked.
    pub status_reason: Option<String>,
    /// Until when it rests.
    pub open_until: Option<DateTime<Utc>>,
    /// Grows with each change of what is asked and how; answers kept from before are not given again.
    pub setup_version: i32,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

platform::record!(ProviderView, EnrichmentProvidersManage);

impl Listed for ProviderView {
    const LISTING: Listing = Listing {
        path: "/api/v2/enrichment/providers",
        table: "enrichment_providers",
        columns: &[
            column("id", Kind::Uuid),
            column("kind", Kind::Choice(ProviderKind::WORDS)),
            column("name", Kind::Text),
            column("enabled", Kind::Bool),
            column("status", Kind::Choice(ProviderStatus::WORDS)),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name", "base_url"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-created_at",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(ProviderView);

/// The subject to try a provider with.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TryProvider {
    /// The question.
    #[serde(default)]
    pub input: TryInput,
}

/// The record that a provider is tried with.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TryInput {
    /// Fields of an account.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub account: Option<Map<String, Value>>,
    /// Fields of a lead.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub lead: Option<Map<String, Value>>,
}

/// The result of a trial.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TrialView {
    /// Whether it answered.
    pub ok: bool,
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// Its duration.
    pub latency_ms: u64,
    /// Its cost.
    pub cost: Amount,
    /// Its findings, each with its confidence.
    #[schema(value_type = Vec<Object>)]
    pub findings: Vec<Value>,
    /// Why it did not answer: `code` and `message`.
    #[schema(value_type = Option<Object>)]
    pub error: Option<Value>,
}
