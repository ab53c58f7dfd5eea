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

use crate::http::list::Op;

/// What a column holds, as far as filters and orderings care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
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
    /// Nothing; only as a place in a list read by cursor.
    Null,
}

impl Kind {
    /// Whether a list can be ordered by it.
    pub const fn is_ordered(self) -> bool {
        true
    }

    /// Whether it can be compared so.
    pub fn takes(self, op: Op) -> bool {
        match op {
            Op::Eq | Op::In | Op::IsNull => true,
            Op::Gt | Op::Gte | Op::Lt | Op::Lte => !matches!(self, Self::Bool | Self::Uuid | Self::Choice(_)),
            Op::Contains => matches!(self, Self::Text),
        }
    }

    /// JSON schema of one value.
    pub fn schema(self) -> Value {
        match self {
            Self::Text => json!({ "type": "string" }),
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

    /// The value written as `text`, or a code and sentence on why it is none.
    pub fn read(self, text: &str) -> Result<Bound, (&'static str, String)> {
        let value = match self {
            Self::Text => Some(Bound::Text(text.to_owned())),
            Self::Choice(words) if !words.contains(&text) => {
                return Err(("not_allowed", format!("must be one of: {}", words.join(", "))));
            }
            Self::Choice(_) => Some(Bound::Text(text.to_owned())),
            Self::Uuid => Uuid::parse_str(text).ok().map(Bound::Uuid),
            Self::Int => text.parse().ok().map(Bound::Int),
            Self::Float => text.parse().ok().filter(|number: &f64| number.is_finite()).map(Bound::Float),
            Self::Decimal => is_decimal(text).then(|| Bound::Decimal(text.to_owned())),
            Self::Bool => text.parse().ok().map(Bound::Bool),
            Self::Time => read_time(text).map(Bound::Time),
            Self::Date => text.parse().ok().map(Bound::Date),
        };
        value.ok_or_else(|| {
            let wanted = match self {
                Self::Uuid => ("invalid_uuid", "is not a UUID"),
                Self::Time => ("invalid_datetime", "is not a time in RFC 3339"),
                Self::Date => ("invalid_date", "is not a date, such as 2026-01-31"),
                Self::Bool => ("wrong_type", "must be true or false"),
                _ => ("wrong_type", "must be a number"),
            };
            (wanted.0, wanted.1.to_owned())
        })
    }

    /// The value as it stands in a row's JSON.
    pub fn read_json(self, value: &Value) -> Option<Bound> {
        match value {
            Value::Null => Some(Bound::Null),
            Value::String(text) => self.read(text).ok(),
            other => self.read(&other.to_string()).ok(),
        }
    }
}

/// A time in RFC 3339; a date alone means its first moment in UTC.
fn read_time(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&Utc));
    }
    // A plus sign arrives as a space where the caller did not encode it.
    if let Ok(time) = DateTime::parse_from_rfc3339(&text.replace(' ', "+")) {
        return Some(time.with_timezone(&Utc));
    }
    Some(text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)?.and_utc())
}

fn is_decimal(text: &str) -> bool {
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
            Self::Null => {
                out.push_sql("NULL");
                Ok(())
            }
        }
    }
}
