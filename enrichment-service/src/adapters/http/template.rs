//! Templates: text with `{{account.domain}}`, each value encoded for the place where it stands. There is no logic in them.

use serde_json::{Map, Value};

use crate::adapters::{Failure, Question};

/// Names that a variable may begin with.
pub const SOURCES: [&str; 5] = ["account", "lead", "product", "credentials", "job"];

/// A parsed template.
#[derive(Clone, Debug, PartialEq)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(String),
    Variable(Vec<String>),
}

/// Where the values come from.
pub struct Values<'a> {
    question: &'a Question,
    credentials: Option<&'a Map<String, Value>>,
}

impl<'a> Values<'a> {
    /// With credentials, for sending.
    pub fn whole(question: &'a Question, credentials: &'a Map<String, Value>) -> Self {
        Self { question, credentials: Some(credentials) }
    }

    /// With the names of credentials in their place, to tell questions apart.
    pub fn masked(question: &'a Question) -> Self {
        Self { question, credentials: None }
    }

    fn find(&self, path: &[String]) -> Option<Value> {
        let (source, names) = path.split_first()?;
        let members = match source.as_str() {
            "account" => &self.question.account,
            "lead" => &self.question.lead,
            "product" => &self.question.product,
            "job" => &self.question.job,
            "credentials" => match self.credentials {
                Some(credentials) => credentials,
                None => return Some(Value::String(format!("<{}>", names.join(".")))),
            },
            _ => return None,
        };
        let (first, deeper) = names.split_first()?;
        let found = deeper.iter().try_fold(members.get(first)?, |value, name| value.get(name))?;
        (!found.is_null()).then(|| found.clone())
    }
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// A sentence on what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (inside, later) = after.split_once("}}").ok_or("has {{ without }}")?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            let path: Vec<String> = inside.trim().split('.').map(|name| name.trim().to_owned()).collect();
            let is_name = |name: &String| {
                !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
            };
            let known = path.first().is_some_and(|source| SOURCES.contains(&source.as_str()));
            if !known || path.len() < 2 || !path.iter().all(is_name) {
                return Err(format!(
                    "{{{{{}}}}} names nothing; variables begin with one of: {}",
                    inside.trim(),
                    SOURCES.join(", ")
                ));
            }
            parts.push(Part::Variable(path));
            rest = later;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    /// Whether a variable of this source stands in it.
    pub fn uses(&self, source: &str) -> bool {
        self.0.iter().any(
            |part| matches!(part, Part::Variable(path) if path.first().is_some_and(|first| first == source)),
        )
    }

    /// Whether `job.page` stands in it.
    pub fn is_paged(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Variable(path) if path.join(".") == "job.page"))
    }

    /// Whether it is text alone.
    pub fn is_literal(&self) -> bool {
        self.0.iter().all(|part| matches!(part, Part::Text(_)))
    }

    /// The address, values percent-encoded.
    ///
    /// # Errors
    /// When the record lacks a value: an address with a hole would ask about something else.
    pub fn address(&self, values: &Values<'_>) -> Result<String, Failure> {
        self.render(values, percent)
    }

    /// A header's value.
    ///
    /// # Errors
    /// When the record lacks a value, or one cannot stand in a header.
    pub fn header(&self, values: &Values<'_>) -> Result<String, Failure> {
        let text = self.render(values, str::to_owned)?;
        if text.chars().any(char::is_control) {
            return Err(Failure::lasting("bad_input", "A value cannot stand in a header."));
        }
        Ok(text)
    }

    fn render(&self, values: &Values<'_>, encode: impl Fn(&str) -> String) -> Result<String, Failure> {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Variable(path) => {
                    let value =
                        values.find(path).map(|value| plain(&value)).filter(|value| !value.is_empty());
                    let value = value.ok_or_else(|| missing(path))?;
                    text.push_str(&encode(&value));
                }
            }
        }
        Ok(text)
    }

    /// A JSON value: a variable that stands alone keeps its type, others become part of the text. What is missing is null
    /// or empty.
    fn json(&self, values: &Values<'_>) -> Value {
        if let [Part::Variable(path)] = self.0.as_slice() {
            return values.find(path).unwrap_or_default();
        }
        let part = |part: &Part| match part {
            Part::Text(literal) => literal.clone(),
            Part::Variable(path) => values.find(path).map(|value| plain(&value)).unwrap_or_default(),
        };
        Value::String(self.0.iter().map(part).collect())
    }
}

fn missing(path: &[String]) -> Failure {
    Failure::lasting(
        "missing_input",
        format!("The record has no {}, which the question needs.", path.join(".")),
    )
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A JSON value in which every string is a template.
///
/// # Errors
/// The fault of the first string that is no template, and its place.
pub fn check_json(
    value: &Value,
    path: &str,
    check: &mut impl FnMut(&str, &Template),
) -> Result<(), (String, String)> {
    match value {
        Value::String(text) => {
            let template = Template::parse(text).map_err(|message| (path.to_owned(), message))?;
            check(path, &template);
            Ok(())
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| check_json(item, &format!("{path}.{index}"), &mut *check)),
        Value::Object(members) => members
            .iter()
            .try_for_each(|(name, member)| check_json(member, &format!("{path}.{name}"), &mut *check)),
        _ => Ok(()),
    }
}

/// The value with every template filled.
pub fn fill_json(value: &Value, values: &Values<'_>) -> Value {
    match value {
        Value::String(text) => match Template::parse(text) {
            Ok(template) => template.json(values),
            Err(_) => value.clone(),
        },
        Value::Array(items) => items.iter().map(|item| fill_json(item, values)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), fill_json(member, values))).collect()
        }
        other => other.clone(),
    }
}

/// Percent-encodes all but unreserved characters, for any place of an address.
pub fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    // A segment of dots would lead out of its place.
    if !encoded.is_empty() && encoded.bytes().all(|byte| byte == b'.') {
        encoded = encoded.replace('.', "%2E");
    }
    encoded
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn question() -> Question {
        let Value::Object(account) =
            json!({ "domain": "acme.example", "name": "A&B \"x\" / ../", "size": 7, "none": null })
        else {
            unreachable!()
        };
        Question { account, ..Question::default() }
    }

    fn credentials() -> Map<String, Value> {
        Map::from_iter([("api_key".to_owned(), json!("s3cret key"))])
    }

    #[test]
    fn values_are_encoded_for_their_place() {
        let (question, credentials) = (question(), credentials());
        let values = Values::whole(&question, &credentials);
        let address = Template::parse(
            "https://x.example/{{account.name}}?d={{ account.domain }}&k={{credentials.api_key}}",
        );
        assert_eq!(
            address.unwrap().address(&values).unwrap(),
            "https://x.example/A%26B%20%22x%22%20%2F%20..%2F?d=acme.example&k=s3cret%20key"
        );
        let body = json!({ "n": "{{account.name}}", "t": "size: {{account.size}}", "size": "{{account.size}}", "z": "{{account.none}}", "l": [1, "{{account.domain}}"] });
        let filled =
            json!({ "n": "A&B \"x\" / ../", "t": "size: 7", "size": 7, "z": null, "l": [1, "acme.example"] });
        assert_eq!(fill_json(&body, &values), filled);
        assert_eq!(percent(".."), "%2E%2E");
    }

    #[test]
    fn an_address_with_a_hole_is_not_asked() {
        let (question, credentials) = (question(), credentials());
        let values = Values::whole(&question, &credentials);
        for text in ["https://x.example/{{account.none}}", "https://x.example/{{lead.email}}"] {
            assert_eq!(Template::parse(text).unwrap().address(&values).unwrap_err().code, "missing_input");
        }
    }

    #[test]
    fn a_header_takes_no_line_breaks() {
        let mut question = question();
        question.account.insert("domain".to_owned(), json!("a\r\nX-Evil: 1"));
        let credentials = credentials();
        let values = Values::whole(&question, &credentials);
        let header = Template::parse("{{account.domain}}").unwrap();
        assert_eq!(header.header(&values).unwrap_err().code, "bad_input");
    }

    #[test]
    fn the_key_of_a_question_has_no_secret_in_it() {
        let question = question();
        let key = Template::parse("{{credentials.api_key}}/{{account.domain}}").unwrap();
        assert_eq!(key.address(&Values::masked(&question)).unwrap(), "%3Capi_key%3E/acme.example");
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for text in [
            "{{x.y}}",
            "{{account}}",
            "{{account.}}",
            "{{ }}",
            "{{account.name",
            "{{account.a b}}",
            "{{7*7}}",
        ] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }
}
