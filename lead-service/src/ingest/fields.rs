//! Known fields out of whatever a form sends: names split, addresses lower-cased, numbers in E.164; the rest is kept.

use chrono::{DateTime, Utc};
use contracts::problem::FieldError;
use platform::{
    Problem,
    values::{self, Currency},
};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    loose,
    names::{self, Names},
    reader::{Reader, message},
};
use crate::{
    identity::{self, IdentityKey},
    leads::domain::LeadSource,
    money::Money,
    recognition::values::{self as readings, DateOrder, Reading},
    text,
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
}

/// What advertisers append to the addresses that people click.
const CLICK_IDS: [&str; 11] = [
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "fbclid",
    "msclkid",
    "ttclid",
    "twclid",
    "li_fat_id",
    "igshid",
    "epik",
];

/// Names by which forms call the fields, in the order in which they count.
const FIRST_NAME: &[&str] = &["first_name", "firstname", "firstName"];
const LAST_NAME: &[&str] = &["last_name", "lastname", "lastName"];
const NAME: &[&str] = &["name", "full_name", "fullname", "fullName"];
const EMAIL: &[&str] = &["email", "email_address", "e-mail"];
const PHONE: &[&str] = &["phone", "phone_number", "mobile", "tel"];
const COMPANY: &[&str] = &["company_name", "company", "organization", "organisation"];
const ROLE: &[&str] = &["role_title", "job_title", "title"];
const NOTES: &[&str] = &["notes", "message", "comments"];

/// Longest first or last name, in characters.
const NAME_LENGTH: usize = 100;
/// Longest phone number, in characters.
const PHONE_LENGTH: usize = 50;
/// Longest address of a profile, in characters, of those that people may write.
const PROFILE_LENGTH: usize = 500;
/// Most names of fields that a fault lists.
const LISTED: usize = 10;

fn names(reader: &mut Reader) -> (Option<String>, Option<String>) {
    let first = reader.line("first_name", FIRST_NAME, NAME_LENGTH);
    let last = reader.line("last_name", LAST_NAME, NAME_LENGTH);
    let Some(whole) = reader.text("name", NAME) else { return (first, last) };
    let Names { first, last, cover } = names::completed(first, last, &text::one_line(&whole.text));
    let fits = |name: &Option<String>| name.as_ref().is_none_or(|name| name.chars().count() <= NAME_LENGTH);
    let is_cut = !(fits(&first) && fits(&last));
    if is_cut {
        reader.warn("name", "too_long");
    }
    if is_cut || !cover {
        reader.keep(whole);
    }
    let limited = |name: String| name.chars().take(NAME_LENGTH).collect::<String>().trim_end().to_owned();
    (first.map(limited), last.map(limited))
}

/// A malformed address is a fault that nothing makes up for: who sent it believes that they can be reached by it.
fn email(reader: &mut Reader) -> Option<String> {
    let cell = reader.text("email", EMAIL)?;
    let read = readings::emails(&cell.text);
    if read.value.is_none() {
        reader.refuse("email", "invalid_email", "is not an e-mail address");
        return None;
    }
    reader.reading("email", cell, read)
}

fn phone(reader: &mut Reader) -> Option<String> {
    let cell = reader.text("phone", PHONE)?;
    let read = match values::phone(&cell.text, None) {
        Some(number) => Reading::whole(number),
        None => readings::phones(&cell.text, None),
    };
    let fits = read.value.as_ref().is_none_or(|number| number.chars().count() <= PHONE_LENGTH);
    let read = if fits { read } else { Reading::unreadable(&cell.text, "invalid_phone") };
    reader.reading("phone", cell, read)
}

fn linkedin_url(reader: &mut Reader) -> Option<String> {
    let cell = reader.text("linkedin_url", &["linkedin_url"])?;
    let read = readings::linkedin(&cell.text);
    let fits = read.value.as_ref().is_none_or(|url| url.len() <= PROFILE_LENGTH);
    let read = if fits { read } else { Reading::unreadable(&cell.text, "invalid_url") };
    reader.reading("linkedin_url", cell, read)
}

/// An amount and its currency, which may stand beside it in one text.
fn money(reader: &mut Reader) -> (Option<Money>, Option<String>) {
    let amount = reader.text("estimated_value", &["estimated_value"]);
    let read = |text: &str| values::currency(&readings::currency(text)?);
    let named = reader.parsed("currency", "invalid_currency", read);
    let code = |currency: Currency| currency.code().to_owned();
    let Some(cell) = amount else { return (None, named.map(code)) };
    let currency = named.or_else(|| read(&cell.text));
    let plain = Money::read(&cell.text, currency);
    // What digits are grouped by is a question of texts; a number says what it is.
    let grouped = || {
        let amount = readings::amount(&cell.text).value.filter(|_| !cell.is_number())?;
        let mut faults = Vec::new();
        let amount = amount.checked("estimated_value", currency, &mut faults);
        faults.is_empty().then_some(amount)
    };
    let value = plain.or_else(grouped);
    let warning = value.is_none().then_some("invalid_money");
    let value = reader.reading("estimated_value", cell, Reading { value, rest: None, warning });
    let currency = if value.is_some() { currency } else { named };
    (value, currency.map(code))
}

fn utm(reader: &mut Reader) -> Option<Value> {
    let mut utm = reader.object("utm").unwrap_or_default();
    let is_utm = |name: &str| name.starts_with("utm_") || CLICK_IDS.contains(&name);
    reader.each(is_utm, |name, value| {
        let member = utm.entry(name.trim_start_matches("utm_")).or_insert(Value::Null);
        // Of two values for one parameter, the one that stands with the others counts.
        let is_free = loose::is_blank(member);
        if is_free {
            *member = match value {
                Value::String(written) => Value::String(text::one_line(written)),
                value => value.clone(),
            };
        }
        is_free || *member == *value
    });
    (!utm.is_empty()).then_some(Value::Object(utm))
}

/// A time as forms write it; a date alone only where it is plain which number is the day.
fn moment(value: &Value) -> Option<DateTime<Utc>> {
    let begins_with_year = |text: &&str| text.trim().get(4..5) == Some("-");
    let dated = || value.as_str().filter(begins_with_year).and_then(|text| DateOrder::default().moment(text));
    loose::moment(value).or_else(dated)
}

/// A reference is used whole or not at all: cut, it could be another one's.
fn reference(reader: &mut Reader) -> Option<String> {
    reader.parsed("lead_reference_id", "too_long", |written| {
        let line = text::one_line(written);
        (line.chars().count() <= 255).then_some(line)
    })
}

impl NewSubmission {
    /// Identity keys of the sender.
    pub fn keys(&self) -> Vec<IdentityKey> {
        let name = [self.first_name.as_deref(), self.last_name.as_deref()];
        let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
        identity::keys(self.email.as_deref(), self.phone.as_deref(), self.linkedin_url.as_deref(), &name)
    }

    /// Reads a submission from a form. It must say how its person can be reached; what else cannot be read is a warning.
    ///
    /// # Errors
    /// A malformed e-mail address, or none of the three that people are reached by; then with all other faults.
    pub fn parse(sent: Map<String, Value>) -> Result<Self, Problem> {
        let mut reader = Reader::new(sent);
        let submission = Self::taken(&mut reader);
        let reachable =
            submission.email.is_some() || submission.phone.is_some() || submission.linkedin_url.is_some();
        // A malformed address is a fault already.
        if !reachable && !reader.refuses() {
            let names = reader.left(LISTED);
            let found = if names.is_empty() {
                String::new()
            } else {
                format!("; beside it has: {}", names.join(", "))
            };
            let needed = "a lead needs an e-mail address, a phone number or a LinkedIn profile";
            reader.refuse("email", "required", &format!("{needed}{found}"));
        }
        submission.finished(reader)
    }

    /// Reads the known fields of a payload that needs no address.
    ///
    /// # Errors
    /// A malformed e-mail address; then with all other faults.
    pub fn read(sent: Map<String, Value>) -> Result<Self, Problem> {
        let mut reader = Reader::new(sent);
        let submission = Self::taken(&mut reader);
        submission.finished(reader)
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
        }
        if let Some(Value::Object(members)) = self.raw_payload.take() {
            let named = members.into_iter().map(|(name, value)| (own_name(&name), value));
            self.raw_payload = Some(Value::Object(named.collect()));
        }
    }

    /// Leaves out the references that a problem says to name nothing; they are kept beside the known fields. Gives whether
    /// there were any.
    pub fn leave_out(&mut self, problem: &Problem) -> bool {
        let mut left_out = false;
        for fault in problem.errors.iter().filter(|fault| fault.code == "unknown_reference") {
            let (name, reference) = match fault.field.as_str() {
                "product_id" => ("product_id", self.product_id.take()),
                "account_id" => ("account_id", self.account_id.take()),
                _ => continue,
            };
            let Some(reference) = reference else { continue };
            let rest = self.raw_payload.get_or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(members) = rest {
                members.insert(name.to_owned(), Value::String(reference.to_string()));
            }
            self.warnings.push(FieldError::new(
                name,
                "unknown_reference",
                message(name, "unknown_reference"),
            ));
            left_out = true;
        }
        left_out
    }

    fn taken(reader: &mut Reader) -> Self {
        let (first_name, last_name) = names(reader);
        let lead_reference_id = reference(reader);
        let (email, phone) = (email(reader), phone(reader));
        let (estimated_value, currency) = money(reader);
        let id = |written: &str| written.parse().ok();
        Self {
            lead_reference_id,
            first_name,
            last_name,
            email,
            phone,
            company_name: reader.line("company_name", COMPANY, 255),
            role_title: reader.line("role_title", ROLE, 255),
            linkedin_url: linkedin_url(reader),
            notes: reader.lines("notes", NOTES, 20_000),
            source: reader
                .parsed("source", "not_allowed", |word| {
                    LeadSource::parse(word).or_else(|| readings::source(word))
                })
                .unwrap_or(LeadSource::Website),
            product_id: reader.parsed("product_id", "invalid_uuid", id),
            account_id: reader.parsed("account_id", "invalid_uuid", id),
            estimated_value,
            currency,
            custom_fields: reader.object("custom_fields").map(Value::Object),
            consent: reader.object("consent").map(Value::Object),
            utm: utm(reader),
            submitted_at: reader.readable("submitted_at", "invalid_datetime", moment),
            is_test: reader.readable("is_test", "invalid_boolean", loose::truth).unwrap_or_default(),
            raw_payload: None,
            warnings: Vec::new(),
            sender: None,
        }
    }

    fn finished(self, reader: Reader) -> Result<Self, Problem> {
        let (raw_payload, warnings) = reader.finish()?;
        Ok(Self { raw_payload, warnings, ..self })
    }
}

#[cfg(test)]
mod tests;
