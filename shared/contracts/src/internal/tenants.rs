//! Asked of tenant-service: who may do what where; and of every service: make room for a tenant.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CallKind, InternalCall};
use crate::{Service, TenantId, UserId, identity::DataScope, identity::PlatformRole};

// A tenant is provisioned in one of the places that it is moved between, so the types of both calls are found here.
pub use super::moves::{Isolation, MoveProgress, MoveStep, MoveTenant};

/// State of a tenant. Only an active one is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TenantStatus {
    /// Being made; not served yet.
    Provisioning,
    /// In use.
    Active,
    /// Switched off by its own choice.
    Inactive,
    /// Switched off by the platform.
    Suspended,
}

impl TenantStatus {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Provisioning => "provisioning",
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Suspended => "suspended",
        }
    }

    /// The status of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Provisioning, Self::Active, Self::Inactive, Self::Suspended]
            .into_iter()
            .find(|s| s.name() == name)
    }
}

/// How a caller names a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantRef {
    /// By uuid.
    Id(TenantId),
    /// By client-provided id.
    ClientId(String),
    /// By host name, without the port.
    Host(String),
    /// Not at all: it is the only one that the caller is a member of.
    Only,
}

/// May this person act in this tenant, and how far?
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LookUpAccess {
    /// The person.
    pub user_id: UserId,
    /// Their role on the platform, from their access token.
    pub platform_role: PlatformRole,
    /// The tenant as they named it.
    pub tenant: TenantRef,
}

/// The answer to [`LookUpAccess`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccessAnswer {
    /// The tenant; none when there is no such tenant.
    pub tenant: Option<TenantSummary>,
    /// What the person may do there; none for a stranger.
    pub grant: Option<Grant>,
}

/// A tenant in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantSummary {
    /// Its id.
    pub id: TenantId,
    /// Its client-provided id.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// Its state.
    pub status: TenantStatus,
}

/// What a person may do in a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Their membership; none for platform staff.
    pub membership_id: Option<Uuid>,
    /// Name of the role.
    pub role: String,
    /// Codes of the permissions.
    pub permissions: Vec<String>,
    /// Which records they see.
    pub data_scope: DataScope,
    /// With scope `team`: everyone below them.
    pub team: Vec<UserId>,
    /// Whether the tenant lets in only sessions that were begun with a second factor.
    #[serde(default)]
    pub demands_second_factor: bool,
    /// Whether the person's e-mail address is proven. Without that they do nothing that reaches beyond their tenant.
    #[serde(default)]
    pub address_proven: bool,
    /// The tenant's time zone by its IANA name; UTC when none.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// The person's own time zone, where they have set one.
    #[serde(default)]
    pub own_time_zone: Option<String>,
}

impl InternalCall for LookUpAccess {
    type Answer = AccessAnswer;
    const SERVICE: Service = Service::Tenant;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/access";
}

/// What may this platform role do outside any tenant?
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LookUpPlatformAccess {
    /// The role.
    pub platform_role: PlatformRole,
}

/// The answer to [`LookUpPlatformAccess`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlatformAccessAnswer {
    /// Codes of the permissions.
    pub permissions: Vec<String>,
}

impl InternalCall for LookUpPlatformAccess {
    type Answer = PlatformAccessAnswer;
    const SERVICE: Service = Service::Tenant;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/platform-access";
}

/// Where does this person belong?
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListMemberships {
    /// The person.
    pub user_id: UserId,
}

/// One membership with the tenant it is in.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MembershipSummary {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Its client-provided id.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// The membership.
    pub membership_id: Uuid,
    /// Name of the role.
    pub role: String,
    /// Which records the role sees.
    pub data_scope: DataScope,
    /// Codes of the permissions.
    pub permissions: Vec<String>,
}

impl InternalCall for ListMemberships {
    type Answer = Vec<MembershipSummary>;
    const SERVICE: Service = Service::Tenant;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/memberships";
}

/// Creates the tenant of a registration. Idempotent by `tenant_id`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FoundTenant {
    /// Id chosen by the caller, so that asking twice makes one.
    pub tenant_id: TenantId,
    /// Client-provided id.
    pub client_id: String,
    /// Name.
    pub name: String,
    /// Website.
    pub website: String,
    /// The person who becomes its tenant_admin.
    pub admin: UserId,
}

impl InternalCall for FoundTenant {
    type Answer = TenantSummary;
    const SERVICE: Service = Service::Tenant;
    const KIND: CallKind = CallKind::Put;
    const TEMPLATE: &'static str = "/internal/founded-tenants";
}

/// This user's e-mail address is proven. Sent until it is acknowledged; idempotent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NoteProof {
    /// The person.
    pub user_id: UserId,
}

/// The answer to [`NoteProof`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NotedProof {}

impl InternalCall for NoteProof {
    type Answer = NotedProof;
    const SERVICE: Service = Service::Tenant;
    const KIND: CallKind = CallKind::Put;
    const TEMPLATE: &'static str = "/internal/proven-people";
}

/// Lists the members of a tenant with this permission. Used to find the recipients of notifications.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListAdmins {
    /// The tenant.
    pub tenant_id: TenantId,
}

impl InternalCall for ListAdmins {
    type Answer = Vec<UserId>;
    const SERVICE: Service = Service::Tenant;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/tenant-admins";
}

/// Checks that these users are active members of the tenant, before a record is assigned.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckMembers {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The people.
    pub user_ids: Vec<UserId>,
}

/// The answer to [`CheckMembers`]: those of the asked who are not active members.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CheckedMembers {
    /// Strangers to the tenant, leavers included.
    pub strangers: Vec<UserId>,
    /// Those of them who are inactive members or were members.
    #[serde(default)]
    pub leavers: Vec<Leaver>,
}

/// How a member left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leaving {
    /// They were set inactive.
    Inactive,
    /// They were removed from the tenant.
    Removed,
}

/// An inactive or a former member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaver {
    /// The person.
    pub user_id: UserId,
    /// What others call them; none while auth-service is away.
    pub name: Option<String>,
    /// How they left.
    pub leaving: Leaving,
    /// When they left.
    pub since: DateTime<Utc>,
    /// When what they hold goes to others.
    pub hands_over_at: DateTime<Utc>,
    /// The nearest active member above them.
    pub manager: Option<UserId>,
}

impl InternalCall for CheckMembers {
    type Answer = CheckedMembers;
    const SERVICE: Service = Service::Tenant;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/members/check";
}

/// Who is below this member? Asked for teams too large to travel with each request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListTeam {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The member.
    pub membership_id: Uuid,
}

impl InternalCall for ListTeam {
    type Answer = Vec<UserId>;
    const SERVICE: Service = Service::Tenant;
    const KIND: CallKind = CallKind::Ask;
    const TEMPLATE: &'static str = "/internal/teams";
}

/// Asked of every service that keeps tenant data: make room for this tenant, or take note of its state. Idempotent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProvisionTenant {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Its client-provided id.
    pub client_id: String,
    /// The state it is in or about to enter.
    pub status: TenantStatus,
    /// Grows with each change of state; an older one arriving late changes nothing.
    pub revision: i64,
    /// How its rows are kept apart. Only heeded when the tenant is new; afterwards it is moved.
    #[serde(default)]
    pub isolation: Isolation,
    /// Whether no admin of it has a proven e-mail address. Such a tenant sends nothing out.
    #[serde(default)]
    pub is_unproven: bool,
}

/// The answer to [`ProvisionTenant`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Provisioned {}

impl ProvisionTenant {
    /// The path every provisioned service answers.
    pub const TEMPLATE: &'static str = "/internal/tenants/{id}";

    /// The path for this tenant.
    pub fn path(&self) -> Cow<'static, str> {
        Cow::Owned(format!("/internal/tenants/{}", self.tenant_id))
    }
}
