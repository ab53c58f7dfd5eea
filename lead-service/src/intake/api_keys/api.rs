//! API keys on the wire.

use chrono::{DateTime, Utc};
use contracts::permissions::ApiKeysRead;
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

use super::domain::{ApiKeyKind, DuplicatePolicy};
use crate::schema::api_keys;

/// An API key as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteApiKey {
    /// What it is for.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// `browser` unless given. A `server` key has no origins and is refused with an `Origin` header; with it alone, submissions may
    /// say owner, status and tags, and add addresses to known leads.
    #[serde(default)]
    pub kind: Option<ApiKeyKind>,
    /// What it may do; `leads:ingest` unless given.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub scopes: Option<Vec<String>>,
    /// Origins (`https://example.com`) from which browsers may use it; any when empty. A server key has none.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub allowed_origins: Vec<String>,
    /// When it stops working.
    #[serde(default)]
    pub expires_at: Option<DateTime<Utc>>,
    /// Submissions per second it may make.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100_000)]
    pub rate_limit: Option<i32>,
    /// Policy for a submission of a known person. Default: `attach`.
    #[serde(default)]
    pub duplicate_policy: Option<DuplicatePolicy>,
    /// Whether a submission is refused for every fault; by default only when no usable address is left.
    #[serde(default)]
    pub strict: bool,
}

/// An API key as it is shown; never its text.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = api_keys, check_for_backend(diesel::pg::Pg))]
pub struct ApiKeyView {
    /// Id.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// For web pages and form tools, or for programs.
    pub kind: ApiKeyKind,
    /// How its text begins.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Origins from which browsers may use it; any when empty.
    pub allowed_origins: Vec<String>,
    /// Submissions per second it may make.
    pub rate_limit: Option<i32>,
    /// Policy for a submission of a known person.
    pub duplicate_policy: DuplicatePolicy,
    /// Whether a submission is refused for every fault.
    pub strict: bool,
    /// When it stops working.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to within seconds.
    pub last_used_at: Option<DateTime<Utc>>,
    /// How often it was used, as of a few seconds ago.
    pub use_count: i64,
    /// When its address was made; none without one.
    pub address_made_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who made it.
    pub created_by: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A new key with its text, which is not shown again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewApiKeyView {
    /// The key.
    #[serde(flatten)]
    pub view: Shown<ApiKeyView>,
    /// Its text, to be sent as `X-API-Key`.
    pub key: String,
}

/// Where the addresses of keys begin.
pub const ADDRESS_PATH: &str = "/api/leads/ingest/";

/// A new address of a key, which is not shown again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressView {
    /// The key.
    pub api_key_id: Uuid,
    /// Its token.
    pub token: String,
    /// The path to post submissions to.
    pub path: String,
    /// The same with the host name by which the API was reached.
    pub url: Option<String>,
    /// Until when the previous address remains valid.
    pub previous_until: Option<DateTime<Utc>>,
}

platform::record!(ApiKeyView, ApiKeysRead);

impl Listed for ApiKeyView {
    const LISTING: Listing = Listing {
        path: "/api/v2/api-keys",
        table: "api_keys",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("kind", Kind::Choice(ApiKeyKind::WORDS)),
            column("prefix", Kind::Text),
            column("duplicate_policy", Kind::Choice(DuplicatePolicy::WORDS)),
            column("strict", Kind::Bool),
            column("expires_at", Kind::Time),
            column("last_used_at", Kind::Time),
            column("revoked_at", Kind::Time),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name", "prefix"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-created_at",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(ApiKeyView);
