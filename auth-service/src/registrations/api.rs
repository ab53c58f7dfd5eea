//! Registrations on the wire.

use contracts::{TenantId, internal::tenants::TenantSummary};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::users::{AccountType, PersonView};

/// A registration. It carries a password and cannot be printed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// E-mail address.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// Password.
    #[schema(min_length = 8, max_length = 128, format = "password")]
    pub password: String,
    /// First name.
    #[schema(min_length = 1, max_length = 150, format = "name")]
    pub first_name: String,
    /// Last name.
    #[schema(min_length = 1, max_length = 150, format = "name")]
    pub last_name: String,
    /// `company` unless said otherwise.
    #[serde(default)]
    pub account_type: Option<AccountType>,
    /// A tenant to be made, of which the person becomes the admin.
    #[serde(default)]
    pub tenant: Option<RegisterTenant>,
}

/// The tenant to create with the account.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterTenant {
    /// Id of one's own choice: 2 to 63 lower-case letters, digits, `-` and `_`, the first a letter or digit.
    #[schema(min_length = 1, max_length = 63, pattern = "^[a-z0-9][a-z0-9_-]{1,62}$")]
    pub client_id: String,
    /// Name.
    #[schema(min_length = 1, max_length = 255, format = "name")]
    pub name: String,
    /// Website.
    #[schema(format = "uri", max_length = 255)]
    pub website: String,
}

/// What was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegisteredView {
    /// The person.
    pub user: PersonView,
    /// Their tenant, when they brought one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<FoundedTenantView>,
}

/// A tenant that was made with its admin.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundedTenantView {
    /// Id.
    pub id: TenantId,
    /// Id of its own choice.
    pub client_id: String,
    /// Name.
    pub name: String,
}

impl From<TenantSummary> for FoundedTenantView {
    fn from(tenant: TenantSummary) -> Self {
        Self { id: tenant.id, client_id: tenant.client_id, name: tenant.name }
    }
}
