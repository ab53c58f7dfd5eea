//! Tenants on the wire.

use chrono::{DateTime, Utc};
use contracts::{
    client_ids::ClientIdFault,
    internal::{moves::Isolation, tenants::TenantStatus},
    permissions::TenantRead,
};
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::list::{Listed, Listing, column},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::tenants;

/// Whether and how a tenant pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubscriptionStatus {
    /// Trying it out.
    Trial,
    /// Paying.
    Active,
    /// Late with a payment.
    PastDue,
    /// Ended.
    Cancelled,
}

impl SubscriptionStatus {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Trial => "TRIAL",
            Self::Active => "ACTIVE",
            Self::PastDue => "PAST_DUE",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// The person who becomes a new tenant's first admin: at once, if there is an account with this address, proven; otherwise
/// they are invited and join when they accept.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FoundingAdmin {
    /// E-mail address.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// First name for a new account.
    #[serde(default)]
    #[schema(max_length = 100, format = "name")]
    pub first_name: Option<String>,
    /// Last name for a new account.
    #[serde(default)]
    #[schema(max_length = 100, format = "name")]
    pub last_name: Option<String>,
}

/// A tenant to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTenant {
    /// Chosen by the client, never changed: 2 to 63 of `a-z 0-9 _ -`, starting with a letter or digit.
    #[schema(min_length = 1, max_length = 100)]
    pub client_id: String,
    /// Name.
    #[schema(min_length = 1, max_length = 255, format = "name")]
    pub name: String,
    /// Website, unique by host and path.
    #[schema(format = "uri", max_length = 255)]
    pub website: String,
    /// How its rows are kept apart. Default: pool.
    #[serde(default)]
    pub isolation: Option<Isolation>,
    /// Its first admin.
    #[serde(default)]
    pub admin: Option<FoundingAdmin>,
}

/// A tenant as it is written. The last three members are the platform's to change; left out, they stay.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteTenant {
    /// Name.
    #[schema(min_length = 1, max_length = 255, format = "name")]
    pub name: String,
    /// Website, unique by host and path.
    #[schema(format = "uri", max_length = 255)]
    pub website: String,
    /// Settings of its own.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub settings: Map<String, Value>,
    /// Address of its logo.
    #[serde(default)]
    #[schema(format = "uri", max_length = 512)]
    pub logo_url: Option<String>,
    /// Trade it is in.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub industry: Option<String>,
    /// What it does.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    pub description: Option<String>,
    /// Phone number.
    #[serde(default)]
    #[schema(max_length = 32)]
    pub phone: Option<String>,
    /// People working for it.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub employee_count: Option<i32>,
    /// Street address.
    #[serde(default)]
    #[schema(max_length = 1_000)]
    pub address: Option<String>,
    /// City.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub city: Option<String>,
    /// Country.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub country: Option<String>,
    /// Time zone, such as `Europe/Berlin`.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub timezone: Option<String>,
    /// State; platform staff only.
    #[serde(default)]
    pub status: Option<TenantStatus>,
    /// Whether and how it pays; platform staff only.
    #[serde(default)]
    pub subscription_status: Option<SubscriptionStatus>,
    /// Most members it may have; platform staff only.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub max_users: Option<i32>,
}

/// A tenant as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = tenants, check_for_backend(diesel::pg::Pg))]
pub struct TenantView {
    /// Id.
    pub id: Uuid,
    /// Chosen by the client, never changed.
    pub client_id: String,
    /// Name.
    pub name: String,
    /// Website.
    pub website: String,
    /// State; only an active tenant is served.
    #[schema(value_type = TenantStatus)]
    pub status: String,
    /// Settings of its own.
    #[schema(value_type = Object)]
    pub settings: Value,
    /// Address of its logo.
    pub logo_url: Option<String>,
    /// Trade it is in.
    pub industry: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// People working for it.
    pub employee_count: Option<i32>,
    /// Street address.
    pub address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Time zone.
    pub timezone: Option<String>,
    /// How its rows are kept apart.
    #[schema(value_type = Isolation)]
    pub isolation: String,
    /// Name of its schema, when it has one of its own.
    pub schema_name: Option<String>,
    /// Whether and how it pays.
    #[schema(value_type = SubscriptionStatus)]
    pub subscription_status: String,
    /// Most members it may have.
    pub max_users: i32,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// Who made it.
    pub created_by: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

platform::record!(TenantView, TenantRead);

impl Listed for TenantView {
    const LISTING: Listing = Listing {
        path: "/api/v2/tenants",
        table: "tenants",
        columns: &[
            column("id", Kind::Uuid),
            column("client_id", Kind::Text),
            column("name", Kind::Text),
            column("website", Kind::Text),
            column("status", Kind::Choice(&["provisioning", "active", "inactive", "suspended"])),
            column("industry", Kind::Text),
            column("phone", Kind::Phone),
            column("employee_count", Kind::Int),
            column("city", Kind::Text),
            column("country", Kind::Text),
            column("timezone", Kind::Text),
            column("isolation", Kind::Choice(&["pool", "schema"])),
            column("subscription_status", Kind::Choice(&["TRIAL", "ACTIVE", "PAST_DUE", "CANCELLED"])),
            column("max_users", Kind::Int),
            column("created_by", Kind::Uuid),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["client_id", "name", "website"],
        search_text: None,
        json: Some("settings"),
        owners: &[],
        ordering: "-created_at",
        soft_delete: true,
        cursor: false,
    };
}

platform::stored!(TenantView);

/// Which client id to look for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct CheckClientId {
    /// The client id.
    #[schema(max_length = 100)]
    pub client_id: String,
}

/// Why a client id cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unavailable {
    /// It is not of the right form.
    Malformed,
    /// It is the platform's.
    Reserved,
    /// In use now or before.
    Taken,
}

impl From<ClientIdFault> for Unavailable {
    fn from(fault: ClientIdFault) -> Self {
        match fault {
            ClientIdFault::Malformed => Self::Malformed,
            ClientIdFault::Reserved => Self::Reserved,
        }
    }
}

/// Whether a client id is free.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClientIdAvailability {
    /// Whether a tenant can be made with it now.
    pub available: bool,
    /// Why not.
    pub reason: Option<Unavailable>,
}
