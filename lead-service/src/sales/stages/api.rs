//! Stages on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::domain::StageKind;
use crate::schema::deal_stages;

/// A stage as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteStage {
    /// Name, unique in the pipeline.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// Its place in the pipeline, unique there; after the last one unless given.
    #[schema(minimum = 0, maximum = 100_000)]
    pub order: Option<i32>,
    /// Chance of winning a deal that has come so far, in per cent; follows from the kind where that is closed.
    #[schema(minimum = 0, maximum = 100)]
    pub probability: Option<i32>,
    /// Whether deals in it are open, won or lost; 100 per cent means won and 0 lost unless said otherwise.
    pub kind: Option<StageKind>,
    /// Whether it is in use; it is, unless said otherwise.
    pub is_active: Option<bool>,
}

/// All of a pipeline's stages in their new order.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReorderStages {
    /// Id of every stage of the pipeline, first to last.
    #[schema(min_items = 1, max_items = 1_000)]
    pub stage_ids: Vec<Uuid>,
}

/// A stage as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = deal_stages, check_for_backend(diesel::pg::Pg))]
pub struct StageView {
    /// Id.
    pub id: Uuid,
    /// Its pipeline.
    pub pipeline_id: Uuid,
    /// Name, unique in the pipeline.
    pub name: String,
    /// Its place in the pipeline.
    pub order: i32,
    /// Chance of winning a deal that has come so far, in per cent.
    pub probability: i32,
    /// Whether deals in it are open, won or lost.
    pub kind: StageKind,
    /// Whether it is in use.
    pub is_active: bool,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it; none for those the tenant started with.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for StageView {
    const LISTING: Listing = Listing {
        path: "/api/v2/pipelines",
        table: "deal_stages",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("order", Kind::Int),
            column("probability", Kind::Int),
            column("kind", Kind::Choice(StageKind::WORDS)),
            column("is_active", Kind::Bool),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "order",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(StageView);
