//! Validation and stored form of industries.

use diesel::{AsChangeset, Insertable};

use super::api::WriteIndustry;
use crate::schema::industries;

/// The fields of an industry.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = industries, treat_none_as_null = true)]
pub struct IndustryFields {
    name: String,
    description: Option<String>,
}

impl IndustryFields {
    /// Trims texts and empties those that are blank.
    pub fn of(write: WriteIndustry) -> Self {
        let text =
            |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Self { name: write.name.trim().to_owned(), description: text(write.description) }
    }
}
