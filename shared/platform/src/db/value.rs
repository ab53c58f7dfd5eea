//! Kinds of columns and the values that are bound to them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    pg::Pg,
    query_builder::AstPass,
    result::QueryResult,
    sql_types::{BigInt, Bool, Date, Double, Text, Timestamptz, Uuid as SqlUuid},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    http::list::Op,
    values,
    zones::{self, Tz},
};

/// What a column holds, as far as filters and orderings care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// An e-mail address, compared in whatever way it is written.
    Email,
    /// A phone number, compared in whatever way it is written.
    Phone,
    /// The address of a page at LinkedIn, compared in whatever way it is written.
    LinkedIn,
    /// One of a closed set of words.
    Choice(&'static [&'static str]),
    /// A uuid.
    Uuid,
    /// A whole number.
    Int,
    /// A floating-point number.
    Float,
    /// An exact number, bound as text.
    Decimal,
    /// Yes or no.
    Bool,
    /// A time.
    Time,
    /// A day.
    Date,
}

/// A value bound to a statement, never written into it.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// Text.
    Text(String),
    /// A uuid.
    Uuid(Uuid),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// An exact number.
    Decimal(String),
    /// Yes or no.
    Bool(bool),
    /// A time.
    Time(DateTime<Utc>),
    /// A day.
    Date(NaiveDate),
    /// A whole day as a span of time: its first moment and the first of the next day.
    Day(DateTime<Utc>, DateTime<Utc>),
    /// A number of days before and after the present moment.
    Near(Near),
    /// Nothing; only as a place in a list read by cursor.
    Null,
}

/// A number of days before and after the present moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// How many.
    pub days: i32,
    /// The zone in which it is today.
    pub zone: Tz,
    /// Whether days are compared, and not moments.
    pub by_day: bool,
}

impl Kind {
    /// Whether a list can be ordered by it.
    pub const fn is_ordered(self) -> bool {
        true
    }

    /// Whether it is text of some form.
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Email | Self::Phone | Self::LinkedIn)
    }

    /// Whether it can be compared so.
    pub fn takes(self, op: Op) -> bool {
        match op {
            Op::Eq | Op::In | Op::IsNull => true,
            Op::Gt | Op::Gte | Op::Lt | Op::Lte => !matches!(self, Self::Bool | Self::Uuid | Self::Choice(_)),
            Op::Contains | Op::StartsWith => self.is_text(),
            Op::WithinDays => matches!(self, Self::Time | Self::Date),
            Op::HasAny | Op::HasAll => false,
        }
    }

    /// JSON schema of one value.
    pub fn schema(self) -> Value {
        match self {
            Self::Text | Self::Email | Self::Phone | Self::LinkedIn => json!({ "type": "string" }),
            Self::Choice(words) => json!({ "type": "string", "enum": words }),
            Self::Uuid => json!({ "type": "string", "format": "uuid" }),
            Self::Int => json!({ "type": "integer" }),
            Self::Float => json!({ "type": "number" }),
            Self::Decimal => json!({ "type": "string", "format": "decimal" }),
            Self::Bool => json!({ "type": "boolean" }),
            Self::Time => json!({ "type": "string", "format": "date-time" }),
            Self::Date => json!({ "type": "string", "format": "date" }),
        }
    }

    /// The value written as `text`, or a code and sentence on why it is none. A date that stands for a time is the whole
    /// day in `zone`.
    pub fn read(self, text: &str, zone: Tz) -> Result<Bound, (&'static str, String)> {
        storable(text)?;
        let value = match self {
            Self::Text => Some(Bound::Text(values::composed(text).into_owned())),
            Self::Email => Some(Bound::Text(values::email_or_text(text))),
            Self::Phone => Some(Bound::Text(phone(text))),
            Self::LinkedIn => Some(Bound::Text(
                values::linkedin_url(text).map_or_else(|| values::composed(text).into_owned(), String::from),
            )),
            Self::Choice(words) if !words.contains(&text) => {
                return Err(("not_allowed", format!("must be one of: {}", words.join(", "))));
            }
            Self::Choice(_) => Some(Bound::Text(text.to_owned())),
            Self::Uuid => Uuid::parse_str(text).ok().map(Bound::Uuid),
            Self::Int => text.strip_suffix(".0").unwrap_or(text).parse().ok().map(Bound::Int),
            Self::Float => text.parse().ok().filter(|number: &f64| number.is_finite()).map(Bound::Float),
            Self::Decimal => is_decimal(text).then(|| Bound::Decimal(text.to_owned())),
            Self::Bool => text.parse().ok().map(Bound::Bool),
            Self::Time => read_time(text, zone),
            Self::Date => text.parse().ok().map(Bound::Date),
        };
        value.ok_or_else(|| {
            let wanted = match self {
                Self::Uuid => ("invalid_uuid", "is not a UUID"),
                Self::Time => ("invalid_datetime", "is neither a time in RFC 3339 nor a date"),
                Self::Date => ("invalid_date", "is not a date, such as 2026-01-31"),
                Self::Bool => ("wrong_type", "must be true or false"),
                _ => ("wrong_type", "must be a number"),
            };
            (wanted.0, wanted.1.to_owned())
        })
    }

    /// The values that `text` may mean where it is compared so: an address or number also as it was written.
    pub fn read_forms(self, text: &str, op: Op, zone: Tz) -> Result<Vec<Bound>, (&'static str, String)> {
        storable(text)?;
        if matches!(op, Op::Contains | Op::StartsWith) {
            return Ok(self.read_part(text, op));
        }
        let mut forms = vec![self.read(text, zone)?];
        if matches!((self, op), (Self::Email | Self::Phone | Self::LinkedIn, Op::Eq | Op::In)) {
            let written = Bound::Text(values::composed(text.trim()).into_owned());
            if !forms.contains(&written) {
                forms.push(written);
            }
        }
        Ok(forms)
    }

    /// The texts of which a value of this kind contains one, or begins with one, where `text` is looked for.
    fn read_part(self, text: &str, op: Op) -> Vec<Bound> {
        let mut parts = vec![values::composed(text).into_owned()];
        let stored = match self {
            Self::Phone => part_of_phone(text, op),
            Self::Email => part_of_email(text),
            _ => None,
        };
        parts.extend(stored.filter(|stored| !text.eq_ignore_ascii_case(stored)));
        parts.into_iter().map(Bound::Text).collect()
    }

    /// The value as it stands in a row's JSON.
    pub fn read_json(self, value: &Value) -> Option<Bound> {
        let read = |text: &str| match (self, self.read(text, Tz::UTC).ok()?) {
            // It was stored so, whatever it would be read as today.
            (Self::Email | Self::Phone | Self::LinkedIn | Self::Text, _) => {
                Some(Bound::Text(text.to_owned()))
            }
            (_, Bound::Day(from, _)) => Some(Bound::Time(from)),
            (_, value) => Some(value),
        };
        match value {
            Value::Null => Some(Bound::Null),
            Value::String(text) => read(text),
            other => read(&other.to_string()),
        }
    }
}

/// Refuses a text that PostgreSQL cannot hold.
fn storable(text: &str) -> Result<(), (&'static str, String)> {
    if text.contains('\0') {
        return Err(("nul_not_allowed", "contains a NUL character".to_owned()));
    }
    Ok(())
}

/// A time in RFC 3339, or the whole day of a date.
fn read_time(text: &str, zone: Tz) -> Option<Bound> {
    // A plus sign arrives as a space where the caller did not encode it.
    let time =
        DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc3339(&text.replace(' ', "+")));
    if let Ok(time) = time {
        return Some(Bound::Time(time.with_timezone(&Utc)));
    }
    let (from, until) = zones::bounds(text.parse().ok()?, zone)?;
    Some(Bound::Day(from, until))
}

/// A part of an e-mail address with its domain as it is stored, in ASCII.
fn part_of_email(text: &str) -> Option<String> {
    let (mailbox, domain) =
        text.rsplit_once('@').map_or((None, text), |(mailbox, domain)| (Some(mailbox), domain));
    let domain = idna::domain_to_ascii(domain).ok()?;
    Some(mailbox.map_or_else(|| domain.clone(), |mailbox| format!("{mailbox}@{domain}")))
}

/// A phone number as it is stored: in E.164, or as it was written where it is none.
fn phone(text: &str) -> String {
    let written = with_plus(text);
    values::phone(&written, None).unwrap_or_else(|| values::composed(text.trim()).into_owned())
}

/// A number with the plus sign that came as a blank, where the caller did not encode it, or that `00` stands for.
fn with_plus(text: &str) -> String {
    let lost = text.strip_prefix(' ').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let text = text.trim();
    match lost.or_else(|| text.strip_prefix("00")) {
        Some(rest) => format!("+{}", rest.trim()),
        None => text.to_owned(),
    }
}

/// The digits of a part of a phone number as they stand in E.164; none for what is no part of one.
pub fn part_of_phone(text: &str, op: Op) -> Option<String> {
    let written = with_plus(text);
    if let Some(whole) = values::phone(&written, None) {
        return Some(if op == Op::Contains { whole.trim_start_matches('+').to_owned() } else { whole });
    }
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '/' | '(' | ')');
    if !written.chars().all(is_part) {
        return None;
    }
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    // The zero that begins a number within its country is left out in E.164.
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return None;
    }
    Some(if op == Op::StartsWith && written.starts_with('+') {
        format!("+{digits}")
    } else {
        digits.to_owned()
    })
}

/// Whether a text is a plain decimal number.
pub fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.len() <= 30 && all_digits(whole) && all_digits(part)
}

impl Bound {
    /// Binds the value.
    pub fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        match self {
            Self::Text(value) => out.push_bind_param::<Text, _>(value),
            Self::Uuid(value) => out.push_bind_param::<SqlUuid, _>(value),
            Self::Int(value) => out.push_bind_param::<BigInt, _>(value),
            Self::Float(value) => out.push_bind_param::<Double, _>(value),
            Self::Decimal(value) => {
                out.push_bind_param::<Text, _>(value)?;
                out.push_sql("::numeric");
                Ok(())
            }
            Self::Bool(value) => out.push_bind_param::<Bool, _>(value),
            Self::Time(value) => out.push_bind_param::<Timestamptz, _>(value),
            Self::Date(value) => out.push_bind_param::<Date, _>(value),
            // Days and spans are compared by more than one value; a condition does that.
            Self::Day(..) | Self::Near(_) | Self::Null => {
                out.push_sql("NULL");
                Ok(())
            }
        }
    }
}
