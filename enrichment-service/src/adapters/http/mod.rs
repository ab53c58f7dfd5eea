//! Any HTTP API, by configuration: a request from templates, fields of the answer by path.

pub mod config;
pub mod template;

use bytes::Bytes;
use chrono::Utc;
use contracts::internal::enrichments::EnrichmentType;
use futures::FutureExt;
use platform::egress::{Egress, Request, Response};
use serde_json::{Map, Value, json};

use super::{
    Adapter, Answer, Failure, Finding, Findings, Hit, Outcome, PageNames, People, Prepared, Question,
    RawAnswer, Setup,
    dialect::{self, Dialect, Meaning},
    json_path::JsonPath,
    kept, masked,
};
use config::{HttpConfig, Method};
use template::{Template, Values};

/// Largest answer that is read.
const MOST_BYTES: usize = 2 << 20;
/// Confidence of a value of which nothing is said.
const USUAL: f64 = 0.5;

/// Asks by configuration.
pub struct Http {
    egress: Egress,
}

impl Http {
    /// Asks through this client.
    pub fn new(egress: Egress) -> Self {
        Self { egress }
    }
}

impl Adapter for Http {
    fn covers(&self, setup: &Setup) -> Vec<EnrichmentType> {
        HttpConfig::parse(&setup.config).map(|config| config.covered()).unwrap_or_default()
    }

    fn prepare<'a>(&'a self, setup: &'a Setup, question: &'a Question) -> Result<Prepared<'a>, Failure> {
        let config = HttpConfig::parse(&setup.config)
            .map_err(|_| Failure::lasting("bad_config", "The provider's configuration is faulty."))?;
        let key = key(&config, question)?;
        let request = request(&config, setup, question)?;
        let work = async move {
            let dialect = Dialect::usual().with(config.dialect.clone());
            let name = "The provider";
            exchange(&self.egress, request, setup, &dialect, name, |document| {
                read(&config, question, document)
            })
            .await
        };
        Ok(Prepared { key, work: work.boxed() })
    }
}

fn bad_template(_: String) -> Failure {
    Failure::lasting("bad_config", "The provider's configuration is faulty.")
}

fn key(config: &HttpConfig, question: &Question) -> Result<String, Failure> {
    let values = Values::masked(question);
    let url = Template::parse(&config.url).map_err(bad_template)?.address(&values)?;
    let mut headers = Vec::new();
    for (name, value) in &config.headers {
        headers.push(format!("{name}: {}", Template::parse(value).map_err(bad_template)?.header(&values)?));
    }
    let body = config.body.as_ref().map(|body| template::fill_json(body, &values));
    Ok(json!([question.kind.map(EnrichmentType::name), config.method, url, headers, body]).to_string())
}

fn request(config: &HttpConfig, setup: &Setup, question: &Question) -> Result<Request, Failure> {
    let values = Values::whole(question, &setup.credentials);
    let url = Template::parse(&config.url).map_err(bad_template)?.address(&values)?;
    let mut request = match config.method {
        Method::Get => Request::get(url),
        Method::Post => {
            let body = config.body.as_ref().map(|body| template::fill_json(body, &values));
            let body = body.map(|body| body.to_string()).unwrap_or_default();
            Request::post(url, Bytes::from(body)).header("content-type", "application/json")
        }
    };
    for (name, value) in &config.headers {
        let value = Template::parse(value).map_err(bad_template)?.header(&values)?;
        request = request.header(name, &value);
    }
    Ok(request.deadline(setup.timeout).max_bytes(MOST_BYTES).max_redirects(0))
}

/// Sends a request to an API that answers JSON, and reads what it says. Redirects are not followed: a credential goes
/// nowhere else.
pub async fn exchange(
    egress: &Egress,
    request: Request,
    setup: &Setup,
    dialect: &Dialect,
    name: &str,
    read: impl FnOnce(&Value) -> Outcome,
) -> Answer {
    let response = match egress.send(request).await {
        Ok(response) => response,
        Err(error) => {
            let mut failure = Failure::of_egress(&error, name);
            failure.message = masked(&failure.message, &setup.credentials);
            return Answer::failed(failure);
        }
    };
    let status = response.status.as_u16();
    let raw = raw_of(&response, &setup.credentials);
    let meaning = dialect.meaning(status, dialect::retry_after(&response));
    let outcome = match (meaning, meaning.failure(name, status)) {
        (Meaning::NotFound, _) => Outcome::Miss,
        (_, Some(failure)) => Outcome::Failed(failure),
        _ => match platform::http::body::parse(&response.body) {
            Ok(document) => read(&document),
            Err(_) => {
                Outcome::Failed(Failure::passing("malformed", format!("{name} answered no whole JSON.")))
            }
        },
    };
    Answer { raw: vec![raw], http_status: Some(status), tokens: None, outcome }
}

/// The answer as it is kept.
pub fn raw_of(response: &Response, secrets: &Map<String, Value>) -> RawAnswer {
    RawAnswer {
        source_url: masked(response.final_url.as_str(), secrets),
        status: response.status.as_u16(),
        content_type: response.header("content-type").map(|stated| stated.chars().take(255).collect()),
        body: kept(&String::from_utf8_lossy(&response.body), secrets),
        body_bytes: response.body.len(),
        fetched_at: Utc::now(),
    }
}

fn read(config: &HttpConfig, question: &Question, document: &Value) -> Outcome {
    let found = |path: &str| JsonPath::parse(path).ok().and_then(|path| path.first(document).cloned());
    let says_nothing =
        |value: Value| value.is_null() || value == json!([]) || value == json!({}) || value == json!(false);
    if let Some(path) = &config.found_when
        && found(path).is_none_or(says_nothing)
    {
        return Outcome::Miss;
    }
    if question.kind == Some(EnrichmentType::GenerateLeads) {
        return read_people(config, document);
    }
    let fields: Vec<Finding> = config
        .fields
        .iter()
        .filter_map(|(name, field)| {
            let value =
                JsonPath::parse(&field.path).ok()?.value(document).filter(|value| !is_empty(value))?;
            let confidence = match &field.confidence {
                Some(Value::Number(number)) => number.as_f64(),
                Some(Value::String(path)) => found(path).as_ref().and_then(share),
                _ => None,
            };
            let confidence = confidence.unwrap_or(USUAL).clamp(0.0, 1.0);
            Some(Finding { field: name.clone().into(), value, confidence })
        })
        .collect();
    hit(fields, literal_place(&config.url))
}

/// A hit with these fields; a miss where there are none.
pub fn hit(fields: Vec<Finding>, source_url: String) -> Outcome {
    if fields.is_empty() {
        return Outcome::Miss;
    }
    let page = PageNames::default();
    Outcome::Hit(Hit::Fields(Findings { source_url, fetched_at: Utc::now(), fields, page, pages: 1 }))
}

/// The address up to its first variable and its query.
fn literal_place(url: &str) -> String {
    url.split("{{").next().unwrap_or_default().split('?').next().unwrap_or_default().to_owned()
}

/// A confidence as it is stated: a number from 0 to 1, or a percentage.
fn share(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().trim_end_matches('%').parse().ok()?,
        _ => return None,
    };
    Some(if number > 1.0 { number / 100.0 } else { number })
}

fn read_people(config: &HttpConfig, document: &Value) -> Outcome {
    let Some(paths) = &config.people else { return Outcome::Miss };
    let Ok(every) = JsonPath::parse(&paths.path) else { return Outcome::Miss };
    let mut found = every.all(document);
    if let [Value::Array(items)] = found.as_slice() {
        found = items.iter().collect();
    }
    let person = |value: &Value| -> Map<String, Value> {
        let field = |(name, path): (&String, &String)| {
            let value = JsonPath::parse(path).ok()?.value(value).filter(|value| !is_empty(value))?;
            Some((name.clone(), value))
        };
        paths.fields.iter().filter_map(field).collect()
    };
    let people: Vec<_> = found.into_iter().map(person).filter(|person| !person.is_empty()).collect();
    if people.is_empty() {
        return Outcome::Miss;
    }
    let is_paged = Template::parse(&config.url).is_ok_and(|url| url.is_paged())
        || config.body.as_ref().is_some_and(|body| {
            let mut paged = false;
            let mut check = |_: &str, template: &Template| paged |= template.is_paged();
            template::check_json(body, "body", &mut check).is_ok() && paged
        });
    Outcome::Hit(Hit::People(People { people, more: is_paged }))
}

/// Whether a value says nothing.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
