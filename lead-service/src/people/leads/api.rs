//! Leads on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::{json::JsonText, value::Kind},
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::{LeadEnrichmentStatus, LeadSource, LeadStatus, Persona, SuggestionStatus};
use crate::{money::Money, people::leads::contribution::Contribution, schema::leads};

/// A lead as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteLead {
    /// The account it belongs to.
    pub account_id: Option<Uuid>,
    /// The product it is for.
    pub product_id: Option<Uuid>,
    /// First name.
    #[schema(max_length = 100)]
    pub first_name: Option<String>,
    /// Last name.
    #[schema(max_length = 100)]
    pub last_name: Option<String>,
    /// E-mail address.
    #[schema(format = "email")]
    pub email: Option<String>,
    /// Phone number.
    #[schema(max_length = 50)]
    pub phone: Option<String>,
    /// Company.
    #[schema(max_length = 255)]
    pub company_name: Option<String>,
    /// Job title.
    #[schema(max_length = 255)]
    pub role_title: Option<String>,
    /// LinkedIn profile.
    #[schema(format = "linkedin-url", max_length = 500)]
    pub linkedin_url: Option<String>,
    /// How far it has been worked; `new` unless given.
    pub status: Option<LeadStatus>,
    /// Where it came from; `manual` unless given.
    pub source: Option<LeadSource>,
    /// What became of the suggestion; `manual` unless given.
    pub suggestion_status: Option<SuggestionStatus>,
    /// The part the person plays in buying.
    pub persona: Option<Persona>,
    /// How promising, the more the better. Where a scoring model is for the lead, its score follows from that.
    pub score: Option<f64>,
    /// What the deal may be worth.
    pub estimated_value: Option<Money>,
    /// Its currency, ISO 4217.
    #[schema(format = "currency", min_length = 3, max_length = 3)]
    pub currency: Option<String>,
    /// Notes.
    #[schema(max_length = 20_000)]
    pub notes: Option<String>,
    /// Assignee.
    pub assigned_to: Option<Uuid>,
    /// Id in the system it came from, unique among those that people and server keys give.
    #[schema(max_length = 255)]
    pub lead_reference_id: Option<String>,
    /// The tenant's own fields.
    #[schema(value_type = Option<Object>)]
    pub custom_fields: Option<Value>,
    /// What they agreed to.
    #[schema(value_type = Option<Object>)]
    pub consent: Option<Value>,
    /// Campaign parameters.
    #[schema(value_type = Option<Object>)]
    pub utm: Option<Value>,
}

/// A lead as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = leads, check_for_backend(diesel::pg::Pg))]
pub struct LeadView {
    /// Id.
    pub id: Uuid,
    /// The account it belongs to.
    pub account_id: Option<Uuid>,
    /// The product it is for.
    pub product_id: Option<Uuid>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// Company.
    pub company_name: Option<String>,
    /// Job title.
    pub role_title: Option<String>,
    /// LinkedIn profile.
    pub linkedin_url: Option<String>,
    /// How far it has been worked.
    pub status: LeadStatus,
    /// Where it came from.
    pub source: LeadSource,
    /// What became of the suggestion.
    pub suggestion_status: SuggestionStatus,
    /// How far its enrichment is.
    pub enrichment_status: LeadEnrichmentStatus,
    /// The part the person plays in buying.
    pub persona: Option<Persona>,
    /// How promising, the more the better.
    pub score: Option<f64>,
    /// What the score is made of; it is the sum of the points.
    #[schema(value_type = Option<Vec<Contribution>>)]
    pub score_breakdown: Option<JsonText>,
    /// What the deal may be worth.
    pub estimated_value: Option<Money>,
    /// Its currency, ISO 4217.
    pub currency: Option<String>,
    /// Notes.
    pub notes: Option<String>,
    /// Assignee.
    pub assigned_to: Option<Uuid>,
    /// Id in the system it came from.
    pub lead_reference_id: Option<String>,
    /// Where that id is from, and unique: `api` for people and server keys, else the browser key or address it came in by.
    pub source_key: String,
    /// The API key it came in with.
    pub api_key_id: Option<Uuid>,
    /// What a form sent beside the known fields.
    #[schema(value_type = Option<Object>)]
    pub raw_payload: Option<JsonText>,
    /// The tenant's own fields.
    #[schema(value_type = Option<Object>)]
    pub custom_fields: Option<JsonText>,
    /// What enrichment found.
    #[schema(value_type = Option<Object>)]
    pub enrichment_data: Option<JsonText>,
    /// What they agreed to.
    #[schema(value_type = Option<Object>)]
    pub consent: Option<JsonText>,
    /// Campaign parameters.
    #[schema(value_type = Option<Object>)]
    pub utm: Option<JsonText>,
    /// Whether it came from a test submission.
    pub is_test: bool,
    /// When the person sent it, where the form says so.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it became a deal.
    pub converted_at: Option<DateTime<Utc>>,
    /// The deal.
    pub converted_to_deal_id: Option<Uuid>,
    /// When it was last enriched.
    pub last_enriched_at: Option<DateTime<Utc>>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it; none for one that was handed in.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for LeadView {
    const LISTING: Listing = Listing {
        path: "/api/v2/leads",
        table: "leads",
        columns: &[
            column("id", Kind::Uuid),
            column("account_id", Kind::Uuid),
            column("product_id", Kind::Uuid),
            column("first_name", Kind::Text),
            column("last_name", Kind::Text),
            column("email", Kind::Email),
            column("phone", Kind::Phone),
            column("company_name", Kind::Text),
            column("role_title", Kind::Text),
            column("linkedin_url", Kind::LinkedIn),
            column("status", Kind::Choice(LeadStatus::WORDS)),
            column("source", Kind::Choice(LeadSource::WORDS)),
            column("suggestion_status", Kind::Choice(SuggestionStatus::WORDS)),
            column("enrichment_status", Kind::Choice(LeadEnrichmentStatus::WORDS)),
            column("persona", Kind::Choice(Persona::WORDS)),
            column("score", Kind::Float),
            column("estimated_value", Kind::Decimal),
            column("currency", Kind::Text),
            column("assigned_to", Kind::Uuid),
            column("lead_reference_id", Kind::Text),
            column("source_key", Kind::Text),
            column("api_key_id", Kind::Uuid),
            column("is_test", Kind::Bool),
            column("submitted_at", Kind::Time),
            column("converted_at", Kind::Time),
            column("last_enriched_at", Kind::Time),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["first_name", "last_name", "email", "phone", "company_name", "role_title"],
        search_text: Some("search_text"),
        json: Some("custom_fields"),
        owners: &["assigned_to", "created_by"],
        ordering: "-score",
        soft_delete: true,
        cursor: true,
    };
    const MERGED_INTO: Option<&'static str> = Some("merged_into");
}

platform::stored!(LeadView);
