//! A comparison held against a row in memory, with the outcome that SQL would give.

use std::cmp::Ordering;

use platform::{
    db::value::Bound,
    http::list::{Condition, Op},
};
use serde_json::Value;

/// Whether it holds for a row given as JSON.
pub fn holds(condition: &Condition, row: &Value) -> bool {
    let field = row.get(condition.column);
    let field = match &condition.member {
        Some(member) => field.and_then(|object| object.get(member)),
        None => field,
    };
    let field = field.filter(|value| !value.is_null());
    if condition.op == Op::IsNull {
        let wanted = condition.values.as_slice().first() == Some(&Bound::Bool(true));
        return field.is_none() == wanted;
    }
    let Some(field) = field else { return false };
    condition.values.iter().any(|value| compares(field, condition.op, value))
}

/// A value as text, the way PostgreSQL's `->>` gives it.
fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn compares(field: &Value, op: Op, value: &Bound) -> bool {
    let number = || field.as_f64().or_else(|| field.as_str()?.trim().parse().ok());
    let order = match value {
        Bound::Text(text) if op == Op::Contains => {
            return text_of(field).to_lowercase().contains(&text.to_lowercase());
        }
        Bound::Text(text) => text_of(field).as_str().partial_cmp(text.as_str()),
        Bound::Uuid(id) => (text_of(field).eq_ignore_ascii_case(&id.to_string())).then_some(Ordering::Equal),
        #[expect(clippy::cast_precision_loss, reason = "whole numbers of rows are far below 2^53")]
        Bound::Int(whole) => number().and_then(|field| field.partial_cmp(&(*whole as f64))),
        Bound::Float(real) => number().and_then(|field| field.partial_cmp(real)),
        Bound::Decimal(text) => {
            number().zip(text.parse::<f64>().ok()).and_then(|(field, value)| field.partial_cmp(&value))
        }
        Bound::Bool(truth) => (text_of(field) == truth.to_string()).then_some(Ordering::Equal),
        Bound::Date(date) => {
            let field = field.as_str().and_then(|text| text.parse::<chrono::NaiveDate>().ok());
            field.map(|field| field.cmp(date))
        }
        Bound::Time(time) => {
            let field = field.as_str().and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok());
            field.map(|field| field.with_timezone(&chrono::Utc).cmp(time))
        }
        Bound::Null => None,
    };
    order.is_some_and(|order| match op {
        Op::Gt => order.is_gt(),
        Op::Gte => order.is_ge(),
        Op::Lt => order.is_lt(),
        Op::Lte => order.is_le(),
        Op::Eq | Op::In | Op::Contains | Op::IsNull => order.is_eq(),
    })
}
