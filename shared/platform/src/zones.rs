//! Time zones of tenants and people, and what a day is in them.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
pub use chrono_tz::Tz;

/// The zone of this IANA name, such as `Europe/Berlin`.
pub fn named(name: &str) -> Option<Tz> {
    name.trim().parse().ok()
}

/// The day that `moment` belongs to.
pub fn day_of(moment: DateTime<Utc>, zone: Tz) -> NaiveDate {
    moment.with_timezone(&zone).date_naive()
}

/// The first moment of a day and the first of the next; none for days beyond the calendar.
pub fn bounds(day: NaiveDate, zone: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    Some((start(day, zone)?, start(day.checked_add_days(Days::new(1))?, zone)?))
}

fn start(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    // Where clocks go forward at midnight the day begins later; where a whole day is left out, the next one begins.
    let midnight = day.and_time(NaiveTime::MIN);
    let mut moments =
        (0..=48).filter_map(|halves| midnight.checked_add_signed(TimeDelta::minutes(30 * halves)));
    let first = moments.find_map(|moment| zone.from_local_datetime(&moment).earliest())?;
    Some(first.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(day: &str, zone: &str) -> (String, String) {
        let (from, until) = bounds(day.parse().unwrap(), named(zone).unwrap()).unwrap();
        (from.to_rfc3339(), until.to_rfc3339())
    }

    #[test]
    fn a_day_begins_and_ends_at_midnight_of_its_zone() {
        for (day, zone, from, until) in [
            ("2026-11-28", "UTC", "2026-11-28T00:00:00+00:00", "2026-11-29T00:00:00+00:00"),
            ("2026-11-28", "Asia/Tokyo", "2026-11-27T15:00:00+00:00", "2026-11-28T15:00:00+00:00"),
            ("2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00+00:00", "2026-10-25T23:00:00+00:00"),
            // Clocks went forward at midnight.
            ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00+00:00", "2018-11-05T02:00:00+00:00"),
            // Samoa left a day out.
            ("2011-12-29", "Pacific/Apia", "2011-12-29T10:00:00+00:00", "2011-12-30T10:00:00+00:00"),
        ] {
            assert_eq!(spans(day, zone), (from.to_owned(), until.to_owned()), "{day} in {zone}");
        }
        assert_eq!(named("Mars/Olympus"), None);
    }
}
