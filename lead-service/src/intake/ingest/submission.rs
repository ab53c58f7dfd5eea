//! Submissions, read: what their leads get, and what could not be read of them.

use chrono::{DateTime, Utc};
use contracts::problem::FieldError;
use platform::Problem;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::reader::message;
use crate::{
    identity::{self, IdentityKey},
    money::Money,
    people::{LeadSource, LeadStatus},
};

/// A submission ready to be stored.
#[derive(Clone, Debug, Serialize)]
pub struct NewSubmission {
    /// The sender's own id: the same again is a duplicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_reference_id: Option<String>,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// E-mail address, lower-case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number, E.164 where it could be read as one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// Job title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_title: Option<String>,
    /// LinkedIn profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linkedin_url: Option<String>,
    /// Message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Where the lead came from.
    pub source: LeadSource,
    /// How far it has been worked, where a program says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<LeadStatus>,
    /// Assignee, where a program names a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<Uuid>,
    /// The product they asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<Uuid>,
    /// The account they belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<Uuid>,
    /// What the deal may be worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_value: Option<Money>,
    /// Its currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The tenant's own fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<Value>,
    /// What they agreed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<Value>,
    /// Campaign parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm: Option<Value>,
    /// When the person sent it, where that is not when it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<DateTime<Utc>>,
    /// Whether it is a test submission.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_test: bool,
    /// Everything else that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw_payload: Option<Value>,
    /// What could not be read, although it is taken in.
    #[serde(skip)]
    pub warnings: Vec<FieldError>,
    /// The tool that sent it, where it is a known one.
    #[serde(skip)]
    pub sender: Option<&'static str>,
    /// The assignee as a program names them, until it is known who that is.
    #[serde(skip)]
    pub owner: Option<String>,
}

impl NewSubmission {
    /// Identity keys of the sender.
    pub fn keys(&self) -> Vec<IdentityKey> {
        let name = [self.first_name.as_deref(), self.last_name.as_deref()];
        let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
        identity::keys(self.email.as_deref(), self.phone.as_deref(), self.linkedin_url.as_deref(), &name)
    }

    /// The status that its lead begins with.
    pub fn first_status(&self) -> &'static str {
        self.status.unwrap_or(LeadStatus::New).word()
    }

    /// With warnings that came up before its fields were read.
    pub fn with(mut self, warnings: Vec<FieldError>) -> Self {
        self.warnings.extend(warnings);
        self
    }

    /// The submission, unless its key refuses what others are warned of.
    ///
    /// # Errors
    /// All warnings as faults.
    pub fn accepted(self, strict: bool) -> Result<Self, Problem> {
        if strict && !self.warnings.is_empty() { Err(Problem::invalid(self.warnings)) } else { Ok(self) }
    }

    /// Names what was kept and warned of as the form calls its fields.
    pub fn name_as(&mut self, own_name: impl Fn(&str) -> String) {
        for warning in &mut self.warnings {
            warning.field = own_name(&warning.field);
            warning.message = message(&warning.field, &warning.code);
        }
        if let Some(Value::Object(members)) = self.raw_payload.take() {
            let named = members.into_iter().map(|(name, value)| (own_name(&name), value));
            self.raw_payload = Some(Value::Object(named.collect()));
        }
    }

    /// Leaves out the references that a problem says to name nothing; they are kept beside the known fields, under the names
    /// that their sender gave them. Gives whether there were any.
    pub fn leave_out(&mut self, problem: &Problem, own_name: impl Fn(&str) -> String) -> bool {
        let mut left_out = false;
        for fault in problem.errors.iter().filter(|fault| fault.code == "unknown_reference") {
            let (name, reference) = match fault.field.as_str() {
                "product_id" => ("product_id", self.product_id.take()),
                "account_id" => ("account_id", self.account_id.take()),
                _ => continue,
            };
            let Some(reference) = reference else { continue };
            self.keep(&own_name(name), Value::String(reference.to_string()), "unknown_reference");
            left_out = true;
        }
        left_out
    }

    /// Keeps a value that cannot be used beside the known fields, and warns of it.
    pub fn keep(&mut self, name: &str, value: Value, code: &str) {
        let rest = self.raw_payload.get_or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(members) = rest {
            members.insert(name.to_owned(), value);
        }
        self.warnings.push(FieldError::new(name, code, message(name, code)));
    }
}
