//! Steps of a lead: assign, approve, reject, convert.

use chrono::NaiveDate;
use platform::{db::json::JsonText, http::Shown};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    money::{self, Money},
    people::{AccountView, ContactView, LeadView, WriteAccount, WriteContact},
    sales::{DealPriority, DealView, WriteDeal},
};

/// Who is to have a lead.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignLead {
    /// A member of the tenant.
    pub user_id: Uuid,
}

/// How to make a deal of a lead.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConvertLead {
    /// The deal's pipeline; the default one unless given.
    pub pipeline_id: Option<Uuid>,
    /// What is to be said of the deal beside what follows from the lead.
    #[serde(default)]
    pub deal: DealOfLead,
    /// Whether the person becomes a contact. They do unless said otherwise, if there is a name or an address.
    pub create_contact: Option<bool>,
}

/// A deal that is made of a lead; what is left out follows from the lead.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DealOfLead {
    /// What it is about.
    #[schema(min_length = 1, max_length = 255)]
    pub title: Option<String>,
    /// Its stage; the pipeline's first one unless given.
    pub stage_id: Option<Uuid>,
    /// More about it.
    #[schema(max_length = 20_000)]
    pub description: Option<String>,
    /// What it is worth.
    #[schema(schema_with = money::price_or_null)]
    pub value: Option<Money>,
    /// Its currency, ISO 4217.
    #[schema(format = "currency", min_length = 3, max_length = 3)]
    pub currency: Option<String>,
    /// When it should close.
    #[schema(value_type = Option<String>, format = "date")]
    pub expected_close_date: Option<NaiveDate>,
    /// How much it matters.
    pub priority: Option<DealPriority>,
    /// The tenant's own fields.
    #[schema(value_type = Option<Object>)]
    pub custom_fields: Option<Value>,
    /// Assignee.
    pub assigned_to: Option<Uuid>,
}

/// What a conversion made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConversionView {
    /// The lead, converted.
    pub lead: LeadView,
    /// The deal it became.
    pub deal: Shown<DealView>,
    /// The contact that the person became.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Shown<ContactView>>,
    /// The account of both, where it is in the caller's data scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Shown<AccountView>>,
}

fn joined(parts: &[Option<&str>]) -> Option<String> {
    let text = parts.iter().flatten().copied().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// The deal that `lead` becomes.
pub fn deal_of(lead: &LeadView, pipeline_id: Option<Uuid>, said: DealOfLead) -> WriteDeal {
    let person = joined(&[lead.first_name.as_deref(), lead.last_name.as_deref()]);
    let someone = lead.company_name.clone().or_else(|| person.clone()).or_else(|| lead.email.clone());
    WriteDeal {
        title: said.title.or(someone).unwrap_or_else(|| "Deal".to_owned()),
        pipeline_id,
        stage_id: said.stage_id,
        lead_id: Some(lead.id),
        description: said.description.or_else(|| lead.notes.clone()),
        value: said.value.or(lead.estimated_value),
        currency: said.currency.or_else(|| lead.currency.clone()),
        expected_close_date: said.expected_close_date,
        contact_name: person,
        contact_email: lead.email.clone(),
        contact_phone: lead.phone.clone(),
        company_name: lead.company_name.clone(),
        priority: said.priority,
        custom_fields: said.custom_fields,
        assigned_to: said.assigned_to.or(lead.assigned_to),
        ..WriteDeal::default()
    }
}

/// The contact that the person of `lead` becomes; none when there is neither a name nor an address.
pub fn contact_of(lead: &LeadView) -> Option<WriteContact> {
    let known = [&lead.first_name, &lead.last_name, &lead.email, &lead.phone];
    known.iter().any(|field| field.is_some()).then(|| WriteContact {
        lead_id: Some(lead.id),
        first_name: lead.first_name.clone(),
        last_name: lead.last_name.clone(),
        email: lead.email.clone(),
        phone: lead.phone.clone(),
        role_title: lead.role_title.clone(),
        linkedin_url: lead.linkedin_url.clone(),
        custom_fields: lead.custom_fields.as_ref().map(JsonText::value),
        assigned_to: lead.assigned_to,
        ..WriteContact::default()
    })
}

/// The account of the company that `lead` names, for the product of the lead where it has one.
pub fn account_of(lead: &LeadView) -> Option<WriteAccount> {
    let name = lead.company_name.clone().filter(|name| !name.trim().is_empty())?;
    Some(WriteAccount { name, product_id: lead.product_id, ..WriteAccount::default() })
}
