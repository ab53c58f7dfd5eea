//! Validation and stored form of regions.

use diesel::{AsChangeset, Insertable};

use super::api::WriteRegion;
use crate::schema::regions;

/// The fields of a region.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = regions, treat_none_as_null = true)]
pub struct RegionFields {
    name: String,
    description: Option<String>,
}

impl RegionFields {
    /// Trims texts and empties those that are blank.
    pub fn of(write: WriteRegion) -> Self {
        let text =
            |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Self { name: write.name.trim().to_owned(), description: text(write.description) }
    }
}
