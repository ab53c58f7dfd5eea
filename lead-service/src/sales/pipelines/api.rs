//! Pipelines on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::pipelines;

/// A pipeline as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WritePipeline {
    /// Name, unique in the tenant.
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// What it is for.
    #[schema(max_length = 20_000)]
    pub description: Option<String>,
    /// Whether deals go here unless another pipeline is named. There is always one such pipeline: it gives way to this one,
    /// which must have an open stage.
    #[serde(default)]
    pub is_default: bool,
    /// Whether it is in use; it is, unless said otherwise.
    pub is_active: Option<bool>,
}

/// A pipeline as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = pipelines, check_for_backend(diesel::pg::Pg))]
pub struct PipelineView {
    /// Id.
    pub id: Uuid,
    /// Name, unique in the tenant.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether new deals go here by default.
    pub is_default: bool,
    /// Whether it is in use.
    pub is_active: bool,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it; none for the one the tenant started with.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for PipelineView {
    const LISTING: Listing = Listing {
        path: "/api/v2/pipelines",
        table: "pipelines",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("is_default", Kind::Bool),
            column("is_active", Kind::Bool),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name", "description"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "created_at",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(PipelineView);
