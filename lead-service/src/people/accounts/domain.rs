//! Validation of accounts, and fields that enrichment may fill.

use contracts::{
    internal::enrichments::{EnrichmentType, StartedJob},
    write::{FilledField, FoundFields},
};
use diesel::{AsChangeset, Insertable};
use platform::{http::body, values};
use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::api::{AccountView, WriteAccount};
use crate::{schema::accounts, text};

/// The fields of an account that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = accounts, treat_none_as_null = true)]
pub struct AccountFields {
    name: String,
    name_key: String,
    /// The product it may buy.
    pub product_id: Option<Uuid>,
    website: Option<String>,
    linkedin_url: Option<String>,
    industry: Option<String>,
    location: Option<String>,
    employee_count: Option<i32>,
    company_type: Option<String>,
    founded_year: Option<i32>,
    description: Option<String>,
    logo_url: Option<String>,
    contact_email: Option<String>,
    contact_phone: Option<String>,
    customers: Vec<String>,
    competitors: Vec<String>,
    social_links: Option<Value>,
    technologies: Option<Value>,
    full_technology_profile: Option<Value>,
    funding_details: Option<Value>,
    custom_fields: Option<Value>,
    settings: Option<Value>,
}

/// A company's name as people compare it: without case, accents, spaces and punctuation.
pub fn name_key(name: &str) -> String {
    let is_part = |c: &char| c.is_alphanumeric() || matches!(c, '+' | '&' | '#');
    let folded: String = name.nfkd().filter(is_part).flat_map(char::to_lowercase).collect();
    let folded = folded.replace('ß', "ss").replace('ø', "o").replace('æ', "ae").replace('ł', "l");
    if folded.is_empty() { name.trim().to_lowercase() } else { folded }
}

impl From<WriteAccount> for AccountFields {
    /// Writes addresses canonically. The schema of [`WriteAccount`] has seen to the rest.
    fn from(write: WriteAccount) -> Self {
        let url = |text: Option<String>| text.as_deref().and_then(values::web_url).map(String::from);
        Self {
            name: values::composed(write.name.trim()).into_owned(),
            name_key: name_key(&write.name),
            product_id: write.product_id,
            website: url(write.website),
            linkedin_url: text::linkedin_url(write.linkedin_url.as_deref()),
            industry: text::composed(write.industry),
            location: text::composed(write.location),
            employee_count: write.employee_count,
            company_type: write.company_type,
            founded_year: write.founded_year,
            description: text::composed(write.description),
            logo_url: url(write.logo_url),
            contact_email: write.contact_email.as_deref().and_then(values::email),
            contact_phone: write.contact_phone.map(|text| values::phone(&text, None).unwrap_or(text)),
            customers: write.customers,
            competitors: write.competitors,
            social_links: write.social_links,
            technologies: write.technologies,
            full_technology_profile: write.full_technology_profile,
            funding_details: write.funding_details,
            custom_fields: write.custom_fields,
            settings: write.settings,
        }
    }
}

/// The enrichments that a new account starts.
pub fn started_jobs() -> Vec<StartedJob> {
    [EnrichmentType::CompanyInfo, EnrichmentType::GenerateLeads]
        .into_iter()
        .map(|kind| StartedJob { kind, job_id: Uuid::now_v7() })
        .collect()
}

/// Fields that sources may fill.
const FILLABLE: &[&str] = &[
    "linkedin_url",
    "industry",
    "location",
    "employee_count",
    "company_type",
    "founded_year",
    "description",
    "logo_url",
    "contact_email",
    "contact_phone",
    "social_links",
    "technologies",
    "full_technology_profile",
    "funding_details",
];

/// The account with what was found written where nothing stood, and which fields that were.
///
/// A found value that would not be accepted from a person is left out: a page's word is no better than a form's.
pub fn filled(account: &AccountView, found: &FoundFields) -> Option<(WriteAccount, Vec<FilledField>)> {
    let schema = body::compiled::<WriteAccount>();
    let Ok(Value::Object(mut members)) = serde_json::to_value(account) else { return None };
    members.retain(|name, _| schema.member(name).is_some());
    let mut filled = Vec::new();
    for name in FILLABLE {
        let Some(value) = found.0.get(*name).filter(|value| !is_empty(value)) else { continue };
        let previous = members.get(*name).cloned().unwrap_or_default();
        if !is_empty(&previous) {
            continue;
        }
        let mut candidate: Map<String, Value> = members.clone();
        candidate.insert((*name).to_owned(), value.clone());
        if body::decode::<WriteAccount>(Value::Object(candidate.clone())).is_ok() {
            members = candidate;
            filled.push(FilledField { field: (*name).to_owned(), value: value.clone(), previous });
        }
    }
    let write = body::decode(Value::Object(members)).ok()?;
    Some((write, filled))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_of_one_company_have_one_key() {
        for (one, other) in
            [("Acme", " ACME "), ("Acme, Inc.", "acme inc"), ("Café Groß", "CAFE GROSS"), ("AT&T", "AT & T")]
        {
            assert_eq!(name_key(one), name_key(other), "{one} {other}");
        }
        assert_ne!(name_key("A+"), name_key("A"));
        assert_eq!(name_key("???"), "???");
    }
}
