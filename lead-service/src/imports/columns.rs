//! Fields that a file's columns are mapped to.

use std::collections::HashSet;

use contracts::problem::FieldError;
use platform::Problem;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{
    api::ColumnView,
    rows,
    settings::{ImportSettings, Unmapped},
};
use crate::recognition::{self, Column, Door};

/// Fields of a lead that an import may feed beside those that are recognised.
const MORE: [&str; 5] = ["custom_fields", "utm", "raw_payload", "suggestion_status", "skip"];
/// Fields by which a person can be reached.
const ADDRESSES: [&str; 3] = ["email", "phone", "linkedin_url"];
/// Columns of an export of leads that a new lead gets from the service.
const KEPT: [&str; 14] = [
    "id",
    "version",
    "source_key",
    "api_key_id",
    "score_breakdown",
    "enrichment_status",
    "enrichment_data",
    "converted_at",
    "converted_to_deal_id",
    "last_enriched_at",
    "created_by",
    "created_at",
    "updated_at",
    "merged_into",
];
/// Columns that only an export of leads has all of.
const OF_EXPORT: [&str; 4] = ["suggestion_status", "enrichment_status", "lead_reference_id", "raw_payload"];
/// Fields with words and numbers of their own.
const WORDS: [&str; 5] = ["status", "source", "persona", "score", "consent"];
/// Cells of a column that are shown.
const SHOWN: usize = 3;
/// Longest of them.
const SHOWN_LENGTH: usize = 120;
/// Cells of a column that are looked at.
const LOOKED_AT: usize = 100;
/// The confidence from which a guess is believed without a person's having seen it.
const SURE: f32 = 0.5;

/// Fields that a column may feed, beside `custom_fields.NAME`.
pub fn fields() -> Vec<&'static str> {
    let more = MORE.iter().copied().filter(|field| *field != "skip");
    recognition::FIELDS.iter().copied().chain(more).collect()
}

/// Whether a column can be asked to feed this.
pub fn is_field(name: &str) -> bool {
    let is_member = ["custom_fields.", "utm."]
        .iter()
        .any(|object| name.strip_prefix(object).is_some_and(|rest| !rest.trim().is_empty()));
    recognition::FIELDS.contains(&name) || MORE.contains(&name) || is_member
}

/// Headings made unique: empty ones are named by their place, doubled ones numbered.
pub fn headings(cells: &[String]) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut names = Vec::with_capacity(cells.len());
    for (index, cell) in cells.iter().enumerate() {
        let name = if cell.is_empty() { format!("Column {}", index + 1) } else { cell.clone() };
        let mut unique = name.clone();
        let mut number = 2;
        while !taken.insert(unique.clone()) {
            unique = format!("{name} {number}");
            number += 1;
        }
        names.push(unique);
    }
    names
}

/// The digest of headings, by which the next file with the same ones is known.
pub fn digest(names: &[String]) -> String {
    let mut digest = Sha256::new();
    for name in names {
        digest.update(recognition::fold(name).as_bytes());
        digest.update([0]);
    }
    hex::encode(digest.finalize())
}

/// The columns with what was asked for, and a guess for those that were not named. `cells` are those of each column.
///
/// # Errors
/// Columns that the file does not have, and fields that there are not.
pub fn plan(
    names: &[String],
    cells: &[Vec<String>],
    settings: &ImportSettings,
    is_remembered: bool,
) -> Result<Vec<ColumnView>, Problem> {
    let empty = Map::new();
    let asked = settings.mapping.as_ref().unwrap_or(&empty);
    let faults = if is_remembered { Vec::new() } else { faults(asked, names) };
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let columns = looked_at(names, cells);
    let guesses = recognition::recognise(&columns, Door::Import);
    let taken: Vec<&str> = asked.values().filter_map(Value::as_str).collect();
    let is_export = OF_EXPORT.iter().all(|column| names.iter().any(|name| name == column));
    let views = names.iter().zip(cells).zip(guesses).enumerate().map(|(index, ((name, cells), guess))| {
        let (field, confidence, reason) = match asked.get(name) {
            Some(field) => {
                let field = field.as_str().filter(|field| !field.is_empty()).map(str::to_owned);
                let reason = match is_remembered {
                    true => "The last file with these headings was mapped so.",
                    false => "It was asked for.",
                };
                (field, 1.0, reason.to_owned())
            }
            None if settings.unmapped == Some(Unmapped::Keep) => {
                (None, 0.0, "The mapping does not name it.".to_owned())
            }
            None if is_export && KEPT.contains(&name.as_str()) => {
                (Some("skip".to_owned()), 1.0, "Every lead gets its own.".to_owned())
            }
            None if is_export && is_field(name) => {
                (Some(name.clone()), 1.0, "It is from an export of leads.".to_owned())
            }
            None if matches!(name.as_str(), "import_row" | "import_errors") => {
                (Some("skip".to_owned()), 1.0, "It is from a file of rows with errors.".to_owned())
            }
            None if MORE.contains(&name.as_str()) || name.starts_with("custom_fields.") && is_field(name) => {
                (Some(name.clone()), 1.0, "The name says so.".to_owned())
            }
            None => match guess.field {
                // A number that counts rows in another system tells no one.
                Some("external_id" | "lead_reference_id") if recognition::fold(name) == "id" => {
                    (None, 0.0, "An `id` may be that of anything.".to_owned())
                }
                Some(field) if taken.contains(&field) => {
                    (None, 0.0, format!("Another column was asked to feed {field}."))
                }
                Some("first_name" | "last_name") if rows::is_last_first(name) => (
                    Some("name".to_owned()),
                    guess.confidence,
                    "It has both names, the last one first.".to_owned(),
                ),
                Some(field) => (Some(field.to_owned()), guess.confidence, guess.reason),
                // Our own name means the field: unknown words are warnings of their rows.
                None if WORDS.contains(&name.as_str()) && !taken.contains(&name.as_str()) => {
                    (Some(name.clone()), 1.0, "It is the field's own name.".to_owned())
                }
                None => (None, guess.confidence, guess.reason),
            },
        };
        let distinct: HashSet<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
        let mut samples: Vec<String> = Vec::new();
        for cell in cells.iter().filter(|cell| !cell.is_empty()) {
            let shown: String = cell.chars().take(SHOWN_LENGTH).collect();
            if samples.len() < SHOWN && !samples.contains(&shown) {
                samples.push(shown);
            }
        }
        ColumnView { index, name: name.clone(), samples, distinct: distinct.len(), field, confidence, reason }
    });
    Ok(views.collect())
}

/// Columns that the file does not have, and fields that there are not.
fn faults(asked: &Map<String, Value>, names: &[String]) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (column, field) in asked {
        let place = format!("mapping.{column}");
        let is_known = match field {
            Value::Null => true,
            Value::String(field) => field.is_empty() || is_field(field),
            _ => false,
        };
        if !names.contains(column) {
            let message = format!("the file has no such column; it has: {}", names.join(", "));
            faults.push(FieldError::new(place, "unknown_column", message));
        } else if !is_known {
            let message = format!("must be one of: {}, custom_fields.NAME, skip", fields().join(", "));
            faults.push(FieldError::new(place, "unknown_field", message));
        }
    }
    faults
}

/// Whether a column feeds the reference in another system.
pub fn feeds_reference(columns: &[ColumnView]) -> bool {
    let references = ["external_id", "lead_reference_id"];
    columns.iter().any(|column| column.field.as_deref().is_some_and(|field| references.contains(&field)))
}

/// The numbers of addresses, and of fields in all, that columns seem to feed.
pub fn guessed(names: &[String], cells: &[Vec<String>]) -> (usize, usize) {
    let guesses = recognition::recognise(&looked_at(names, cells), Door::Import);
    let fields: HashSet<&str> =
        guesses.iter().filter(|guess| guess.confidence >= SURE).filter_map(|guess| guess.field).collect();
    (fields.iter().filter(|field| ADDRESSES.contains(field)).count(), fields.len())
}

/// The numbers of addresses, and of fields in all, that these texts name, were they a heading. What cells alone tell does not
/// count.
pub fn named(names: &[String], cells: &[Vec<String>]) -> (usize, usize) {
    let columns = looked_at(names, cells);
    let bare: Vec<Column<'_>> = names.iter().map(|name| Column { name, samples: Vec::new() }).collect();
    let by_name = recognition::recognise(&bare, Door::Import);
    let with_cells = recognition::recognise(&columns, Door::Import);
    let agreed = by_name.iter().zip(&with_cells).filter(|(name, both)| name.field == both.field);
    let fields: HashSet<&str> =
        agreed.filter(|(name, _)| name.confidence >= SURE).filter_map(|(name, _)| name.field).collect();
    (fields.iter().filter(|field| ADDRESSES.contains(field)).count().min(1), fields.len())
}

fn looked_at<'a>(names: &'a [String], cells: &'a [Vec<String>]) -> Vec<Column<'a>> {
    let column = |(name, cells): (&'a String, &'a Vec<String>)| Column {
        name,
        samples: cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).take(LOOKED_AT).collect(),
    };
    names.iter().zip(cells).map(column).collect()
}

/// Whether a column feeds an address surely enough to begin without a person's having seen it.
pub fn feeds_address(columns: &[ColumnView]) -> bool {
    columns.iter().any(|column| {
        column.confidence >= SURE && column.field.as_deref().is_some_and(|field| ADDRESSES.contains(&field))
    })
}

/// Whether no column feeds anything that says who a person is.
pub fn feeds_nothing(columns: &[ColumnView]) -> bool {
    const NAMES: [&str; 4] = ["name", "first_name", "last_name", "company_name"];
    !columns.iter().any(|column| {
        column.field.as_deref().is_some_and(|field| ADDRESSES.contains(&field) || NAMES.contains(&field))
    })
}

/// The columns that there are, none of them an address.
pub fn without_address(columns: &[ColumnView]) -> String {
    const NAMED: usize = 50;
    let mut names: Vec<&str> = columns.iter().take(NAMED).map(|column| column.name.as_str()).collect();
    if columns.len() > NAMED {
        names.push("…");
    }
    let count = columns.len();
    let noun = if count == 1 { "column" } else { "columns" };
    format!("{count} {noun}: {}; none is an e-mail, phone or LinkedIn address", names.join(", "))
}

/// The field that each column feeds.
pub fn mapping(columns: &[ColumnView]) -> Value {
    let field = |column: &ColumnView| column.field.clone().map_or(Value::Null, Value::String);
    columns.iter().map(|column| (column.name.clone(), field(column))).collect::<Map<_, _>>().into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[expect(clippy::needless_pass_by_value, reason = "it is made for this call")]
    fn planned(names: &[&str], mapping: Value) -> Result<Vec<ColumnView>, Problem> {
        let settings = ImportSettings { mapping: mapping.as_object().cloned(), ..ImportSettings::default() };
        plan(&texts(names), &vec![Vec::new(); names.len()], &settings, false)
    }

    fn field<'a>(columns: &'a [ColumnView], name: &str) -> Option<&'a str> {
        columns.iter().find(|column| column.name == name).unwrap().field.as_deref()
    }

    #[test]
    fn doubled_and_empty_headings_are_told_apart() {
        let names = headings(&texts(&["Email Address", "", "Email Address", "Email Address 2", ""]));
        assert_eq!(names, ["Email Address", "Column 2", "Email Address 2", "Email Address 2 2", "Column 5"]);
    }

    #[test]
    fn columns_are_guessed_and_what_is_asked_for_prevails() {
        let asked = json!({"Colour": "custom_fields.colour", "Company": null});

        let columns = planned(&["E-Mail", "First Name", "Company", "Colour", "id"], asked).unwrap();

        assert_eq!(field(&columns, "E-Mail"), Some("email"));
        assert_eq!(field(&columns, "First Name"), Some("first_name"));
        assert_eq!((field(&columns, "Company"), field(&columns, "id")), (None, None));
        assert_eq!(field(&columns, "Colour"), Some("custom_fields.colour"));
        assert!(feeds_address(&columns));
    }

    #[test]
    fn an_unknown_column_is_refused_and_a_file_without_addresses_says_what_it_has() {
        let refused = planned(&["a"], json!({"z": "phone"})).unwrap_err();
        assert_eq!(refused.errors[0].code, "unknown_column");
        let columns = planned(&["Name", "City", "Budget"], json!({})).unwrap();
        assert!(!feeds_address(&columns) && !feeds_nothing(&columns));
        assert_eq!(
            without_address(&columns),
            "3 columns: Name, City, Budget; none is an e-mail, phone or LinkedIn address"
        );
    }
}
