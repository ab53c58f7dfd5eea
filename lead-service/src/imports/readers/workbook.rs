//! Workbooks of spreadsheet programs (XLSX), cell by cell.

use std::{
    borrow::Cow,
    io::{Cursor, Read},
};

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};

use super::{Reader, Sink, Source, WITHOUT_NUL, cell, unpacking};
use crate::imports::files::{Broken, CELL_LIMIT, ROW_LIMIT, RawRow};

/// Sheets that are named at most.
const NAMED: usize = 20;

/// A workbook being read. It is packed, so it is held in memory as it came; its rows are not.
pub struct Workbook {
    source: Source,
    sheet: Option<String>,
}

impl Workbook {
    /// The sheet of this name; the first unless one is named.
    pub fn new(source: Source, sheet: Option<String>) -> Self {
        Self { source, sheet }
    }
}

impl Reader for Workbook {
    fn read(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let mut packed = Vec::new();
        self.source.read_to_end(&mut packed).map_err(|_| Broken::Cut)?;
        unpacking::check(&packed)?;
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(packed)).map_err(|error| broken(&error))?;
        let sheets = workbook.sheet_names();
        let sheet = match &self.sheet {
            Some(named) => sheets.iter().find(|sheet| sheet.eq_ignore_ascii_case(named)),
            None => sheets.first(),
        };
        let Some(sheet) = sheet.cloned() else { return Err(Broken::NoSheet(sheets)) };
        // Said of its first row, which everything that reads it begins with.
        let mut others = self.sheet.is_none().then(|| others(&sheets)).flatten();
        let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(|error| broken(&error))?;
        let mut row = RawRow::default();
        let mut length = 0;
        let mut hand_over = |mut row: RawRow| {
            if row.cells.iter().all(String::is_empty) {
                return true;
            }
            if let Some(others) = others.take() {
                row.note(&others);
            }
            sink(row)
        };
        while let Some(next) = cells.next_cell().map_err(|error| broken(&error))? {
            let (line, column) = next.get_position();
            let place = u64::from(line) + 1;
            if place != row.place {
                length = 0;
                let before = std::mem::replace(&mut row, RawRow::whole(place, Vec::new()));
                if !hand_over(before) {
                    return Ok(());
                }
            }
            let text = text(next.get_value());
            if text.contains('\0') && row.left_out.is_none() {
                row.note(WITHOUT_NUL);
            }
            let text = cell(&text);
            if text.is_empty() {
                continue;
            }
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            length += text.len();
            if length > ROW_LIMIT {
                return Err(Broken::RowTooLong("line", place));
            }
            if column >= CELL_LIMIT {
                return Err(Broken::TooManyCells("line", place));
            }
            if row.cells.len() <= column {
                row.cells.resize(column + 1, String::new());
            }
            if let Some(place) = row.cells.get_mut(column) {
                *place = text;
            }
        }
        hand_over(row);
        Ok(())
    }
}

/// A sentence about the sheets behind the first; none where there are none.
fn others(sheets: &[String]) -> Option<String> {
    let (first, others) = sheets.split_first().filter(|(_, others)| !others.is_empty())?;
    let more = if others.len() > NAMED { ", …" } else { "" };
    let named = others.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    Some(format!("only the sheet {first} is imported; the workbook has also: {named}{more}"))
}

fn broken(error: &XlsxError) -> Broken {
    Broken::Workbook(error.to_string())
}

/// A cell as a person sees it: whole numbers without decimals, times in ISO 8601.
fn text<'a>(value: &'a DataRef<'_>) -> Cow<'a, str> {
    match value {
        DataRef::Empty | DataRef::Error(_) => Cow::Borrowed(""),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.into(),
        DataRef::SharedString(text) => (*text).into(),
        DataRef::Int(number) => number.to_string().into(),
        // The shortest text that is this number: 15 digits at most, as the spreadsheet shows it.
        DataRef::Float(number) => format!("{number}").into(),
        DataRef::Bool(truth) => truth.to_string().into(),
        DataRef::DateTime(time) => match time.as_datetime() {
            Some(time) if time.time() == chrono::NaiveTime::MIN => time.date().to_string().into(),
            Some(time) => time.format("%Y-%m-%dT%H:%M:%SZ").to_string().into(),
            None => time.as_f64().to_string().into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_that_are_not_imported_are_named() {
        let names = |count: usize| (1..=count).map(|n| format!("S{n}")).collect::<Vec<_>>();
        assert_eq!(others(&names(1)), None);
        assert_eq!(
            others(&names(3)).as_deref(),
            Some("only the sheet S1 is imported; the workbook has also: S2, S3")
        );
        assert!(others(&names(30)).unwrap().ends_with("S21, …"));
    }

    #[test]
    fn cells_are_texts_as_people_see_them() {
        let shown =
            [DataRef::Float(1250.5), DataRef::Float(3.0), DataRef::SharedString("x"), DataRef::Bool(true)];
        assert_eq!(shown.each_ref().map(text), ["1250.5", "3", "x", "true"]);
    }
}
