//! Known fields out of whatever a form sends: names split, addresses lower-cased, numbers in E.164; the rest is kept.

use chrono::{DateTime, Utc};
use contracts::problem::FieldError;
use platform::{Problem, values};
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::loose;
use crate::{
    identity::{self, IdentityKey},
    leads::domain::LeadSource,
    money::Money,
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
    /// Whether somebody only tries the form out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_test: bool,
    /// Everything else that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw_payload: Option<Value>,
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

/// Takes known fields from what was sent and collects what is wrong with them.
struct Reader {
    sent: Map<String, Value>,
    faults: Vec<FieldError>,
}

impl Reader {
    fn fault(&mut self, field: &str, code: &str, message: &str) {
        self.faults.push(FieldError::new(field, code, message));
    }

    /// The first of these names that was sent; blank counts as not sent.
    fn text(&mut self, names: &[&str], longest: usize) -> Option<String> {
        let (name, value) = names.iter().find_map(|name| Some((*name, self.sent.remove(*name)?)))?;
        let text = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
            Value::Null => return None,
            Value::Array(_) | Value::Object(_) => {
                self.fault(name, "wrong_type", "must be text");
                return None;
            }
        };
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        if text.chars().count() > longest {
            self.fault(name, "too_long", &format!("must be at most {longest} characters long"));
            return None;
        }
        Some(text.to_owned())
    }

    fn parsed<T>(
        &mut self,
        name: &str,
        code: &str,
        message: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(&[name], 2_000)?;
        let value = parse(&text);
        if value.is_none() {
            self.fault(name, code, message);
        }
        value
    }

    fn object(&mut self, name: &str) -> Option<Value> {
        match self.sent.remove(name)? {
            Value::Null => None,
            Value::Object(members) => Some(Value::Object(members)),
            // A form can only send text; what is an object's JSON is taken as one.
            Value::String(text) => match serde_json::from_str(&text) {
                Ok(Value::Object(members)) => Some(Value::Object(members)),
                _ if text.trim().is_empty() => None,
                _ => Some(match loose::truth(&Value::String(text.clone())) {
                    // A ticked box.
                    Some(given) => json!({ "given": given }),
                    None => json!({ "text": text }),
                }),
            },
            Value::Bool(given) => Some(json!({ "given": given })),
            _ => {
                self.fault(name, "wrong_type", "must be an object");
                None
            }
        }
    }

    fn phone(&mut self) -> Option<String> {
        let text = self.text(&["phone", "phone_number", "mobile", "tel"], 50)?;
        if let Some(number) = values::phone(&text, None) {
            return Some(number);
        }
        // A number without its country is still somebody's number: it is kept as it was written.
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let is_number =
            text.chars().all(|c| c.is_ascii_digit() || " +-./()".contains(c)) && (5..=20).contains(&digits);
        if !is_number {
            self.fault("phone", "invalid_phone", "is not a phone number");
            return None;
        }
        Some(text)
    }

    fn names(&mut self) -> (Option<String>, Option<String>) {
        let first = self.text(&["first_name", "firstname", "firstName"], 100);
        let last = self.text(&["last_name", "lastname", "lastName"], 100);
        let whole = self.text(&["name", "full_name", "fullname", "fullName"], 201);
        match (first, last, whole) {
            (None, None, Some(whole)) => match whole.split_once(char::is_whitespace) {
                Some((first, last)) => (Some(limited(first)), Some(limited(last.trim()))),
                None => (Some(limited(&whole)), None),
            },
            (first, last, _) => (first, last),
        }
    }

    /// Takes what can be read; what cannot stays with what is not known.
    fn readable<T>(&mut self, name: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let value = read(self.sent.get(name)?)?;
        self.sent.remove(name);
        Some(value)
    }

    fn utm(&mut self) -> Option<Value> {
        let given = self.object("utm");
        let mut utm = match given {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
        let names: Vec<String> = self
            .sent
            .keys()
            .filter(|name| name.starts_with("utm_") || CLICK_IDS.contains(&name.as_str()))
            .cloned()
            .collect();
        for name in names {
            if let Some(value) = self.sent.remove(&name) {
                utm.insert(name.trim_start_matches("utm_").to_owned(), value);
            }
        }
        (!utm.is_empty()).then_some(Value::Object(utm))
    }
}

fn limited(name: &str) -> String {
    name.chars().take(100).collect()
}

impl NewSubmission {
    /// What tells the person who sent it.
    pub fn keys(&self) -> Vec<IdentityKey> {
        let name = [self.first_name.as_deref(), self.last_name.as_deref()];
        let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
        identity::keys(self.email.as_deref(), self.phone.as_deref(), self.linkedin_url.as_deref(), &name)
    }

    /// Reads a submission, with all its faults at once. It must say who can be reached, or a name.
    pub fn parse(sent: Map<String, Value>) -> Result<Self, Problem> {
        let submission = Self::read(sent)?;
        let reachable = submission.email.is_some()
            || submission.phone.is_some()
            || submission.linkedin_url.is_some()
            || submission.first_name.is_some()
            || submission.last_name.is_some();
        if reachable {
            return Ok(submission);
        }
        let message = "a lead needs an e-mail address, a phone number, a LinkedIn profile or a name";
        Err(Problem::invalid(vec![FieldError::new("email", "required", message)]))
    }

    /// Reads the known fields, with all their faults at once.
    pub fn read(sent: Map<String, Value>) -> Result<Self, Problem> {
        let mut reader = Reader { sent, faults: Vec::new() };
        let (first_name, last_name) = reader.names();
        let submission = Self {
            lead_reference_id: reader.text(&["lead_reference_id"], 255),
            first_name,
            last_name,
            email: {
                let text = reader.text(&["email", "email_address", "e-mail"], values::EMAIL_LENGTH);
                let email = text.as_deref().and_then(values::email);
                if text.is_some() && email.is_none() {
                    reader.fault("email", "invalid_email", "is not an e-mail address");
                }
                email
            },
            phone: reader.phone(),
            company_name: reader.text(&["company_name", "company", "organization", "organisation"], 255),
            role_title: reader.text(&["role_title", "job_title", "title"], 255),
            linkedin_url: reader.parsed("linkedin_url", "invalid_url", "is not a web address", |text| {
                values::web_url(text).map(String::from).filter(|url| url.len() <= 512)
            }),
            notes: reader.text(&["notes", "message", "comments"], 20_000),
            source: reader
                .parsed(
                    "source",
                    "not_allowed",
                    &format!("must be one of: {}", LeadSource::WORDS.join(", ")),
                    LeadSource::parse,
                )
                .unwrap_or(LeadSource::Website),
            product_id: reader
                .parsed("product_id", "invalid_uuid", "is not a UUID", |text| text.parse().ok()),
            account_id: reader
                .parsed("account_id", "invalid_uuid", "is not a UUID", |text| text.parse().ok()),
            estimated_value: reader.parsed(
                "estimated_value",
                "invalid_money",
                "is not an amount with at most two decimals",
                |text| serde_json::from_value(Value::String(text.to_owned())).ok(),
            ),
            currency: reader.parsed("currency", "invalid_currency", "is not an ISO 4217 code", |text| {
                let code = text.to_ascii_uppercase();
                (code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())).then_some(code)
            }),
            custom_fields: reader.object("custom_fields"),
            consent: reader.object("consent"),
            utm: reader.utm(),
            submitted_at: reader.readable("submitted_at", loose::moment),
            is_test: reader.readable("is_test", loose::truth).unwrap_or_default(),
            raw_payload: None,
        };
        if !reader.faults.is_empty() {
            return Err(Problem::invalid(reader.faults));
        }
        let rest = (!reader.sent.is_empty()).then_some(Value::Object(reader.sent));
        Ok(Self { raw_payload: rest, ..submission })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: Value) -> Result<NewSubmission, Problem> {
        let Value::Object(sent) = value else { panic!("an object") };
        NewSubmission::parse(sent)
    }

    #[test]
    fn known_fields_are_normalised_and_the_rest_is_kept() {
        let submission = parse(json!({
            "name": "Ada King Lovelace", "email": " Ada@Example.COM ", "phone": "+44 20 7946 0958",
            "company": "Analytical Engines", "message": "Hello", "budget": "10k", "utm_source": "x", "gclid": "1"
        }))
        .unwrap();

        assert_eq!(submission.first_name.as_deref(), Some("Ada"));
        assert_eq!(submission.last_name.as_deref(), Some("King Lovelace"));
        assert_eq!(submission.email.as_deref(), Some("ada@example.com"));
        assert_eq!(submission.phone.as_deref(), Some("+442079460958"));
        assert_eq!(submission.company_name.as_deref(), Some("Analytical Engines"));
        assert_eq!(submission.utm, Some(json!({"source": "x", "gclid": "1"})));
        assert_eq!(submission.raw_payload, Some(json!({"budget": "10k"})));
        assert_eq!(submission.source, LeadSource::Website);
    }

    #[test]
    fn when_it_was_sent_and_whether_it_is_a_test_is_read_where_it_can_be() {
        let sent =
            json!({"name": "Ada", "submitted_at": "2026-01-02T03:04:05Z", "is_test": "1", "consent": "on"});
        let submission = parse(sent).unwrap();
        assert_eq!(submission.submitted_at.unwrap().to_rfc3339(), "2026-01-02T03:04:05+00:00");
        assert_eq!((submission.is_test, submission.raw_payload), (true, None));
        assert_eq!(submission.consent, Some(json!({"given": true})));
        let vague = json!({"submitted_at": "yesterday", "is_test": "maybe"});
        let mut sent = vague.clone();
        sent["name"] = json!("Ada");
        let submission = parse(sent).unwrap();
        assert_eq!((submission.submitted_at, submission.is_test), (None, false));
        assert_eq!(submission.raw_payload, Some(vague));
    }

    #[test]
    fn every_fault_is_found_at_once() {
        let problem = parse(json!({
            "email": "nope", "phone": "call me", "product_id": "7", "source": "mars", "first_name": "x".repeat(101)
        }))
        .unwrap_err();
        let mut fields: Vec<_> = problem.errors.iter().map(|fault| fault.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["email", "first_name", "phone", "product_id", "source"]);
    }

    #[test]
    fn somebody_must_be_reachable_or_have_a_name() {
        assert_eq!(parse(json!({"budget": "10k", "email": "  "})).unwrap_err().errors[0].code, "required");
        assert!(parse(json!({"name": "Ada"})).is_ok());
    }

    #[test]
    fn a_local_phone_number_is_kept_as_written() {
        assert_eq!(parse(json!({"phone": "030 901820"})).unwrap().phone.as_deref(), Some("030 901820"));
    }
}
