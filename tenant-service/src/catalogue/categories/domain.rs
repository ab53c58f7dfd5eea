//! Validation and stored form of categories.

use diesel::{AsChangeset, Insertable};
use uuid::Uuid;

use super::api::WriteCategory;
use crate::schema::categories;

/// The fields of a category.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = categories, treat_none_as_null = true)]
pub struct CategoryFields {
    /// The industry it is in.
    pub industry_id: Uuid,
    name: String,
    description: Option<String>,
}

impl CategoryFields {
    /// Trims texts and empties those that are blank.
    pub fn of(write: WriteCategory) -> Self {
        let text =
            |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Self {
            industry_id: write.industry_id,
            name: write.name.trim().to_owned(),
            description: text(write.description),
        }
    }
}
