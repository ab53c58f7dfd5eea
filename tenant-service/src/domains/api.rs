//! Host names on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::domains;

/// A host name as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteDomain {
    /// The name, such as `crm.acme.com`, without scheme and port. No two tenants have the same.
    #[schema(min_length = 1, max_length = 253)]
    pub host: String,
    /// Whether links lead there. One of a tenant's names is its primary one.
    #[serde(default)]
    pub is_primary: bool,
}

/// A host name as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = domains, check_for_backend(diesel::pg::Pg))]
pub struct DomainView {
    /// Id.
    pub id: Uuid,
    /// The name.
    pub host: String,
    /// Whether links lead there.
    pub is_primary: bool,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// All of a tenant's host names: there are few, so they make one page.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Domains {
    /// How many.
    pub count: usize,
    /// Always null.
    pub next: Option<String>,
    /// Always null.
    pub previous: Option<String>,
    /// They, the primary one first.
    pub results: Vec<DomainView>,
}
