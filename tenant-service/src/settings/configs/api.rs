//! Configurations on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::configs;

platform::text_enum! {
    /// Scope of a configuration.
    ConfigScope {
        /// All tenants.
        Global = "global",
        /// One tenant.
        Tenant = "tenant",
        /// A person, in one tenant or in all they belong to.
        User = "user",
    }
}

/// A configuration as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteConfig {
    /// Key, unique among those for the same.
    #[schema(min_length = 1, max_length = 255)]
    pub key: String,
    /// Any JSON value.
    pub value: Value,
    /// Its scope. Default: `global`.
    #[serde(default = "global")]
    pub scope: ConfigScope,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 5_000)]
    pub description: Option<String>,
    /// The tenant; needed in scope `tenant`, possible in scope `user`.
    #[serde(default)]
    pub tenant_id: Option<Uuid>,
    /// The person; needed in scope `user`.
    #[serde(default)]
    pub user_id: Option<Uuid>,
}

fn global() -> ConfigScope {
    ConfigScope::Global
}

/// A configuration as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = configs, check_for_backend(diesel::pg::Pg))]
pub struct ConfigView {
    /// Id.
    pub id: Uuid,
    /// Key, unique among those for the same.
    pub key: String,
    /// Any JSON value.
    pub value: Value,
    /// Its scope.
    pub scope: ConfigScope,
    /// What it is for.
    pub description: Option<String>,
    /// The tenant, if it is for one.
    pub tenant_id: Option<Uuid>,
    /// The person, if it is for one.
    pub user_id: Option<Uuid>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for ConfigView {
    const LISTING: Listing = Listing {
        path: "/api/v2/configs",
        table: "configs",
        columns: &[
            column("id", Kind::Uuid),
            column("key", Kind::Text),
            column("scope", Kind::Choice(ConfigScope::WORDS)),
            column("tenant_id", Kind::Uuid),
            column("user_id", Kind::Uuid),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["key", "description"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-created_at",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(ConfigView);
