//! Known fields out of whatever a form sends: names split, addresses lower-cased, numbers in E.164; the rest is kept.

use chrono::{DateTime, Utc};
use platform::{
    Problem,
    values::{self, Currency},
};
use serde_json::{Map, Value};

use super::{
    names::{self, Names},
    reader::{Reader, listed},
    submission::NewSubmission,
};
use crate::{
    money::Money,
    people::{LeadSource, LeadStatus},
    recognition::{self, DateOrder, Reading},
    text,
};

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
/// Most tags of a lead.
const TAGS: usize = 100;

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
    let read = recognition::read_emails(&cell.text);
    if read.value.is_none() {
        reader.refuse("email", "invalid_email", "is not an e-mail address");
        return None;
    }
    reader.reading("email", cell, read)
}

fn phone(reader: &mut Reader) -> Option<String> {
    let cell = reader.text("phone", PHONE)?;
    let whole =
        (cell.text.len() <= recognition::LONGEST_VALUE).then(|| values::phone(&cell.text, None)).flatten();
    let read = match whole {
        Some(number) => Reading::whole(number),
        None => recognition::read_phones(&cell.text, None),
    };
    let fits = read.value.as_ref().is_none_or(|number| number.chars().count() <= PHONE_LENGTH);
    let read = if fits { read } else { Reading::unreadable(&cell.text, "invalid_phone") };
    reader.reading("phone", cell, read)
}

fn linkedin_url(reader: &mut Reader) -> Option<String> {
    let cell = reader.text("linkedin_url", &["linkedin_url"])?;
    let read = recognition::read_linkedin(&cell.text);
    let fits = read.value.as_ref().is_none_or(|url| url.len() <= PROFILE_LENGTH);
    let read = if fits { read } else { Reading::unreadable(&cell.text, "invalid_url") };
    reader.reading("linkedin_url", cell, read)
}

/// An amount and its currency, which may stand beside it in one text.
fn money(reader: &mut Reader) -> (Option<Money>, Option<String>) {
    let amount = reader.text("estimated_value", &["estimated_value"]);
    let read = |text: &str| values::currency(&recognition::read_currency(text)?);
    let named = reader.parsed("currency", "invalid_currency", read);
    let code = |currency: Currency| currency.code().to_owned();
    let Some(cell) = amount else { return (None, named.map(code)) };
    let currency = named.or_else(|| read(&cell.text));
    let plain = Money::read(&cell.text, currency);
    // What digits are grouped by is a question of texts; a number says what it is.
    let grouped = || {
        let amount = recognition::read_amount(&cell.text).value.filter(|_| !cell.is_number())?;
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
        let is_free = recognition::is_blank(member);
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

/// The tenant's own fields, with the tags among them.
fn custom_fields(reader: &mut Reader) -> Option<Value> {
    let members = reader.object("custom_fields");
    let Some(tags) = reader.texts("tags", TAGS) else { return members.map(Value::Object) };
    let mut members = members.unwrap_or_default();
    let known = members.entry("tags").or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(known) = known {
        // Tags that differ in their spaces are one.
        for tag in tags.iter().map(|tag| Value::String(tag.split_whitespace().collect::<Vec<_>>().join(" ")))
        {
            if !known.contains(&tag) {
                known.push(tag);
            }
        }
    }
    Some(Value::Object(members))
}

/// A time as forms write it; a date alone only where it is plain which number is the day.
fn moment(value: &Value) -> Option<DateTime<Utc>> {
    let begins_with_year = |text: &&str| text.trim().get(4..5) == Some("-");
    let dated = || value.as_str().filter(begins_with_year).and_then(|text| DateOrder::default().moment(text));
    recognition::read_moment(value).or_else(dated)
}

/// A reference is used whole or not at all: cut, it could be another one's.
fn reference(reader: &mut Reader) -> Option<String> {
    reader.parsed("lead_reference_id", "too_long", |written| {
        let line = text::one_line(written);
        (line.chars().count() <= 255).then_some(line)
    })
}

impl NewSubmission {
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
            let names = listed(reader.left());
            let found = if names.is_empty() { names } else { format!("; beside it has: {names}") };
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
                    LeadSource::parse(word).or_else(|| recognition::read_source(word))
                })
                .unwrap_or(LeadSource::Website),
            // A lead is converted by making a deal of it.
            status: reader.parsed("status", "not_allowed", |word| {
                recognition::read_status(word).filter(|status| *status != LeadStatus::Converted)
            }),
            assigned_to: None,
            product_id: reader.parsed("product_id", "invalid_uuid", id),
            account_id: reader.parsed("account_id", "invalid_uuid", id),
            estimated_value,
            currency,
            custom_fields: custom_fields(reader),
            consent: reader.object("consent").map(Value::Object),
            utm: utm(reader),
            submitted_at: reader.readable("submitted_at", "invalid_datetime", moment),
            is_test: reader
                .readable("is_test", "invalid_boolean", recognition::read_truth)
                .unwrap_or_default(),
            raw_payload: None,
            warnings: Vec::new(),
            sender: None,
            owner: reader.text("assigned_to", &["assigned_to"]).map(|cell| cell.text.trim().to_owned()),
        }
    }

    fn finished(self, reader: Reader) -> Result<Self, Problem> {
        let (raw_payload, warnings) = reader.finish()?;
        Ok(Self { raw_payload, warnings, ..self })
    }
}

#[cfg(test)]
mod tests;
