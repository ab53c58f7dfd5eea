//! Validation of settings.

use contracts::problem::FieldError;
use platform::Problem;
use serde_json::Value;

use super::api::{BulkUpdate, SettingScope, SettingView, WriteSetting};
use crate::zones;

/// Longest value, in bytes of JSON. All values of a tenant are read together.
pub const VALUE_LENGTH: usize = 64 * 1024;

/// The tenant's setting, `true` or `false`, by which only sessions that were begun with a second factor are let in.
pub const REQUIRE_SECOND_FACTOR: &str = "require_second_factor";

/// A person's setting: the time zone by its IANA name that their own views, such as the tasks of today, go by.
pub const TIME_ZONE: &str = "timezone";

/// The tenant's setting: after how many days what an inactive member holds goes to others, 0 for at once.
pub const HANDOVER_AFTER_DAYS: &str = "handover_after_days";
/// The same where the tenant sets none.
const DEFAULT_HANDOVER_DAYS: u64 = 3;
/// Most days that it may be.
const MOST_HANDOVER_DAYS: u64 = 365;

/// After how many days what an inactive member holds goes to others, as the setting says.
pub fn handover_days(value: Option<&Value>) -> u64 {
    value.and_then(read_days).unwrap_or(DEFAULT_HANDOVER_DAYS)
}

/// What is wrong with this number of days.
pub fn days_fault(value: &Value) -> Option<(&'static str, String)> {
    let message = || format!("must be a whole number of days from 0 to {MOST_HANDOVER_DAYS}");
    read_days(value).is_none().then(|| ("out_of_range", message()))
}

fn read_days(value: &Value) -> Option<u64> {
    value.as_u64().filter(|days| *days <= MOST_HANDOVER_DAYS)
}

/// A setting in the form in which it is stored.
#[derive(Clone, Debug)]
pub struct NewSetting {
    /// Key.
    pub key: String,
    /// Value.
    pub value: Value,
    /// Its scope.
    pub scope: SettingScope,
}

impl NewSetting {
    /// Trims the key.
    pub fn parse(write: WriteSetting) -> Result<Self, Problem> {
        let faults = faults(&write, "");
        if faults.is_empty() { Ok(Self::of(write)) } else { Err(Problem::invalid(faults)) }
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
        let mut found = Vec::new();
        for (index, write) in bulk.settings.iter().enumerate() {
            found.extend(faults(write, &format!("settings.{index}.")));
            let is_same =
                |other: &WriteSetting| other.key.trim() == write.key.trim() && other.scope == write.scope;
            if bulk.settings.iter().take(index).any(is_same) {
                let message = format!("{} is given more than once", write.key.trim());
                found.push(FieldError::new(format!("settings.{index}.key"), "ambiguous", message));
            }
        }
        if found.is_empty() {
            Ok(bulk.settings.into_iter().map(Self::of).collect())
        } else {
            Err(Problem::invalid(found))
        }
    }

    /// Whether it is looked up with a person's access.
    pub fn goes_with_access(key: &str) -> bool {
        Self::decides_access(key) || key == TIME_ZONE
    }

    /// Whether it decides who is let in.
    pub fn decides_access(key: &str) -> bool {
        key == REQUIRE_SECOND_FACTOR
    }

    fn of(write: WriteSetting) -> Self {
        let (key, scope) = (write.key.trim().to_owned(), write.scope);
        let zone = zone(&write).map(Value::from);
        Self { key, value: zone.unwrap_or(write.value), scope }
    }
}

/// Whether a setting is the time zone that a person sets for their own views.
fn is_own_zone(write: &WriteSetting) -> bool {
    write.key.trim() == TIME_ZONE && write.scope == SettingScope::User
}

/// The time zone that such a setting names, by its present name.
fn zone(write: &WriteSetting) -> Option<&'static str> {
    write.value.as_str().filter(|_| is_own_zone(write)).and_then(zones::present_name)
}

/// Faults of a setting, with field names under `place`.
fn faults(write: &WriteSetting, place: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if write.value.to_string().len() > VALUE_LENGTH {
        let message = format!("must be at most {VALUE_LENGTH} bytes long");
        faults.push(FieldError::new(format!("{place}value"), "too_long", message));
    }
    let key = write.key.trim();
    if NewSetting::decides_access(key) && !write.value.is_boolean() {
        faults.push(FieldError::new(format!("{place}value"), "not_allowed", "must be true or false"));
    }
    if key == HANDOVER_AFTER_DAYS
        && let Some((code, message)) = days_fault(&write.value)
    {
        faults.push(FieldError::new(format!("{place}value"), code, message));
    }
    if is_own_zone(write) && zone(write).is_none() {
        let message = "must be the name of a time zone, such as Europe/Berlin";
        faults.push(FieldError::new(format!("{place}value"), "invalid_time_zone", message));
    }
    let is_the_tenants = NewSetting::decides_access(key) || key == HANDOVER_AFTER_DAYS;
    if is_the_tenants && write.scope != SettingScope::Tenant {
        let message = "must be tenant: no one decides this for themselves";
        faults.push(FieldError::new(format!("{place}scope"), "not_allowed", message));
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_decides_access_is_true_or_false_and_the_tenants_alone() {
        let parse = |value: Value, scope| {
            let parsed = NewSetting::parse(WriteSetting { key: REQUIRE_SECOND_FACTOR.into(), value, scope });
            parsed
                .map(drop)
                .map_err(|problem| problem.errors.into_iter().map(|fault| fault.field).collect::<Vec<_>>())
        };

        assert_eq!(parse(json!(true), SettingScope::Tenant), Ok(()));
        assert_eq!(parse(json!("yes"), SettingScope::Tenant), Err(vec!["value".to_owned()]));
        assert_eq!(parse(json!(false), SettingScope::User), Err(vec!["scope".to_owned()]));
    }

    #[test]
    fn days_of_a_handover_are_a_whole_number_and_the_tenants_alone() {
        let parse = |value: Value, scope| {
            let parsed = NewSetting::parse(WriteSetting { key: HANDOVER_AFTER_DAYS.into(), value, scope });
            parsed.err().map(|problem| {
                problem.errors.into_iter().map(|fault| (fault.field, fault.code)).collect::<Vec<_>>()
            })
        };
        let fault = |field: &str, code: &str| Some(vec![(field.to_owned(), code.to_owned())]);

        assert_eq!(parse(json!(0), SettingScope::Tenant), None);
        for wrong in [json!(-1), json!(1.5), json!("3"), json!(366), json!(null)] {
            assert_eq!(parse(wrong, SettingScope::Tenant), fault("value", "out_of_range"));
        }
        assert_eq!(parse(json!(3), SettingScope::User), fault("scope", "not_allowed"));
        assert_eq!((handover_days(None), handover_days(Some(&json!(7)))), (3, 7));
    }

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
