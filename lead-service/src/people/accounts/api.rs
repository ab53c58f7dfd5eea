//! Accounts on the wire.

use chrono::{DateTime, Utc};
use contracts::internal::enrichments::{AccountEnrichment, StartedJob};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::accounts;

/// An account as it is written.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteAccount {
    /// Name of the company.
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// The product it may buy; null where that is open.
    #[schema(required)]
    pub product_id: Option<Uuid>,
    /// Its website.
    #[schema(format = "uri", max_length = 500)]
    pub website: Option<String>,
    /// Its LinkedIn page.
    #[schema(format = "linkedin-url", max_length = 500)]
    pub linkedin_url: Option<String>,
    /// Industry.
    #[schema(max_length = 255)]
    pub industry: Option<String>,
    /// Where it sits.
    #[schema(max_length = 255)]
    pub location: Option<String>,
    /// How many work there.
    #[schema(minimum = 0)]
    pub employee_count: Option<i32>,
    /// Type of company.
    #[schema(max_length = 100)]
    pub company_type: Option<String>,
    /// Year it was founded.
    #[schema(minimum = 1000, maximum = 2200)]
    pub founded_year: Option<i32>,
    /// What it says about itself.
    #[schema(max_length = 20_000)]
    pub description: Option<String>,
    /// Its logo.
    #[schema(format = "uri", max_length = 500)]
    pub logo_url: Option<String>,
    /// Its contact mail address.
    #[schema(format = "email")]
    pub contact_email: Option<String>,
    /// Its contact phone number.
    #[schema(max_length = 50)]
    pub contact_phone: Option<String>,
    /// Names of its customers.
    #[serde(default)]
    #[schema(max_items = 1_000)]
    pub customers: Vec<String>,
    /// Names of its competitors.
    #[serde(default)]
    #[schema(max_items = 1_000)]
    pub competitors: Vec<String>,
    /// Its pages on social media, by network.
    #[schema(value_type = Option<Object>)]
    pub social_links: Option<Value>,
    /// Technologies it uses.
    #[schema(value_type = Option<Vec<String>>)]
    pub technologies: Option<Value>,
    /// What shows which technology, by name.
    #[schema(value_type = Option<Object>)]
    pub full_technology_profile: Option<Value>,
    /// Funding.
    #[schema(value_type = Option<Object>)]
    pub funding_details: Option<Value>,
    /// The tenant's own fields.
    #[schema(value_type = Option<Object>)]
    pub custom_fields: Option<Value>,
    /// Settings of its own.
    #[schema(value_type = Option<Object>)]
    pub settings: Option<Value>,
}

/// An account as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = accounts, check_for_backend(diesel::pg::Pg))]
pub struct AccountView {
    /// Id.
    pub id: Uuid,
    /// Name of the company.
    pub name: String,
    /// The product it may buy; none where that is open.
    pub product_id: Option<Uuid>,
    /// Its website.
    pub website: Option<String>,
    /// Its LinkedIn page.
    pub linkedin_url: Option<String>,
    /// Industry.
    pub industry: Option<String>,
    /// Where it sits.
    pub location: Option<String>,
    /// How many work there.
    pub employee_count: Option<i32>,
    /// Type of company.
    pub company_type: Option<String>,
    /// Year it was founded.
    pub founded_year: Option<i32>,
    /// What it says about itself.
    pub description: Option<String>,
    /// Its logo.
    pub logo_url: Option<String>,
    /// Its contact mail address.
    pub contact_email: Option<String>,
    /// Its contact phone number.
    pub contact_phone: Option<String>,
    /// Names of its customers.
    pub customers: Vec<String>,
    /// Names of its competitors.
    pub competitors: Vec<String>,
    /// Its pages on social media, by network.
    #[schema(value_type = Option<Object>)]
    pub social_links: Option<Value>,
    /// Technologies it uses.
    #[schema(value_type = Option<Vec<String>>)]
    pub technologies: Option<Value>,
    /// What shows which technology, by name.
    #[schema(value_type = Option<Object>)]
    pub full_technology_profile: Option<Value>,
    /// Funding.
    #[schema(value_type = Option<Object>)]
    pub funding_details: Option<Value>,
    /// Which sources filled which fields, by job.
    #[schema(value_type = Option<Object>)]
    pub enrichment_sources: Option<Value>,
    /// When it was last enriched.
    pub last_enriched_at: Option<DateTime<Utc>>,
    /// The tenant's own fields.
    #[schema(value_type = Option<Object>)]
    pub custom_fields: Option<Value>,
    /// Settings of its own.
    #[schema(value_type = Option<Object>)]
    pub settings: Option<Value>,
    /// What happened to it lately.
    #[schema(value_type = Vec<Object>)]
    pub recent_events: Value,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A new account with the enrichments that were started for it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewAccountView {
    /// The account.
    #[serde(flatten)]
    pub account: AccountView,
    /// Jobs under way.
    pub enrichment_jobs: Vec<StartedJob>,
}

/// How far an account's enrichments are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountEnrichmentView {
    /// One for each kind.
    pub results: Vec<AccountEnrichment>,
}

impl Listed for AccountView {
    const LISTING: Listing = Listing {
        path: "/api/v2/accounts",
        table: "accounts",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("product_id", Kind::Uuid),
            column("website", Kind::Text),
            column("linkedin_url", Kind::LinkedIn),
            column("industry", Kind::Text),
            column("location", Kind::Text),
            column("employee_count", Kind::Int),
            column("company_type", Kind::Text),
            column("founded_year", Kind::Int),
            column("contact_email", Kind::Email),
            column("last_enriched_at", Kind::Time),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name", "website", "industry", "location", "description"],
        search_text: Some("search_text"),
        json: Some("custom_fields"),
        owners: &["created_by"],
        ordering: "-created_at",
        soft_delete: true,
        cursor: true,
    };
}

platform::stored!(AccountView);
