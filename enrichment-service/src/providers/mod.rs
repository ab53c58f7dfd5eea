//! Providers of company data and the form of their answers.

mod failure;
pub mod website;

use chrono::{DateTime, Utc};
use contracts::internal::enrichments::EnrichmentType;
use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;

pub use failure::Failure;

/// A third party that knows something.
pub trait Provider: Send + Sync {
    /// Its name in provenance.
    fn name(&self) -> &'static str;
    /// Whether it can do jobs of this type.
    fn covers(&self, kind: EnrichmentType) -> bool;
    /// Asks it, with what the job was started with.
    fn look_up<'a>(&'a self, input: &'a Value) -> BoxFuture<'a, Answer>;
}

/// The providers of this deployment, in the order in which they are asked.
pub struct Providers(Vec<Box<dyn Provider>>);

impl Providers {
    /// These, in this order.
    pub fn new(providers: Vec<Box<dyn Provider>>) -> Self {
        Self(providers)
    }

    /// The first that can do jobs of this type.
    pub fn find(&self, kind: EnrichmentType) -> Option<&dyn Provider> {
        self.0.iter().find(|provider| provider.covers(kind)).map(AsRef::as_ref)
    }
}

/// What a provider answered.
#[derive(Debug)]
pub struct Answer {
    /// As it came, to be kept; none when there was no answer.
    pub raw: Option<RawAnswer>,
    /// What it says, or why nothing could be learned.
    pub outcome: Result<Findings, Failure>,
}

/// An answer as it came.
#[derive(Clone, Debug)]
pub struct RawAnswer {
    /// Where it came from, after redirects.
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

/// What was found out about a company.
#[derive(Clone, Debug)]
pub struct Findings {
    /// Where.
    pub source_url: String,
    /// When.
    pub fetched_at: DateTime<Utc>,
    /// At most one finding per field.
    pub fields: Vec<Finding>,
    /// The page's own name, to check that it is the right one.
    pub page: PageNames,
}

impl Findings {
    /// How sure the value of a field is, 0 to 1.
    pub fn confidence(&self, field: &str) -> f64 {
        self.fields.iter().find(|finding| finding.field == field).map_or(0.0, |finding| finding.confidence)
    }
}

/// One field of an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Column of the account.
    pub field: &'static str,
    /// Its value.
    pub value: Value,
    /// 0 to 1.
    pub confidence: f64,
}

/// What a page calls itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PageNames {
    /// Its title.
    pub title: Option<String>,
    /// Its site's name (Open Graph).
    pub site_name: Option<String>,
    /// The organization it describes (JSON-LD).
    pub organization: Option<String>,
}
