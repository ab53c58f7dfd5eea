//! Evidence from a column's values, independent of its name.

use chrono::Datelike;
use uuid::Uuid;

use super::{
    dictionary::STRONG,
    fold,
    values::{self, DateOrder},
};

/// Most cells that are looked at.
const LOOKED_AT: usize = 50;

/// How many of a column's values are what.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence {
    total: usize,
    emails: usize,
    phones: usize,
    international: usize,
    links: usize,
    profiles: usize,
    uuids: usize,
    numbers: usize,
    dates: usize,
    truths: usize,
    consents: usize,
    honorifics: usize,
    statuses: usize,
    sources: usize,
    personas: usize,
    amounts: usize,
    currencies: usize,
}

impl Evidence {
    /// Looks at cells; blank ones say nothing.
    pub fn of(cells: &[&str]) -> Self {
        let mut evidence = Self::default();
        for cell in cells.iter().filter(|cell| !cell.trim().is_empty()).take(LOOKED_AT) {
            evidence.add(cell.trim());
        }
        evidence
    }

    /// One long text, which is no address, number or word for a choice.
    pub fn of_long() -> Self {
        Self { total: 1, ..Self::default() }
    }

    fn add(&mut self, cell: &str) {
        let count = |found: bool| usize::from(found);
        let is_email = cell.contains('@') && values::emails(cell).value.is_some();
        let is_link = cell.contains("://") || cell.starts_with("www.");
        let digits = cell.bytes().filter(u8::is_ascii_digit).count();
        let letters = cell.chars().filter(|c| c.is_alphabetic()).count();
        let is_number = letters == 0 && fold(cell).bytes().all(|byte| byte.is_ascii_digit()) && digits > 0;
        let may_be_date = digits >= 3 && !cell.starts_with('+') && cell.len() <= 40;
        let is_date = may_be_date
            && [DateOrder::DayFirst, DateOrder::MonthFirst]
                .iter()
                .any(|order| order.moment(cell).is_some_and(|at| at.year() > 1900));
        let is_uuid = Uuid::parse_str(cell).is_ok();
        let is_timestamp = is_date && !cell.bytes().all(|byte| byte.is_ascii_digit());
        let may_be_phone =
            digits >= 6 && letters <= digits && !is_email && !is_link && !is_uuid && !is_timestamp;
        let is_phone = may_be_phone && values::phones(cell, None).value.is_some();
        self.total += 1;
        self.emails += count(is_email);
        self.links += count(is_link);
        self.profiles += count(cell.contains("linkedin.com/in/") || cell.contains("linkedin.com/pub/"));
        self.uuids += count(is_uuid);
        self.numbers += count(is_number);
        self.dates += count(is_timestamp);
        self.phones += count(is_phone);
        self.international += count(is_phone && cell.trim_start_matches("p:").starts_with('+'));
        self.truths += count(matches!(cell.to_ascii_lowercase().as_str(), "true" | "false" | "yes" | "no"));
        self.consents += count(values::consent(cell).is_some());
        self.honorifics += count(values::honorific(cell));
        self.statuses += count(values::status(cell).is_some());
        self.sources += count(values::source(cell).is_some());
        self.personas += count(values::persona(cell).is_some());
        self.amounts += count(digits > 0 && values::amount(cell).value.is_some());
        self.currencies += count(values::currency(cell).is_some());
    }

    fn mostly(&self, count: usize) -> bool {
        count > 0 && count * 2 >= self.total
    }

    fn all(&self, count: usize) -> bool {
        count == self.total
    }

    /// The field that the values are of by themselves, with how sure that is and why.
    pub fn field(&self) -> Option<(&'static str, f32, &'static str)> {
        if self.mostly(self.emails) {
            return Some(("email", 0.75, "its values are e-mail addresses"));
        }
        if self.mostly(self.profiles) {
            return Some(("linkedin_url", 0.75, "its values are profiles at LinkedIn"));
        }
        self.mostly(self.international).then_some(("phone", 0.65, "its values are phone numbers"))
    }

    /// Whether the values speak for a field.
    pub fn supports(&self, field: &str) -> bool {
        match field {
            "email" => self.mostly(self.emails),
            "phone" => self.mostly(self.phones),
            "linkedin_url" => self.mostly(self.profiles),
            _ => false,
        }
    }

    /// Why a column of such values is not this field, although its name may be that of it.
    pub fn contradicts(&self, field: &str, confidence: f32) -> Option<&'static str> {
        if self.total == 0 {
            return None;
        }
        let strong = confidence >= STRONG;
        // Addresses, links, ids, times and ticks are never words that people write.
        let unwritten = self.emails + self.links + self.uuids + self.dates + self.truths;
        let (is_wrong, reason) = match field {
            "email" if strong => (
                self.emails == 0 && self.all((unwritten + self.numbers).min(self.total)),
                "no value is an e-mail address",
            ),
            "email" => (self.emails == 0, "no value is an e-mail address"),
            "phone" if strong => {
                (self.phones == 0 && self.all(unwritten.min(self.total)), "no value is a phone number")
            }
            "phone" => (!self.mostly(self.phones), "its values are not phone numbers"),
            "name" | "first_name" | "last_name" => {
                (self.mostly(unwritten + self.numbers), "its values are not names of people")
            }
            "company_name" => {
                (self.mostly(unwritten + self.numbers), "its values are not names of companies")
            }
            "role_title" => (
                self.mostly(self.honorifics + unwritten + self.numbers),
                "its values are forms of address or no words, not jobs",
            ),
            "linkedin_url" if strong => {
                (self.all(self.truths + self.numbers), "its values are not addresses")
            }
            "linkedin_url" => (!self.mostly(self.profiles), "its values are not profiles at LinkedIn"),
            "notes" => (self.mostly(self.emails + self.uuids + self.truths), "its values are no text"),
            "status" => (self.statuses == 0, "its words are not those of a lead's status"),
            "source" => (self.sources == 0, "its words are not those of a lead's source"),
            "persona" => (self.personas == 0, "its words are not those of a persona"),
            "score" => (!self.mostly(self.numbers), "its values are not numbers"),
            "estimated_value" => (!self.mostly(self.amounts), "its values are not amounts"),
            "currency" => (!self.mostly(self.currencies), "its values are not currencies"),
            "product_id" | "account_id" => (!self.all(self.uuids), "its values are ids of another system"),
            "submitted_at" => (
                !(self.mostly(self.dates) || strong && self.mostly(self.numbers)),
                "its values are not times",
            ),
            "is_test" | "consent" | "opt_out" => {
                (!self.mostly(self.consents), "its values say neither yes nor no")
            }
            _ => (false, ""),
        };
        is_wrong.then_some(reason)
    }
}

/// Whether a value may say what it is whatever its name: an address, a profile, a number with its country.
pub fn is_telling(value: &str) -> bool {
    let value = value.trim();
    value.contains('@') || value.starts_with('+') || value.contains("linkedin.com/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_contradict_names() {
        for (field, confidence, cells) in [
            ("role_title", 0.6, ["Dr", "Mrs."]),
            ("name", 1.0, ["a@x.example", "b@x.example"]),
            ("email", 0.95, ["yes", "no"]),
            ("account_id", 1.0, ["0015g00000A1", "0015g00000A2"]),
            ("status", 0.95, ["4", "7"]),
            ("phone", 0.7, ["yes", "no"]),
            ("currency", 0.95, ["twelve", "thirteen"]),
        ] {
            assert!(Evidence::of(&cells).contradicts(field, confidence).is_some(), "{field} {cells:?}");
        }
        for (field, confidence, cells) in [
            ("role_title", 0.6, ["CFO", "Head of Sales"]),
            ("email", 0.95, ["nope", "a@x.example"]),
            ("email", 1.0, ["nope", "neither"]),
            ("phone", 0.95, ["call me", "n/a"]),
            ("phone", 0.7, ["030 901820", "030 901821"]),
            ("status", 0.95, ["Open", "gibberish"]),
            ("name", 0.95, ["Ada Lovelace", "Bob"]),
        ] {
            assert_eq!(Evidence::of(&cells).contradicts(field, confidence), None, "{field} {cells:?}");
        }
    }

    #[test]
    fn values_speak_for_themselves() {
        let field = |cells: &[&str]| Evidence::of(cells).field().map(|(field, ..)| field);
        assert_eq!(field(&["a@x.example", "", "b@x.example", "n/a"]), Some("email"));
        assert_eq!(field(&["+44 20 7946 0958"]), Some("phone"));
        assert_eq!(field(&["https://www.linkedin.com/in/ada"]), Some("linkedin_url"));
        assert_eq!(field(&["12345678", "Ada"]), None);
    }
}
