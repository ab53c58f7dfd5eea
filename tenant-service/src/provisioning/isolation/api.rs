//! Moves on the wire.

use chrono::{DateTime, Utc};
use contracts::internal::moves::Isolation;
use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::isolation_moves;

/// How a tenant's rows shall be kept apart.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeIsolation {
    /// Where to.
    pub isolation: Isolation,
}

/// What has become of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "the document names its values; rows hold them as text")]
pub enum MoveStatus {
    /// It goes on.
    Running,
    /// The tenant is where it should be.
    Succeeded,
    /// Something went wrong; the tenant is brought back to where it was.
    RollingBack,
    /// The tenant is where it was.
    RolledBack,
}

/// What the services do at the moment, or did last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "the document names its values; rows hold them as text")]
pub enum MoveStepName {
    /// Rows are copied.
    Copy,
    /// The last rows are taken over, all are compared, and the tenant is served from the new place.
    Switch,
    /// The rows in the old place are deleted.
    Clear,
}

/// A move as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = isolation_moves, check_for_backend(diesel::pg::Pg))]
pub struct MoveView {
    /// Id.
    pub id: Uuid,
    /// The tenant.
    pub tenant_id: Uuid,
    /// Where from.
    #[schema(value_type = Isolation)]
    #[serde(rename = "from")]
    pub origin: String,
    /// Where to.
    #[schema(value_type = Isolation)]
    #[serde(rename = "to")]
    pub target: String,
    /// What has become of it.
    #[schema(value_type = MoveStatus)]
    pub status: String,
    /// What the services do.
    #[schema(value_type = MoveStepName)]
    pub step: String,
    /// The services that are done with this step.
    pub services_done: Vec<String>,
    /// Why it was rolled back.
    pub reason: Option<String>,
    /// What went wrong at the last try.
    pub last_error: Option<String>,
    /// Who asked for it.
    pub created_by: Option<Uuid>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it last came forward.
    pub updated_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// How a tenant's rows are kept apart, and its latest move.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IsolationView {
    /// How they are kept apart now.
    #[schema(value_type = Isolation)]
    pub isolation: String,
    /// Name of the tenant's schema, when it has one of its own.
    pub schema_name: Option<String>,
    /// What has become of the latest move; none when there was no move.
    #[schema(value_type = Option<MoveStatus>)]
    pub status: Option<String>,
    /// The latest move.
    #[serde(rename = "move")]
    pub latest: Option<MoveView>,
}
