//! Customers on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::UserId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::ProfileRow;
use crate::users::User;

/// What customers change about themselves.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteProfile {
    /// First name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 150)]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 150)]
    pub last_name: Option<String>,
    /// Phone number, with its country code.
    #[serde(default)]
    #[schema(max_length = 40)]
    pub phone: Option<String>,
    /// Date of birth.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub date_of_birth: Option<NaiveDate>,
    /// Street and number.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub address: Option<String>,
    /// City.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub city: Option<String>,
    /// Country.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub country: Option<String>,
}

/// A customer as they see themselves.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProfileView {
    /// The person.
    pub id: UserId,
    /// E-mail address.
    pub email: String,
    /// Whether the address was proved to be theirs.
    pub email_verified: bool,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Phone number in E.164.
    pub phone: Option<String>,
    /// Date of birth.
    #[schema(value_type = Option<String>, format = "date")]
    pub date_of_birth: Option<NaiveDate>,
    /// Street and number.
    pub address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Where the picture is; null when there is none.
    pub picture_url: Option<&'static str>,
    /// Grows with each change; the ETag.
    pub version: i32,
    /// When the profile last changed.
    pub updated_at: DateTime<Utc>,
}

impl ProfileView {
    /// The person with what is stored about them.
    pub fn of(user: User, profile: ProfileRow) -> Self {
        Self {
            id: user.id,
            email: user.email,
            email_verified: user.email_verified_at.is_some(),
            first_name: user.first_name,
            last_name: user.last_name,
            phone: user.phone,
            date_of_birth: profile.date_of_birth,
            address: profile.address,
            city: profile.city,
            country: profile.country,
            picture_url: profile.picture_media_type.map(|_| "/api/v2/customer/profile/picture"),
            version: profile.version,
            updated_at: profile.updated_at,
        }
    }
}
