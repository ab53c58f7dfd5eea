//! Service accounts on the wire. What carries a secret cannot be printed.

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::service_accounts;

/// Whether an account is in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceAccountStatus {
    /// It gets tokens.
    #[default]
    Active,
    /// It gets none, and those it has are void within seconds.
    Inactive,
}

impl ServiceAccountStatus {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }
}

/// An account as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteServiceAccount {
    /// What it is for, for people.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What its tokens may be good for; `leadstream:enrichment-callback` unless said otherwise.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 10)]
    pub audiences: Option<Vec<String>>,
    /// `active` unless said otherwise.
    #[serde(default)]
    pub status: Option<ServiceAccountStatus>,
}

/// An account as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = service_accounts, check_for_backend(diesel::pg::Pg))]
pub struct ServiceAccountView {
    /// Id.
    pub id: Uuid,
    /// What it is for, for people.
    pub name: String,
    /// By which it names itself.
    pub client_id: String,
    /// What its tokens may be good for.
    pub audiences: Vec<String>,
    /// `active` or `inactive`.
    #[schema(value_type = ServiceAccountStatus)]
    pub status: String,
    /// When it last got a token.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who made it.
    pub created_by: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// An account with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub struct NewServiceAccountView {
    /// The account.
    #[serde(flatten)]
    pub account: ServiceAccountView,
    /// The secret.
    pub client_secret: String,
}

impl Listed for ServiceAccountView {
    const LISTING: Listing = Listing {
        path: "/api/v2/service-accounts",
        table: "service_accounts",
        columns: &[
            column("id", Kind::Uuid),
            column("name", Kind::Text),
            column("client_id", Kind::Text),
            column("status", Kind::Choice(&["active", "inactive"])),
            column("last_used_at", Kind::Time),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["name", "client_id"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-created_at",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(ServiceAccountView);
