//! Validation of customer profiles.

use chrono::{NaiveDate, Utc};
use contracts::problem::FieldError;
use platform::{Problem, values};

use super::api::WriteProfile;
use crate::users::domain::name;

/// A profile to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Phone number in E.164.
    pub phone: Option<String>,
    /// Date of birth.
    pub date_of_birth: Option<NaiveDate>,
    /// Street and number.
    pub address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Country.
    pub country: Option<String>,
}

impl Profile {
    /// Takes a profile, or names all that is wrong with it.
    ///
    /// # Errors
    /// 400.
    pub fn parse(body: WriteProfile) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let phone = name(body.phone).and_then(|text| {
            let number = values::phone(&text, None);
            if number.is_none() {
                let message = "is not a phone number with its country code, such as +49 30 901820";
                faults.push(FieldError::new("phone", "invalid_phone", message));
            }
            number
        });
        if body.date_of_birth.is_some_and(|date| !is_bearable(date, Utc::now().date_naive())) {
            faults.push(FieldError::new(
                "date_of_birth",
                "out_of_range",
                "must be a day of the last 130 years",
            ));
        }
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        Ok(Self {
            first_name: name(body.first_name),
            last_name: name(body.last_name),
            phone,
            date_of_birth: body.date_of_birth,
            address: name(body.address),
            city: name(body.city),
            country: name(body.country),
        })
    }
}

fn is_bearable(date: NaiveDate, today: NaiveDate) -> bool {
    date <= today && today.years_since(date).is_some_and(|years| years <= 130)
}

/// The profile is for customers.
pub fn not_a_customer() -> Problem {
    Problem::forbidden("not_a_customer", "This is for customer accounts only.")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(body: serde_json::Value) -> Result<Profile, Vec<String>> {
        let parsed = Profile::parse(serde_json::from_value(body).unwrap());
        parsed.map_err(|problem| problem.errors.into_iter().map(|fault| fault.field).collect())
    }

    #[test]
    fn a_profile_is_written_canonically() {
        let profile =
            parse(json!({"phone": "+49 (30) 901820", "city": "  Berlin ", "address": " "})).unwrap();

        assert_eq!(profile.phone.as_deref(), Some("+4930901820"));
        assert_eq!((profile.city.as_deref(), profile.address), (Some("Berlin"), None));
    }

    #[test]
    fn every_fault_is_named() {
        let faults = parse(json!({"phone": "call me", "date_of_birth": "2999-01-01"})).unwrap_err();

        assert_eq!(faults, ["phone", "date_of_birth"]);
    }
}
