//! Validation of customer tags.

use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::Problem;

use super::api::WriteTag;
use crate::schema::customer_tags;

const COLOR: &str = "#4c6fff";

/// The fields of a tag that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = customer_tags)]
pub struct TagFields {
    name: String,
    color: String,
}

impl TagFields {
    /// A colour is six hexadecimal digits.
    pub fn parse(write: WriteTag) -> Result<Self, Problem> {
        let color = write.color.map_or_else(|| COLOR.to_owned(), |color| color.to_ascii_lowercase());
        let is_color = color
            .strip_prefix('#')
            .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if !is_color {
            let fault = FieldError::new("color", "invalid_color", "is not a colour such as #4c6fff");
            return Err(Problem::invalid(vec![fault]));
        }
        Ok(Self { name: write.name.trim().to_owned(), color })
    }
}
