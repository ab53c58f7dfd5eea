//! People Data Labs: company and person enrichment.

use contracts::internal::enrichments::EnrichmentType;
use futures::FutureExt;
use platform::egress::{Egress, Request};
use serde_json::Value;

use super::{account_domain, address, api_key, apollo::dialect_of, bounded, finding, missing};
use crate::adapters::{
    Adapter, Failure, Finding, Outcome, Prepared, Question, Setup,
    dialect::Dialect,
    http::{exchange, hit},
};

/// Where People Data Labs is.
pub const BASE: &str = "https://api.peopledatalabs.com";
const NAME: &str = "People Data Labs";

/// Asks People Data Labs.
pub struct Pdl {
    egress: Egress,
}

impl Pdl {
    /// Asks through this client.
    pub fn new(egress: Egress) -> Self {
        Self { egress }
    }
}

impl Adapter for Pdl {
    fn covers(&self, _: &Setup) -> Vec<EnrichmentType> {
        vec![EnrichmentType::CompanyInfo, EnrichmentType::LeadInfo]
    }

    fn prepare<'a>(&'a self, setup: &'a Setup, question: &'a Question) -> Result<Prepared<'a>, Failure> {
        let key = api_key(setup)?;
        let is_person = question.kind == Some(EnrichmentType::LeadInfo);
        let url = if is_person { person(setup, question)? } else { company(setup, question)? };
        let asked = url.split_once("/v5/").map_or(url.as_str(), |(_, asked)| asked).to_owned();
        let request = bounded(Request::get(url), setup).header("x-api-key", key);
        let work = async move {
            let dialect = Dialect::usual().with(dialect_of(setup));
            let read =
                |document: &Value| if is_person { read_person(document) } else { read_company(document) };
            exchange(&self.egress, request, setup, &dialect, NAME, read).await
        };
        Ok(Prepared { key: asked, work: work.boxed() })
    }
}

fn company(setup: &Setup, question: &Question) -> Result<String, Failure> {
    let domain = account_domain(&question.account);
    let name = question.account_text("name");
    if domain.is_none() && name.is_none() {
        return Err(missing("website or name"));
    }
    let parameters =
        [("website", domain.as_deref()), ("name", name), ("profile", question.account_text("linkedin_url"))];
    Ok(address(setup, BASE, "/v5/company/enrich", &parameters))
}

fn person(setup: &Setup, question: &Question) -> Result<String, Failure> {
    let text = |name: &str| question.lead_text(name);
    let domain = account_domain(&question.account);
    let company = domain.as_deref().or(text("company_name"));
    let is_named = text("first_name").is_some() && text("last_name").is_some() && company.is_some();
    if text("email").is_none() && text("linkedin_url").is_none() && text("phone").is_none() && !is_named {
        return Err(missing("e-mail address, phone, LinkedIn profile, or name with a company"));
    }
    let parameters = [
        ("email", text("email")),
        ("phone", text("phone")),
        ("profile", text("linkedin_url")),
        ("first_name", text("first_name")),
        ("last_name", text("last_name")),
        ("company", company),
    ];
    Ok(address(setup, BASE, "/v5/person/enrich", &parameters))
}

/// From 1 to 10.
fn likelihood(document: &Value) -> f64 {
    document.get("likelihood").and_then(Value::as_f64).map_or(0.5, |likelihood| likelihood / 10.0)
}

/// A company's fields stand beside its likelihood.
fn read_company(document: &Value) -> Outcome {
    let sure = likelihood(document);
    let linkedin = document.get("linkedin_url").and_then(Value::as_str).map(with_scheme);
    let fields: Vec<Finding> = [
        finding("industry", document.get("industry"), sure),
        finding("employee_count", document.get("employee_count"), sure),
        finding("founded_year", document.get("founded"), sure),
        finding("location", document.pointer("/location/name"), sure),
        finding("description", document.get("summary"), sure),
        finding("company_type", document.get("type"), sure),
        finding("linkedin_url", linkedin.as_ref(), sure),
        finding("technologies", document.get("tags"), sure * 0.5),
    ]
    .into_iter()
    .flatten()
    .collect();
    hit(fields, NAME.to_owned())
}

/// A person's fields stand below `data`.
fn read_person(document: &Value) -> Outcome {
    let sure = likelihood(document);
    let Some(data) = document.get("data").filter(|data| data.is_object()) else { return Outcome::Miss };
    let emails = data.get("emails").and_then(Value::as_array);
    let listed =
        emails.and_then(|emails| emails.iter().find_map(|email| email.get("address").or(Some(email))));
    let email =
        data.get("work_email").filter(|email| email.is_string()).or(listed).filter(|email| email.is_string());
    let linkedin = data.get("linkedin_url").and_then(Value::as_str).map(with_scheme);
    let phone = data.get("mobile_phone").filter(|phone| phone.is_string());
    let fields: Vec<Finding> = [
        finding("email", email, sure),
        finding("phone", phone.or_else(|| data.pointer("/phone_numbers/0")), sure),
        finding("role_title", data.get("job_title"), sure),
        finding("company_name", data.get("job_company_name"), sure),
        finding("linkedin_url", linkedin.as_ref(), sure),
    ]
    .into_iter()
    .flatten()
    .collect();
    hit(fields, NAME.to_owned())
}

fn with_scheme(address: &str) -> Value {
    let address = address.trim();
    if address.is_empty() || address.contains("://") {
        address.into()
    } else {
        format!("https://{address}").into()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::adapters::Hit;

    #[test]
    fn an_unlikely_person_is_unsure() {
        let answer = json!({ "status": 200, "likelihood": 2, "data": { "work_email": "a@x.example", "job_title": "CTO" } });
        let Outcome::Hit(Hit::Fields(found)) = read_person(&answer) else { panic!("nothing was found") };
        assert!(found.fields.iter().all(|finding| (finding.confidence - 0.2).abs() < 1e-9), "{found:?}");
    }

    #[test]
    fn a_companys_fields_stand_at_the_top() {
        let answer = json!({ "likelihood": 9, "industry": "aerospace", "founded": 1998, "linkedin_url": "linkedin.com/company/acme" });
        let Outcome::Hit(Hit::Fields(found)) = read_company(&answer) else { panic!("nothing was found") };
        let linkedin = found.fields.iter().find(|finding| finding.field == "linkedin_url").unwrap();
        assert_eq!(linkedin.value, "https://linkedin.com/company/acme");
    }
}
