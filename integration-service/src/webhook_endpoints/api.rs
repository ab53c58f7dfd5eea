//! Wire types of webhook endpoints.

use chrono::{DateTime, Utc};
use contracts::permissions::WebhookEndpointsRead;
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::{
        Shown,
        list::{Listed, Listing, column},
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::EndpointStatus;
use crate::schema::webhook_endpoints;

/// Webhook endpoint in requests.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteWebhookEndpoint {
    /// URL that events are posted to.
    #[schema(format = "uri", min_length = 1, max_length = 2_048)]
    pub url: String,
    /// Event types as patterns: `*`, `Lead.*`, `Lead.CREATE`, `Lead.assigned_to.UPDATE`.
    #[schema(min_items = 1, max_items = 100)]
    pub events: Vec<String>,
    /// Description.
    #[serde(default)]
    #[schema(max_length = 1_000)]
    pub description: Option<String>,
    /// Whether events are posted to it.
    #[serde(default)]
    pub status: EndpointStatus,
    /// Whether the events of one record are posted in their order, each after the one before was delivered or given up.
    /// Without it, they are posted concurrently.
    #[serde(default = "ordered")]
    #[schema(default = true)]
    pub ordered: bool,
}

fn ordered() -> bool {
    true
}

/// Webhook endpoint in answers.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = webhook_endpoints, check_for_backend(diesel::pg::Pg))]
pub struct WebhookEndpointView {
    /// Id.
    pub id: Uuid,
    /// URL that events are posted to.
    pub url: String,
    /// Description.
    pub description: Option<String>,
    /// Event types as patterns.
    pub events: Vec<String>,
    /// Whether events are posted to it.
    pub status: EndpointStatus,
    /// Whether the events of one record are posted in their order.
    pub ordered: bool,
    /// Reason for which it is disabled.
    pub disabled_reason: Option<String>,
    /// Time until which the previous secret signs too.
    pub previous_secret_expires_at: Option<DateTime<Utc>>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// User who added it.
    pub created_by: Option<Uuid>,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
    /// Time of the last change.
    pub updated_at: DateTime<Utc>,
}

/// A webhook endpoint with its new secret, which is returned only once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WebhookEndpointWithSecret {
    /// The endpoint.
    #[serde(flatten)]
    pub endpoint: Shown<WebhookEndpointView>,
    /// Key of the signatures: `whsec_` and base64.
    pub secret: String,
}

platform::record!(WebhookEndpointView, WebhookEndpointsRead);

impl Listed for WebhookEndpointView {
    const LISTING: Listing = Listing {
        path: "/api/v2/webhook-endpoints",
        table: "webhook_endpoints",
        columns: &[
            column("id", Kind::Uuid),
            column("url", Kind::Text),
            column("status", Kind::Choice(EndpointStatus::WORDS)),
            column("ordered", Kind::Bool),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["url", "description"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-created_at",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(WebhookEndpointView);
