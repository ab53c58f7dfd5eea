//! Scoring models on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
    text_enum,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{people::Persona, schema::scoring_models};

text_enum!(
    /// What points speak of.
    ScoreKind {
        /// Who the lead is.
        Fit = "fit",
        /// What the lead does.
        Engagement = "engagement",
    }
);

/// Rules that are added up and bounded together.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoringGroup {
    /// Name, by which rules refer to it.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What its points speak of.
    pub kind: ScoreKind,
    /// Most points it gives.
    #[serde(default)]
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    pub max_points: Option<f64>,
    /// Fewest points it gives; below zero it bounds what it may take.
    #[serde(default)]
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    pub min_points: Option<f64>,
    /// Days after which what the lead did counts half; for engagement only. Without it nothing fades.
    #[serde(default)]
    #[schema(maximum = 36_500)]
    pub half_life_days: Option<f64>,
}

/// Company sizes, both ends included.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Employees {
    /// Fewest employees.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub min: Option<i32>,
    /// Most employees.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub max: Option<i32>,
}

/// What a rule looks at: exactly one of these.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoringTest {
    /// The lead plays one of these parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 3)]
    pub persona: Option<Vec<Persona>>,
    /// One of these words stands in the lead's title, company, notes or message, or its account's description; the
    /// product's keywords when the list is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 200)]
    pub keywords: Option<Vec<String>>,
    /// The company is in one of these industries, whatever the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 200)]
    pub industry: Option<Vec<String>>,
    /// The company has so many employees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employees: Option<Employees>,
    /// A tree of conditions holds: `{"and": […]}`, `{"or": […]}`, `{"not": {…}}`, `{"field", "op", "value"}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub matches: Option<Value>,
    /// The lead did one of these: `email_opened`, `email_replied`, `call`, `meeting`, …; each time counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 50)]
    pub engagement: Option<Vec<String>>,
}

impl ScoringTest {
    /// How many it looks at.
    pub fn count(&self) -> usize {
        [
            self.persona.is_some(),
            self.keywords.is_some(),
            self.industry.is_some(),
            self.employees.is_some(),
            self.matches.is_some(),
            self.engagement.is_some(),
        ]
        .into_iter()
        .filter(|given| *given)
        .count()
    }
}

/// Points for what holds of a lead.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoringRule {
    /// Name, as contributions show it.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// The group it counts in.
    #[schema(min_length = 1, max_length = 100)]
    pub group: String,
    /// Points it gives; below zero it takes them.
    #[schema(minimum = -100_000, maximum = 100_000)]
    pub points: f64,
    /// What it looks at.
    pub when: ScoringTest,
}

fn enabled() -> bool {
    true
}

/// A scoring model as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteScoringModel {
    /// Name, unique in the tenant.
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// The product of the leads it scores; without one, leads of every product without a model of its own.
    #[serde(default)]
    pub product_id: Option<Uuid>,
    /// Whether it is in use; true unless given.
    #[serde(default = "enabled")]
    pub enabled: bool,
    /// Its groups; `fit` and `engagement` (half-life 30 days) when none are given.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub groups: Vec<ScoringGroup>,
    /// Its rules.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub rules: Vec<ScoringRule>,
}

/// A scoring model as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = scoring_models, check_for_backend(diesel::pg::Pg))]
pub struct ScoringModelView {
    /// Id.
    pub id: Uuid,
    /// Name, unique in the tenant.
    pub name: String,
    /// The product of the leads it scores; none for the tenant's own.
    pub product_id: Option<Uuid>,
    /// Whether it is in use.
    pub enabled: bool,
    /// Its groups.
    #[schema(value_type = Vec<ScoringGroup>)]
    pub groups: Value,
    /// Its rules.
    #[schema(value_type = Vec<ScoringRule>)]
    pub rules: Value,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for ScoringModelView {
    const LISTING: Listing = Listing {
        path: "/api/v2/scoring-models",
        table: "scoring_models",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("product_id", Kind::Uuid),
            column("enabled", Kind::Bool),
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

platform::stored!(ScoringModelView);
