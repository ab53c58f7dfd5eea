//! Time zones as tenants, branches and people set them: checked here, and kept under their present names.

use contracts::{problem::FieldError, time_zones};
use platform::zones;

/// The present name of the zone that is called `text`; none where there is no such zone.
pub fn present_name(text: &str) -> Option<&'static str> {
    zones::named(text).map(|zone| time_zones::present_name(zone.name()))
}

/// The zone that a body sets in a field, by its present name. A text that was there before the body may stay as it is.
///
/// # Errors
/// `invalid_time_zone`.
pub fn written(
    field: &str,
    text: Option<String>,
    before: Option<&str>,
) -> Result<Option<String>, FieldError> {
    let Some(text) = text else { return Ok(None) };
    match present_name(&text) {
        Some(name) => Ok(Some(name.to_owned())),
        None if before == Some(text.as_str()) => Ok(Some(text)),
        None => {
            let message = format!("{text:?} is no time zone, such as Europe/Berlin");
            Err(FieldError::new(field, "invalid_time_zone", message))
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Days, Offset, TimeZone, Utc};

    use super::*;

    #[test]
    fn a_zone_and_its_present_name_keep_the_same_time() {
        let first = Utc.with_ymd_and_hms(1995, 1, 1, 12, 0, 0).unwrap();
        for (earlier, present) in time_zones::EARLIER_NAMES {
            let [earlier_zone, zone] = [earlier, present].map(|name| zones::named(name).unwrap());
            for day in (0..40 * 365).step_by(5) {
                let moment = first.checked_add_days(Days::new(day)).unwrap().naive_utc();
                let offset = |zone: zones::Tz| zone.offset_from_utc_datetime(&moment).fix();
                assert_eq!(offset(earlier_zone), offset(zone), "{earlier} and {present} at {moment}");
            }
        }
    }

    #[test]
    fn a_zone_is_kept_under_its_present_name_and_what_was_there_before_stays() {
        let set = |text: &str, before| {
            written("timezone", Some(text.to_owned()), before).map_err(|fault| fault.code)
        };

        assert_eq!(set(" US/Pacific ", None), Ok(Some("America/Los_Angeles".to_owned())));
        assert_eq!(set("Europe/Berlin", None), Ok(Some("Europe/Berlin".to_owned())));
        assert_eq!(set("Mars/Olympus", None), Err("invalid_time_zone".to_owned()));
        assert_eq!(set("Mars/Olympus", Some("Mars/Olympus")), Ok(Some("Mars/Olympus".to_owned())));
        assert_eq!(written("timezone", None, Some("Europe/Berlin")).map_err(|fault| fault.code), Ok(None));
    }
}
