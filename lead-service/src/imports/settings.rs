//! Settings of an import.

use contracts::problem::FieldError;
use platform::{Problem, http::body, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{api::ImportMode, files::FileFormat, readers::charset};
use crate::{identity::SourceKey, people::LeadSource};

text_enum!(
    /// By what a row finds the lead that it updates.
    UpdateBy {
        /// E-mail address.
        Email = "email",
        /// The lead's reference.
        ExternalId = "external_id",
    }
);

text_enum!(
    /// The treatment of rows about known people.
    ImportDuplicates {
        /// They are listed, and stand on the known lead's timeline.
        Skip = "skip",
        /// The same, and their reference becomes one of the known lead's.
        Attach = "attach",
        /// They fill the known lead's empty fields.
        UpdateEmpty = "update_empty",
        /// They change the known lead.
        Update = "update",
        /// They make leads of their own.
        Create = "create",
    }
);

text_enum!(
    /// The treatment of columns that the mapping does not name.
    Unmapped {
        /// They feed what they seem to be.
        Guess = "guess",
        /// They are kept in `raw_payload`.
        Keep = "keep",
    }
);

text_enum!(
    /// Whether the day or the month comes first in dates.
    DatesBegin {
        /// `31/01/2026`.
        Day = "day_first",
        /// `01/31/2026`.
        Month = "month_first",
    }
);

text_enum!(
    /// The sign between whole units and their fraction.
    DecimalSign {
        /// `1,250.50`.
        Point = ".",
        /// `1.250,50`.
        Comma = ",",
    }
);

/// Settings of an import. What is left out is found out, or stays as it was.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportSettings {
    /// The format of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<FileFormat>,
    /// The use that is made of the file; `commit` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<ImportMode>,
    /// Column to field. `null` keeps a column in `raw_payload`, `skip` leaves it out. Several columns may feed one field: the
    /// first that is not blank counts.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Map<String, Value>>,
    /// Words of the file and what they mean, for all fields (`{"Open": "new"}`) or by field or column
    /// (`{"status": {"Open": "new"}}`).
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_map: Option<Map<String, Value>>,
    /// The treatment of columns that the mapping does not name; `guess` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unmapped: Option<Unmapped>,
    /// By what rows find the leads that they update. The older name of `duplicates: update`; not both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_by: Option<UpdateBy>,
    /// The treatment of rows about known people; `skip` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicates: Option<ImportDuplicates>,
    /// ISO 3166-1 alpha-2 code of the country of the file's national phone numbers.
    #[schema(min_length = 2, max_length = 2)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Whether the day or the month comes first in dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DatesBegin>,
    /// The sign between whole units and their fraction in amounts. Numbers of a workbook or of JSON have a point whatever it
    /// is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalSign>,
    /// Character set, such as `windows-1252`.
    #[schema(max_length = 40)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// The character that separates the cells.
    #[schema(max_length = 3)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// The line of the heading, from 1; 0 for a table without one.
    #[schema(minimum = 0, maximum = 1_000)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading_row: Option<i64>,
    /// The sheet of a workbook; the first unless named.
    #[schema(max_length = 100)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The system that the references in the file are from, such as `hubspot`. They are kept with it, so that those of two
    /// systems are never taken for one. Without it they are those that people and programs give.
    #[schema(min_length = 1, max_length = 50)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_key: Option<String>,
    /// The source of the leads, where their row does not say so; `import` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<LeadSource>,
    /// On what ground the people in the file agreed, such as the text that they signed. Without it, and without a column
    /// mapped to `consent` by hand, an import withdraws consent and grants none.
    #[schema(min_length = 1, max_length = 500)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent_basis: Option<String>,
    /// A tag for all rows.
    #[schema(min_length = 1, max_length = 100)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The product that the leads are for, where their row does not say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<Uuid>,
    /// The owner of the leads: `owner_column` (the default: the owner that the row names, else by the assignment rules),
    /// `rules`, or the id of a person.
    #[schema(max_length = 36)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assign: Option<String>,
    /// Whether each row may start rules, messages and notifications, as a form's submission does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_rules: Option<bool>,
}

/// The owner of an import's leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assign {
    /// The owner that the row names, else the assignment rules' choice.
    #[default]
    OwnerColumn,
    /// The assignment rules' choice.
    Rules,
    /// This person.
    Person(Uuid),
}

impl ImportSettings {
    /// Settings as a form sends them, every one as text.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub fn of_form(fields: &Map<String, Value>) -> Result<Self, Problem> {
        let schema = body::compiled::<Self>();
        let mut members = Map::new();
        for (name, value) in fields {
            let text = value.as_str().unwrap_or_default().trim();
            if text.contains('\0') {
                return Err(Problem::bad_request("nul_not_allowed", "The form contains a NUL character."));
            }
            if text.is_empty() && name != "delimiter" {
                continue;
            }
            let types = schema.member(name).and_then(|member| member.get("type"));
            let types = types.map(Value::to_string).unwrap_or_default();
            let is_text = types.contains("string") || types.is_empty() || name == "delimiter";
            let parsed = if is_text { None } else { body::parse(text.as_bytes()).ok() };
            let value = if name == "delimiter" { value.clone() } else { Value::String(text.to_owned()) };
            members.insert(name.clone(), parsed.unwrap_or(value));
        }
        Self::check(body::decode(Value::Object(members))?)
    }

    /// Settings that make sense together.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub fn check(settings: Self) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        if settings.update_by.is_some() && settings.duplicates.is_some() {
            let message = "update_by is the older name of duplicates: update; give one of them";
            faults.push(FieldError::new("update_by", "ambiguous", message));
        }
        if settings.charset.as_deref().is_some_and(|label| charset::named(label).is_none()) {
            faults.push(FieldError::new("charset", "not_allowed", "is not a known character set"));
        }
        if settings.country.as_deref().is_some_and(|code| !is_country(code)) {
            let message = "is not the ISO 3166-1 alpha-2 code of a country with phone numbers";
            faults.push(FieldError::new("country", "not_allowed", message));
        }
        if settings.delimiter.as_deref().is_some_and(|text| delimiter(text).is_none()) {
            faults.push(FieldError::new("delimiter", "not_allowed", "must be one character, or `tab`"));
        }
        if settings.assign.is_some() && settings.assigning().is_none() {
            let message = "must be `owner_column`, `rules` or the id of a person";
            faults.push(FieldError::new("assign", "not_allowed", message));
        }
        if settings.source_key.as_deref().is_some_and(|key| !is_key(key)) {
            let message = "must be made of letters, digits, dots, dashes and underscores";
            faults.push(FieldError::new("source_key", "not_allowed", message));
        }
        if faults.is_empty() { Ok(settings) } else { Err(Problem::invalid(faults)) }
    }

    /// These settings, where they are given, over those from before.
    pub fn over(self, before: Self) -> Self {
        let (duplicates, update_by) = match (self.duplicates, self.update_by) {
            (None, None) => (before.duplicates, before.update_by),
            given => given,
        };
        Self {
            format: self.format.or(before.format),
            mode: self.mode.or(before.mode),
            mapping: self.mapping.or(before.mapping),
            value_map: self.value_map.or(before.value_map),
            unmapped: self.unmapped.or(before.unmapped),
            update_by,
            duplicates,
            country: self.country.or(before.country),
            date_order: self.date_order.or(before.date_order),
            decimal: self.decimal.or(before.decimal),
            charset: self.charset.or(before.charset),
            delimiter: self.delimiter.or(before.delimiter),
            heading_row: self.heading_row.or(before.heading_row),
            sheet: self.sheet.or(before.sheet),
            source_key: self.source_key.or(before.source_key),
            source: self.source.or(before.source),
            consent_basis: self.consent_basis.or(before.consent_basis),
            tag: self.tag.or(before.tag),
            product_id: self.product_id.or(before.product_id),
            assign: self.assign.or(before.assign),
            run_rules: self.run_rules.or(before.run_rules),
        }
    }

    /// The source of the references in the file.
    pub fn references_from(&self) -> SourceKey {
        self.source_key.as_deref().map_or_else(SourceKey::api, SourceKey::of_import)
    }

    /// The treatment of rows about known people.
    pub fn policy(&self) -> ImportDuplicates {
        self.duplicates.unwrap_or(ImportDuplicates::Skip)
    }

    /// Whether rows may change known leads.
    pub fn changes_leads(&self) -> bool {
        let changes = matches!(self.policy(), ImportDuplicates::Update | ImportDuplicates::UpdateEmpty);
        changes || self.update_by.is_some()
    }

    /// The owner of the leads; none where that cannot be read.
    pub fn assigning(&self) -> Option<Assign> {
        match self.assign.as_deref() {
            None | Some("owner_column") => Some(Assign::OwnerColumn),
            Some("rules") => Some(Assign::Rules),
            Some(id) => id.parse().ok().map(Assign::Person),
        }
    }

    /// The character that separates the cells, where one is given.
    pub fn delimiter(&self) -> Option<char> {
        self.delimiter.as_deref().and_then(delimiter)
    }
}

fn delimiter(text: &str) -> Option<char> {
    if matches!(text, "tab" | "\\t") {
        return Some('\t');
    }
    let mut chars = text.chars();
    let one =
        chars.next().filter(|c| c.is_ascii() && !c.is_alphanumeric() && !matches!(c, '"' | '\r' | '\n'));
    one.filter(|_| chars.next().is_none())
}

fn is_country(code: &str) -> bool {
    code.to_ascii_uppercase().parse::<phonenumber::country::Id>().is_ok()
}

fn is_key(key: &str) -> bool {
    key.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "it is made for this call")]
    fn of(fields: Value) -> Result<ImportSettings, Vec<(String, String)>> {
        let fields = fields.as_object().unwrap().clone();
        ImportSettings::of_form(&fields)
            .map_err(|problem| problem.errors.into_iter().map(|fault| (fault.field, fault.code)).collect())
    }

    #[test]
    fn a_forms_settings_are_read_as_what_they_are() {
        let read = of(json!({"mapping": "{\"a\": \"email\"}", "heading_row": "3", "run_rules": "true",
            "delimiter": "\t", "duplicates": "update", "charset": "latin1", "mode": " "}))
        .unwrap();

        assert_eq!((read.heading_row, read.run_rules, read.delimiter()), (Some(3), Some(true), Some('\t')));
        assert_eq!((read.mapping.unwrap().len(), read.mode), (1, None));
        assert_eq!(read.duplicates, Some(ImportDuplicates::Update));
    }

    #[test]
    fn all_that_makes_no_sense_is_refused_at_once() {
        let faults =
            of(json!({"mode": "try", "update_by": "name", "mapping": "[]", "colour": "red"})).unwrap_err();
        let mut faults: Vec<String> =
            faults.into_iter().map(|(field, code)| format!("{field} {code}")).collect();
        faults.sort_unstable();
        assert_eq!(
            faults,
            ["colour unknown_field", "mapping wrong_type", "mode not_allowed", "update_by not_allowed"]
        );
        let faults =
            of(json!({"duplicates": "skip", "update_by": "email", "charset": "klingon", "country": "XY"}))
                .unwrap_err();
        assert_eq!(faults.len(), 3);
        assert!(of(json!({"country": "de"})).is_ok() && of(json!({"country": "KE"})).is_ok());
    }
}
