//! What makes a contact a contact.

use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{Problem, values};
use serde_json::Value;
use uuid::Uuid;

use super::api::WriteContact;
use crate::{schema::contacts, text, text::filled};

/// The fields of a contact that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = contacts, treat_none_as_null = true)]
pub struct ContactFields {
    /// The account they are at.
    pub account_id: Option<Uuid>,
    /// The lead they were.
    pub lead_id: Option<Uuid>,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    role_title: Option<String>,
    linkedin_url: Option<String>,
    notes: Option<String>,
    custom_fields: Option<Value>,
    assigned_to: Option<Uuid>,
}

impl ContactFields {
    /// Writes addresses canonically; a contact needs a name or an address.
    pub fn parse(write: WriteContact) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let phone = text::phone("phone", write.phone, &mut faults);
        let (first_name, last_name) = (filled(write.first_name), filled(write.last_name));
        let email = write.email.as_deref().and_then(values::email);
        if first_name.is_none() && last_name.is_none() && email.is_none() && phone.is_none() {
            let message = "a contact needs a name, an e-mail address or a phone number";
            faults.push(FieldError::new("last_name", "required", message));
        }
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        Ok(Self {
            account_id: write.account_id,
            lead_id: write.lead_id,
            first_name,
            last_name,
            email,
            phone,
            role_title: filled(write.role_title),
            linkedin_url: write.linkedin_url.as_deref().and_then(values::web_url).map(String::from),
            notes: write.notes,
            custom_fields: write.custom_fields,
            assigned_to: write.assigned_to,
        })
    }
}
