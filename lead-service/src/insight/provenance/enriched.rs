//! Records that enrichment writes: accounts and leads, each by the rules that hold for people.

use contracts::internal::enrichments::JobSubject;
use platform::{
    Problem,
    db::{TenantTx, Visibility},
    http::body,
};
use serde_json::{Map, Value};

use crate::{
    entities::Written,
    lead_management,
    people::{AccountView, LeadView},
};

/// A record that enrichment writes.
pub trait Enriched: Written {
    /// Its name here.
    const WORD: &'static str;
    /// Which subject of jobs it is.
    const SUBJECT: JobSubject;
    /// Fields that are filled.
    const FILLABLE: &'static [&'static str];

    /// Whether another record is of the same person once it is written so.
    async fn is_taken(&self, tx: &mut TenantTx<'_>, fields: &Self::Fields) -> Result<bool, Problem> {
        let _never_by_default = (tx, fields);
        Ok(false)
    }
}

impl Enriched for AccountView {
    const WORD: &'static str = "account";
    const SUBJECT: JobSubject = JobSubject::Account;
    const FILLABLE: &'static [&'static str] = &[
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
    ];
}

impl Enriched for LeadView {
    const WORD: &'static str = "lead";
    const SUBJECT: JobSubject = JobSubject::Lead;
    const FILLABLE: &'static [&'static str] =
        &["email", "phone", "role_title", "linkedin_url", "company_name"];

    async fn is_taken(&self, tx: &mut TenantTx<'_>, fields: &Self::Fields) -> Result<bool, Problem> {
        let is_new = self.email != fields.email
            || self.phone != fields.phone
            || self.linkedin_url != fields.linkedin_url;
        Ok(is_new && !lead_management::alike_leads(tx, fields, Some(self.id)).await?.is_empty())
    }
}

/// A record as its members.
pub fn members<E: Enriched>(record: &E) -> Result<Map<String, Value>, Problem> {
    match serde_json::to_value(record) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(Problem::internal("a record is no object")),
    }
}

/// The fields of an `E` that people write.
pub fn writable<E: Enriched>() -> Vec<String> {
    body::compiled::<E::Write>().members().map(str::to_owned).collect()
}

/// The record with one value changed, as it would be stored. Whatever a person could not write is refused.
pub fn with_value<E: Enriched>(
    written: &Map<String, Value>,
    field: &str,
    value: &Value,
) -> Result<(Map<String, Value>, E::Fields), Problem> {
    let mut members = written.clone();
    members.insert(field.to_owned(), value.clone());
    let fields = E::parse(body::decode::<E::Write>(Value::Object(members.clone()))?)?;
    Ok((members, fields))
}

/// The members that people write.
pub fn written<E: Enriched>(record: &E) -> Result<Map<String, Value>, Problem> {
    let schema = body::compiled::<E::Write>();
    let mut members = members(record)?;
    members.retain(|name, _| schema.member(name).is_some());
    Ok(members)
}

/// Saves a record with these members.
pub async fn save<E: Enriched>(
    tx: &mut TenantTx<'_>,
    before: &E,
    members: Map<String, Value>,
    visibility: &Visibility,
) -> Result<E, Problem> {
    let mut fields = E::parse(body::decode::<E::Write>(Value::Object(members))?)?;
    E::settle(tx, &mut fields, Some(before), visibility).await?;
    before.save(tx, &fields).await
}
