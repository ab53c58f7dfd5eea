//! Validation of contacts.

use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{Problem, values};
use serde_json::Value;
use uuid::Uuid;

use super::api::{ContactView, WriteContact};
use crate::{
    duplicates::{self, Candidate},
    identity::{self, IdentityKey, Kind},
    schema::contacts,
    text::{self, filled_line},
};

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
    /// Canonical e-mail address.
    pub email: Option<String>,
    /// Phone number, E.164 where it can be read as one.
    pub phone: Option<String>,
    role_title: Option<String>,
    /// LinkedIn profile.
    pub linkedin_url: Option<String>,
    notes: Option<String>,
    custom_fields: Option<Value>,
    assigned_to: Option<Uuid>,
}

/// By what a person with these names and addresses is known.
pub(super) fn keys(
    names: [Option<&str>; 2],
    email: Option<&str>,
    phone: Option<&str>,
    linkedin_url: Option<&str>,
) -> Vec<IdentityKey> {
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    identity::keys(email, phone, linkedin_url, &name)
}

impl ContactView {
    /// By what the person is known.
    pub fn keys(&self) -> Vec<IdentityKey> {
        let names = [self.first_name.as_deref(), self.last_name.as_deref()];
        keys(names, self.email.as_deref(), self.phone.as_deref(), self.linkedin_url.as_deref())
    }
}

impl ContactFields {
    /// By what the person is known.
    pub fn keys(&self) -> Vec<IdentityKey> {
        let names = [self.first_name.as_deref(), self.last_name.as_deref()];
        keys(names, self.email.as_deref(), self.phone.as_deref(), self.linkedin_url.as_deref())
    }

    /// A contact that may be the same person, with the fields in which they are alike.
    pub fn candidate(&self, contact: &ContactView) -> Candidate {
        let texts = [
            (Kind::Email, &self.email, &contact.email),
            (Kind::Phone, &self.phone, &contact.phone),
            (Kind::Linkedin, &self.linkedin_url, &contact.linkedin_url),
        ];
        Candidate {
            id: contact.id,
            owners: [contact.assigned_to, contact.created_by],
            matched: duplicates::matched(&self.keys(), &contact.keys(), &texts),
        }
    }

    /// Writes addresses canonically; a contact needs a name or an address.
    pub fn parse(write: WriteContact) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let phone = text::phone("phone", write.phone, &mut faults);
        let (first_name, last_name) = (filled_line(write.first_name), filled_line(write.last_name));
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
            role_title: filled_line(write.role_title),
            linkedin_url: text::linkedin_url(write.linkedin_url.as_deref()),
            notes: text::composed(write.notes),
            custom_fields: write.custom_fields,
            assigned_to: write.assigned_to,
        })
    }
}
