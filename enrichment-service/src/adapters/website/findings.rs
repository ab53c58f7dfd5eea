//! A page's statements as fields of an account, the most trustworthy for each.

use platform::egress::Response;
use serde_json::{Map, Value};
use url::Url;

use super::{address, links, organization::Organization, page::Page, technologies, text};
use crate::adapters::Finding;

/// Said for machines, about the organization.
const JSON_LD: f64 = 0.95;
/// Said for social networks, about the page.
const OPEN_GRAPH: f64 = 0.8;
/// A link that people follow.
const LINK: f64 = 0.8;
/// Said for search engines, about the page.
const META: f64 = 0.7;
/// Concluded from a pattern.
const PATTERN: f64 = 0.6;

/// Findings by field. What is offered first stays unless something surer comes.
#[derive(Default)]
struct Offers(Vec<Finding>);

impl Offers {
    fn offer(&mut self, field: &'static str, confidence: f64, value: Option<impl Into<Value>>) {
        let Some(value) = value.map(Into::into) else { return };
        match self.0.iter_mut().find(|known| known.field == field) {
            Some(known) if known.confidence >= confidence => {}
            Some(known) => *known = Finding { field: field.into(), value, confidence },
            None => self.0.push(Finding { field: field.into(), value, confidence }),
        }
    }
}

/// What the page says about the account.
pub(super) fn gather(
    page: &Page,
    organization: Option<&Organization>,
    url: &Url,
    response: &Response,
    source: &str,
) -> Vec<Finding> {
    let mut offers = Offers::default();
    if let Some(organization) = organization {
        offer_organization(&mut offers, organization, url);
    }
    offer_page(&mut offers, page, url);
    offer_links(&mut offers, page, organization, url);
    let country = organization.and_then(Organization::country);
    offers.offer("contact_email", LINK, address::contact_email(url, &page.anchors));
    offers.offer("contact_phone", LINK, address::contact_phone(&page.anchors, country.as_deref()));
    let found = technologies::find(page, response, source);
    if !found.is_empty() {
        let names: Vec<Value> = found.iter().map(|technology| technology.name.into()).collect();
        offers.offer("technologies", PATTERN, Some(Value::Array(names)));
        offers.offer("full_technology_profile", PATTERN, Some(technologies::profile(&found)));
    }
    offers.0
}

fn offer_organization(offers: &mut Offers, organization: &Organization, url: &Url) {
    let logo = organization.text("logo", 2_000).or_else(|| organization.text("image", 2_000));
    offers.offer("description", JSON_LD, organization.text("description", 2_000));
    offers.offer("founded_year", JSON_LD, organization.founded_year());
    offers.offer("employee_count", JSON_LD, organization.employee_count());
    offers.offer("location", JSON_LD, organization.location());
    offers.offer("industry", JSON_LD, organization.industry());
    offers.offer("company_type", JSON_LD, organization.kind());
    offers.offer("logo_url", JSON_LD, logo.and_then(|logo| address::resolve(url, &logo)));
    offers.offer("contact_email", JSON_LD, organization.email());
    offers.offer("contact_phone", JSON_LD, organization.phone());
}

fn offer_page(offers: &mut Offers, page: &Page, url: &Url) {
    let sentence = |text: &str| Some(text::clean(text, 2_000)).filter(|text| !text.is_empty());
    let icon = page.links.iter().find(|(relation, _)| relation.contains("apple-touch-icon"));
    offers.offer("description", OPEN_GRAPH, page.meta("og:description").and_then(sentence));
    offers.offer("description", META, page.meta("description").and_then(sentence));
    // A page that says nothing else says at least what it is called.
    offers.offer(
        "description",
        PATTERN,
        page.meta("og:title").and_then(sentence).or_else(|| sentence(&page.title)),
    );
    offers.offer(
        "logo_url",
        OPEN_GRAPH,
        page.meta("og:image").and_then(|image| address::resolve(url, image)),
    );
    offers.offer("logo_url", LINK, icon.and_then(|(_, href)| address::resolve(url, href)));
}

fn offer_links(offers: &mut Offers, page: &Page, organization: Option<&Organization>, url: &Url) {
    let mut profiles = Map::new();
    let same_as = organization.map(Organization::same_as).unwrap_or_default();
    let from_same_as = same_as.iter().map(|address| (address, JSON_LD));
    let from_links = page.anchors.iter().map(|address| (address, LINK));
    for (address, confidence) in from_same_as.chain(from_links) {
        let Some((network, profile)) = links::profile(url, address) else { continue };
        if network == "linkedin" {
            offers.offer("linkedin_url", confidence, Some(profile.clone()));
        }
        profiles.entry(network).or_insert(Value::String(profile));
    }
    if !profiles.is_empty() {
        offers.offer("social_links", LINK, Some(Value::Object(profiles)));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::adapters::website::organization;

    fn findings(html: &str) -> Vec<Finding> {
        let url: Url = "https://acme.example/".parse().unwrap();
        let page = Page::read(html, Duration::from_secs(2));
        let organization = organization::find(&page.json_ld, &url);
        let response = Response {
            status: reqwest::StatusCode::OK,
            final_url: url.clone(),
            headers: Default::default(),
            body: Default::default(),
        };
        gather(&page, organization.as_ref(), &url, &response, html)
    }

    fn of(found: &[Finding], field: &str) -> Option<(Value, f64)> {
        found
            .iter()
            .find(|finding| finding.field == field)
            .map(|finding| (finding.value.clone(), finding.confidence))
    }

    const DESCRIBED: &str =
        "<title>Acme</title><meta name=description content=Meta><meta property=og:description content=Graph>";

    #[test]
    fn the_surest_statement_of_a_field_is_taken() {
        let all = format!(
            "{DESCRIBED}<script type=application/ld+json>{{\"@type\":\"Organization\",\"description\":\"Ld\"}}</script>"
        );
        assert_eq!(of(&findings(&all), "description"), Some((json!("Ld"), JSON_LD)));
        assert_eq!(of(&findings(DESCRIBED), "description"), Some((json!("Graph"), OPEN_GRAPH)));
        let meta = "<title>Acme</title><meta name=description content=Meta>";
        assert_eq!(of(&findings(meta), "description"), Some((json!("Meta"), META)));
        assert_eq!(
            of(&findings("<title> Acme \n Rockets</title>"), "description"),
            Some((json!("Acme Rockets"), PATTERN))
        );
    }

    #[test]
    fn profiles_of_same_as_come_before_links() {
        let html = r#"<a href="https://linkedin.com/company/partner"><a href="https://x.com/acme">
            <script type="application/ld+json">{"@type": "Organization", "sameAs": "https://www.linkedin.com/company/acme"}</script>"#;
        let found = findings(html);
        assert_eq!(
            of(&found, "linkedin_url"),
            Some((json!("https://www.linkedin.com/company/acme"), JSON_LD))
        );
        let links = json!({ "linkedin": "https://www.linkedin.com/company/acme", "x": "https://x.com/acme" });
        assert_eq!(of(&found, "social_links"), Some((links, LINK)));
    }

    #[test]
    fn a_page_that_says_nothing_gives_nothing() {
        assert!(findings("<html><body><p>Hello</p></body></html>").is_empty());
    }

    #[test]
    fn statements_of_wrong_types_are_passed_over() {
        let ld = json!({ "@type": "Organization", "description": { "a": 1 }, "foundingDate": [], "numberOfEmployees": true,
            "address": 7, "sameAs": { "x": [] }, "industry": null, "logo": [[["x"]]], "email": {}, "telephone": -1,
            "contactPoint": "call us" });
        let found = findings(&format!("<script type='application/ld+json'>{ld}</script>"));
        let fields: Vec<&str> = found.iter().map(|finding| &*finding.field).collect();
        assert_eq!(fields, ["location"], "{found:?}");
    }
}
