//! Conditions held against a row in memory, with the outcome that the database would give.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::Value;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{Condition, Linked, Op, Tree};
use crate::{
    db::value::{Bound, Near},
    zones,
};

impl Tree {
    /// Whether it holds for a row given as JSON, its columns and objects as members.
    pub fn holds(&self, row: &Value) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(row)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(row)),
            Self::Not(part) => !part.holds(row),
            Self::Is(condition) => holds(condition, row),
            Self::Linked(linked) => is_linked(linked, row),
        }
    }
}

fn holds(condition: &Condition, row: &Value) -> bool {
    let field = row.get(condition.column);
    let field = match &condition.member {
        Some(member) => field.and_then(|object| object.get(member)),
        None => field,
    };
    let field = field.filter(|value| !value.is_null());
    if condition.op == Op::IsNull {
        let wanted = condition.values.first() == Some(&Bound::Bool(true));
        return field.is_none() == wanted;
    }
    let Some(field) = field else { return false };
    let is_member = condition.member.is_some();
    if condition.op == Op::HasAll {
        return condition.values.iter().all(|value| compares(field, is_member, condition.op, value));
    }
    condition.values.iter().any(|value| compares(field, is_member, condition.op, value))
}

/// The linked things as the row names them: an array of ids or names, or of objects that have them.
fn is_linked(linked: &Linked, row: &Value) -> bool {
    let things = row.get(linked.link.name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_meant = |text: &str| {
        linked.ids.iter().any(|id| text.eq_ignore_ascii_case(&id.to_string()))
            || linked.names.contains(&text.to_lowercase())
    };
    things.iter().any(|thing| match thing {
        Value::String(text) => is_meant(text),
        thing => ["id", "name"].iter().filter_map(|name| thing.get(*name)?.as_str()).any(is_meant),
    })
}

/// A value as text, the way PostgreSQL's `->>` gives it.
fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What decides the order of texts for people, close to that of the database: letters before case and accents.
fn for_people(text: &str) -> (String, &str) {
    let letters = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    (letters, text)
}

fn number_of(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn compares(field: &Value, is_member: bool, op: Op, value: &Bound) -> bool {
    let order = match (value, op) {
        (Bound::Text(text), Op::Contains) => {
            return text_of(field).to_lowercase().contains(&text.to_lowercase());
        }
        (Bound::Text(text), Op::StartsWith) => {
            return text_of(field).to_lowercase().starts_with(&text.to_lowercase());
        }
        (Bound::Text(text), Op::HasAny | Op::HasAll) => {
            let is_it = |element: &Value| text_of(element) == *text;
            return field.as_array().map_or_else(|| is_it(field), |elements| elements.iter().any(is_it));
        }
        // A number is one whatever its decimals; as text it must be written alike.
        (Bound::Decimal(text), Op::Eq | Op::In) if is_member => {
            let is_same =
                field.as_f64().zip(text.parse::<f64>().ok()).is_some_and(|(one, other)| one == other);
            return is_same || text_of(field) == *text;
        }
        (Bound::Near(near), _) => return is_near(field, *near),
        (Bound::Day(from, until), op) => {
            return time_of(field).is_some_and(|at| in_day(at, op, *from, *until));
        }
        (Bound::Text(text), Op::Eq | Op::In) => (text_of(field) == *text).then_some(Ordering::Equal),
        (Bound::Text(text), _) => Some(for_people(&text_of(field)).cmp(&for_people(text))),
        (Bound::Uuid(id), _) => {
            text_of(field).eq_ignore_ascii_case(&id.to_string()).then_some(Ordering::Equal)
        }
        #[expect(clippy::cast_precision_loss, reason = "whole numbers of rows are far below 2^53")]
        (Bound::Int(whole), _) => number_of(field).and_then(|field| field.partial_cmp(&(*whole as f64))),
        (Bound::Float(real), _) => number_of(field).and_then(|field| field.partial_cmp(real)),
        (Bound::Decimal(text), _) => number_of(field)
            .zip(text.parse::<f64>().ok())
            .and_then(|(field, value)| field.partial_cmp(&value)),
        (Bound::Bool(truth), _) => (text_of(field) == truth.to_string()).then_some(Ordering::Equal),
        (Bound::Date(date), _) => day_of(field).map(|field| field.cmp(date)),
        (Bound::Time(time), _) => time_of(field).map(|field| field.cmp(time)),
        (Bound::Null, _) => None,
    };
    order.is_some_and(|order| match op {
        Op::Gt => order.is_gt(),
        Op::Gte => order.is_ge(),
        Op::Lt => order.is_lt(),
        Op::Lte => order.is_le(),
        _ => order.is_eq(),
    })
}

fn time_of(field: &Value) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc3339(field.as_str()?).ok()?.with_timezone(&Utc))
}

fn day_of(field: &Value) -> Option<NaiveDate> {
    field.as_str()?.get(..10)?.parse().ok()
}

fn in_day(at: DateTime<Utc>, op: Op, from: DateTime<Utc>, until: DateTime<Utc>) -> bool {
    match op {
        Op::Gt => at >= until,
        Op::Gte => at >= from,
        Op::Lt => at < from,
        Op::Lte => at < until,
        _ => (from..until).contains(&at),
    }
}

fn is_near(field: &Value, near: Near) -> bool {
    let now = Utc::now();
    if near.by_day {
        let today = zones::day_of(now, near.zone);
        return day_of(field).is_some_and(|day| (day - today).num_days().abs() <= i64::from(near.days));
    }
    time_of(field).is_some_and(|at| (at - now).abs() <= TimeDelta::days(i64::from(near.days)))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
