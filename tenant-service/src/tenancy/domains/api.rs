//! Host names on the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A host name as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteDomain {
    /// The name, such as `crm.acme.com`, without scheme and port. It leads to the tenant once it is verified.
    #[schema(min_length = 1, max_length = 253)]
    pub host: String,
    /// Whether links lead there. One of a tenant's verified names is its primary one.
    #[serde(default)]
    pub is_primary: bool,
}

/// Whether a host name leads to its tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DomainStatus {
    /// It leads nowhere: the tenant has not proven that it controls the name.
    Pending,
    /// It leads to the tenant.
    Verified,
}

/// How to prove that one controls a host name: by the record or by the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Challenge {
    /// Name of a DNS record.
    pub record_name: String,
    /// `TXT`.
    pub record_type: &'static str,
    /// What one of the records of that name and type says.
    pub record_value: String,
    /// Address of a file, fetched over HTTPS, or HTTP where there is no HTTPS.
    pub file_url: String,
    /// The path of that address.
    pub file_path: String,
    /// What the file holds.
    pub file_content: String,
}

/// A host name as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DomainView {
    /// Id.
    pub id: Uuid,
    /// The name.
    pub host: String,
    /// Whether links lead there.
    pub is_primary: bool,
    /// Whether it leads to the tenant.
    pub status: DomainStatus,
    /// When that was proven.
    pub verified_at: Option<DateTime<Utc>>,
    /// How to prove it; none for names that the platform gives.
    pub challenge: Option<Challenge>,
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
