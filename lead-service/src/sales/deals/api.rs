//! Deals on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::{DealPriority, DealStatus};
use crate::{
    money::{self, Money},
    schema::deals,
};

/// A deal as it is written. How it stands (status, probability, won and lost) follows from its stage.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteDeal {
    /// What it is about.
    #[schema(min_length = 1, max_length = 255)]
    pub title: String,
    /// Its pipeline; the default one unless given.
    pub pipeline_id: Option<Uuid>,
    /// Its stage; the pipeline's first one unless given.
    pub stage_id: Option<Uuid>,
    /// The account it is with.
    pub account_id: Option<Uuid>,
    /// The contact it is with.
    pub contact_id: Option<Uuid>,
    /// The lead it came from.
    pub lead_id: Option<Uuid>,
    /// More about it.
    #[schema(max_length = 20_000)]
    pub description: Option<String>,
    /// What it is worth; nothing unless given.
    #[schema(schema_with = money::price_or_null)]
    pub value: Option<Money>,
    /// Its currency, ISO 4217; USD unless given.
    #[schema(format = "currency", min_length = 3, max_length = 3)]
    pub currency: Option<String>,
    /// When it should close.
    #[schema(value_type = Option<String>, format = "date")]
    pub expected_close_date: Option<NaiveDate>,
    /// Name of the person it is made with.
    #[schema(max_length = 255)]
    pub contact_name: Option<String>,
    /// Their e-mail address.
    #[schema(format = "email")]
    pub contact_email: Option<String>,
    /// Their phone number.
    #[schema(max_length = 50)]
    pub contact_phone: Option<String>,
    /// Their company.
    #[schema(max_length = 255)]
    pub company_name: Option<String>,
    /// How much it matters; `medium` unless given.
    pub priority: Option<DealPriority>,
    /// The tenant's own fields.
    #[schema(value_type = Option<Object>)]
    pub custom_fields: Option<Value>,
    /// Assignee.
    pub assigned_to: Option<Uuid>,
}

/// Where to move a deal.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveDeal {
    /// A stage of the deal's pipeline.
    pub stage_id: Uuid,
    /// Why it is lost, where the stage says that it is.
    #[schema(max_length = 5_000)]
    pub lost_reason: Option<String>,
}

/// Why a deal is lost.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoseDeal {
    /// The reason.
    #[schema(min_length = 1, max_length = 5_000)]
    pub lost_reason: String,
}

/// A deal as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = deals, check_for_backend(diesel::pg::Pg))]
pub struct DealView {
    /// Id.
    pub id: Uuid,
    /// Its pipeline.
    pub pipeline_id: Uuid,
    /// Its stage.
    pub stage_id: Uuid,
    /// The account it is with.
    pub account_id: Option<Uuid>,
    /// The contact it is with.
    pub contact_id: Option<Uuid>,
    /// The lead it came from.
    pub lead_id: Option<Uuid>,
    /// What it is about.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// What it is worth.
    pub value: Money,
    /// Its currency, ISO 4217.
    pub currency: String,
    /// When it should close.
    #[schema(value_type = Option<String>, format = "date")]
    pub expected_close_date: Option<NaiveDate>,
    /// When it was won or lost.
    #[schema(value_type = Option<String>, format = "date")]
    pub actual_close_date: Option<NaiveDate>,
    /// Name of the person it is made with.
    pub contact_name: Option<String>,
    /// Their e-mail address.
    pub contact_email: Option<String>,
    /// Their phone number.
    pub contact_phone: Option<String>,
    /// Their company.
    pub company_name: Option<String>,
    /// Whether it is open, won or lost.
    pub status: DealStatus,
    /// Why it was lost.
    pub lost_reason: Option<String>,
    /// How much it matters.
    pub priority: DealPriority,
    /// Chance of winning it, in per cent: that of its stage.
    pub probability: i32,
    /// When it was won.
    pub won_at: Option<DateTime<Utc>>,
    /// When it was lost.
    pub lost_at: Option<DateTime<Utc>>,
    /// The tenant's own fields.
    #[schema(value_type = Option<Object>)]
    pub custom_fields: Option<Value>,
    /// Assignee.
    pub assigned_to: Option<Uuid>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for DealView {
    const LISTING: Listing = Listing {
        path: "/api/v2/deals",
        table: "deals",
        columns: &[
            column("id", Kind::Uuid),
            column("pipeline_id", Kind::Uuid),
            column("stage_id", Kind::Uuid),
            column("account_id", Kind::Uuid),
            column("contact_id", Kind::Uuid),
            column("lead_id", Kind::Uuid),
            column("title", Kind::Text),
            column("value", Kind::Decimal),
            column("currency", Kind::Text),
            column("expected_close_date", Kind::Date),
            column("actual_close_date", Kind::Date),
            column("contact_name", Kind::Text),
            column("contact_email", Kind::Email),
            column("company_name", Kind::Text),
            column("status", Kind::Choice(DealStatus::WORDS)),
            column("priority", Kind::Choice(DealPriority::WORDS)),
            column("probability", Kind::Int),
            column("won_at", Kind::Time),
            column("lost_at", Kind::Time),
            column("assigned_to", Kind::Uuid),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["title", "contact_name", "contact_email", "company_name"],
        search_text: Some("search_text"),
        json: Some("custom_fields"),
        owners: &["assigned_to", "created_by"],
        ordering: "-created_at",
        soft_delete: true,
        cursor: true,
    };
}

platform::stored!(DealView);
