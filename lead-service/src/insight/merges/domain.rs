//! Merge of leads' fields.

use platform::Problem;
use serde_json::{Map, Value, json};

use super::api::MergedField;
use crate::people::{Conversion, LeadView, written_members};

/// A field that stays with its lead: the losers' references go on as keys of the winner.
const OWN: &str = "lead_reference_id";
/// Fields with combined members.
const COMBINED: [&str; 3] = ["custom_fields", "consent", "utm"];

fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(Value::Object(members)) => members.is_empty(),
        Some(_) => false,
    }
}

/// The winner's fields after a merge, and where each comes from. What the winner has stays; what it lacks comes from
/// the loser that changed last; members of objects are combined.
pub fn merged(
    winner: &LeadView,
    losers: &[LeadView],
) -> Result<(Map<String, Value>, Vec<MergedField>), Problem> {
    let mut members = written_members(winner)?;
    let mut latest: Vec<&LeadView> = losers.iter().collect();
    latest.sort_by_key(|lead| std::cmp::Reverse((lead.updated_at, lead.id)));
    let latest: Vec<(&LeadView, Map<String, Value>)> =
        latest.into_iter().map(|lead| Ok((lead, written_members(lead)?))).collect::<Result<_, Problem>>()?;
    let mut fields = Vec::new();
    for (field, value) in &mut members {
        let (mut from, mut reason) = (winner.id, "winner");
        let others = latest.iter().filter(|(_, other)| field != OWN && !is_empty(other.get(field)));
        for (lead, other) in others {
            let theirs = other.get(field).cloned().unwrap_or_default();
            if is_empty(Some(value)) {
                (*value, from, reason) = (theirs, lead.id, "only_value");
            } else if let (Value::Object(mine), Value::Object(theirs)) = (&mut *value, theirs)
                && COMBINED.contains(&field.as_str())
            {
                for (name, value) in theirs {
                    if !mine.contains_key(&name) {
                        mine.insert(name, value);
                        reason = "combined";
                    }
                }
            }
        }
        if !is_empty(Some(value)) {
            fields.push(MergedField { field: field.clone(), from, reason, value: value.clone() });
        }
    }
    Ok((members, fields))
}

/// The loser with the conversion that becomes the winner's: the one that changed last of those that became a deal, where the
/// winner did not.
pub fn converted<'l>(winner: &LeadView, losers: &'l [LeadView]) -> Option<&'l LeadView> {
    let converted = losers.iter().filter(|_| Conversion::of(winner).is_none());
    converted.filter(|lead| Conversion::of(lead).is_some()).max_by_key(|lead| (lead.updated_at, lead.id))
}

/// Notes among the fields of a merge that the winner is converted as this loser was.
pub fn note_conversion(fields: &mut Vec<MergedField>, loser: &LeadView) {
    fields.retain(|field| field.field != "status");
    let values = [
        ("status", json!(loser.status)),
        ("converted_at", json!(loser.converted_at)),
        ("converted_to_deal_id", json!(loser.converted_to_deal_id)),
    ];
    fields.extend(values.map(|(field, value)| MergedField {
        field: field.to_owned(),
        from: loser.id,
        reason: "converted",
        value,
    }));
}

/// How alike two names are, from 0 to 1: pairs of letters they share (Dice).
pub fn likeness(one: &str, other: &str) -> f64 {
    let pairs = |text: &str| -> Vec<(char, char)> {
        let letters: Vec<char> = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        letters.iter().copied().zip(letters.iter().copied().skip(1)).collect()
    };
    let (one, mut other) = (pairs(one), pairs(other));
    let all = one.len() + other.len();
    if all == 0 {
        return 0.0;
    }
    let mut shared = 0_u32;
    for pair in one {
        if let Some(place) = other.iter().position(|theirs| *theirs == pair) {
            other.swap_remove(place);
            shared += 1;
        }
    }
    2.0 * f64::from(shared) / f64::from(u32::try_from(all).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_by_the_letters_they_share() {
        assert!((likeness("Jon Smith", "jon  smith") - 1.0).abs() < f64::EPSILON);
        assert!(likeness("Jon Smith", "John Smith") > 0.7);
        assert!(likeness("Jon Smith", "Mary Jones") < 0.4);
        assert!(likeness("", "").abs() < f64::EPSILON);
    }
}
