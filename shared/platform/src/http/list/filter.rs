//! A filter of a query string, read as a condition.

use contracts::problem::FieldError;

use super::{
    Condition, Listing, Op,
    condition::{VALUES_LIMIT, member_value},
    criteria::fault,
};
use crate::{db::value::Bound, zones::Tz};

/// Ends of a filter's name, and what they ask.
pub(super) const ENDS: [(&str, Op); 5] =
    [("in", Op::In), ("gte", Op::Gte), ("lte", Op::Lte), ("isnull", Op::IsNull), ("icontains", Op::Contains)];

/// The condition that `name=text` asks for, and how many values it names. Dates are days of `zone`.
pub(super) fn read(
    listing: &'static Listing,
    name: &str,
    text: &str,
    zone: Tz,
) -> Result<(Condition, usize), FieldError> {
    let (base, op) = name
        .rsplit_once("__")
        .and_then(|(base, end)| Some((base, ENDS.iter().find(|(known, _)| *known == end)?.1)))
        .unwrap_or((name, Op::Eq));
    let refused = |(code, message): (&'static str, String)| fault(name, code, message);
    let object = listing.json.and_then(|json| Some((json, base.strip_prefix(json)?.strip_prefix('.')?)));
    if let Some((json, member)) = object {
        let (values, number) = values(op, text, &|text| Ok(vec![member_value(text, op)])).map_err(refused)?;
        return Ok((Condition { column: json, member: Some(member.to_owned()), op, values }, number));
    }
    let column = listing.columns.iter().find(|column| column.name == base);
    let Some(column) = column.filter(|column| column.kind.takes(op)) else {
        let known = listing.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
        return Err(fault(name, "unknown_filter", format!("is not a known filter; known are: {known}")));
    };
    let (values, number) =
        values(op, text, &|text| column.kind.read_forms(text, op, zone)).map_err(refused)?;
    Ok((Condition::new(column.name, op, values), number))
}

type Read<T> = Result<T, (&'static str, String)>;

/// The values in whatever forms they may be stored, and how many were named.
fn values(op: Op, text: &str, read: &dyn Fn(&str) -> Read<Vec<Bound>>) -> Read<(Vec<Bound>, usize)> {
    match op {
        Op::In => {
            let items = items(text)
                .ok_or_else(|| ("invalid_list", "has a quotation mark that is not closed".to_owned()))?;
            if items.len() > VALUES_LIMIT {
                return Err(("too_many", format!("must name at most {VALUES_LIMIT} values")));
            }
            let values: Vec<Vec<Bound>> = items.iter().map(|item| read(item)).collect::<Read<_>>()?;
            Ok((values.into_iter().flatten().collect(), items.len()))
        }
        Op::IsNull => match text {
            "true" | "1" => Ok((vec![Bound::Bool(true)], 1)),
            "false" | "0" => Ok((vec![Bound::Bool(false)], 1)),
            _ => Err(("wrong_type", "must be true or false".to_owned())),
        },
        _ => Ok((read(text)?, 1)),
    }
}

/// Items of a comma-separated list. One in quotation marks may hold commas, and a quotation mark where it stands twice
/// (RFC 4180); none where a mark is not closed.
fn items(text: &str) -> Option<Vec<String>> {
    let mut items = Vec::new();
    let mut rest = text;
    loop {
        let (item, after) = match rest.trim_start().strip_prefix('"') {
            Some(quoted) => {
                let (item, after) = unquoted(quoted)?;
                (Some(item), after)
            }
            None => {
                let (item, after) =
                    rest.split_once(',').map_or((rest, None), |(item, rest)| (item, Some(rest)));
                (Some(item).filter(|item| !item.is_empty()).map(str::to_owned), after)
            }
        };
        items.extend(item);
        match after {
            Some(after) => rest = after,
            None => return Some(items),
        }
    }
}

/// An item up to its closing mark, and what follows the comma behind it.
fn unquoted(text: &str) -> Option<(String, Option<&str>)> {
    let mut item = String::new();
    let mut rest = text;
    loop {
        let (part, after) = rest.split_once('"')?;
        item.push_str(part);
        if let Some(after) = after.strip_prefix('"') {
            item.push('"');
            rest = after;
            continue;
        }
        // What stands between the mark and the comma belongs to the item as well.
        let (tail, after) = after.split_once(',').map_or((after, None), |(tail, rest)| (tail, Some(rest)));
        item.push_str(tail.trim_end());
        return Some((item, after));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_in_quotation_marks_hold_commas() {
        for (text, expected) in [
            ("a,b", vec!["a", "b"]),
            ("", vec![]),
            ("a,,b,", vec!["a", "b"]),
            ("\"Smith, Jones & Co\",Acme", vec!["Smith, Jones & Co", "Acme"]),
            ("Acme, \"Smith, Jones & Co\" ", vec!["Acme", "Smith, Jones & Co"]),
            ("\"say \"\"hi\"\", twice\"", vec!["say \"hi\", twice"]),
            ("5\" pipe,b", vec!["5\" pipe", "b"]),
            ("\"\",b", vec!["", "b"]),
        ] {
            assert_eq!(items(text).unwrap(), expected, "{text}");
        }
        assert_eq!(items("\"a,b"), None);
    }
}
