//! Custom columns on the wire.

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

use super::domain::{ContextType, ResponseType};
use crate::{
    money::{Amount, Written},
    schema::custom_columns,
    waterfalls::domain::EntityType,
};

/// Limits of an answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponseConfig {
    /// The words of an enum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    pub choices: Option<Vec<String>>,
    /// The least number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The greatest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Most characters of a string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 5_000)]
    pub max_length: Option<i32>,
    /// The JSON schema of a json_object, of depth 3 at most, without `$ref` and `pattern`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub schema: Option<Value>,
}

/// Which model, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AiConfig {
    /// The provider; the first of kind `model` unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<Uuid>,
    /// Name of the model; the provider's own unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200)]
    pub model: Option<String>,
    /// 0 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 2)]
    pub temperature: Option<f64>,
    /// Most tokens of an answer; 400 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 16, maximum = 4_000)]
    pub max_output_tokens: Option<i32>,
}

/// A column as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteColumn {
    /// The product that it is for.
    pub product_id: Uuid,
    /// Its subject.
    pub entity_type: EntityType,
    /// Its name, unique in the product.
    #[schema(format = "name", min_length = 1, max_length = 100)]
    pub name: String,
    /// Its purpose.
    #[schema(max_length = 2_000)]
    pub description: Option<String>,
    /// The question.
    #[schema(min_length = 1, max_length = 4_000)]
    pub question: String,
    /// The type of the answer.
    pub response_type: ResponseType,
    /// Limits of the answer.
    #[serde(default)]
    pub response_config: ResponseConfig,
    /// Which model, and how.
    #[serde(default)]
    pub ai_config: AiConfig,
    /// Context that the model is shown.
    #[schema(min_items = 1, max_items = 6)]
    pub context_type: Vec<ContextType>,
    /// Only records that meet this condition are asked about.
    #[schema(value_type = Option<Object>)]
    pub run_if: Option<Value>,
    /// Most that a run spends.
    pub max_cost_per_run: Option<Written>,
    /// Whether it is asked.
    #[serde(default = "active")]
    #[schema(default = true)]
    pub is_active: bool,
}

fn active() -> bool {
    true
}

/// A column as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = custom_columns, check_for_backend(diesel::pg::Pg))]
pub struct CustomColumnView {
    /// Id.
    pub id: Uuid,
    /// The product that it is for.
    pub product_id: Uuid,
    /// Its subject.
    pub entity_type: EntityType,
    /// Its name.
    pub name: String,
    /// Its purpose.
    pub description: Option<String>,
    /// The question.
    pub question: String,
    /// The type of the answer.
    pub response_type: ResponseType,
    /// Limits of the answer.
    #[schema(value_type = ResponseConfig)]
    pub response_config: Value,
    /// Which model, and how.
    #[schema(value_type = AiConfig)]
    pub ai_config: Value,
    /// Context that the model is shown.
    pub context_type: Vec<String>,
    /// Only records that meet this condition are asked about.
    #[schema(value_type = Option<Object>)]
    pub run_if: Option<Value>,
    /// Most that a run spends.
    pub max_cost_per_run: Option<Amount>,
    /// Whether it is asked.
    pub is_active: bool,
    /// Grows with each change of what the model sees; answers to an earlier one are stale.
    pub prompt_version: i32,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

platform::record!(CustomColumnView, EnrichmentRead);

impl CustomColumnView {
    /// Context that the model is shown.
    pub fn contexts(&self) -> Vec<ContextType> {
        self.context_type.iter().filter_map(|word| ContextType::parse(word)).collect()
    }

    /// Limits of the answer.
    pub fn response(&self) -> ResponseConfig {
        serde_json::from_value(self.response_config.clone()).unwrap_or_default()
    }

    /// Which model, and how.
    pub fn ai(&self) -> AiConfig {
        serde_json::from_value(self.ai_config.clone()).unwrap_or_default()
    }
}

impl Listed for CustomColumnView {
    const LISTING: Listing = Listing {
        path: "/api/v2/custom_columns",
        table: "custom_columns",
        columns: &[
            column("id", Kind::Uuid),
            column("product_id", Kind::Uuid),
            column("entity_type", Kind::Choice(EntityType::WORDS)),
            column("name", Kind::Text),
            column("response_type", Kind::Choice(ResponseType::WORDS)),
            column("is_active", Kind::Bool),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name", "question", "description"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-created_at",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(CustomColumnView);

/// Which records are asked about.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GenerateValues {
    /// These; without them and a condition, all of the column's product.
    #[schema(max_items = 10_000)]
    pub entity_ids: Option<Vec<Uuid>>,
    /// Those that meet this condition.
    #[serde(rename = "where")]
    #[schema(value_type = Option<Object>)]
    pub condition: Option<Value>,
    /// Most that the run spends.
    pub max_cost: Option<Written>,
    /// Confirmed highest cost of a run over everything, as its estimate says; required without `entity_ids` and `where`.
    pub confirm_cost: Option<Written>,
}

/// Number of records that are tried.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleColumn {
    /// The newest of the column's product.
    #[schema(minimum = 1, maximum = 10)]
    pub n: i64,
}

/// Sampled answers of a column.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SampleView {
    /// One for each record.
    #[schema(value_type = Vec<Object>)]
    pub results: Vec<Value>,
    /// Cost of the sample.
    pub cost: Amount,
    /// An estimate of the cost of all records of the column's product.
    pub estimated_cost_all: Amount,
}
