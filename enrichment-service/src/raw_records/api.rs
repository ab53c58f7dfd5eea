//! Raw answers on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::raw_records;

/// Which raw answers.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RawQuery {
    /// From this moment on.
    pub since: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
    /// Of this kind of provider, or of the provider with this id.
    #[schema(max_length = 100)]
    pub provider: Option<String>,
}

/// One raw answer.
#[derive(Clone, Debug, Serialize, Queryable, Selectable)]
#[diesel(table_name = raw_records, check_for_backend(diesel::pg::Pg))]
pub struct RawRecord {
    /// Id.
    pub id: Uuid,
    /// The job.
    pub job_id: Option<Uuid>,
    /// The record.
    pub subject_id: Option<Uuid>,
    /// The kind of the provider.
    pub provider: String,
    /// The provider.
    pub provider_id: Option<Uuid>,
    /// Where it came from, without secrets.
    pub source_url: String,
    /// HTTP status.
    pub status: i32,
    /// Media type as stated.
    pub content_type: Option<String>,
    /// The beginning of the body.
    pub body: String,
    /// Length of the whole body in bytes.
    pub body_bytes: i64,
    /// When it came.
    pub fetched_at: DateTime<Utc>,
}
