//! Invitations on the wire.

use chrono::{DateTime, Utc};
use contracts::permissions::TenantUsersRead;
use diesel::{Queryable, Selectable};
use platform::{
    db::value::Kind,
    http::{
        Shown,
        access::TenantCaller,
        list::{Listed, Listing, column},
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::tenant_invitations;

platform::text_enum! {
    /// How far an invitation has come.
    InvitationStatus {
        /// It can be accepted.
        Pending = "pending",
        /// It was.
        Accepted = "accepted",
        /// Its time is over.
        Expired = "expired",
        /// It was withdrawn.
        Revoked = "revoked",
    }
}

/// A new invitation.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteUser {
    /// E-mail address.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// Name of the role they shall hold.
    #[schema(min_length = 1, max_length = 100)]
    pub role: String,
    /// Where in the organisation they will work.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub department: Option<String>,
    /// The membership they shall report to.
    #[serde(default)]
    pub reports_to: Option<Uuid>,
}

/// An invitation as it is shown. Its token is not.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = tenant_invitations, check_for_backend(diesel::pg::Pg))]
pub struct InvitationView {
    /// Id.
    pub id: Uuid,
    /// Address of the invited person.
    pub email: String,
    /// Name of the role they shall hold.
    pub role: String,
    /// Where in the organisation they will work.
    pub department: Option<String>,
    /// The membership they shall report to.
    pub reports_to: Option<Uuid>,
    /// How far it has come.
    pub status: InvitationStatus,
    /// When its time is over.
    pub expires_at: DateTime<Utc>,
    /// Who sent it last; null for the platform itself.
    pub invited_by: Option<Uuid>,
    /// Who accepted.
    pub accepted_by: Option<Uuid>,
    /// When.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for InvitationView {
    const LISTING: Listing = Listing {
        path: "/api/v2/invitations",
        table: "tenant_invitations",
        columns: &[
            column("id", Kind::Uuid),
            column("email", Kind::Email),
            column("role", Kind::Text),
            column("department", Kind::Text),
            column("reports_to", Kind::Uuid),
            column("status", Kind::Choice(InvitationStatus::WORDS)),
            column("expires_at", Kind::Time),
            column("invited_by", Kind::Uuid),
            column("accepted_by", Kind::Uuid),
            column("accepted_at", Kind::Time),
            column("created_at", Kind::Time),
            column("updated_at", Kind::Time),
        ],
        search: &["email", "role", "department"],
        search_text: None,
        json: None,
        owners: &[],
        ordering: "-created_at",
        soft_delete: false,
        cursor: false,
    };
}

platform::stored!(InvitationView);
platform::record!(InvitationView, TenantUsersRead);

/// An invitation that was just sent, with a link for the invited person. It is not the one in the mail.
#[derive(Clone, Debug)]
pub struct SentInvitation {
    /// The invitation.
    pub invitation: InvitationView,
    /// Where it is accepted.
    pub accept_url: String,
}

/// The same as its sender is shown it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SentInvitationView {
    /// The invitation.
    #[serde(flatten)]
    pub invitation: Shown<InvitationView>,
    /// Where the invited person accepts it, signed in to the account with the invited, proven address: the link proves
    /// nothing. Returned only once.
    pub accept_url: String,
}

impl SentInvitation {
    /// As far as the sender may read invitations.
    pub fn shown(self, caller: &TenantCaller) -> SentInvitationView {
        SentInvitationView { invitation: Shown::to(caller, self.invitation), accept_url: self.accept_url }
    }
}

/// Which invitation to look up.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct LookUpInvitation {
    /// The token from the link.
    #[schema(max_length = 200)]
    pub token: String,
}

/// What accepting takes beside the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// Nothing: the token was mailed to an address that is proven already.
    Nothing,
    /// A password: the token was mailed to the address and proves it.
    Password,
    /// A session of the account with the invited, proven address: the token proves nothing.
    SignIn,
}

/// What the holder of a link sees before accepting.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvitationPreview {
    /// Address of the invited person.
    pub email: String,
    /// Name of the role they will hold.
    pub role: String,
    /// How far it has come: pending, or this would not be answered.
    pub status: InvitationStatus,
    /// What accepting takes beside the token.
    pub requires: Requirement,
    /// When its time is over.
    pub expires_at: DateTime<Utc>,
    /// The tenant they are invited into.
    pub tenant_id: Uuid,
    /// Its client-provided id.
    pub client_id: String,
    /// Its name.
    pub tenant_name: String,
}

/// Acceptance of an invitation.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    /// The token from the link.
    #[schema(max_length = 200)]
    pub token: String,
    /// New password, with a mailed token for an address that is not proven yet. An account with a proven address
    /// keeps its own.
    #[serde(default)]
    #[schema(max_length = 128, format = "password")]
    pub password: Option<String>,
    /// First name for a new account.
    #[serde(default)]
    #[schema(max_length = 100, format = "name")]
    pub first_name: Option<String>,
    /// Last name for a new account.
    #[serde(default)]
    #[schema(max_length = 100, format = "name")]
    pub last_name: Option<String>,
}

/// Where an accepted invitation has led.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AcceptedInvitation {
    /// The invitation.
    pub invitation_id: Uuid,
    /// The person.
    pub user_id: Uuid,
    /// Their e-mail address.
    pub email: String,
    /// Their membership.
    pub membership_id: Uuid,
    /// Name of the role they hold.
    pub role: String,
    /// The tenant they belong to now.
    pub tenant_id: Uuid,
    /// Its client-provided id.
    pub client_id: String,
    /// Its name.
    pub tenant_name: String,
}
