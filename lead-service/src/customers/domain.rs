//! Validation of customers.

use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{Problem, text_enum, values};
use serde_json::{Value, json};
use uuid::Uuid;

use super::api::{CustomerView, LifetimeValue, WriteCustomer};
use crate::{
    duplicates::{self, Candidate},
    identity::{self, IdentityKey, Kind},
    money::Money,
    schema::customers,
    text::{filled, filled_line},
};

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
    /// Canonical e-mail address.
    pub email: Option<String>,
    /// Phone number, E.164 where it can be read as one.
    pub phone: Option<String>,
    company_name: Option<String>,
    address: Option<String>,
    city: Option<String>,
    country: Option<String>,
    /// The customer user it is.
    pub user_id: Option<Uuid>,
    customer_status: CustomerStatus,
    stage: Option<String>,
    /// Account manager.
    pub account_manager_id: Option<Uuid>,
    notes: Option<String>,
    customer_type: CustomerType,
    company_size: Option<String>,
    industry: Option<String>,
    annual_revenue: Option<Money>,
    preferences: Value,
    custom_fields: Option<Value>,
}

impl CustomerView {
    /// By what the customer is known.
    pub fn keys(&self) -> Vec<IdentityKey> {
        identity::keys(self.email.as_deref(), self.phone.as_deref(), None, &self.name)
    }
}

impl CustomerFields {
    /// By what the customer is known.
    pub fn keys(&self) -> Vec<IdentityKey> {
        identity::keys(self.email.as_deref(), self.phone.as_deref(), None, &self.name)
    }

    /// A customer that may be the same one, with the fields in which they are alike.
    pub fn candidate(&self, customer: &CustomerView) -> Candidate {
        let texts =
            [(Kind::Email, &self.email, &customer.email), (Kind::Phone, &self.phone, &customer.phone)];
        Candidate {
            id: customer.id,
            owners: [customer.account_manager_id, customer.created_by],
            matched: duplicates::matched(&self.keys(), &customer.keys(), &texts),
        }
    }

    /// Writes addresses canonically; a customer needs something to be called by.
    pub fn parse(write: WriteCustomer) -> Result<Self, Problem> {
        let (first_name, last_name) = (filled_line(write.first_name), filled_line(write.last_name));
        let (company_name, phone) = (filled_line(write.company_name), filled(write.phone));
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
        let annual_revenue =
            write.annual_revenue.map(|revenue| revenue.checked("annual_revenue", None, &mut faults));
        if annual_revenue.is_some_and(Money::is_negative) {
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
            city: filled_line(write.city),
            country: filled_line(write.country),
            user_id: write.user_id,
            customer_status: write.customer_status.unwrap_or(CustomerStatus::Active),
            stage: filled(write.stage),
            account_manager_id: write.account_manager_id,
            notes: filled(write.notes),
            customer_type: write.customer_type.unwrap_or(CustomerType::Individual),
            company_size: filled(write.company_size),
            industry: filled(write.industry),
            annual_revenue,
            preferences: write.preferences.unwrap_or_else(|| json!({})),
            custom_fields: write.custom_fields,
        })
    }
}

/// What a customer is worth in the tenant's currency; none where it has ordered in another one.
pub fn lifetime_value(values: &[LifetimeValue], own: &str) -> Option<Money> {
    match values {
        [] => Some(Money::ZERO.rounded(own)),
        [only] if only.currency == own => Some(only.amount),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_worth_something_in_the_tenants_currency_alone() {
        let value = |currency: &str, amount: &str| LifetimeValue {
            currency: currency.to_owned(),
            amount: Money(amount.parse().unwrap()),
        };
        let (dollars, yen) = (value("USD", "61.05"), value("JPY", "10000"));

        assert_eq!(lifetime_value(&[], "USD").map(|money| money.0.to_string()).as_deref(), Some("0.00"));
        assert_eq!(lifetime_value(std::slice::from_ref(&dollars), "USD"), Some(dollars.amount));
        assert_eq!(lifetime_value(std::slice::from_ref(&yen), "USD"), None);
        assert_eq!(lifetime_value(&[dollars, yen], "USD"), None);
    }

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
