//! Rules of waterfalls, and the fields of each type.

use contracts::{
    internal::{
        enrichments::{EnrichmentType, JobSubject},
        records::WritePolicy,
    },
    problem::FieldError,
};
use diesel::{AsChangeset, Insertable};
use platform::{Problem, text_enum, values};
use serde_json::{Value, json};

use super::api::WriteWaterfall;
use crate::{
    money::{self, Amount},
    schema::enrichment_waterfalls,
};

text_enum! {
    /// The kind of record of a waterfall.
    EntityType {
        /// Accounts.
        Account = "account",
        /// Leads.
        Lead = "lead",
    }
}

text_enum! {
    /// The type of a waterfall.
    WaterfallType {
        /// Facts about a company.
        CompanyInfo = "COMPANY_INFO",
        /// People at a company.
        GenerateLeads = "GENERATE_LEADS",
        /// Contact data and role of a person.
        LeadInfo = "LEAD_INFO",
        /// Activities of a person on LinkedIn.
        LeadLinkedinResearch = "LEAD_LINKEDIN_RESEARCH",
    }
}

text_enum! {
    /// When a field is settled.
    #[derive(Default)]
    Stop {
        /// With the first sure answer.
        #[default]
        First = "first",
        /// When several agree.
        Agree = "agree",
    }
}

text_enum! {
    /// When a value takes the place of another.
    #[derive(Default)]
    Policy {
        /// Where nothing stands.
        #[default]
        FillIfEmpty = "fill_if_empty",
        /// Always.
        Always = "always",
        /// Where it is surer.
        HigherConfidence = "higher_confidence",
        /// Where its source counts for more.
        SourceRank = "source_rank",
    }
}

/// Fields of an account that enrichment fills.
pub const ACCOUNT_FIELDS: &[&str] = &[
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
    "customers",
    "competitors",
    "recent_events",
];
/// Fields of a lead that enrichment fills.
pub const LEAD_FIELDS: &[&str] = &["email", "phone", "role_title", "linkedin_url", "company_name"];

impl EntityType {
    /// As jobs name it.
    pub fn subject(self) -> JobSubject {
        match self {
            Self::Account => JobSubject::Account,
            Self::Lead => JobSubject::Lead,
        }
    }
}

impl WaterfallType {
    /// As jobs name it.
    pub fn kind(self) -> EnrichmentType {
        match self {
            Self::CompanyInfo => EnrichmentType::CompanyInfo,
            Self::GenerateLeads => EnrichmentType::GenerateLeads,
            Self::LeadInfo => EnrichmentType::LeadInfo,
            Self::LeadLinkedinResearch => EnrichmentType::LeadLinkedinResearch,
        }
    }

    /// Its subject.
    pub fn entity(self) -> EntityType {
        match self {
            Self::CompanyInfo | Self::GenerateLeads => EntityType::Account,
            Self::LeadInfo | Self::LeadLinkedinResearch => EntityType::Lead,
        }
    }

    /// The fields that it fills.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::CompanyInfo => ACCOUNT_FIELDS,
            Self::LeadInfo => LEAD_FIELDS,
            Self::GenerateLeads | Self::LeadLinkedinResearch => &[],
        }
    }
}

impl Policy {
    /// As lead-service reads it.
    pub fn write_policy(self) -> WritePolicy {
        match self {
            Self::FillIfEmpty => WritePolicy::FillIfEmpty,
            Self::Always => WritePolicy::Always,
            Self::HigherConfidence => WritePolicy::HigherConfidence,
            Self::SourceRank => WritePolicy::SourceRank,
        }
    }
}

/// The fields of a waterfall that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = enrichment_waterfalls, treat_none_as_null = true)]
pub struct WaterfallFields {
    name: String,
    entity_type: EntityType,
    /// The findings that it is for.
    pub enrichment_type: WaterfallType,
    /// Whether it is used where none is named.
    pub is_default: bool,
    fields: Option<Vec<String>>,
    steps: Value,
    stop: Stop,
    agree: i32,
    write_policy: Policy,
    max_cost_per_record: Option<Amount>,
    max_cost_per_day: Option<Amount>,
    cache_hours: Option<i32>,
    refresh_days: Option<i32>,
}

impl WaterfallFields {
    /// Refuses what contradicts itself.
    ///
    /// # Errors
    /// 400 with every fault.
    pub fn parse(write: WriteWaterfall) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let kind = write.enrichment_type;
        if kind.entity() != write.entity_type {
            let message = format!("is about {}s", kind.entity().word());
            faults.push(FieldError::new("enrichment_type", "wrong_entity", message));
        }
        for (index, field) in write.fields.iter().flatten().enumerate() {
            if !kind.fields().contains(&field.as_str()) {
                let message =
                    format!("is not filled by {}; those are: {}", kind.word(), kind.fields().join(", "));
                faults.push(FieldError::new(format!("fields.{index}"), "unknown_field", message));
            }
        }
        for (index, step) in write.steps.iter().enumerate() {
            if write.steps.iter().take(index).any(|other| other.provider_id == step.provider_id) {
                let place = format!("steps.{index}.provider_id");
                faults.push(FieldError::new(place, "duplicate", "is asked in an earlier step"));
            }
        }
        let fields = Self {
            name: values::composed(write.name.trim()).into_owned(),
            entity_type: write.entity_type,
            enrichment_type: kind,
            is_default: write.is_default,
            fields: write.fields.filter(|fields| !fields.is_empty()),
            steps: json!(write.steps),
            stop: write.stop,
            agree: write.agree.unwrap_or(2),
            write_policy: write.write_policy,
            max_cost_per_record: money::read(
                write.max_cost_per_record.as_ref(),
                "max_cost_per_record",
                &mut faults,
            ),
            max_cost_per_day: money::read(write.max_cost_per_day.as_ref(), "max_cost_per_day", &mut faults),
            cache_hours: write.cache_hours,
            refresh_days: write.refresh_days,
        };
        if faults.is_empty() { Ok(fields) } else { Err(Problem::invalid(faults)) }
    }
}
