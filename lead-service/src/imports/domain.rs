//! How a row of a file becomes a lead.

use std::collections::BTreeMap;

use contracts::problem::FieldError;
use platform::{Problem, http::body};
use serde_json::{Map, Value, json};

use super::files::Shape;
use crate::{
    ingest::{NewSubmission, loose},
    leads::{api::WriteLead, domain::LeadFields},
};

/// Fields that a column may feed, beside `custom_fields.NAME`.
const FIELDS: [&str; 22] = [
    "name",
    "first_name",
    "last_name",
    "email",
    "phone",
    "company_name",
    "role_title",
    "linkedin_url",
    "notes",
    "source",
    "status",
    "persona",
    "score",
    "estimated_value",
    "currency",
    "lead_reference_id",
    "external_id",
    "product_id",
    "account_id",
    "utm_source",
    "utm_medium",
    "utm_campaign",
];

/// Headings that people use for a field.
const HEADINGS: [(&str, &str); 26] = [
    ("full_name", "name"),
    ("contact", "name"),
    ("firstname", "first_name"),
    ("given_name", "first_name"),
    ("vorname", "first_name"),
    ("lastname", "last_name"),
    ("surname", "last_name"),
    ("family_name", "last_name"),
    ("nachname", "last_name"),
    ("e_mail", "email"),
    ("mail", "email"),
    ("email_address", "email"),
    ("phone_number", "phone"),
    ("mobile", "phone"),
    ("telephone", "phone"),
    ("tel", "phone"),
    ("telefon", "phone"),
    ("company", "company_name"),
    ("organization", "company_name"),
    ("organisation", "company_name"),
    ("firma", "company_name"),
    ("job_title", "role_title"),
    ("title", "role_title"),
    ("position", "role_title"),
    ("linkedin", "linkedin_url"),
    ("id", "external_id"),
];

/// Which column feeds which field; none for a column that is left out.
pub type Mapping = BTreeMap<String, Option<String>>;

fn is_field(name: &str) -> bool {
    FIELDS.contains(&name) || name.strip_prefix("custom_fields.").is_some_and(|rest| !rest.is_empty())
}

/// The mapping to use for a file with this header: what was asked for, and a guess for columns that it does not name.
///
/// # Errors
/// Columns that the file does not have, fields that there are not, a field that two columns feed.
pub fn mapping(asked: &Map<String, Value>, header: &[String]) -> Result<Mapping, Problem> {
    let mut faults = Vec::new();
    let mut mapping = Mapping::new();
    for (column, field) in asked {
        let place = format!("mapping.{column}");
        if !header.contains(column) {
            let message = format!("the file has no such column; it has: {}", header.join(", "));
            faults.push(FieldError::new(place, "unknown_column", message));
            continue;
        }
        match field {
            Value::Null => drop(mapping.insert(column.clone(), None)),
            Value::String(field) if field.is_empty() => drop(mapping.insert(column.clone(), None)),
            Value::String(field) if is_field(field) => {
                if mapping.values().any(|other| other.as_ref() == Some(field)) {
                    faults.push(FieldError::new(place, "ambiguous", "two columns feed this field"));
                }
                mapping.insert(column.clone(), Some(field.clone()));
            }
            _ => {
                let message = format!("must be one of: {}, custom_fields.NAME", FIELDS.join(", "));
                faults.push(FieldError::new(place, "unknown_field", message));
            }
        }
    }
    for column in header {
        if !mapping.contains_key(column) {
            let guessed =
                guess(column).filter(|field| !mapping.values().flatten().any(|taken| taken == field));
            mapping.insert(column.clone(), guessed);
        }
    }
    if faults.is_empty() { Ok(mapping) } else { Err(Problem::invalid(faults)) }
}

fn guess(column: &str) -> Option<String> {
    let name: String =
        column.trim().to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    if is_field(column) {
        return Some(column.to_owned());
    }
    let known = HEADINGS.iter().find(|(heading, _)| *heading == name).map(|(_, field)| (*field).to_owned());
    known.or_else(|| FIELDS.contains(&name.as_str()).then_some(name))
}

/// A row's fields as a lead's, or all that is wrong with them.
pub fn lead(
    shape: &Shape,
    mapping: &Mapping,
    cells: &[String],
) -> Result<(Map<String, Value>, LeadFields), Problem> {
    let mut sent = Map::new();
    let mut custom = Map::new();
    let mut own = Map::new();
    for (column, value) in shape.pairs(cells)?.into_iter().filter(|(_, value)| !loose::is_blank(value)) {
        let field = match (mapping.get(&column), shape) {
            (Some(field), _) => field.clone(),
            // The first row did not name it.
            (None, Shape::Objects) => guess(&column),
            (None, Shape::Table(_)) => None,
        };
        let Some(field) = field else { continue };
        match field.as_str() {
            "external_id" => drop(sent.insert("lead_reference_id".to_owned(), value)),
            "status" | "persona" => drop(own.insert(field, value)),
            "score" => {
                let number = value.as_str().and_then(|text| text.parse::<f64>().ok());
                drop(own.insert(field, number.map_or(value, |number| json!(number))));
            }
            name => match name.strip_prefix("custom_fields.") {
                Some(name) => drop(custom.insert(name.to_owned(), value)),
                None => drop(sent.insert(field, value)),
            },
        }
    }
    sent.entry("source").or_insert_with(|| json!("import"));
    let submission = NewSubmission::read(sent)?;
    let Ok(Value::Object(mut members)) = serde_json::to_value(&submission) else {
        return Err(Problem::internal("a submission is no object"));
    };
    members.remove("raw_payload");
    members.append(&mut own);
    if !custom.is_empty() {
        members.insert("custom_fields".to_owned(), Value::Object(custom));
    }
    let write: WriteLead = body::decode(Value::Object(members.clone()))?;
    Ok((members, LeadFields::parse(write)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn columns_are_guessed_and_what_is_asked_for_prevails() {
        let header = texts(&["E-Mail", "First Name", "Company", "Colour", "Mail"]);
        let asked = json!({"Colour": "custom_fields.colour", "Company": null});

        let mapping = mapping(asked.as_object().unwrap(), &header).unwrap();

        let field = |column: &str| mapping.get(column).cloned().flatten();
        assert_eq!(field("E-Mail").as_deref(), Some("email"));
        assert_eq!(field("First Name").as_deref(), Some("first_name"));
        assert_eq!((field("Company"), field("Mail")), (None, None));
        assert_eq!(field("Colour").as_deref(), Some("custom_fields.colour"));
    }

    #[test]
    fn a_mapping_that_makes_no_sense_is_refused_by_column() {
        let asked = json!({"a": "email", "b": "email", "c": "password", "z": "phone"});
        let refused = mapping(asked.as_object().unwrap(), &texts(&["a", "b", "c"])).unwrap_err();
        let codes: Vec<_> = refused.errors.iter().map(|fault| fault.code.as_str()).collect();
        assert_eq!(codes, ["ambiguous", "unknown_field", "unknown_column"]);
    }

    #[test]
    fn a_row_becomes_a_lead_with_all_its_faults() {
        let header = texts(&["name", "email", "status", "score", "tier"]);
        let asked = json!({"tier": "custom_fields.tier"});
        let mapping = mapping(asked.as_object().unwrap(), &header).unwrap();
        let shape = Shape::Table(header);
        let row = |cells: &[&str]| lead(&shape, &mapping, &texts(cells));

        let (members, _) = row(&["Ada Lovelace", "A@example.com", "contacted", "7.5", "gold"]).unwrap();
        assert_eq!((&members["last_name"], &members["email"]), (&json!("Lovelace"), &json!("a@example.com")));
        assert_eq!(
            (&members["source"], &members["custom_fields"]),
            (&json!("import"), &json!({"tier": "gold"}))
        );
        let faulty = row(&["Ada", "a@example.com", "asleep", "many", ""]).unwrap_err();
        assert_eq!(faulty.errors.len(), 2, "{faulty:?}");
        assert_eq!(row(&["", "", "new", "1", "x"]).unwrap_err().errors[0].code, "required");
        assert_eq!(row(&["a", "b@c.example", "", "", "", "f"]).unwrap_err().errors[0].code, "too_many");
    }

    #[test]
    fn an_object_a_line_becomes_a_lead_whatever_members_each_has() {
        let mapping = mapping(json!({"Mail": "email"}).as_object().unwrap(), &texts(&["Mail"])).unwrap();
        let row = |line: Value| lead(&Shape::Objects, &mapping, &[line.to_string()]);

        let line =
            json!({"Mail": "A@example.com", "score": 7, "Company": "Acme", "custom_fields": {"tier": 1}});
        let (members, _) = row(line).unwrap();
        assert_eq!((&members["email"], &members["score"]), (&json!("a@example.com"), &json!(7)));
        assert_eq!(
            (&members["company_name"], &members["custom_fields"]),
            (&json!("Acme"), &json!({"tier": 1}))
        );
        assert_eq!(row(json!([1])).unwrap_err().errors[0].code, "invalid_json");
        assert_eq!(row(json!({"Mail": ["a"]})).unwrap_err().errors[0].field, "email");
    }
}
