//! Rows of a file as people.

mod cells;
mod consents;
mod fields;
mod persons;
mod reading;
mod recipe;

pub use consents::{filling, over, restored};
pub use persons::is_last_first;
pub use reading::read;
pub use recipe::Recipe;

use chrono::{DateTime, Utc};
use contracts::problem::FieldError;
use platform::{Problem, http::body};
use serde_json::{Map, Value};

use crate::{identity::IdentityKey, people::LeadFields};

/// The person of a row.
#[derive(Clone, Debug)]
pub struct RowLead {
    /// The fields of a lead, as they are stored.
    pub fields: LeadFields,
    /// The members of the row, as they would be written.
    pub members: Map<String, Value>,
    /// Cells that fed no field.
    pub raw: Map<String, Value>,
    /// The time at which the person sent it.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Whether a form was only tried out.
    pub is_test: bool,
    /// Owner named by the row: an e-mail address or an id.
    pub owner: Option<String>,
    /// Identity keys, in order of trust.
    pub keys: Vec<IdentityKey>,
    /// The reference in the system that the file is from.
    pub reference: Option<IdentityKey>,
    /// Warnings about what could not be read, or not be used.
    pub warnings: Vec<FieldError>,
    /// Whether it only names a known lead by its reference: it has nothing by which a new one could be told.
    pub is_outline: bool,
}

/// The name of a row without one while its fields are read; it is not stored.
const STAND_IN: &str = "-";

/// Members as the fields of a lead. A lead needs a name or an address, which an outline has not.
///
/// # Errors
/// What is wrong with them.
fn fields_of(members: &Map<String, Value>, is_outline: bool) -> Result<LeadFields, Problem> {
    let mut members = members.clone();
    if is_outline {
        members.entry("company_name").or_insert_with(|| Value::String(STAND_IN.to_owned()));
    }
    LeadFields::parse(body::decode(Value::Object(members))?)
}

impl RowLead {
    /// The members of the row, with what fed no field, as a timeline shows them.
    pub fn shown(&self) -> Value {
        let mut shown = self.members.clone();
        if !self.raw.is_empty() {
            shown.insert("raw_payload".to_owned(), Value::Object(self.raw.clone()));
        }
        Value::Object(shown)
    }

    /// The reference as the other system writes it.
    pub fn reference_text(&self) -> Option<&str> {
        self.reference.as_ref().and_then(|_| self.members.get("lead_reference_id")?.as_str())
    }

    /// The fields as they are stored, read again after one was set or dropped.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn settle(&mut self) -> Result<(), Problem> {
        self.fields = fields_of(&self.members, self.is_outline)?;
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
