//! Configuration of the generic HTTP adapter: what it sends, where the answers stand.

use std::collections::BTreeMap;

use contracts::{internal::enrichments::EnrichmentType, problem::FieldError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::template::{self, Template};
use crate::adapters::{dialect::Dialect, json_path::JsonPath};

/// Headers that the client sets, or that belong to the connection.
const REFUSED: &[&str] = &[
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "upgrade",
    "proxy-authorization",
    "proxy-authenticate",
    "proxy-connection",
    "expect",
    "traceparent",
    "accept-encoding",
];
/// Words in the names of headers that hold secrets.
const SECRET: &[&str] = &["authorization", "key", "token", "secret", "password", "cookie", "auth"];
/// Types that such a provider can be asked about.
const COVERED: [EnrichmentType; 3] =
    [EnrichmentType::CompanyInfo, EnrichmentType::LeadInfo, EnrichmentType::GenerateLeads];

/// The request, and how its answer is read.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpConfig {
    /// GET or POST.
    #[serde(default)]
    pub method: Method,
    /// The address, a template.
    pub url: String,
    /// Headers, templates.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// A JSON value in which strings are templates.
    #[serde(default)]
    pub body: Option<Value>,
    /// Types that it can be asked about.
    pub covers: Vec<String>,
    /// A path that must lead to something, or nothing is known.
    #[serde(default)]
    pub found_when: Option<String>,
    /// Where which field stands.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldPath>,
    /// Where people stand.
    #[serde(default)]
    pub people: Option<PeoplePaths>,
    /// Meanings of statuses.
    #[serde(default)]
    pub dialect: Option<Dialect>,
}

/// The method of the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// GET.
    #[default]
    Get,
    /// POST.
    Post,
}

/// Where a field stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldPath {
    /// A path to its value.
    pub path: String,
    /// A number from 0 to 1, or a path to one.
    #[serde(default)]
    pub confidence: Option<Value>,
}

/// Where people stand.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeoplePaths {
    /// A path to every person.
    pub path: String,
    /// Where which field of a lead stands, from the person.
    pub fields: BTreeMap<String, String>,
}

impl HttpConfig {
    /// Reads and checks a configuration.
    ///
    /// # Errors
    /// Every fault, below `config`.
    pub fn parse(config: &Value) -> Result<Self, Vec<FieldError>> {
        let read: Self = serde_json::from_value(config.clone())
            .map_err(|error| vec![FieldError::new("config", "invalid_config", error.to_string())])?;
        let mut faults = Faults::default();
        read.check(&mut faults);
        if faults.0.is_empty() { Ok(read) } else { Err(faults.0) }
    }

    /// Types that it can be asked about.
    pub fn covered(&self) -> Vec<EnrichmentType> {
        self.covers.iter().filter_map(|name| EnrichmentType::parse(name)).collect()
    }

    /// Scheme, host and port that its credentials are for; none where they are templated.
    pub fn origin(&self) -> Option<String> {
        literal_origin(&self.url)
    }

    fn check(&self, faults: &mut Faults) {
        let mut uses_credentials = false;
        match Template::parse(&self.url) {
            Ok(url) => {
                uses_credentials |= url.uses("credentials");
                let begins_well = self.url.starts_with("https://") || self.url.starts_with("http://");
                if !begins_well || self.url.len() > 4_000 {
                    faults
                        .add("url", "must begin with http:// or https:// and have at most 4,000 characters");
                }
            }
            Err(message) => faults.add("url", &message),
        }
        if self.headers.len() > 30 {
            faults.add("headers", "must be at most 30");
        }
        for (name, value) in &self.headers {
            uses_credentials |= check_header(name, value, faults);
        }
        if let Some(body) = &self.body {
            let mut check = |_: &str, template: &Template| uses_credentials |= template.uses("credentials");
            if let Err((path, message)) = template::check_json(body, "body", &mut check) {
                faults.add(&path, &message);
            }
            if self.method == Method::Get {
                faults.add("body", "goes with POST only");
            }
        }
        if uses_credentials && self.origin().is_none() {
            faults.add("url", "must have a literal scheme, host and port where credentials are used");
        }
        if self.covers.is_empty() {
            faults.add("covers", "must name at least one type");
        }
        for name in &self.covers {
            if !EnrichmentType::parse(name).is_some_and(|kind| COVERED.contains(&kind)) {
                faults.add("covers", "may name COMPANY_INFO, LEAD_INFO and GENERATE_LEADS");
            }
        }
        if let Some(path) = &self.found_when {
            faults.path("found_when", path);
        }
        self.check_paths(faults);
    }

    fn check_paths(&self, faults: &mut Faults) {
        if self.fields.len() > 60 {
            faults.add("fields", "must be at most 60");
        }
        for (name, field) in &self.fields {
            faults.path(&format!("fields.{name}.path"), &field.path);
            let place = format!("fields.{name}.confidence");
            match &field.confidence {
                None => {}
                Some(Value::String(path)) => faults.path(&place, path),
                Some(Value::Number(number))
                    if number.as_f64().is_some_and(|number| (0.0..=1.0).contains(&number)) => {}
                Some(_) => faults.add(&place, "must be a number from 0 to 1, or a path"),
            }
        }
        let finds_people = self.covers.iter().any(|name| name == EnrichmentType::GenerateLeads.name());
        match &self.people {
            None if finds_people => faults.add("people", "is required for GENERATE_LEADS"),
            None => {}
            Some(people) => {
                faults.path("people.path", &people.path);
                for (name, path) in &people.fields {
                    faults.path(&format!("people.fields.{name}"), path);
                }
                if people.fields.len() > 40 {
                    faults.add("people.fields", "must be at most 40");
                }
            }
        }
        if self.fields.is_empty()
            && self.covers.iter().any(|name| name != EnrichmentType::GenerateLeads.name())
        {
            faults.add("fields", "must name at least one field");
        }
    }
}

/// Gives whether credentials stand in it.
fn check_header(name: &str, value: &str, faults: &mut Faults) -> bool {
    let place = format!("headers.{name}");
    let lower = name.to_lowercase();
    let is_token = !name.is_empty()
        && name.len() <= 100
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if !is_token {
        faults.add(&place, "is not the name of a header");
    } else if REFUSED.contains(&lower.as_str())
        || lower.starts_with("proxy-")
        || lower.starts_with("x-forwarded-")
    {
        faults.add(&place, "cannot be set");
    }
    if value.len() > 2_000 || value.chars().any(char::is_control) {
        faults.add(&place, "must be at most 2,000 characters without line breaks");
    }
    match Template::parse(value) {
        Ok(template) => {
            let uses = template.uses("credentials");
            if SECRET.iter().any(|word| lower.contains(word)) && !uses {
                faults.add(&place, "must take its secret from {{credentials.…}}");
            }
            uses
        }
        Err(message) => {
            faults.add(&place, &message);
            false
        }
    }
}

/// Scheme, host and port of a template's address, when they are literal.
fn literal_origin(template: &str) -> Option<String> {
    let (scheme, rest) = template.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    if scheme.contains("{{") || authority.is_empty() || authority.contains("{{") || authority.contains('@') {
        return None;
    }
    origin_of(&format!("{scheme}://{authority}/"))
}

/// Scheme, host and port of an address.
pub fn origin_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| url.has_host())?;
    Some(url.origin().ascii_serialization())
}

#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn add(&mut self, place: &str, message: &str) {
        self.0.push(FieldError::new(format!("config.{place}"), "invalid_config", message));
    }

    fn path(&mut self, place: &str, path: &str) {
        if let Err(message) = JsonPath::parse(path) {
            self.add(place, &format!("is no path: it {message}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut config = json!({
            "method": "POST", "url": "https://api.example/v1/{{account.domain}}?k={{credentials.api_key}}",
            "headers": { "X-Api-Key": "{{credentials.api_key}}", "Accept": "application/json" },
            "body": { "name": "{{account.name}}" }, "covers": ["COMPANY_INFO"],
            "fields": { "industry": { "path": "$.industry", "confidence": 0.9 } },
        });
        change(&mut config);
        let faults = HttpConfig::parse(&config).err().unwrap_or_default();
        faults.into_iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn a_sound_configuration_has_no_fault() {
        assert_eq!(faults(|_| ()), Vec::<String>::new());
    }

    #[test]
    fn host_and_port_are_literal_where_credentials_are_used() {
        for url in [
            "https://{{account.domain}}/x",
            "https://api.example:{{account.size}}/",
            "{{account.website}}",
            "https://a@api.example/",
            "ftp://api.example/",
            "https://",
        ] {
            assert_eq!(
                faults(|config| config["url"] = json!(url)).first(),
                Some(&"config.url".to_owned()),
                "{url}"
            );
        }
        let open = faults(|config| {
            config["url"] = json!("https://{{account.domain}}/about");
            config["headers"] = json!({});
        });
        assert_eq!(open, Vec::<String>::new());
    }

    #[test]
    fn headers_of_the_connection_and_literal_secrets_are_refused() {
        for (name, value) in [
            ("Host", "internal"),
            ("content-length", "7"),
            ("Transfer-Encoding", "chunked"),
            ("Connection", "close"),
            ("Proxy-Whatever", "x"),
            ("Authorization", "Bearer literal"),
            ("X-Api-Key", "abc"),
            ("Cookie", "a=b"),
            ("A b", "x"),
            ("X", "a\nb"),
            ("X-Forwarded-For", "10.0.0.1"),
        ] {
            let found = faults(|config| config["headers"] = json!({ name: value }));
            assert_eq!(found, [format!("config.headers.{name}")], "{name}");
        }
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let found = faults(|config| {
            config["found_when"] = json!("person");
            config["covers"] = json!(["CUSTOM_COLUMN"]);
            config["fields"] = json!({ "industry": { "path": "$[", "confidence": 7 } });
        });
        assert_eq!(
            found,
            [
                "config.covers",
                "config.found_when",
                "config.fields.industry.path",
                "config.fields.industry.confidence"
            ]
        );
        assert_eq!(faults(|config| config["surprise"] = json!(1)), ["config"]);
        assert_eq!(faults(|config| config["covers"] = json!(["GENERATE_LEADS"])), ["config.people"]);
    }
}
