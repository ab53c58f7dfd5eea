//! Settings on the wire.

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

use crate::schema::settings;

platform::text_enum! {
    /// Scope of a setting.
    SettingScope {
        /// The tenant.
        Tenant = "tenant",
        /// The person who set it.
        User = "user",
    }
}

/// A setting as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteSetting {
    /// Key, unique in its scope.
    #[schema(min_length = 1, max_length = 255)]
    pub key: String,
    /// Any JSON value.
    pub value: Value,
    /// Its scope. It cannot be changed afterwards.
    pub scope: SettingScope,
}

/// Settings to be written together.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkUpdate {
    /// Each replaces the setting of its key and scope, or adds it.
    #[schema(min_items = 1, max_items = 200)]
    pub settings: Vec<WriteSetting>,
}

/// A setting as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = settings, check_for_backend(diesel::pg::Pg))]
pub struct SettingView {
    /// Id.
    pub id: Uuid,
    /// Key, unique in its scope.
    pub key: String,
    /// Any JSON value.
    pub value: Value,
    /// Its scope.
    pub scope: SettingScope,
    /// The person, when it is set for one.
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

/// Settings that were written together.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BulkUpdated {
    /// As they are now, in the order of the request.
    pub settings: Vec<SettingView>,
}

impl Listed for SettingView {
    const LISTING: Listing = Listing {
        path: "/api/v2/settings",
        table: "settings",
        columns: &[
            column("id", Kind::Uuid),
            column("key", Kind::Text),
            column("scope", Kind::Choice(SettingScope::WORDS)),
            column("user_id", Kind::Uuid),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["key"],
        search_text: None,
        json: None,
        owners: &["owner_id"],
        ordering: "key",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(SettingView);
