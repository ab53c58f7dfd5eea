//! Hunter: e-mail finder and domain search.

use contracts::internal::enrichments::EnrichmentType;
use futures::FutureExt;
use platform::egress::{Egress, Request};
use serde_json::{Value, json};

use super::{account_domain, address, api_key, apollo::dialect_of, bounded, finding, missing};
use crate::adapters::{
    Adapter, Failure, Finding, Outcome, Prepared, Question, Setup,
    dialect::Dialect,
    http::{exchange, hit},
};

/// Where Hunter is.
pub const BASE: &str = "https://api.hunter.io";
const NAME: &str = "Hunter";

/// Asks Hunter.
pub struct Hunter {
    egress: Egress,
}

impl Hunter {
    /// Asks through this client.
    pub fn new(egress: Egress) -> Self {
        Self { egress }
    }
}

impl Adapter for Hunter {
    fn covers(&self, _: &Setup) -> Vec<EnrichmentType> {
        vec![EnrichmentType::CompanyInfo, EnrichmentType::LeadInfo]
    }

    fn prepare<'a>(&'a self, setup: &'a Setup, question: &'a Question) -> Result<Prepared<'a>, Failure> {
        let key = api_key(setup)?;
        let is_person = question.kind == Some(EnrichmentType::LeadInfo);
        let url = if is_person { finder(setup, question)? } else { search(setup, question)? };
        let asked = url.split_once("/v2/").map_or(url.as_str(), |(_, asked)| asked).to_owned();
        let request = bounded(Request::get(url), setup).header("x-api-key", key);
        let work = async move {
            let dialect = Dialect::hunter().with(dialect_of(setup));
            let read =
                |document: &Value| if is_person { read_person(document) } else { read_company(document) };
            exchange(&self.egress, request, setup, &dialect, NAME, read).await
        };
        Ok(Prepared { key: asked, work: work.boxed() })
    }
}

fn search(setup: &Setup, question: &Question) -> Result<String, Failure> {
    let domain = account_domain(&question.account).ok_or_else(|| missing("website"))?;
    Ok(address(setup, BASE, "/v2/domain-search", &[("domain", Some(&domain)), ("limit", Some("10"))]))
}

fn finder(setup: &Setup, question: &Question) -> Result<String, Failure> {
    let text = |name: &str| question.lead_text(name);
    let domain = account_domain(&question.account);
    let company = if domain.is_some() { None } else { text("company_name") };
    let is_named = text("first_name").is_some() && text("last_name").is_some();
    if text("linkedin_url").is_none() && !(is_named && (domain.is_some() || company.is_some())) {
        return Err(missing("LinkedIn profile, or name with a company"));
    }
    let handle = text("linkedin_url").and_then(|url| url.trim_end_matches('/').rsplit('/').next());
    let parameters = [
        ("domain", domain.as_deref()),
        ("company", company),
        ("first_name", text("first_name")),
        ("last_name", text("last_name")),
        ("linkedin_handle", handle.filter(|_| !is_named)),
    ];
    Ok(address(setup, BASE, "/v2/email-finder", &parameters))
}

/// A percentage as a share.
fn share(value: Option<&Value>) -> f64 {
    value.and_then(Value::as_f64).map_or(0.5, |percent| percent / 100.0)
}

fn read_person(document: &Value) -> Outcome {
    let Some(data) = document.get("data") else { return Outcome::Miss };
    let sure = share(data.get("score"));
    let status = data.pointer("/verification/status").and_then(Value::as_str);
    let sure = if status == Some("invalid") { 0.0 } else { sure };
    let handle = data.get("linkedin_url").filter(|url| url.is_string());
    let fields: Vec<Finding> = [
        finding("email", data.get("email"), sure),
        finding("role_title", data.get("position"), sure),
        finding("company_name", data.get("company"), sure),
        finding("phone", data.get("phone_number"), sure),
        finding("linkedin_url", handle, sure),
    ]
    .into_iter()
    .flatten()
    .collect();
    hit(fields, NAME.to_owned())
}

fn read_company(document: &Value) -> Outcome {
    let Some(data) = document.get("data") else { return Outcome::Miss };
    let emails = data.get("emails").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    // A company is written to at an address that belongs to no person.
    let generic = emails.iter().find(|email| email.get("type").is_some_and(|kind| kind == "generic"));
    let place: Vec<&str> =
        ["city", "country"].into_iter().filter_map(|name| data.get(name)?.as_str()).collect();
    let location = (!place.is_empty()).then(|| json!(place.join(", ")));
    let fields: Vec<Finding> = [
        finding(
            "contact_email",
            generic.and_then(|email| email.get("value")),
            share(generic.and_then(|email| email.get("confidence"))),
        ),
        finding("industry", data.get("industry"), 0.7),
        finding("description", data.get("description"), 0.7),
        finding("location", location.as_ref(), 0.7),
        finding("linkedin_url", data.get("linkedin"), 0.7),
        finding("technologies", data.get("technologies"), 0.7),
    ]
    .into_iter()
    .flatten()
    .collect();
    hit(fields, NAME.to_owned())
}
