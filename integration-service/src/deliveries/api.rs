//! Deliveries on the wire.

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

/// A delivery as it is listed.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = deliveries, check_for_backend(diesel::pg::Pg))]
pub struct DeliveryView {
    /// Id.
    pub id: Uuid,
    /// The endpoint it goes to.
    pub endpoint_id: Uuid,
    /// The event; also the `webhook-id` of every try.
    pub event_id: Uuid,
    /// What happened, such as `Lead.CREATE`.
    pub event_type: String,
    /// The record it happened to.
    pub entity_id: Option<Uuid>,
    /// How it is sent.
    pub kind: DeliveryKind,
    /// How far it is.
    pub status: DeliveryStatus,
    /// Tries so far, since it was queued or last sent again by hand.
    pub attempts: i32,
    /// When it is tried next.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Whether it waits for an earlier delivery of the same record, or for an earlier event of it that is still to be handled.
    pub held: bool,
    /// HTTP status of the last answer.
    pub last_status_code: Option<i32>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it arrived.
    pub delivered_at: Option<DateTime<Utc>>,
    /// Id of the request that caused the event.
    pub request_id: Option<String>,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A delivery with what is sent and what came back.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = deliveries, check_for_backend(diesel::pg::Pg))]
pub struct DeliveryDetail {
    /// The delivery.
    #[diesel(embed)]
    #[serde(flatten)]
    pub delivery: DeliveryView,
    /// The body that is sent.
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
