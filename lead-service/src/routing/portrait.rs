//! A lead as rules look at it: its own fields, what its account adds, and what forms call differently, in one row.

use platform::{
    db::value::Kind,
    http::list::{Column, Vocabulary, column},
};
use serde_json::{Map, Value};

use crate::people::{LeadEnrichmentStatus, LeadSource, LeadStatus, Persona, SuggestionStatus};

/// Campaign parameters, and what they are called in `utm`.
const CAMPAIGN: [(&str, &str); 5] = [
    ("utm_source", "source"),
    ("utm_medium", "medium"),
    ("utm_campaign", "campaign"),
    ("utm_term", "term"),
    ("utm_content", "content"),
];

const COLUMNS: &[Column] = &[
    column("account_id", Kind::Uuid),
    column("product_id", Kind::Uuid),
    column("first_name", Kind::Text),
    column("last_name", Kind::Text),
    column("email", Kind::Email),
    column("phone", Kind::Phone),
    column("company_name", Kind::Text),
    column("role_title", Kind::Text),
    column("linkedin_url", Kind::LinkedIn),
    column("status", Kind::Choice(LeadStatus::WORDS)),
    column("source", Kind::Choice(LeadSource::WORDS)),
    column("suggestion_status", Kind::Choice(SuggestionStatus::WORDS)),
    column("enrichment_status", Kind::Choice(LeadEnrichmentStatus::WORDS)),
    column("persona", Kind::Choice(Persona::WORDS)),
    column("score", Kind::Float),
    column("estimated_value", Kind::Decimal),
    column("currency", Kind::Text),
    column("notes", Kind::Text),
    column("lead_reference_id", Kind::Text),
    column("api_key_id", Kind::Uuid),
    column("created_at", Kind::Time),
    column("country", Kind::Text),
    column("industry", Kind::Text),
    column("employee_count", Kind::Int),
    column("utm_source", Kind::Text),
    column("utm_medium", Kind::Text),
    column("utm_campaign", Kind::Text),
    column("utm_term", Kind::Text),
    column("utm_content", Kind::Text),
];

/// What rules may speak of.
pub const VOCABULARY: Vocabulary = Vocabulary {
    columns: COLUMNS,
    objects: &["custom_fields", "utm", "raw_payload", "consent", "enrichment_data", "account"],
    links: &[],
};

/// The row that rules look at. Country, industry and company size are taken from the lead's own fields first, then from
/// what the form sent, then from the account; the country at last from the phone number.
pub fn portrait(lead: Value, account: Option<&Value>) -> Value {
    let Value::Object(mut row) = lead else { return lead };
    for name in ["country", "industry", "employee_count"] {
        let value = first_given(&row, account, name);
        row.insert(name.to_owned(), value.unwrap_or_default());
    }
    if row.get("country").is_some_and(Value::is_null)
        && let Some(country) = row.get("phone").and_then(Value::as_str).and_then(country_of)
    {
        row.insert("country".to_owned(), Value::String(country));
    }
    for (name, member) in CAMPAIGN {
        let value = row.get("utm").and_then(|utm| utm.get(member)).cloned();
        row.insert(name.to_owned(), value.unwrap_or_default());
    }
    row.insert("account".to_owned(), account.cloned().unwrap_or_default());
    Value::Object(row)
}

fn first_given(row: &Map<String, Value>, account: Option<&Value>, name: &str) -> Option<Value> {
    let objects = ["custom_fields", "raw_payload", "enrichment_data"].map(|object| row.get(object));
    let value = objects
        .into_iter()
        .chain([account])
        .flatten()
        .find_map(|object| object.get(name).filter(|value| value.is_string() || value.is_number()))?;
    Some(match value.as_str().map(str::trim) {
        Some(text) => Value::String(text.to_owned()),
        None => value.clone(),
    })
}

/// ISO code of the country a phone number in E.164 belongs to.
fn country_of(phone: &str) -> Option<String> {
    let number = phonenumber::parse(None, phone).ok()?;
    number.country().id().map(|id| id.as_ref().to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_lead_says_itself_goes_before_its_account() {
        let lead = json!({
            "phone": "+49 30 901820", "custom_fields": {"industry": "Steel"}, "utm": {"source": "ads"},
            "raw_payload": {"industry": "Glass"},
        });
        let account = json!({"industry": "Wood", "employee_count": 40});

        let row = portrait(lead, Some(&account));

        assert_eq!(row["industry"], "Steel");
        assert_eq!(row["employee_count"], 40);
        assert_eq!(row["country"], "DE");
        assert_eq!(row["utm_source"], "ads");
        assert_eq!(row["account"]["industry"], "Wood");
    }
}
