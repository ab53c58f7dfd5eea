//! What makes a setting a setting.

use contracts::problem::FieldError;
use platform::Problem;
use serde_json::Value;

use super::api::{BulkUpdate, SettingScope, SettingView, WriteSetting};

/// Longest value, in bytes of JSON. Everybody's values are read together.
pub const VALUE_LENGTH: usize = 64 * 1024;

/// A setting in the form in which it is stored.
#[derive(Clone, Debug)]
pub struct NewSetting {
    /// Key.
    pub key: String,
    /// Value.
    pub value: Value,
    /// For whom.
    pub scope: SettingScope,
}

impl NewSetting {
    /// Trims the key.
    pub fn parse(write: WriteSetting) -> Result<Self, Problem> {
        let fault = fault(&write, "value");
        if let Some(fault) = fault { Err(Problem::invalid(vec![fault])) } else { Ok(Self::of(write)) }
    }

    /// Another version of `before`, for the same people.
    pub fn instead_of(before: &SettingView, write: WriteSetting) -> Result<Self, Problem> {
        if write.scope != before.scope {
            let errors = vec![FieldError::new("scope", "fixed", "cannot be changed")];
            let fixed = Problem::unprocessable("scope_fixed", "The scope of a setting cannot be changed.");
            return Err(Problem { errors, ..fixed });
        }
        Self::parse(write)
    }

    /// Settings to be written together.
    pub fn parse_all(bulk: BulkUpdate) -> Result<Vec<Self>, Problem> {
        let mut faults = Vec::new();
        for (index, write) in bulk.settings.iter().enumerate() {
            faults.extend(fault(write, &format!("settings.{index}.value")));
            let is_same =
                |other: &WriteSetting| other.key.trim() == write.key.trim() && other.scope == write.scope;
            if bulk.settings.iter().take(index).any(is_same) {
                let message = format!("{} is given more than once", write.key.trim());
                faults.push(FieldError::new(format!("settings.{index}.key"), "ambiguous", message));
            }
        }
        if faults.is_empty() {
            Ok(bulk.settings.into_iter().map(Self::of).collect())
        } else {
            Err(Problem::invalid(faults))
        }
    }

    fn of(write: WriteSetting) -> Self {
        Self { key: write.key.trim().to_owned(), value: write.value, scope: write.scope }
    }
}

fn fault(write: &WriteSetting, field: &str) -> Option<FieldError> {
    let too_long = write.value.to_string().len() > VALUE_LENGTH;
    too_long.then(|| FieldError::new(field, "too_long", format!("must be at most {VALUE_LENGTH} bytes long")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_fault_of_settings_written_together_is_found_at_once() {
        let write = |key: &str, value: Value, scope| WriteSetting { key: key.into(), value, scope };
        let long = json!("x".repeat(VALUE_LENGTH));
        let settings = vec![
            write("a", json!(1), SettingScope::Tenant),
            write("a", json!(1), SettingScope::User),
            write(" a ", long, SettingScope::Tenant),
        ];

        let problem = NewSetting::parse_all(BulkUpdate { settings }).unwrap_err();

        let faults: Vec<_> =
            problem.errors.iter().map(|fault| (fault.field.as_str(), fault.code.as_str())).collect();
        assert_eq!(faults, [("settings.2.value", "too_long"), ("settings.2.key", "ambiguous")]);
    }
}
