//! Rows of a file as people.

mod cells;
mod consents;
mod fields;
mod persons;
mod reading;
mod recipe;

pub use consents::is_withdrawn;
pub use persons::is_last_first;
pub use reading::read;
pub use recipe::Recipe;

use chrono::{DateTime, Utc};
use contracts::problem::FieldError;
use platform::{Problem, http::body};
use serde_json::{Map, Value};

use crate::{identity::IdentityKey, leads::domain::LeadFields};

/// The person of a row.
#[derive(Clone, Debug)]
pub struct RowLead {
    /// The fields of a lead, as they are stored.
    pub fields: LeadFields,
    /// What the row says, as it would be written.
    pub members: Map<String, Value>,
    /// What fed no field.
    pub raw: Map<String, Value>,
    /// When the person sent it.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Whether a form was only tried out.
    pub is_test: bool,
    /// Owner named by the row: an e-mail address or an id.
    pub owner: Option<String>,
    /// Identity keys, in order of trust.
    pub keys: Vec<IdentityKey>,
    /// The reference in the system that the file is from.
    pub reference: Option<IdentityKey>,
    /// What could not be read, or not be used.
    pub warnings: Vec<FieldError>,
}

impl RowLead {
    /// What the row says, with what fed no field, as a timeline shows it.
    pub fn shown(&self) -> Value {
        let mut shown = self.members.clone();
        if !self.raw.is_empty() {
            shown.insert("raw_payload".to_owned(), Value::Object(self.raw.clone()));
        }
        Value::Object(shown)
    }

    /// The fields as they are stored, read again after one was set or dropped.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn settle(&mut self) -> Result<(), Problem> {
        self.fields = LeadFields::parse(body::decode(Value::Object(self.members.clone()))?)?;
        Ok(())
    }

    /// Drops a field that cannot be used, keeping what stood there.
    pub fn drop_field(&mut self, field: &str, code: &str, message: &str) {
        if let Some(value) = self.members.remove(field) {
            self.raw.entry(field).or_insert(value);
        }
        self.warnings.push(FieldError::new(field, code, message));
    }
}
