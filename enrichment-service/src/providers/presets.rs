//! Presets: configurations of kind `http` that are ready but for their credentials.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// One preset.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Preset {
    /// Its key.
    pub key: &'static str,
    /// Name of the vendor.
    pub name: &'static str,
    /// Its use.
    pub about: &'static str,
    /// Names of the credentials that it needs.
    pub credentials: Vec<&'static str>,
    /// The kind of the provider.
    pub kind: &'static str,
    /// The configuration.
    #[schema(value_type = Object)]
    pub config: Value,
}

/// Every preset.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PresetsView {
    /// The presets.
    pub results: Vec<Preset>,
}

/// All of them.
pub fn all() -> PresetsView {
    PresetsView { results: vec![gleif(), companies_house(), github(), people_data_labs(), hunter()] }
}

fn preset(
    key: &'static str,
    name: &'static str,
    about: &'static str,
    credentials: &[&'static str],
    config: Value,
) -> Preset {
    Preset { key, name, about, credentials: credentials.to_vec(), kind: "http", config }
}

fn gleif() -> Preset {
    preset(
        "gleif",
        "GLEIF",
        "The register of legal entity identifiers: seat and legal form of companies. Free, without credentials.",
        &[],
        json!({
            "url": "https://api.gleif.org/api/v1/lei-records?filter[entity.legalName]={{account.name}}&page[size]=1",
            "headers": { "Accept": "application/vnd.api+json" },
            "covers": ["COMPANY_INFO"],
            "found_when": "$.data[0].attributes.entity",
            "fields": {
                "location": { "path": "$.data[0].attributes.entity.legalAddress.city", "confidence": 0.6 },
                "company_type": { "path": "$.data[0].attributes.entity.category", "confidence": 0.6 },
            },
        }),
    )
}

fn companies_house() -> Preset {
    preset(
        "companies_house",
        "Companies House",
        "The register of companies of the United Kingdom. `basic` is the API key and a colon in base64.",
        &["basic"],
        json!({
            "url": "https://api.company-information.service.gov.uk/search/companies?q={{account.name}}&items_per_page=1",
            "headers": { "Authorization": "Basic {{credentials.basic}}" },
            "covers": ["COMPANY_INFO"],
            "found_when": "$.items[0].company_number",
            "fields": {
                "location": { "path": "$.items[0].address_snippet", "confidence": 0.6 },
                "company_type": { "path": "$.items[0].company_type", "confidence": 0.6 },
            },
        }),
    )
}

fn github() -> Preset {
    preset(
        "github",
        "GitHub organizations",
        "What an organization says about itself, where the account's custom field `github` names it.",
        &["token"],
        json!({
            "url": "https://api.github.com/orgs/{{account.custom_fields.github}}",
            "headers": {
                "Authorization": "Bearer {{credentials.token}}", "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28", "User-Agent": "Leadstream",
            },
            "covers": ["COMPANY_INFO"],
            "found_when": "$.login",
            "fields": {
                "description": { "path": "$.description", "confidence": 0.7 },
                "location": { "path": "$.location", "confidence": 0.7 },
                "contact_email": { "path": "$.email", "confidence": 0.7 },
                "logo_url": { "path": "$.avatar_url", "confidence": 0.5 },
            },
        }),
    )
}

fn people_data_labs() -> Preset {
    preset(
        "people_data_labs",
        "People Data Labs (companies)",
        "Industry, size, year and place of companies by their domain.",
        &["api_key"],
        json!({
            "url": "https://api.peopledatalabs.com/v5/company/enrich?website={{account.domain}}",
            "headers": { "X-Api-Key": "{{credentials.api_key}}" },
            "covers": ["COMPANY_INFO"],
            "found_when": "$.likelihood",
            "fields": {
                "industry": { "path": "$.industry", "confidence": 0.8 },
                "employee_count": { "path": "$.employee_count", "confidence": 0.8 },
                "founded_year": { "path": "$.founded", "confidence": 0.8 },
                "location": { "path": "$.location.name", "confidence": 0.8 },
                "description": { "path": "$.summary", "confidence": 0.8 },
            },
        }),
    )
}

fn hunter() -> Preset {
    preset(
        "hunter_email_finder",
        "Hunter (e-mail finder)",
        "The e-mail address of a person by name and domain. 403 means asked too often there, 429 used up.",
        &["api_key"],
        json!({
            "url": "https://api.hunter.io/v2/email-finder?domain={{account.domain}}&first_name={{lead.first_name}}&last_name={{lead.last_name}}",
            "headers": { "X-API-KEY": "{{credentials.api_key}}" },
            "covers": ["LEAD_INFO"],
            "found_when": "$.data.email",
            "fields": {
                "email": { "path": "$.data.email", "confidence": "$.data.score" },
                "role_title": { "path": "$.data.position", "confidence": 0.7 },
            },
            "dialect": { "throttled": [403], "out_of_credit": [429], "auth": [401] },
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::http::config::HttpConfig;

    #[test]
    fn every_preset_is_a_sound_configuration() {
        let presets = all().results;
        assert!(presets.len() >= 5);
        for preset in presets {
            assert!(
                HttpConfig::parse(&preset.config).is_ok(),
                "{}: {:?}",
                preset.key,
                HttpConfig::parse(&preset.config)
            );
        }
    }
}
