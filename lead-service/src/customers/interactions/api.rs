//! Customer interactions on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::{InteractionType, Sentiment};
use crate::schema::customer_interactions;

/// An interaction as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteInteraction {
    /// The customer.
    pub customer_id: Uuid,
    /// What passed.
    pub interaction_type: InteractionType,
    /// What it was about.
    #[schema(min_length = 1, max_length = 255)]
    pub subject: String,
    /// What was said.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    pub description: Option<String>,
    /// How the customer felt.
    #[serde(default)]
    pub sentiment: Option<Sentiment>,
}

/// An interaction as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = customer_interactions, check_for_backend(diesel::pg::Pg))]
pub struct InteractionView {
    /// Id.
    pub id: Uuid,
    /// The customer.
    pub customer_id: Uuid,
    /// Who spoke for the tenant.
    pub user_id: Option<Uuid>,
    /// What passed.
    pub interaction_type: InteractionType,
    /// What it was about.
    pub subject: String,
    /// What was said.
    pub description: Option<String>,
    /// How the customer felt.
    pub sentiment: Option<Sentiment>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for InteractionView {
    const LISTING: Listing = Listing {
        path: "/api/v2/customer-interactions",
        table: "customer_interactions",
        columns: &[
            column("id", Kind::Uuid),
            column("customer_id", Kind::Uuid),
            column("user_id", Kind::Uuid),
            column("interaction_type", Kind::Choice(InteractionType::WORDS)),
            column("subject", Kind::Text),
            column("sentiment", Kind::Choice(Sentiment::WORDS)),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["subject", "description"],
        search_text: Some("search_text"),
        json: None,
        owners: crate::customers::OWNERS_THROUGH_CUSTOMER,
        ordering: "-created_at",
        soft_delete: true,
        cursor: true,
    };
}

platform::stored!(InteractionView);
