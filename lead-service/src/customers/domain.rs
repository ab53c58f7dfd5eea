//! What makes a customer a customer.

use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{Problem, text_enum, values};
use serde_json::{Value, json};
use uuid::Uuid;

use super::api::WriteCustomer;
use crate::{money::Money, schema::customers};

text_enum!(
    /// Whether business is done with a customer.
    CustomerStatus {
        /// It is.
        Active = "active",
        /// Not at present.
        Inactive = "inactive",
        /// Not any more.
        Blocked = "blocked",
    }
);

text_enum!(
    /// What kind of customer it is.
    CustomerType {
        /// A person.
        Individual = "individual",
        /// A business.
        Business = "business",
    }
);

/// The fields of a customer that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = customers, treat_none_as_null = true)]
pub struct CustomerFields {
    name: String,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    company_name: Option<String>,
    address: Option<String>,
    city: Option<String>,
    country: Option<String>,
    /// The customer user it is.
    pub user_id: Option<Uuid>,
    customer_status: CustomerStatus,
    stage: Option<String>,
    /// Whose customer it is.
    pub account_manager_id: Option<Uuid>,
    notes: Option<String>,
    customer_type: CustomerType,
    company_size: Option<String>,
    industry: Option<String>,
    annual_revenue: Option<Money>,
    preferences: Value,
    custom_fields: Option<Value>,
}

impl CustomerFields {
    /// Writes addresses canonically; a customer needs something to be called by.
    pub fn parse(write: WriteCustomer) -> Result<Self, Problem> {
        let (first_name, last_name) = (filled(write.first_name), filled(write.last_name));
        let (company_name, phone) = (filled(write.company_name), filled(write.phone));
        let email = write.email.as_deref().and_then(values::email);
        let person = [first_name.as_deref(), last_name.as_deref()];
        let person = person.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let name = filled(write.name)
            .or_else(|| filled(Some(person)))
            .or_else(|| company_name.clone())
            .or_else(|| email.clone())
            .or_else(|| phone.clone());
        let mut faults = Vec::new();
        if name.is_none() {
            let message = "a customer needs a name, a company, an e-mail address or a phone number";
            faults.push(FieldError::new("name", "required", message));
        }
        if write.annual_revenue.is_some_and(|revenue| revenue.0.is_sign_negative() && !revenue.0.is_zero()) {
            faults.push(FieldError::new("annual_revenue", "out_of_range", "must be at least 0"));
        }
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        Ok(Self {
            name: name.unwrap_or_default(),
            first_name,
            last_name,
            email,
            phone: phone.map(|text| values::phone(&text, None).unwrap_or(text)),
            company_name,
            address: filled(write.address),
            city: filled(write.city),
            country: filled(write.country),
            user_id: write.user_id,
            customer_status: write.customer_status.unwrap_or(CustomerStatus::Active),
            stage: filled(write.stage),
            account_manager_id: write.account_manager_id,
            notes: filled(write.notes),
            customer_type: write.customer_type.unwrap_or(CustomerType::Individual),
            company_size: filled(write.company_size),
            industry: filled(write.industry),
            annual_revenue: write.annual_revenue,
            preferences: write.preferences.unwrap_or_else(|| json!({})),
            custom_fields: write.custom_fields,
        })
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_called_by_what_there_is() {
        let named = |write: WriteCustomer| CustomerFields::parse(write).unwrap().name;
        let text = |text: &str| Some(text.to_owned());
        let person = WriteCustomer { first_name: text("Ada"), last_name: text("L."), ..Default::default() };
        assert_eq!(named(person), "Ada L.");
        assert_eq!(named(WriteCustomer { company_name: text("Acme"), ..Default::default() }), "Acme");
        assert_eq!(named(WriteCustomer { email: text("A@b.example"), ..Default::default() }), "a@b.example");
        assert!(CustomerFields::parse(WriteCustomer::default()).is_err());
    }
}
