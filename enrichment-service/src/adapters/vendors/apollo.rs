//! Apollo: organization enrichment, people match and people search.

use contracts::internal::enrichments::EnrichmentType;
use futures::FutureExt;
use platform::egress::{Egress, Request};
use serde_json::{Map, Value, json};

use super::{account_domain, address, api_key, bounded, finding, missing};
use crate::adapters::{
    Adapter, Failure, Finding, Hit, Outcome, People, Prepared, Question, Setup,
    dialect::Dialect,
    http::{exchange, hit},
};

/// Where Apollo is.
pub const BASE: &str = "https://api.apollo.io";
const NAME: &str = "Apollo";
/// Confidence of its fields.
const SURE: f64 = 0.8;
/// The placeholder of Apollo for an address that has to be paid for first.
const PLACEHOLDERS: [&str; 2] = ["email_not_unlocked@", "domain.com"];

/// Asks Apollo.
pub struct Apollo {
    egress: Egress,
}

impl Apollo {
    /// Asks through this client.
    pub fn new(egress: Egress) -> Self {
        Self { egress }
    }
}

impl Adapter for Apollo {
    fn covers(&self, _: &Setup) -> Vec<EnrichmentType> {
        vec![EnrichmentType::CompanyInfo, EnrichmentType::LeadInfo, EnrichmentType::GenerateLeads]
    }

    fn prepare<'a>(&'a self, setup: &'a Setup, question: &'a Question) -> Result<Prepared<'a>, Failure> {
        let key = api_key(setup)?;
        let kind = question.kind.unwrap_or(EnrichmentType::CompanyInfo);
        let (request, asked) = match kind {
            EnrichmentType::LeadInfo => person(setup, question)?,
            EnrichmentType::GenerateLeads => people(setup, question)?,
            _ => organization(setup, question)?,
        };
        let request = bounded(request, setup).header("x-api-key", key).header("cache-control", "no-cache");
        let work = async move {
            let dialect = Dialect::usual().with(dialect_of(setup));
            let read = |document: &Value| match kind {
                EnrichmentType::LeadInfo => read_person(document),
                EnrichmentType::GenerateLeads => read_people(document),
                _ => read_organization(document),
            };
            exchange(&self.egress, request, setup, &dialect, NAME, read).await
        };
        Ok(Prepared { key: asked, work: work.boxed() })
    }
}

/// The dialect that the configuration says.
pub fn dialect_of(setup: &Setup) -> Option<Dialect> {
    serde_json::from_value(setup.config.get("dialect")?.clone()).ok()
}

fn organization(setup: &Setup, question: &Question) -> Result<(Request, String), Failure> {
    let domain = account_domain(&question.account).ok_or_else(|| missing("website"))?;
    let url = address(setup, BASE, "/api/v1/organizations/enrich", &[("domain", Some(&domain))]);
    Ok((Request::get(url), format!("organization {domain}")))
}

fn person(setup: &Setup, question: &Question) -> Result<(Request, String), Failure> {
    let text = |name: &str| question.lead_text(name);
    let domain = account_domain(&question.account);
    let is_named = text("first_name").is_some() && text("last_name").is_some();
    let has_company = domain.is_some() || text("company_name").is_some();
    if text("email").is_none() && text("linkedin_url").is_none() && !(is_named && has_company) {
        return Err(missing("e-mail address, LinkedIn profile, or name with a company"));
    }
    let parameters = [
        ("email", text("email")),
        ("first_name", text("first_name")),
        ("last_name", text("last_name")),
        ("organization_name", text("company_name")),
        ("domain", domain.as_deref()),
        ("linkedin_url", text("linkedin_url")),
    ];
    let url = address(setup, BASE, "/api/v1/people/match", &parameters);
    let asked = format!("person {}", url.split('?').nth(1).unwrap_or_default());
    Ok((Request::post(url, ""), asked))
}

fn people(setup: &Setup, question: &Question) -> Result<(Request, String), Failure> {
    let domain = account_domain(&question.account).ok_or_else(|| missing("website"))?;
    let list = |name: &str| question.job.get(name).cloned().unwrap_or_else(|| json!([]));
    let body = json!({
        "q_organization_domains_list": [domain],
        "person_titles": list("titles"),
        "q_keywords": question.job.get("keywords").cloned().unwrap_or_default(),
        "page": question.page(),
        "per_page": question.job.get("page_size").and_then(Value::as_u64).unwrap_or(25),
    });
    let url = address(setup, BASE, "/api/v1/mixed_people/search", &[]);
    let asked = format!("people {body}");
    Ok((Request::post(url, body.to_string()).header("content-type", "application/json"), asked))
}

fn read_organization(document: &Value) -> Outcome {
    let Some(found) = document.get("organization").filter(|found| found.is_object()) else {
        return Outcome::Miss;
    };
    let location = found.get("raw_address").filter(|text| text.is_string());
    let fields: Vec<Finding> = [
        finding("industry", found.get("industry"), SURE),
        finding("employee_count", found.get("estimated_num_employees"), SURE),
        finding("founded_year", found.get("founded_year"), SURE),
        finding("location", location, SURE),
        finding("description", found.get("short_description"), SURE),
        finding("linkedin_url", found.get("linkedin_url"), SURE),
        finding("logo_url", found.get("logo_url"), SURE),
        finding("contact_phone", found.get("phone"), SURE),
        finding("technologies", found.get("technology_names"), SURE),
        finding("funding_details", funding(found).as_ref(), SURE),
    ]
    .into_iter()
    .flatten()
    .collect();
    hit(fields, NAME.to_owned())
}

fn funding(found: &Value) -> Option<Value> {
    let names = ["total_funding", "latest_funding_stage", "latest_funding_round_date", "annual_revenue"];
    let known: Map<String, Value> = names
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), found.get(name).filter(|value| !value.is_null())?.clone())))
        .collect();
    (!known.is_empty()).then_some(Value::Object(known))
}

/// The fields of a lead that stand in a person; a locked address is none.
fn lead_of(person: &Value) -> Map<String, Value> {
    let mut lead = Map::new();
    let mut put = |name: &str, value: Option<&Value>| {
        if let Some(value) = value.filter(|value| value.as_str().is_some_and(|text| !text.trim().is_empty()))
        {
            lead.insert(name.to_owned(), value.clone());
        }
    };
    put("first_name", person.get("first_name"));
    put("last_name", person.get("last_name"));
    put("role_title", person.get("title"));
    put("linkedin_url", person.get("linkedin_url"));
    put("email", person.get("email").filter(|email| !is_locked(email)));
    put("company_name", person.pointer("/organization/name"));
    put("phone", person.pointer("/phone_numbers/0/sanitized_number"));
    lead
}

fn is_locked(email: &Value) -> bool {
    let text = email.as_str().unwrap_or_default().to_lowercase();
    let [mailbox, domain] = PLACEHOLDERS;
    text.starts_with(mailbox) || text.ends_with(&format!("@{domain}"))
}

fn read_person(document: &Value) -> Outcome {
    let Some(person) = document.get("person").filter(|person| person.is_object()) else {
        return Outcome::Miss;
    };
    let is_verified = person.get("email_status").is_some_and(|status| status == "verified");
    let lead = lead_of(person);
    let fields: Vec<Finding> = ["email", "phone", "role_title", "linkedin_url", "company_name"]
        .into_iter()
        .filter_map(|name| {
            let sure = if name == "email" { if is_verified { 0.95 } else { 0.6 } } else { SURE };
            finding(name, lead.get(name), sure)
        })
        .collect();
    hit(fields, NAME.to_owned())
}

fn read_people(document: &Value) -> Outcome {
    let listed = ["people", "contacts"].into_iter().filter_map(|name| document.get(name)?.as_array());
    let people: Vec<_> = listed.flatten().map(lead_of).filter(|lead| !lead.is_empty()).collect();
    let number = |name: &str| document.pointer(&format!("/pagination/{name}")).and_then(Value::as_u64);
    let more = number("page").zip(number("total_pages")).is_some_and(|(page, total)| page < total);
    if people.is_empty() { Outcome::Miss } else { Outcome::Hit(Hit::People(People { people, more })) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_address_is_no_address() {
        for email in ["email_not_unlocked@domain.com", "Email_Not_Unlocked@acme.example", "x@domain.com"] {
            let lead = lead_of(&json!({ "first_name": "Ada", "email": email }));
            assert_eq!(lead.get("email"), None, "{email}");
        }
        let lead = lead_of(&json!({ "first_name": "Ada", "email": "ada@acme.example", "title": "CTO" }));
        assert_eq!(
            json!(lead),
            json!({ "first_name": "Ada", "email": "ada@acme.example", "role_title": "CTO" })
        );
    }

    #[test]
    fn an_empty_person_is_a_miss_though_the_status_is_200() {
        assert!(matches!(read_person(&json!({ "person": null })), Outcome::Miss));
        assert!(matches!(read_person(&json!({ "person": {} })), Outcome::Miss));
        assert!(matches!(read_organization(&json!({})), Outcome::Miss));
    }
}
