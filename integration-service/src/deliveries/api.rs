//! Wire types of deliveries.

use chrono::{DateTime, Utc};
use contracts::permissions::DeliveriesRead;
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::{DeliveryKind, DeliveryStatus};
use crate::schema::deliveries;

/// Delivery in lists.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = deliveries, check_for_backend(diesel::pg::Pg))]
pub struct DeliveryView {
    /// Id.
    pub id: Uuid,
    /// Receiving endpoint.
    pub endpoint_id: Uuid,
    /// Event; also the `webhook-id` of every try.
    pub event_id: Uuid,
    /// Type of the event, such as `Lead.CREATE`.
    pub event_type: String,
    /// Record of the event.
    pub entity_id: Option<Uuid>,
    /// Transport.
    pub kind: DeliveryKind,
    /// State.
    pub status: DeliveryStatus,
    /// Tries since it was queued or last replayed.
    pub attempts: i32,
    /// Time of the next try.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Whether it waits for an earlier delivery of the same record, or for an earlier event of it that is being retried.
    pub held: bool,
    /// HTTP status of the last answer.
    pub last_status_code: Option<i32>,
    /// Error of the last try.
    pub last_error: Option<String>,
    /// Time of the successful answer.
    pub delivered_at: Option<DateTime<Utc>>,
    /// Id of the request that caused the event.
    pub request_id: Option<String>,
    /// Time of queueing.
    pub created_at: DateTime<Utc>,
    /// Time of the last change.
    pub updated_at: DateTime<Utc>,
}

/// Delivery with the body that is sent and the last answer.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = deliveries, check_for_backend(diesel::pg::Pg))]
pub struct DeliveryDetail {
    /// The delivery.
    #[diesel(embed)]
    #[serde(flatten)]
    pub delivery: DeliveryView,
    /// Body that is sent.
    #[schema(value_type = Object)]
    pub payload: Value,
    /// The first 2 KiB of the last answer, as text.
    pub last_response: Option<String>,
}

platform::record!(DeliveryView, DeliveriesRead, no version);

impl Listed for DeliveryView {
    const LISTING: Listing = Listing {
        path: "/api/v2/deliveries",
        table: "deliveries",
        columns: &[
            column("id", Kind::Uuid),
            column("endpoint_id", Kind::Uuid),
            column("event_id", Kind::Uuid),
            column("event_type", Kind::Text),
            column("entity_id", Kind::Uuid),
            column("kind", Kind::Choice(DeliveryKind::WORDS)),
            column("status", Kind::Choice(DeliveryStatus::WORDS)),
            column("attempts", Kind::Int),
            column("next_attempt_at", Kind::Time),
            column("held", Kind::Bool),
            column("last_status_code", Kind::Int),
            column("delivered_at", Kind::Time),
            column("request_id", Kind::Text),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &[],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-created_at",
        soft_delete: false,
        cursor: true,
    };
}

platform::stored!(DeliveryView);
