//! Customer segments on the wire.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable, dsl::sql, expression::SqlLiteral, sql_types};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::customer_segments;

/// A segment as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteSegment {
    /// Name, unique in the tenant whatever the case.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 5_000)]
    pub description: Option<String>,
    /// Who belongs: a condition as in `POST /leads/search`, over the fields that customers are filtered by, and `tags`
    /// (ids or names); all customers when empty.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub criteria: Option<Value>,
}

/// A segment as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = customer_segments, check_for_backend(diesel::pg::Pg))]
pub struct SegmentView {
    /// Id.
    pub id: Uuid,
    /// Name, unique in the tenant.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Who belongs.
    #[schema(value_type = Object)]
    pub criteria: Value,
    /// How many customers belong that the reader sees. Not in answers to changes.
    #[diesel(select_expression = not_counted(), select_expression_type = SqlLiteral<sql_types::Nullable<sql_types::BigInt>>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_count: Option<i64>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Counting takes the criteria and the reader, which a column does not know.
fn not_counted() -> SqlLiteral<sql_types::Nullable<sql_types::BigInt>> {
    sql("NULL::bigint")
}

impl Listed for SegmentView {
    const LISTING: Listing = Listing {
        path: "/api/v2/customer-segments",
        table: "customer_segments",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name", "description"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-created_at",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(SegmentView);
