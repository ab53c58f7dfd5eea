//! The fields that columns feed.

/// The field that a column feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A whole name.
    Name,
    /// A text on one line, by its name, of so many characters.
    Line(&'static str, usize),
    /// Notes.
    Notes,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A LinkedIn profile.
    Linkedin,
    /// The stage of the lead.
    Status,
    /// The door that it came in by.
    Source,
    /// The part the person plays in buying.
    Persona,
    /// The outcome of the suggestion.
    Suggestion,
    /// The score.
    Score,
    /// The estimated worth of the deal.
    Amount,
    /// Its currency.
    Currency,
    /// The reference in another system.
    Reference,
    /// The id of a record of ours, by its name.
    Id(&'static str),
    /// The time at which the person sent it.
    SubmittedAt,
    /// Whether it is a test.
    IsTest,
    /// Whether the person agreed.
    Consent,
    /// Whether the person does not want to be contacted.
    OptOut,
    /// Owner.
    Owner,
    /// Tags.
    Tags,
    /// A campaign parameter.
    Utm(String),
    /// A field of the tenant's own.
    Custom(String),
    /// A JSON object with several members, by its name.
    Object(&'static str),
    /// Nothing: the column is left out.
    Skip,
}

impl Field {
    /// The field of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "name" => Self::Name,
            "first_name" => Self::Line("first_name", 100),
            "last_name" => Self::Line("last_name", 100),
            "company_name" => Self::Line("company_name", 255),
            "role_title" => Self::Line("role_title", 255),
            "notes" => Self::Notes,
            "email" => Self::Email,
            "phone" => Self::Phone,
            "linkedin_url" => Self::Linkedin,
            "status" => Self::Status,
            "source" => Self::Source,
            "persona" => Self::Persona,
            "suggestion_status" => Self::Suggestion,
            "score" => Self::Score,
            "estimated_value" => Self::Amount,
            "currency" => Self::Currency,
            "external_id" | "lead_reference_id" => Self::Reference,
            "product_id" => Self::Id("product_id"),
            "account_id" => Self::Id("account_id"),
            "submitted_at" => Self::SubmittedAt,
            "is_test" => Self::IsTest,
            "consent" => Self::Consent,
            "opt_out" => Self::OptOut,
            "assigned_to" => Self::Owner,
            "tags" => Self::Tags,
            "custom_fields" => Self::Object("custom_fields"),
            "utm" => Self::Object("utm"),
            "raw_payload" => Self::Object("raw_payload"),
            "skip" => Self::Skip,
            name => {
                if let Some(own) = name.strip_prefix("custom_fields.") {
                    Self::Custom(own.trim().to_owned())
                } else if let Some(parameter) =
                    name.strip_prefix("utm_").or_else(|| name.strip_prefix("utm."))
                {
                    Self::Utm(parameter.to_owned())
                } else if crate::recognition::FIELDS.contains(&name) {
                    // What is left are the ids that advertisers append to the addresses that people click.
                    Self::Utm(name.to_owned())
                } else {
                    return None;
                }
            }
        })
    }

    /// Whether a person can be reached by it.
    pub const fn is_address(&self) -> bool {
        matches!(self, Self::Email | Self::Phone | Self::Linkedin)
    }
}

/// A sentence for what is wrong with a cell.
pub fn sentence(code: &str) -> &'static str {
    match code {
        "invalid_email" => "is not an e-mail address",
        "invalid_phone" => "is not a phone number",
        "invalid_url" => "is not the address of a LinkedIn profile",
        "invalid_money" => "is not an amount",
        "invalid_currency" => "is not an ISO 4217 code",
        "invalid_uuid" => "is not a UUID",
        "invalid_datetime" => "is not a date or time",
        "invalid_number" => "is not a number",
        "unknown_word" => "is not a known word; a value_map can say what it means",
        "too_long" => "is too long and was cut",
        "wrong_type" => "is not a JSON object",
        _ => "could be read in part only",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_is_recognised_can_be_fed() {
        for name in crate::recognition::FIELDS {
            assert!(Field::parse(name).is_some(), "{name}");
        }
        assert_eq!(Field::parse("utm_source"), Some(Field::Utm("source".into())));
        assert_eq!(Field::parse("gclid"), Some(Field::Utm("gclid".into())));
        assert_eq!(Field::parse("custom_fields.tier"), Some(Field::Custom("tier".into())));
        assert_eq!(Field::parse("password"), None);
    }
}
