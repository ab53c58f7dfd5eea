//! Vendors with known interfaces: the request, the places of the answers, the meaning of their statuses.

pub mod apollo;
pub mod hunter;
pub mod pdl;

use platform::egress::Request;
use serde_json::{Map, Value};

use super::{Failure, Finding, Setup, http::is_empty, http::template::percent};

/// A finding where a value says something.
pub fn finding(field: &'static str, value: Option<&Value>, confidence: f64) -> Option<Finding> {
    let value = value.filter(|value| !is_empty(value))?.clone();
    Some(Finding { field: field.into(), value, confidence: confidence.clamp(0.0, 1.0) })
}

/// The key of the vendor's account.
///
/// # Errors
/// When there is none.
pub fn api_key(setup: &Setup) -> Result<&str, Failure> {
    let key = setup.credential("api_key").filter(|key| !key.is_empty());
    key.ok_or_else(|| Failure::lasting("reauth_required", "The provider has no api_key."))
}

/// An address below the provider's base with these parameters, in their order. Empty ones are left out.
pub fn address(setup: &Setup, usual: &str, path: &str, parameters: &[(&str, Option<&str>)]) -> String {
    let base = setup.base_url.as_deref().unwrap_or(usual).trim_end_matches('/');
    let query: Vec<String> = parameters
        .iter()
        .filter_map(|(name, value)| {
            let value = value.map(str::trim).filter(|value| !value.is_empty())?;
            Some(format!("{name}={}", percent(value)))
        })
        .collect();
    let separator = if query.is_empty() { "" } else { "?" };
    format!("{base}{path}{separator}{}", query.join("&"))
}

/// A request to a vendor: in time, without redirects.
pub fn bounded(request: Request, setup: &Setup) -> Request {
    request.deadline(setup.timeout).max_bytes(2 << 20).max_redirects(0).header("accept", "application/json")
}

/// The host of a website.
pub fn domain(website: &str) -> Option<String> {
    let url = platform::values::web_url(website)?;
    let host = url.host_str()?.trim_start_matches("www.").to_lowercase();
    (!host.is_empty()).then_some(host)
}

/// The account's domain: as it is known, or that of its website.
pub fn account_domain(account: &Map<String, Value>) -> Option<String> {
    let text = |name: &str| account.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    text("domain").map(str::to_owned).or_else(|| domain(text("website")?))
}

/// The input that is missing.
pub fn missing(what: &str) -> Failure {
    Failure::lasting("missing_input", format!("The record has no {what}, which the question needs."))
}
