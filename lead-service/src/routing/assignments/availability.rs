//! Working hours in a time zone.

use chrono::{DateTime, Datelike, Timelike, Utc};
use chrono_tz::Tz;

use crate::routing::assignment_rules::api::{Day, WorkingHours};

/// Working hours, read.
#[derive(Clone, Debug)]
pub struct Hours {
    zone: Tz,
    /// Day of the week from Monday, first minute of the day, minute at which it is over.
    stretches: Vec<(u32, u32, u32)>,
}

impl Hours {
    /// Reads working hours; the fault is the field and what is wrong with it.
    pub fn read(written: &WorkingHours) -> Result<Self, (String, String)> {
        let zone = written.time_zone.parse().map_err(|_| {
            let message = format!("{:?} is no time zone, such as Europe/Berlin", written.time_zone);
            ("time_zone".to_owned(), message)
        })?;
        let mut stretches = Vec::new();
        for (index, shift) in written.shifts.iter().enumerate() {
            let read = |name: &str, text: &str| {
                minute_of_day(text).ok_or_else(|| {
                    (format!("shifts.{index}.{name}"), format!("{text:?} is no time of day, such as 09:00"))
                })
            };
            let (from, until) = (read("from", &shift.from)?, read("until", &shift.until)?);
            if until <= from {
                let message = "must be after from; a shift over midnight is written as two".to_owned();
                return Err((format!("shifts.{index}.until"), message));
            }
            stretches.extend(shift.days.iter().map(|day| (number(*day), from, until)));
        }
        Ok(Self { zone, stretches })
    }

    /// Whether the member works at this time.
    pub fn cover(&self, at: DateTime<Utc>) -> bool {
        let local = at.with_timezone(&self.zone);
        let (day, minute) = (local.weekday().num_days_from_monday(), local.hour() * 60 + local.minute());
        self.stretches.iter().any(|(on, from, until)| *on == day && (*from..*until).contains(&minute))
    }
}

const fn number(day: Day) -> u32 {
    match day {
        Day::Mon => 0,
        Day::Tue => 1,
        Day::Wed => 2,
        Day::Thu => 3,
        Day::Fri => 4,
        Day::Sat => 5,
        Day::Sun => 6,
    }
}

fn minute_of_day(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |text: &str| {
        (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse::<u32>().ok())?
    };
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::assignment_rules::api::Shift;

    fn hours(zone: &str, from: &str, until: &str) -> Result<Hours, (String, String)> {
        let shift = Shift { days: vec![Day::Mon, Day::Fri], from: from.into(), until: until.into() };
        Hours::read(&WorkingHours { time_zone: zone.into(), shifts: vec![shift] })
    }

    #[test]
    fn hours_are_those_of_the_place_summer_and_winter() {
        let berlin = hours("Europe/Berlin", "09:00", "17:00").unwrap();
        for (at, expected) in [
            ("2026-01-05T08:00:00Z", true),
            ("2026-01-05T07:59:59Z", false),
            ("2026-07-06T07:00:00Z", true),
            ("2026-07-06T14:59:59Z", true),
            ("2026-07-06T15:00:00Z", false),
            ("2026-07-07T10:00:00Z", false),
        ] {
            assert_eq!(berlin.cover(at.parse().unwrap()), expected, "{at}");
        }
        assert!(
            hours("Asia/Tokyo", "00:00", "24:00").unwrap().cover("2026-01-04T15:00:00Z".parse().unwrap())
        );
    }

    #[test]
    fn what_is_no_time_is_refused_by_its_field() {
        for (zone, from, until, field) in [
            ("Mars/Olympus", "09:00", "17:00", "time_zone"),
            ("UTC", "9:000", "17:00", "shifts.0.from"),
            ("UTC", "09:00", "24:01", "shifts.0.until"),
            ("UTC", "17:00", "09:00", "shifts.0.until"),
        ] {
            assert_eq!(hours(zone, from, until).unwrap_err().0, field);
        }
    }
}
