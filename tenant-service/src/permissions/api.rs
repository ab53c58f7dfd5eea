//! Permissions on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::permissions;

/// A route and the permission it demands.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = permissions, check_for_backend(diesel::pg::Pg))]
pub struct PermissionView {
    /// Id.
    pub id: Uuid,
    /// Code, as roles name it.
    pub code: String,
    /// HTTP method of the route.
    pub method: String,
    /// Path of the route.
    pub path: String,
    /// The service it belongs to.
    pub service: String,
    /// What the permission allows.
    pub description: String,
    /// When the route was first seen.
    pub created_at: DateTime<Utc>,
}

impl Listed for PermissionView {
    const LISTING: Listing = Listing {
        path: "/api/v2/permissions",
        table: "permissions",
        columns: &[
            column("id", Kind::Uuid),
            column("code", Kind::Text),
            column("method", Kind::Choice(&["GET", "POST", "PUT", "PATCH", "DELETE"])),
            column("path", Kind::Text),
            column("service", Kind::Text),
            column("created_at", Kind::Time),
        ],
        search: &["code", "path", "description"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "code,path,method",
        soft_delete: false,
        cursor: false,
    };
}

platform::stored!(PermissionView);
