//! The organization that a page's JSON-LD describes.

use chrono::{Datelike, Utc};
use platform::values;
use serde_json::{Map, Value};
use url::Url;

use super::{address, json_ld};

/// Types of schema.org that are kinds of organization and do not say so in their names.
const KINDS: &[&str] = &[
    "Airline",
    "AutoDealer",
    "Brewery",
    "Campground",
    "CollegeOrUniversity",
    "Consortium",
    "Cooperative",
    "Corporation",
    "Dentist",
    "FinancialService",
    "Hospital",
    "Hotel",
    "InsuranceAgency",
    "LegalService",
    "Library",
    "MedicalClinic",
    "Museum",
    "NGO",
    "Pharmacy",
    "Physician",
    "ProfessionalService",
    "RealEstateAgent",
    "Restaurant",
    "School",
    "TravelAgency",
];

/// An organization as its page describes it.
#[derive(Debug)]
pub(super) struct Organization(Map<String, Value>);

/// The organization that the page is most likely about: on the page's own host rather than another, with more said
/// about it rather than less, outer rather than inner.
pub(super) fn find(blocks: &[String], page: &Url) -> Option<Organization> {
    let known = [
        "description",
        "foundingDate",
        "numberOfEmployees",
        "address",
        "sameAs",
        "industry",
        "naics",
        "logo",
        "email",
        "telephone",
        "contactPoint",
        "name",
        "legalName",
    ];
    let parsed = json_ld::parse(blocks);
    let mut best: Option<(usize, &Map<String, Value>)> = None;
    for object in json_ld::objects(&parsed) {
        if !json_ld::types(object).iter().any(|kind| is_organization(kind)) {
            continue;
        }
        let own = json_ld::text(object.get("url"), 2_000).is_some_and(|url| address::same_site(page, &url));
        let weight =
            known.iter().filter(|name| object.contains_key(**name)).count() + if own { 100 } else { 0 };
        if best.as_ref().is_none_or(|(heaviest, _)| weight > *heaviest) {
            best = Some((weight, object));
        }
    }
    best.map(|(_, object)| Organization(object.clone()))
}

fn is_organization(kind: &str) -> bool {
    ["Organization", "Business", "Store"].iter().any(|ending| kind.ends_with(ending)) || KINDS.contains(&kind)
}

impl Organization {
    /// A text of it.
    pub(super) fn text(&self, name: &str, length: usize) -> Option<String> {
        json_ld::text(self.0.get(name), length)
    }

    /// Its other pages.
    pub(super) fn same_as(&self) -> Vec<String> {
        json_ld::values(self.0.get("sameAs"))
            .into_iter()
            .filter_map(|value| json_ld::text(Some(value), 2_000))
            .collect()
    }

    /// The year it was founded, from a year or a date, if it lies between 1000 and now.
    pub(super) fn founded_year(&self) -> Option<i32> {
        let text = self.text("foundingDate", 40)?;
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        let year = if digits.len() == 4 { digits.parse().ok() } else { last_number(&text) }?;
        (1_000..=Utc::now().year()).contains(&year).then_some(year)
    }

    /// How many people work there; of a range, its lower end: so many there are for sure.
    pub(super) fn employee_count(&self) -> Option<i32> {
        let count = employees(json_ld::values(self.0.get("numberOfEmployees")).into_iter().next()?)?;
        i32::try_from(count).ok().filter(|count| (1..=20_000_000).contains(count))
    }

    /// Where it is: locality, region, country.
    pub(super) fn location(&self) -> Option<String> {
        let places = json_ld::values(self.0.get("address").or_else(|| self.0.get("location")));
        places.into_iter().find_map(place)
    }

    /// Two-letter code of its country.
    pub(super) fn country(&self) -> Option<String> {
        let address = json_ld::values(self.0.get("address")).into_iter().find_map(Value::as_object)?;
        let country = json_ld::text(address.get("addressCountry"), 60)?;
        (country.len() == 2).then(|| country.to_uppercase())
    }

    /// Its industry in words, or its code in the North American classification.
    pub(super) fn industry(&self) -> Option<String> {
        self.text("industry", 255).or_else(|| Some(format!("NAICS {}", self.text("naics", 20)?)))
    }

    /// What kind of organization it is, where its type says more than that it is one.
    pub(super) fn kind(&self) -> Option<&'static str> {
        let types = json_ld::types(&self.0);
        let kinds = [
            ("Corporation", "Corporation"),
            ("NGO", "Nonprofit"),
            ("GovernmentOrganization", "Government"),
            ("EducationalOrganization", "Educational institution"),
            ("CollegeOrUniversity", "Educational institution"),
            ("School", "Educational institution"),
            ("Cooperative", "Cooperative"),
            ("LocalBusiness", "Local business"),
        ];
        kinds.iter().find(|(name, _)| types.contains(name)).map(|(_, kind)| *kind)
    }

    /// A mail address.
    pub(super) fn email(&self) -> Option<String> {
        self.contact("email").find_map(|text| address::email(&text))
    }

    /// A phone number in E.164.
    pub(super) fn phone(&self) -> Option<String> {
        let country = self.country();
        self.contact("telephone").find_map(|text| values::phone(&text, country.as_deref()))
    }

    /// What is said of it, then of its contact points.
    fn contact(&self, name: &'static str) -> impl Iterator<Item = String> {
        let points = json_ld::values(self.0.get("contactPoint")).into_iter().filter_map(Value::as_object);
        let all =
            std::iter::once(&self.0).chain(points).flat_map(move |object| json_ld::values(object.get(name)));
        all.filter_map(|value| json_ld::text(Some(value), 255))
    }
}

fn last_number(text: &str) -> Option<i32> {
    text.rsplit(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 4)?.parse().ok()
}

fn employees(value: &Value) -> Option<i64> {
    match value {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "people come in whole numbers; the range is checked later"
        )]
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|number| number as i64)),
        Value::String(text) => first_number(text),
        Value::Object(members) => {
            ["value", "minValue", "maxValue"].iter().find_map(|name| employees(members.get(*name)?))
        }
        _ => None,
    }
}

/// `1,200`, `51-200`, `10.000+`, `about 70`.
fn first_number(text: &str) -> Option<i64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let mut digits = String::new();
    let mut rest = text.get(start..)?.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '0'..='9' => digits.push(c),
            ',' | '.' | '\'' | '\u{a0}' | ' ' if is_thousands(rest.clone()) => {}
            _ => break,
        }
    }
    digits.parse().ok()
}

/// Whether exactly three digits follow.
fn is_thousands(rest: impl Iterator<Item = char>) -> bool {
    rest.take_while(char::is_ascii_digit).take(4).count() == 3
}

fn place(value: &Value) -> Option<String> {
    let Value::Object(members) = value else { return json_ld::text(Some(value), 255) };
    if let Some(address) = members.get("address") {
        return place(json_ld::values(Some(address)).into_iter().next()?);
    }
    let mut parts: Vec<String> = Vec::new();
    for name in ["addressLocality", "addressRegion", "addressCountry"] {
        let part = json_ld::text(members.get(name), 80).filter(|part| !parts.contains(part));
        parts.extend(part);
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn organization(members: Value) -> Organization {
        match members {
            Value::Object(members) => Organization(members),
            other => panic!("{other} is no object"),
        }
    }

    fn found(blocks: &[Value]) -> Option<Organization> {
        let blocks: Vec<String> = blocks.iter().map(Value::to_string).collect();
        find(&blocks, &"https://www.acme.example/".parse().unwrap())
    }

    fn name(blocks: &[Value]) -> Option<String> {
        found(blocks)?.text("name", 100)
    }

    #[test]
    fn any_kind_of_organization_is_found() {
        for kind in [
            "Organization",
            "Corporation",
            "LocalBusiness",
            "HardwareStore",
            "NewsMediaOrganization",
            "NGO",
            "Restaurant",
        ] {
            assert_eq!(name(&[json!({ "@type": kind, "name": "a" })]), Some("a".into()), "{kind}");
        }
        for kind in ["Person", "WebSite", "Product", "Service"] {
            assert_eq!(name(&[json!({ "@type": kind, "name": "a" })]), None, "{kind}");
        }
    }

    #[test]
    fn the_one_on_this_site_is_taken_before_one_of_which_more_is_said() {
        let partner = json!({ "@type": "Organization", "name": "partner", "url": "https://other.example", "logo": "x",
                              "description": "x", "sameAs": ["x"] });
        let own = json!({ "@type": "WebSite", "publisher": { "@type": "Organization", "name": "own", "url": "https://acme.example" } });
        assert_eq!(name(&[partner.clone(), own]), Some("own".into()));
        assert_eq!(
            name(&[json!({ "@type": "Organization", "name": "thin" }), partner]),
            Some("partner".into())
        );
    }

    #[test]
    fn founding_dates_are_read_as_years() {
        let year = |date: Value| organization(json!({ "foundingDate": date })).founded_year();
        assert_eq!(year(json!("1998")), Some(1998));
        assert_eq!(year(json!(1998)), Some(1998));
        assert_eq!(year(json!("1998-04-01")), Some(1998));
        assert_eq!(year(json!("April 1st, 1998")), Some(1998));
        for none in [
            json!("9999"),
            json!("0001"),
            json!(-5),
            json!("soon"),
            json!({}),
            json!([]),
            json!(1e300),
            json!("19981"),
        ] {
            assert_eq!(year(none.clone()), None, "{none}");
        }
    }

    #[test]
    fn employees_are_counted_in_any_form() {
        let count = |number: Value| organization(json!({ "numberOfEmployees": number })).employee_count();
        assert_eq!(count(json!(250)), Some(250));
        assert_eq!(count(json!("1,200")), Some(1_200));
        assert_eq!(count(json!("10.000+")), Some(10_000));
        assert_eq!(count(json!("51-200")), Some(51));
        assert_eq!(count(json!({ "@type": "QuantitativeValue", "value": "70" })), Some(70));
        assert_eq!(count(json!({ "minValue": 11, "maxValue": 50 })), Some(11));
        assert_eq!(count(json!([{ "value": 5.0 }])), Some(5));
        for none in [
            json!(0),
            json!(-3),
            json!(1e300),
            json!("many"),
            json!({ "value": {} }),
            json!([[]]),
            json!("99999999999999999999"),
        ] {
            assert_eq!(count(none.clone()), None, "{none}");
        }
    }

    #[test]
    fn addresses_become_one_line() {
        let location = |address: Value| organization(json!({ "address": address })).location();
        let full = json!({ "streetAddress": "Street 1", "addressLocality": "Berlin", "addressRegion": "Berlin",
                           "addressCountry": { "@type": "Country", "name": "Germany" } });
        assert_eq!(location(full), Some("Berlin, Germany".into()));
        assert_eq!(location(json!("Main Street 1, Springfield")), Some("Main Street 1, Springfield".into()));
        assert_eq!(location(json!([{ "addressLocality": "Oslo" }])), Some("Oslo".into()));
        assert_eq!(location(json!([null, {}, []])), None);
    }

    #[test]
    fn contacts_are_found_on_it_or_on_its_contact_points() {
        let own = organization(json!({ "email": "mailto:Info@Acme.example", "telephone": "+49 30 901820" }));
        assert_eq!(
            (own.email(), own.phone()),
            (Some("info@acme.example".into()), Some("+4930901820".into()))
        );
        let point = organization(json!({
            "address": { "addressCountry": "de" },
            "contactPoint": [7, { "email": "nonsense", "telephone": "030 901820" }, { "email": "a@acme.example" }],
        }));
        assert_eq!(
            (point.email(), point.phone()),
            (Some("a@acme.example".into()), Some("+4930901820".into()))
        );
    }

    #[test]
    fn industries_and_kinds_are_said_in_words() {
        assert_eq!(organization(json!({ "industry": ["Rockets"] })).industry(), Some("Rockets".into()));
        assert_eq!(organization(json!({ "naics": 541_511 })).industry(), Some("NAICS 541511".into()));
        assert_eq!(organization(json!({ "@type": ["Organization", "NGO"] })).kind(), Some("Nonprofit"));
        assert_eq!(organization(json!({ "@type": "Organization" })).kind(), None);
    }
}
