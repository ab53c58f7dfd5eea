//! Identity of a caller, as the gateway sends it to a service and one service to another.
//!
//! The claims are signed (HMAC-SHA-256 over their JSON) and bound to one audience, method, path and minute, so that a
//! captured header is good for nothing else.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Service, TenantId, UserId};

/// The request header that carries the signed claims between processes.
pub const IDENTITY_HEADER: &str = "x-leadstream-identity";
/// How long signed claims are accepted, in seconds.
pub const IDENTITY_LIFE_SECONDS: i64 = 60;

/// Signed claims about one request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Identity {
    /// The service that may accept them.
    pub aud: Service,
    /// Unix time in seconds after which they are void.
    pub exp: i64,
    /// Id of the request.
    #[serde(rename = "rid")]
    pub request_id: String,
    /// HTTP method they are good for.
    #[serde(rename = "mth")]
    pub method: String,
    /// Path they are good for, without the query.
    #[serde(rename = "pth")]
    pub path: String,
    /// Address of the client as the gateway saw it.
    #[serde(rename = "adr", default, skip_serializing_if = "Option::is_none")]
    pub client_address: Option<String>,
    /// Who is asking.
    pub who: Caller,
}

/// Who is asking.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Caller {
    /// An anonymous caller: public routes and those that check a key or signature themselves.
    Anonymous,
    /// A signed-in person.
    User(Box<SignedInUser>),
    /// Another process of the platform.
    Service(Service),
}

/// A signed-in person and, on tenant routes, the tenant they act in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignedInUser {
    /// The person.
    pub id: UserId,
    /// The session their access token belongs to.
    #[serde(rename = "sid")]
    pub session: Uuid,
    /// Role on the platform itself.
    #[serde(rename = "prl", default, skip_serializing_if = "PlatformRole::is_none")]
    pub platform_role: PlatformRole,
    /// The permission that was checked for this route, if it names one.
    #[serde(rename = "prm", default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// Further permissions that the route declares and the person holds.
    #[serde(rename = "eff", default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<String>,
    /// The tenant, on routes that act in one.
    #[serde(rename = "tnt", default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<ActingIn>,
}

/// The tenant a person acts in and how far they see there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ActingIn {
    /// The tenant.
    pub id: TenantId,
    /// Its client-provided id.
    #[serde(rename = "cid")]
    pub client_id: String,
    /// The person's membership; none for platform staff.
    #[serde(rename = "mbr", default, skip_serializing_if = "Option::is_none")]
    pub membership: Option<Uuid>,
    /// Name of the role they hold.
    #[serde(rename = "rol")]
    pub role: String,
    /// Which records they see.
    #[serde(rename = "scp")]
    pub data_scope: DataScope,
    /// With scope `team`: everyone below them in the hierarchy, themselves excluded.
    #[serde(rename = "tem", default, skip_serializing_if = "Vec::is_empty")]
    pub team: Vec<UserId>,
    /// With scope `team` and a team too large to travel: its digest, by which the service asks tenant-service for it.
    #[serde(rename = "tdg", default, skip_serializing_if = "Option::is_none")]
    pub team_digest: Option<String>,
    /// The tenant's time zone by its IANA name; UTC when none.
    #[serde(rename = "tmz", default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The person's own time zone, where they have set one.
    #[serde(rename = "otz", default, skip_serializing_if = "Option::is_none")]
    pub own_time_zone: Option<String>,
}

/// Role of a person on the platform itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlatformRole {
    /// An ordinary user.
    #[default]
    None,
    /// Reads and helps in every tenant.
    InternalCs,
    /// Administers the platform.
    InternalAdmin,
}

impl PlatformRole {
    /// Whether this is no platform role.
    pub const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::InternalCs => "internal_cs",
            Self::InternalAdmin => "internal_admin",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::None, Self::InternalCs, Self::InternalAdmin].into_iter().find(|role| role.name() == name)
    }
}

/// Data scope of a role: records assigned to or created by these users. A wider scope compares greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DataScope {
    /// Mine.
    Own,
    /// Mine and those of everyone below me.
    Team,
    /// The whole tenant's.
    All,
}

impl DataScope {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Team => "team",
            Self::All => "all",
        }
    }

    /// The scope of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Own, Self::Team, Self::All].into_iter().find(|scope| scope.name() == name)
    }
}
