//! Dates and times as files write them, in the file's own order of day and month.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde_json::Value;

use crate::recognition::loose;

/// Whether the day or the month comes first in a column's dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateOrder {
    /// `31/01/2026`.
    #[default]
    DayFirst,
    /// `01/31/2026`.
    MonthFirst,
}

impl DateOrder {
    /// The order in which all of these can be dates. Where none decides it, a dot stands in dates that begin with the day, a
    /// slash in those that begin with the month when the clock has twelve hours.
    pub fn of<'a>(cells: impl IntoIterator<Item = &'a str>) -> Self {
        let mut twelve_hours = false;
        for cell in cells {
            let (date, time) = halves(cell);
            let Some([first, second, _]) = numbers(date) else { continue };
            match (first, second) {
                (13.., 1..=12) => return Self::DayFirst,
                (1..=12, 13..=31) => return Self::MonthFirst,
                _ => {}
            }
            twelve_hours |=
                date.contains('/') && time.is_some_and(|time| time.to_ascii_lowercase().ends_with('m'));
        }
        if twelve_hours { Self::MonthFirst } else { Self::DayFirst }
    }

    /// A time in UTC: RFC 3339, seconds or milliseconds since 1970, or a date with or without a time of day.
    pub fn moment(self, cell: &str) -> Option<DateTime<Utc>> {
        let text = cell.trim();
        // Four digits are a year, eight a date; neither counts seconds.
        if text.len() > 8
            && let Some(at) = loose::moment(&Value::String(text.to_owned()))
        {
            return Some(at);
        }
        for offset in ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f %z"] {
            if let Ok(at) = DateTime::parse_from_str(text, offset) {
                return Some(at.to_utc());
            }
        }
        let (date, time) = halves(text);
        let date = self.date(date)?;
        let time = match time {
            Some(time) => time_of_day(time)?,
            None => NaiveTime::MIN,
        };
        Some(NaiveDateTime::new(date, time).and_utc())
    }

    fn date(self, text: &str) -> Option<NaiveDate> {
        if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return Some(date);
        }
        for named in ["%d %b %Y", "%b %d %Y", "%d %B %Y", "%B %d %Y"] {
            let bare = text.replace([',', '-'], " ");
            let words = bare.split_whitespace().collect::<Vec<_>>().join(" ");
            if let Ok(date) = NaiveDate::parse_from_str(&words, named) {
                return Some(date);
            }
        }
        let [first, second, third] = numbers(text)?;
        if first > 31 {
            return NaiveDate::from_ymd_opt(i32::try_from(first).ok()?, second, third);
        }
        let year = if third < 100 { 2_000 + third } else { third };
        let (day, month) = match self {
            Self::DayFirst => (first, second),
            Self::MonthFirst => (second, first),
        };
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
    }
}

/// A date and the time of day behind it.
fn halves(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    let clock = text.find(':').and_then(|colon| text.get(..colon)?.rfind([' ', 'T']));
    match clock.and_then(|place| text.split_at_checked(place)) {
        Some((date, time)) => (
            date.trim().trim_end_matches(','),
            Some(time.trim_start_matches(['T', ' ']).trim_end_matches(" UTC")),
        ),
        None => (text, None),
    }
}

fn numbers(date: &str) -> Option<[u32; 3]> {
    let mut parts = date.split(['/', '.', '-']).map(|part| part.trim().parse::<u32>());
    let three = [parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?];
    parts.next().is_none().then_some(three)
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    let text = text.trim().trim_end_matches('Z').to_ascii_uppercase();
    ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M:%S%p", "%I:%M%p"]
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(&text, format).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(order: DateOrder, cell: &str) -> Option<String> {
        order.moment(cell).map(|at| at.to_rfc3339())
    }

    #[test]
    fn a_columns_dates_say_which_comes_first() {
        assert_eq!(DateOrder::of(["01/02/2026", "01/31/2026"]), DateOrder::MonthFirst);
        assert_eq!(DateOrder::of(["01/02/2026", "31/01/2026"]), DateOrder::DayFirst);
        assert_eq!(DateOrder::of(["01/02/2026 3:05 PM"]), DateOrder::MonthFirst);
        assert_eq!(DateOrder::of(["01.02.2026"]), DateOrder::DayFirst);
    }

    #[test]
    fn dates_are_read_with_and_without_a_time_of_day() {
        for (cell, expected) in [
            ("2026-01-31", "2026-01-31T00:00:00+00:00"),
            ("2026-01-31 14:05:06", "2026-01-31T14:05:06+00:00"),
            ("2026-01-31T14:05:06Z", "2026-01-31T14:05:06+00:00"),
            ("2026-01-31T14:05:06+01:00", "2026-01-31T13:05:06+00:00"),
            ("2026-01-31T14:05:06+0100", "2026-01-31T13:05:06+00:00"),
            ("31.01.2026 14:05", "2026-01-31T14:05:00+00:00"),
            ("31/1/26", "2026-01-31T00:00:00+00:00"),
            ("31 Jan 2026", "2026-01-31T00:00:00+00:00"),
            ("Jan 31, 2026 2:05 PM", "2026-01-31T14:05:00+00:00"),
        ] {
            assert_eq!(at(DateOrder::DayFirst, cell).as_deref(), Some(expected), "{cell}");
        }
        assert_eq!(at(DateOrder::MonthFirst, "1/31/2026").as_deref(), Some("2026-01-31T00:00:00+00:00"));
        for cell in ["", "yesterday", "31/31/2026", "2026"] {
            assert_eq!(at(DateOrder::DayFirst, cell), None, "{cell}");
        }
    }
}
