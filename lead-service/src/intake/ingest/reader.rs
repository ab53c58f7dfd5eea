//! Takes known fields out of what was sent, keeps what cannot be read of them, and notes both.

use contracts::problem::FieldError;
use platform::Problem;
use serde_json::{Map, Value};

use crate::{
    recognition::{self, Reading, is_document},
    text,
};

/// A field's text with the name under which it came.
pub struct Cell {
    name: &'static str,
    value: Value,
    /// The text.
    pub text: String,
}

impl Cell {
    /// Whether it came as a number.
    pub fn is_number(&self) -> bool {
        self.value.is_number()
    }
}

/// Something that is wrong with a submission.
struct Finding {
    fault: FieldError,
    /// Whether nothing can be made of the submission with it.
    refuses: bool,
}

/// What was sent, on its way into fields.
pub struct Reader {
    sent: Map<String, Value>,
    kept: Map<String, Value>,
    findings: Vec<Finding>,
}

impl Reader {
    /// Reads this.
    pub fn new(sent: Map<String, Value>) -> Self {
        Self { sent, kept: Map::new(), findings: Vec::new() }
    }

    /// Something that the submission can do without.
    pub fn warn(&mut self, field: &str, code: &str) {
        let fault = FieldError::new(field, code, message(field, code));
        self.findings.push(Finding { fault, refuses: false });
    }

    /// Something for which it is refused.
    pub fn refuse(&mut self, field: &str, code: &str, message: &str) {
        let fault = FieldError::new(field, code, message);
        self.findings.push(Finding { fault, refuses: true });
    }

    /// Whether there is something for which it is refused.
    pub fn refuses(&self) -> bool {
        self.findings.iter().any(|finding| finding.refuses)
    }

    /// Keeps a value beside the known fields, under the name under which it came.
    pub fn keep(&mut self, cell: Cell) {
        self.kept.insert(cell.name.to_owned(), cell.value);
    }

    /// The first of these names that is not blank. Blank ones count as not sent, the other ones stay.
    fn value(&mut self, names: &[&'static str]) -> Option<(&'static str, Value)> {
        let mut found = None;
        for name in names {
            let Some(value) = self.sent.get(*name) else { continue };
            if recognition::is_blank(value) {
                self.sent.remove(*name);
            } else if found.is_none() {
                found = self.sent.remove(*name).map(|value| (*name, value));
            }
        }
        found
    }

    /// The text of a field that goes by these names; of a list the first that is not blank.
    pub fn text(&mut self, field: &str, names: &[&'static str]) -> Option<Cell> {
        let (name, value) = self.value(names)?;
        let written = match &value {
            Value::Array(items) => {
                let mut filled = items.iter().filter(|item| !recognition::is_blank(item));
                let first = filled.next();
                if filled.next().is_some() {
                    self.kept.insert(name.to_owned(), value.clone());
                    self.warn(field, "several_values");
                }
                first
            }
            value => Some(value),
        };
        let text = match written {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(truth)) => truth.to_string(),
            Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => {
                self.kept.insert(name.to_owned(), value);
                self.warn(field, "wrong_type");
                return None;
            }
        };
        Some(Cell { name, value, text })
    }

    /// Text of at most so many characters. A longer one is cut, and kept whole.
    fn cut(&mut self, field: &str, cell: Cell, text: String, longest: usize) -> String {
        match text.char_indices().nth(longest) {
            None => text,
            Some((end, _)) => {
                let short = text.get(..end).unwrap_or_default().trim_end().to_owned();
                self.keep(cell);
                self.warn(field, "too_long");
                short
            }
        }
    }

    /// A text in one line.
    pub fn line(&mut self, field: &str, names: &[&'static str], longest: usize) -> Option<String> {
        let cell = self.text(field, names)?;
        let line = text::one_line(&cell.text);
        if line.is_empty() {
            return None;
        }
        Some(self.cut(field, cell, line, longest))
    }

    /// A text of any number of lines.
    pub fn lines(&mut self, field: &str, names: &[&'static str], longest: usize) -> Option<String> {
        let cell = self.text(field, names)?;
        let text = cell.text.trim().to_owned();
        Some(self.cut(field, cell, text, longest))
    }

    /// What can be read of a cell; the rest is kept.
    pub fn reading<T>(&mut self, field: &str, cell: Cell, read: Reading<T>) -> Option<T> {
        if let Some(code) = read.warning {
            self.warn(field, code);
        }
        if read.value.is_none() {
            self.keep(cell);
        } else if let Some(rest) = read.rest {
            self.kept.entry(cell.name).or_insert(Value::String(rest));
        }
        read.value
    }

    /// The value of a text that is read as a whole or not at all.
    pub fn parsed<T>(
        &mut self,
        field: &'static str,
        code: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let cell = self.text(field, &[field])?;
        let value = parse(cell.text.trim());
        let warning = value.is_none().then_some(code);
        self.reading(field, cell, Reading { value, rest: None, warning })
    }

    /// Reads a value as it came.
    pub fn readable<T>(
        &mut self,
        name: &'static str,
        code: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        let (name, value) = self.value(&[name])?;
        let read = read(&value);
        if read.is_none() {
            self.kept.insert(name.to_owned(), value);
            self.warn(name, code);
        }
        read
    }

    /// The members of an object, which a form can send as text only.
    pub fn object(&mut self, name: &'static str) -> Option<Map<String, Value>> {
        let (name, value) = self.value(&[name])?;
        let members = match &value {
            Value::Object(members) => Some(members.clone()),
            // Within the bounds of a body: neither deeper, nor with a NUL, which PostgreSQL cannot store.
            Value::String(text) => match recognition::parse_json(text.as_bytes()) {
                Ok(Value::Object(members)) => Some(members),
                _ if is_document(text) => None,
                _ => Some(match recognition::read_truth(&value) {
                    // A ticked box.
                    Some(given) => Map::from_iter([("given".to_owned(), Value::Bool(given))]),
                    None => Map::from_iter([("text".to_owned(), value.clone())]),
                }),
            },
            Value::Bool(_) => Some(Map::from_iter([("given".to_owned(), value.clone())])),
            _ => None,
        };
        if members.is_none() {
            self.kept.insert(name.to_owned(), value);
            self.warn(name, "wrong_type");
        }
        members
    }

    /// The texts of a list, or of a text that separates them. What is neither is kept.
    pub fn texts(&mut self, name: &'static str, most: usize) -> Option<Vec<String>> {
        let (name, value) = self.value(&[name])?;
        let written: Option<Vec<&str>> = match &value {
            Value::String(text) => Some(text.split([',', ';', '|']).collect()),
            Value::Array(items) => items.iter().map(Value::as_str).collect(),
            _ => None,
        };
        let texts = written.map(|texts| {
            let lines = texts.into_iter().map(text::one_line).filter(|line| !line.is_empty());
            lines.collect::<Vec<_>>()
        });
        match texts {
            Some(texts) if texts.len() <= most => Some(texts),
            texts => {
                self.kept.insert(name.to_owned(), value);
                self.warn(name, if texts.is_some() { "too_many" } else { "wrong_type" });
                None
            }
        }
    }

    /// Takes the values with wanted names, where they are not blank and `take` makes use of them.
    pub fn each(&mut self, wanted: impl Fn(&str) -> bool, mut take: impl FnMut(&str, &Value) -> bool) {
        self.sent.retain(|name, value| {
            !wanted(name) || !(recognition::is_blank(value) || take(name.as_str(), value))
        });
    }

    /// Names of what was sent beside the known fields.
    pub fn left(&self) -> impl Iterator<Item = &String> {
        self.sent.keys()
    }

    /// What was not used of all that was sent, and the warnings.
    ///
    /// # Errors
    /// All that is wrong with the submission, where it is refused.
    pub fn finish(self) -> Result<(Option<Value>, Vec<FieldError>), Problem> {
        let refused = self.refuses();
        let faults = self.findings.into_iter().map(|finding| finding.fault).collect();
        if refused {
            return Err(Problem::invalid(faults));
        }
        let mut rest = self.sent;
        rest.extend(self.kept);
        Ok(((!rest.is_empty()).then_some(Value::Object(rest)), faults))
    }
}

/// Most names that a fault lists, and most characters of each.
const LISTED: (usize, usize) = (10, 60);

/// The first names of what was sent, for a fault.
pub fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names = names.take(LISTED.0).map(|name| match name.char_indices().nth(LISTED.1) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.clone(),
    });
    names.collect::<Vec<_>>().join(", ")
}

/// What a warning says of a field, by the name that its sender gave it.
pub fn message(field: &str, code: &str) -> String {
    match code {
        "several_values" => "has more than one value; the first is used".to_owned(),
        "partly_used" => "is used in part; the rest is in raw_payload".to_owned(),
        "too_long" => "is too long and was cut; raw_payload has all of it".to_owned(),
        "wrong_type" => "is of another type than this field".to_owned(),
        "invalid_phone" => "is not a phone number".to_owned(),
        "invalid_url" => "is not the address of a LinkedIn profile".to_owned(),
        "invalid_money" => "is not an amount".to_owned(),
        "invalid_currency" => "is not an ISO 4217 code".to_owned(),
        "invalid_uuid" => "is not a UUID".to_owned(),
        "invalid_datetime" => "is not a time".to_owned(),
        "invalid_boolean" => "is neither true nor false".to_owned(),
        "unknown_reference" => "names nothing that exists".to_owned(),
        "unknown_person" => "names no active member; the assignment rules decide".to_owned(),
        "too_many" => "has too many values".to_owned(),
        "unconfirmed" => "was not added to the lead: nothing shows that its sender is this person".to_owned(),
        "partly_recognised" => "has more than is looked through for fields; all of it is kept".to_owned(),
        _ => format!("is not a value that {field} can have"),
    }
}
