//! Validation and stored form of catalogue products.

use diesel::{AsChangeset, Insertable};
use uuid::Uuid;

use super::api::WriteCatalogProduct;
use crate::schema::catalog_products;

/// The fields of a product.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = catalog_products, treat_none_as_null = true)]
pub struct CatalogProductFields {
    /// The category it is in.
    pub category_id: Uuid,
    name: String,
    description: Option<String>,
}

impl CatalogProductFields {
    /// Trims texts and empties those that are blank.
    pub fn of(write: WriteCatalogProduct) -> Self {
        let text =
            |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Self {
            category_id: write.category_id,
            name: write.name.trim().to_owned(),
            description: text(write.description),
        }
    }
}
