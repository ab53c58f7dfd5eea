//! Validation of leads.

use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{Problem, text_enum, values};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::api::{LeadView, WriteLead};
use crate::{
    identity::{self, IdentityKey},
    money::Money,
    schema::leads,
    text::{self, filled, filled_line},
};

text_enum!(
    /// How far a lead has been worked.
    LeadStatus {
        /// Not contacted.
        New = "new",
        /// Contacted.
        Contacted = "contacted",
        /// Worth pursuing.
        Qualified = "qualified",
        /// Not worth pursuing.
        Unqualified = "unqualified",
        /// Became a deal.
        Converted = "converted",
    }
);

text_enum!(
    /// Where a lead came from.
    LeadSource {
        /// Typed in.
        Manual = "manual",
        /// From a file.
        Import = "import",
        /// Found by enrichment.
        Enrichment = "enrichment",
        /// A website's form.
        Website = "website",
        /// Facebook lead ads.
        Facebook = "facebook",
        /// Instagram lead ads.
        Instagram = "instagram",
        /// WhatsApp.
        Whatsapp = "whatsapp",
        /// A referral.
        Referral = "referral",
        /// A call out of the blue.
        ColdCall = "cold_call",
        /// Other social media.
        SocialMedia = "social_media",
        /// A fair or conference.
        Event = "event",
        /// A program.
        Api = "api",
        /// Anything else.
        Other = "other",
    }
);

text_enum!(
    /// What became of a suggested lead.
    SuggestionStatus {
        /// Waits for a decision.
        Suggested = "suggested",
        /// Taken on.
        Approved = "approved",
        /// Turned down.
        Rejected = "rejected",
        /// Was not suggested.
        Manual = "manual",
    }
);

text_enum!(
    /// How far a lead's enrichment is.
    LeadEnrichmentStatus {
        /// Not begun.
        Pending = "pending",
        /// Under way.
        Processing = "processing",
        /// Done.
        Completed = "completed",
        /// Given up.
        Failed = "failed",
    }
);

text_enum!(
    /// The part a person plays in buying.
    Persona {
        /// Signs.
        Buyer = "buyer",
        /// Is listened to.
        Influencer = "influencer",
        /// Works with it.
        EndUser = "end_user",
    }
);

/// The fields of a lead that people write, in the form in which they are stored.
#[derive(Clone, Debug, Serialize, Insertable, AsChangeset)]
#[diesel(table_name = leads, treat_none_as_null = true)]
pub struct LeadFields {
    /// The account it belongs to.
    pub account_id: Option<Uuid>,
    /// The product it is for.
    pub product_id: Option<Uuid>,
    first_name: Option<String>,
    last_name: Option<String>,
    /// Canonical e-mail address.
    pub email: Option<String>,
    /// Phone number, E.164 where it can be read as one.
    pub phone: Option<String>,
    company_name: Option<String>,
    role_title: Option<String>,
    /// LinkedIn profile.
    pub linkedin_url: Option<String>,
    /// How far it has been worked; [`super::conversion`] says when it is converted.
    pub status: LeadStatus,
    source: LeadSource,
    suggestion_status: SuggestionStatus,
    /// The part the person plays; follows from the title unless it is chosen.
    pub persona: Option<Persona>,
    /// The score; follows from a model where one is for the lead.
    pub score: Option<f64>,
    estimated_value: Option<Money>,
    currency: Option<String>,
    notes: Option<String>,
    /// Assignee.
    pub assigned_to: Option<Uuid>,
    lead_reference_id: Option<String>,
    custom_fields: Option<Value>,
    consent: Option<Value>,
    utm: Option<Value>,
}

fn keys(
    names: [Option<&str>; 2],
    email: Option<&str>,
    phone: Option<&str>,
    linkedin_url: Option<&str>,
) -> Vec<IdentityKey> {
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    identity::keys(email, phone, linkedin_url, &name)
}

impl LeadView {
    /// Identity keys.
    pub fn keys(&self) -> Vec<IdentityKey> {
        let names = [self.first_name.as_deref(), self.last_name.as_deref()];
        keys(names, self.email.as_deref(), self.phone.as_deref(), self.linkedin_url.as_deref())
    }
}

impl LeadFields {
    /// Identity keys.
    pub fn keys(&self) -> Vec<IdentityKey> {
        let names = [self.first_name.as_deref(), self.last_name.as_deref()];
        keys(names, self.email.as_deref(), self.phone.as_deref(), self.linkedin_url.as_deref())
    }

    /// Normalises addresses; a lead needs a name, company or address.
    pub fn parse(write: WriteLead) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let nameless = [
            &write.email,
            &write.phone,
            &write.linkedin_url,
            &write.first_name,
            &write.last_name,
            &write.company_name,
        ]
        .iter()
        .all(|field| field.as_deref().is_none_or(|text| text.trim().is_empty()));
        if nameless {
            let message = "a lead needs an e-mail address, a phone number, a LinkedIn profile or a name";
            faults.push(FieldError::new("email", "required", message));
        }
        let phone = text::phone("phone", write.phone, &mut faults);
        let currency = text::currency(write.currency, &mut faults);
        let estimated_value =
            write.estimated_value.map(|value| value.checked("estimated_value", currency, &mut faults));
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        Ok(Self {
            account_id: write.account_id,
            product_id: write.product_id,
            first_name: filled_line(write.first_name),
            last_name: filled_line(write.last_name),
            email: write.email.as_deref().and_then(values::email),
            phone,
            company_name: filled_line(write.company_name),
            role_title: filled_line(write.role_title),
            linkedin_url: text::linkedin_url(write.linkedin_url.as_deref()),
            status: write.status.unwrap_or(LeadStatus::New),
            source: write.source.unwrap_or(LeadSource::Manual),
            suggestion_status: write.suggestion_status.unwrap_or(SuggestionStatus::Manual),
            persona: write.persona,
            score: write.score,
            estimated_value,
            currency: currency.map(|currency| currency.code().to_owned()),
            notes: text::composed(write.notes),
            assigned_to: write.assigned_to,
            lead_reference_id: filled(write.lead_reference_id),
            custom_fields: write.custom_fields,
            consent: write.consent,
            utm: write.utm,
        })
    }
}
