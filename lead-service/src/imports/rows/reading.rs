//! Reads one row: what it can give, and what is wrong with the rest.

use chrono::{DateTime, Utc};
use contracts::problem::FieldError;
use platform::Problem;
use serde_json::{Map, Value, json};

use super::{
    RowLead, consents,
    fields::{Field, sentence},
    fields_of,
    persons::Person,
    recipe::{Cells, Given, Recipe},
};
use crate::{
    identity::IdentityKey,
    people::{LeadFields, LeadSource},
    recognition,
};

/// Largest `raw_payload`, in bytes.
const RAW_LIMIT: usize = 256 << 10;
/// A row as a lead's fields, or the faults of a row without a usable address.
///
/// # Errors
/// Every fault of the row.
pub fn read(recipe: &Recipe, cells: &[String]) -> Result<RowLead, Problem> {
    let Cells { given, notes } = recipe.given(cells).map_err(|fault| Problem::invalid(vec![fault]))?;
    let mut row = Row::of(recipe, recipe.country(cells));
    let is_name = |given: &Given<'_>| given.field.as_deref() == Some(&Field::Name);
    for given in given.iter().filter(|given| !is_name(given)) {
        row.take(given);
    }
    for given in given.iter().filter(|given| is_name(given)) {
        row.take_name(given);
    }
    for (code, sentence) in notes {
        row.warn("", code, sentence);
    }
    row.finish()
}

/// A row being read.
pub(super) struct Row<'a> {
    pub(super) recipe: &'a Recipe,
    pub(super) country: Option<String>,
    pub(super) members: Map<String, Value>,
    pub(super) custom: Map<String, Value>,
    pub(super) utm: Map<String, Value>,
    pub(super) consent: Map<String, Value>,
    pub(super) raw: Map<String, Value>,
    /// The cells that fields were read from.
    pub(super) origins: Vec<(&'static str, &'a Given<'a>)>,
    pub(super) person: Person,
    pub(super) submitted_at: Option<DateTime<Utc>>,
    pub(super) is_test: bool,
    pub(super) owner: Option<String>,
    pub(super) reference: Option<IdentityKey>,
    pub(super) warnings: Vec<FieldError>,
    /// Whether an address is there that cannot be used.
    pub(super) is_unreadable: bool,
}

impl<'a> Row<'a> {
    fn of(recipe: &'a Recipe, country: Option<String>) -> Self {
        Self {
            recipe,
            country,
            members: Map::new(),
            custom: Map::new(),
            utm: Map::new(),
            consent: Map::new(),
            raw: Map::new(),
            origins: Vec::new(),
            person: Person::default(),
            submitted_at: None,
            is_test: false,
            owner: None,
            reference: None,
            warnings: Vec::new(),
            is_unreadable: false,
        }
    }

    pub(super) fn warn(&mut self, field: &str, code: &str, message: impl Into<String>) {
        if !self.warnings.iter().any(|warning| warning.field == field && warning.code == code) {
            self.warnings.push(FieldError::new(field, code, message));
        }
    }

    /// Keeps a cell, or what was not used of it.
    pub(super) fn keep(&mut self, column: &str, value: Value) {
        if !self.raw.contains_key(column) {
            self.raw.insert(column.to_owned(), value);
        }
    }

    pub(super) fn keep_cell(&mut self, given: &Given<'_>) {
        let value = given.value.clone().unwrap_or_else(|| Value::String(given.text.to_string()));
        self.keep(&given.column, value);
    }

    /// Keeps a cell that cannot be used, and says so.
    pub(super) fn refuse(&mut self, field: &str, code: &'static str, given: &Given<'_>) {
        self.warn(field, code, sentence(code));
        self.keep_cell(given);
    }

    pub(super) fn set(&mut self, field: &'static str, value: Value, given: &'a Given<'a>) {
        self.members.insert(field.to_owned(), value);
        self.origins.push((field, given));
    }

    fn take(&mut self, given: &'a Given<'a>) {
        if recognition::is_test(&given.text) {
            // What an advertiser's tool fills in to try a form out.
            self.is_test = true;
            self.keep_cell(given);
            return;
        }
        match given.field.as_deref() {
            None => self.keep_cell(given),
            Some(Field::Skip) => {}
            Some(Field::Name) => self.take_name(given),
            Some(field) if field.is_address() => self.take_address(field, given),
            Some(&Field::Line(name, most)) => self.take_line(name, most, given),
            Some(Field::Notes) => self.take_notes(given),
            Some(&Field::Object(name)) => self.take_object(name, given),
            Some(Field::Custom(name)) => {
                let value = given.value.clone().unwrap_or_else(|| Value::String(given.text.to_string()));
                self.custom.entry(name.as_str()).or_insert(value);
            }
            Some(Field::Utm(name)) => {
                self.utm.entry(name.as_str()).or_insert_with(|| Value::String(given.text.to_string()));
            }
            Some(Field::Tags) => self.take_tags(given),
            Some(Field::Consent) => self.take_consent(given),
            Some(Field::OptOut) => {
                if consents::opts_out(&given.text) {
                    consents::withdraw(&mut self.consent, &given.column);
                } else {
                    self.keep_cell(given);
                }
            }
            Some(field) => self.take_value(field, given),
        }
    }

    fn finish(mut self) -> Result<RowLead, Problem> {
        self.settle_names();
        let settings = &self.recipe.settings;
        if let Some(tag) = &settings.tag {
            let tag = Value::String(tag.clone());
            match self.custom.entry("tags").or_insert_with(|| json!([])) {
                Value::Array(tags) if !tags.contains(&tag) => tags.push(tag),
                _ => {}
            }
        }
        let source = settings.source.unwrap_or(LeadSource::Import).word();
        self.members.entry("source").or_insert_with(|| json!(source));
        if let Some(product) = settings.product_id {
            self.members.entry("product_id").or_insert_with(|| json!(product));
        }
        let objects =
            [("custom_fields", &mut self.custom), ("utm", &mut self.utm), ("consent", &mut self.consent)];
        for (name, members) in objects {
            if !members.is_empty() {
                self.members.insert(name.to_owned(), Value::Object(std::mem::take(members)));
            }
        }
        let (fields, is_outline) = self.parse()?;
        self.limit_raw();
        Ok(RowLead {
            keys: fields.keys(),
            fields,
            members: self.members,
            raw: self.raw,
            submitted_at: self.submitted_at,
            is_test: self.is_test,
            owner: self.owner,
            reference: self.reference,
            warnings: self.warnings,
            is_outline,
        })
    }

    fn settle_names(&mut self) {
        const MOST: usize = 100;
        let parts = [("first_name", self.person.first.take()), ("last_name", self.person.last.take())];
        for (name, text) in parts {
            let Some(text) = text.filter(|text| !text.is_empty()) else { continue };
            if text.chars().count() > MOST {
                self.warn(name, "too_long", sentence("too_long"));
                self.keep(name, Value::String(text.clone()));
            }
            let cut: String = text.chars().take(MOST).collect();
            self.members.insert(name.to_owned(), Value::String(cut.trim_end().to_owned()));
        }
        let has_name =
            ["first_name", "last_name", "company_name"].iter().any(|name| self.members.contains_key(*name));
        if self.is_test && !has_name {
            self.members.insert("first_name".to_owned(), json!("Test"));
            self.members.insert("last_name".to_owned(), json!("lead"));
        }
    }

    /// Whether the row says too little to make a lead, but names one by its reference. A row with addresses of which none can
    /// be used makes none, and neither does one that says nothing of a person: without a reference both are refused.
    fn is_outline(&mut self) -> Result<bool, Problem> {
        let has = |names: &[&str]| names.iter().any(|name| self.members.contains_key(*name));
        let is_unusable = self.is_unreadable && !self.is_test;
        let is_named = has(&["first_name", "last_name", "company_name"]);
        if has(&["email", "phone", "linkedin_url"]) || (is_named && !is_unusable) {
            return Ok(false);
        }
        if self.reference.is_some() {
            return Ok(true);
        }
        let mut faults = Vec::new();
        if !is_unusable {
            let message = "a lead needs an e-mail address, a phone number, a LinkedIn profile or a name";
            faults.push(FieldError::new("email", "required", message));
        }
        faults.append(&mut self.warnings);
        Err(Problem::invalid(faults))
    }

    /// The fields as they are stored, and whether they make no lead. One that is refused is kept as it stood in the file, with
    /// a warning.
    fn parse(&mut self) -> Result<(LeadFields, bool), Problem> {
        loop {
            let is_outline = self.is_outline()?;
            let problem = match fields_of(&self.members, is_outline) {
                Ok(fields) => return Ok((fields, is_outline)),
                Err(problem) if problem.status.is_server_error() => return Err(problem),
                Err(problem) => problem,
            };
            let mut is_less = false;
            for fault in &problem.errors {
                let field = fault.field.split('.').next().unwrap_or_default();
                let Some(value) = self.members.remove(field) else { continue };
                is_less = true;
                let origin = self.origins.iter().find(|(name, _)| *name == field).map(|(_, given)| *given);
                match origin {
                    Some(given) => self.keep(&given.column, Value::String(given.text.to_string())),
                    None => self.keep(field, value),
                }
                if field == "lead_reference_id" {
                    self.reference = None;
                }
                self.warn(field, &fault.code, fault.message.clone());
            }
            if !is_less {
                return Err(problem);
            }
        }
    }

    /// Leaves out what is beyond the limit.
    fn limit_raw(&mut self) {
        let mut room = RAW_LIMIT;
        let before = self.raw.len();
        self.raw.retain(|name, value| {
            let length = name.len() + value.as_str().map_or_else(|| value.to_string().len(), str::len);
            let fits = length <= room;
            room = room.saturating_sub(if fits { length } else { 0 });
            fits
        });
        if self.raw.len() < before {
            self.warn("raw_payload", "too_long", "has more than 256 KiB; the rest was left out");
        }
    }
}

/// A text on one line.
pub(super) fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
