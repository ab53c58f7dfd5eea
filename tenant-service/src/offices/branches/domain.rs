//! Validation and stored form of branches.

use diesel::{AsChangeset, Insertable};
use platform::{Problem, values};
use uuid::Uuid;

use super::api::{BranchView, WriteBranch};
use crate::{schema::branches, zones};

/// The fields of a branch.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = branches, treat_none_as_null = true)]
pub struct BranchFields {
    /// The region it is in.
    pub region_id: Uuid,
    name: String,
    address: Option<String>,
    city: Option<String>,
    country: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    timezone: Option<String>,
}

impl BranchFields {
    /// Trims texts and empties those that are blank. `before` is the branch that is changed, if one is.
    ///
    /// # Errors
    /// 400 for another time zone than before that is none.
    pub fn parse(write: WriteBranch, before: Option<&BranchView>) -> Result<Self, Problem> {
        let text =
            |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let zone_before = before.and_then(|branch| branch.timezone.as_deref());
        let timezone = zones::written("timezone", text(write.timezone), zone_before)
            .map_err(|fault| Problem::invalid(vec![fault]))?;
        Ok(Self {
            region_id: write.region_id,
            name: write.name.trim().to_owned(),
            address: text(write.address),
            city: text(write.city),
            country: text(write.country),
            phone: text(write.phone).map(|text| values::phone(&text, None).unwrap_or(text)),
            email: text(write.email).map(|text| values::email(&text).unwrap_or(text)),
            timezone,
        })
    }
}
