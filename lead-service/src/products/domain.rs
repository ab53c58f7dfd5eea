//! Validation of products.

use diesel::{AsChangeset, Insertable};
use platform::{Problem, values};
use serde_json::Value;
use uuid::Uuid;

use super::api::WriteProduct;
use crate::schema::products;

/// The fields of a product that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = products, treat_none_as_null = true)]
pub struct ProductFields {
    name: String,
    description: String,
    icp_description: Option<String>,
    website: Option<String>,
    persona_role_titles: Value,
    keywords: Vec<String>,
    playbook_description: Option<String>,
    settings: Option<Value>,
    catalog_product_id: Option<Uuid>,
}

impl ProductFields {
    /// Trims texts, writes the website canonically, drops empty and repeated keywords.
    pub fn parse(write: WriteProduct) -> Result<Self, Problem> {
        let mut keywords: Vec<String> = Vec::new();
        for keyword in
            write.keywords.iter().map(|keyword| keyword.trim()).filter(|keyword| !keyword.is_empty())
        {
            if !keywords.iter().any(|known| known.eq_ignore_ascii_case(keyword)) {
                keywords.push(keyword.to_owned());
            }
        }
        Ok(Self {
            name: write.name.trim().to_owned(),
            description: write.description.trim().to_owned(),
            icp_description: write.icp_description,
            website: write.website.as_deref().and_then(values::web_url).map(String::from),
            persona_role_titles: serde_json::to_value(write.persona_role_titles)
                .map_err(|fault| Problem::internal(fault.to_string()))?,
            keywords,
            playbook_description: write.playbook_description,
            settings: write.settings,
            catalog_product_id: write.catalog_product_id,
        })
    }
}
