//! Waterfalls on the wire.

use chrono::{DateTime, Utc};
use contracts::permissions::EnrichmentRead;
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::{EntityType, Policy, Stop, WaterfallType};
use crate::{
    money::{Amount, Written},
    schema::enrichment_waterfalls,
};

/// One step: who is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WaterfallStep)]
pub struct Step {
    /// The provider.
    pub provider_id: Uuid,
    /// Least confidence at which its answers are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1)]
    pub min_confidence: Option<f64>,
}

/// A waterfall as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteWaterfall {
    /// Its name, unique in the tenant.
    #[schema(format = "name", min_length = 1, max_length = 100)]
    pub name: String,
    /// Its subject.
    pub entity_type: EntityType,
    /// The findings that it is for.
    pub enrichment_type: WaterfallType,
    /// Whether it is used where none is named; it takes that from another.
    #[serde(default)]
    pub is_default: bool,
    /// The fields that are wanted; all of the type unless given.
    #[schema(max_items = 60)]
    pub fields: Option<Vec<String>>,
    /// Who is asked, in order. Without steps, every provider that covers the type is asked, in the order of being added.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub steps: Vec<Step>,
    /// When a field is settled: with the first sure answer, or when several agree.
    #[serde(default)]
    pub stop: Stop,
    /// Number of providers that have to agree; 2 unless given.
    #[schema(minimum = 2, maximum = 5)]
    pub agree: Option<i32>,
    /// When a value takes the place of another.
    #[serde(default)]
    pub write_policy: Policy,
    /// Most that is spent for a record.
    pub max_cost_per_record: Option<Written>,
    /// Most that is spent in a day of the tenant's time zone.
    pub max_cost_per_day: Option<Written>,
    /// For how many hours an answer is given again.
    #[schema(minimum = 1, maximum = 8_784)]
    pub cache_hours: Option<i32>,
    /// After how many days records are asked about again; never unless given.
    #[schema(minimum = 1, maximum = 3_650)]
    pub refresh_days: Option<i32>,
}

/// A waterfall as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = enrichment_waterfalls, check_for_backend(diesel::pg::Pg))]
pub struct WaterfallView {
    /// Id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its subject.
    pub entity_type: EntityType,
    /// The findings that it is for.
    pub enrichment_type: WaterfallType,
    /// Whether it is used where none is named.
    pub is_default: bool,
    /// The fields that are wanted; all of the type when none.
    pub fields: Option<Vec<String>>,
    /// Who is asked, in order.
    #[schema(value_type = Vec<Step>)]
    pub steps: Value,
    /// When a field is settled.
    pub stop: Stop,
    /// Number of providers that have to agree.
    pub agree: i32,
    /// When a value takes the place of another.
    pub write_policy: Policy,
    /// Most that is spent for a record.
    pub max_cost_per_record: Option<Amount>,
    /// Most that is spent in a day.
    pub max_cost_per_day: Option<Amount>,
    /// For how many hours an answer is given again.
    pub cache_hours: Option<i32>,
    /// After how many days records are asked about again.
    pub refresh_days: Option<i32>,
    /// Grows with each change; the ETag. A job says with which it ran.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

platform::record!(WaterfallView, EnrichmentRead);

impl WaterfallView {
    /// Its steps.
    pub fn steps(&self) -> Vec<Step> {
        serde_json::from_value(self.steps.clone()).unwrap_or_default()
    }
}

impl Listed for WaterfallView {
    const LISTING: Listing = Listing {
        path: "/api/v2/enrichment/waterfalls",
        table: "enrichment_waterfalls",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("entity_type", Kind::Choice(EntityType::WORDS)),
            column("enrichment_type", Kind::Choice(WaterfallType::WORDS)),
            column("is_default", Kind::Bool),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-created_at",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(WaterfallView);

/// Which records.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichRecords {
    /// These.
    #[schema(max_items = 10_000)]
    pub ids: Option<Vec<Uuid>>,
    /// Those that meet this condition.
    #[serde(rename = "where")]
    #[schema(value_type = Option<Object>)]
    pub condition: Option<Value>,
}

/// The most that a run would take.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EstimateView {
    /// Records.
    pub records: i64,
    /// Calls, at most.
    pub max_calls: i64,
    /// Cost, at most.
    pub max_cost: Amount,
    /// The same by provider.
    pub by_provider: Vec<ProviderEstimate>,
}

/// The most that a run would take of one provider.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProviderEstimate {
    /// The provider.
    pub provider_id: Uuid,
    /// Its name.
    pub name: String,
    /// Calls, at most.
    pub max_calls: i64,
    /// Cost, at most.
    pub max_cost: Amount,
}
