//! Adapters: one for each kind of provider, behind one trait.
//!
//! An adapter turns a question into a request and an answer into findings. It knows neither budgets nor jobs: limits,
//! prices and the ledger are the concern of [`crate::asking`].

pub mod dialect;
mod failure;
pub mod http;
pub mod json_path;
pub mod model;
pub mod registry;
pub mod vendors;
pub mod website;

use std::{borrow::Cow, time::Duration};

use chrono::{DateTime, Utc};
use contracts::internal::enrichments::EnrichmentType;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use failure::Failure;

/// The way in which a kind of provider is asked.
pub trait Adapter: Send + Sync {
    /// Types that such a provider can be asked about, as it is set up.
    fn covers(&self, setup: &Setup) -> Vec<EnrichmentType>;

    /// Makes the request. The key is the whole question without credentials; nothing is sent before the work is awaited.
    ///
    /// # Errors
    /// When the record lacks what the question needs.
    fn prepare<'a>(&'a self, setup: &'a Setup, question: &'a Question) -> Result<Prepared<'a>, Failure>;
}

/// A provider as its adapter needs it.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// Base address, where the kind has one.
    pub base_url: Option<String>,
    /// The kind's own configuration.
    pub config: Value,
    /// Credentials, opened.
    pub credentials: Map<String, Value>,
    /// Time limit of one call.
    pub timeout: Duration,
}

impl Setup {
    /// A credential that is text.
    pub fn credential(&self, name: &str) -> Option<&str> {
        self.credentials.get(name)?.as_str()
    }
}

/// A question, with what is known.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Its subject; none for a plain test.
    pub kind: Option<EnrichmentType>,
    /// The account, as far as it is known.
    pub account: Map<String, Value>,
    /// The lead, as far as it is known.
    pub lead: Map<String, Value>,
    /// The product that it is done for.
    pub product: Map<String, Value>,
    /// The job: `id`, `type`, `page`, `page_size`.
    pub job: Map<String, Value>,
    /// A question to a model.
    pub chat: Option<model::Chat>,
}

impl Question {
    /// A text that is known of the account.
    pub fn account_text(&self, name: &str) -> Option<&str> {
        text_of(&self.account, name)
    }

    /// A text that is known of the lead.
    pub fn lead_text(&self, name: &str) -> Option<&str> {
        text_of(&self.lead, name)
    }

    /// Which page of people is asked for, from 1.
    pub fn page(&self) -> u64 {
        self.job.get("page").and_then(Value::as_u64).unwrap_or(1)
    }
}

fn text_of<'a>(known: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    known.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// A request about to be sent.
pub struct Prepared<'a> {
    /// The question without credentials: equal questions have equal keys.
    pub key: String,
    /// Sends it and reads the answer.
    pub work: BoxFuture<'a, Answer>,
}

/// The result of a call.
#[derive(Debug, Default)]
pub struct Answer {
    /// Answers as they came, to be kept.
    pub raw: Vec<RawAnswer>,
    /// HTTP status of the last of them.
    pub http_status: Option<u16>,
    /// Tokens that a model read and wrote.
    pub tokens: Option<Tokens>,
    /// The findings, or why there are none.
    pub outcome: Outcome,
}

impl Answer {
    /// An answer that is a failure.
    pub fn failed(failure: Failure) -> Self {
        Self { outcome: Outcome::Failed(failure), ..Self::default() }
    }
}

/// The content of an answer.
#[derive(Debug, Default)]
pub enum Outcome {
    /// Something.
    Hit(Hit),
    /// That the provider knows nothing.
    #[default]
    Miss,
    /// Nothing that could be used.
    Failed(Failure),
}

/// Tokens of one call to a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Read.
    pub read: i32,
    /// Written.
    pub written: i32,
    /// Whether the model did not say and they were estimated.
    pub estimated: bool,
}

/// The findings.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hit {
    /// Fields of the record.
    Fields(Findings),
    /// People.
    People(People),
    /// The text of a model.
    Text(model::Written),
}

/// One page of people.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct People {
    /// Each with the fields of a lead.
    pub people: Vec<Map<String, Value>>,
    /// Whether there may be another page.
    pub more: bool,
}

/// An answer as it came.
#[derive(Clone, Debug)]
pub struct RawAnswer {
    /// Where it came from, after redirects, without secrets.
    pub source_url: String,
    /// HTTP status.
    pub status: u16,
    /// Media type as stated.
    pub content_type: Option<String>,
    /// The beginning of the body as text.
    pub body: String,
    /// Length of the whole body in bytes.
    pub body_bytes: usize,
    /// When it came.
    pub fetched_at: DateTime<Utc>,
}

/// Findings about a record.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Findings {
    /// Where, without secrets.
    pub source_url: String,
    /// When.
    pub fetched_at: DateTime<Utc>,
    /// At most one finding per field.
    pub fields: Vec<Finding>,
    /// The page's own name, to check that it is the right one.
    #[serde(default)]
    pub page: PageNames,
    /// Pages that were read.
    #[serde(default)]
    pub pages: i32,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Name of the field.
    pub field: Cow<'static, str>,
    /// Its value.
    pub value: Value,
    /// 0 to 1.
    pub confidence: f64,
}

/// The names that a page gives itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageNames {
    /// Its title.
    pub title: Option<String>,
    /// Its site's name (Open Graph).
    pub site_name: Option<String>,
    /// The organization it describes (JSON-LD).
    pub organization: Option<String>,
}

/// Largest kept part of an answer, in bytes.
pub const KEPT: usize = 64 * 1024;

/// The beginning of an answer's text as it can be stored, in which no secret is readable.
pub fn kept(text: &str, secrets: &Map<String, Value>) -> String {
    let mut kept = text.get(..text.floor_char_boundary(KEPT)).unwrap_or_default().to_owned();
    kept.retain(|c| c != '\0');
    masked(&kept, secrets)
}

/// Text in which no credential is readable, as it is or percent-encoded.
pub fn masked(text: &str, secrets: &Map<String, Value>) -> String {
    let mut shown = text.to_owned();
    for secret in secrets.values().filter_map(Value::as_str).filter(|secret| secret.len() >= 4) {
        shown = shown.replace(secret, "***");
        let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        if encoded != secret {
            shown = shown.replace(&encoded, "***");
        }
        let encoded = http::template::percent(secret);
        if encoded != secret {
            shown = shown.replace(&encoded, "***");
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_secret_is_readable_in_what_is_kept() {
        let Value::Object(secrets) = json!({ "api_key": "a b/c?d", "short": "abc" }) else { unreachable!() };
        let text = "echo a b/c?d, a+b%2Fc%3Fd, a%20b%2Fc%3Fd and abc";
        assert_eq!(masked(text, &secrets), "echo ***, ***, *** and abc");
        assert_eq!(kept("x\0a b/c?d", &secrets), "x***");
    }
}
