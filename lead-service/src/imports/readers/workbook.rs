//! Workbooks of spreadsheet programs (XLSX), cell by cell.

use std::io::{Cursor, Read, sink};

use calamine::{Data, DataRef, Reader as _, Xlsx, XlsxError};

use super::{Reader, Sink, Source, cell};
use crate::imports::files::{Broken, CELL_LIMIT, ROW_LIMIT, RawRow, UNPACKED_LIMIT};

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
        check_size(&packed)?;
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(packed)).map_err(|error| broken(&error))?;
        let sheets = workbook.sheet_names();
        let sheet = match &self.sheet {
            Some(named) => sheets.iter().find(|sheet| sheet.eq_ignore_ascii_case(named)),
            None => sheets.first(),
        };
        let sheet = sheet.cloned().ok_or(Broken::NoSheet(sheets))?;
        let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(|error| broken(&error))?;
        let mut row = RawRow { place: 0, cells: Vec::new() };
        let mut length = 0;
        while let Some(next) = cells.next_cell().map_err(|error| broken(&error))? {
            let (line, column) = next.get_position();
            let place = u64::from(line) + 1;
            if place != row.place {
                length = 0;
                if !hand_over(&mut row, place, sink) {
                    return Ok(());
                }
            }
            let text = cell(&text(next.get_value()));
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            length += text.len();
            if length > ROW_LIMIT || (column >= CELL_LIMIT && !text.is_empty()) {
                return Err(Broken::RowTooLong);
            }
            if text.is_empty() {
                continue;
            }
            if row.cells.len() <= column {
                row.cells.resize(column + 1, String::new());
            }
            if let Some(place) = row.cells.get_mut(column) {
                *place = text;
            }
        }
        hand_over(&mut row, 0, sink);
        Ok(())
    }
}

/// Gives whether more rows are wanted. Blank rows are none.
fn hand_over(row: &mut RawRow, next: u64, sink: &mut Sink<'_>) -> bool {
    let done = std::mem::replace(row, RawRow { place: next, cells: Vec::new() });
    done.cells.iter().all(String::is_empty) || sink(done)
}

/// Unpacks everything once, because what an archive says of its sizes may be wrong.
fn check_size(packed: &[u8]) -> Result<(), Broken> {
    let mut archive =
        zip::ZipArchive::new(Cursor::new(packed)).map_err(|error| Broken::Workbook(error.to_string()))?;
    let mut room = UNPACKED_LIMIT;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| Broken::Workbook(error.to_string()))?;
        let mut limited = entry.take(room + 1);
        let unpacked =
            std::io::copy(&mut limited, &mut sink()).map_err(|error| Broken::Workbook(error.to_string()))?;
        room = room.checked_sub(unpacked).ok_or(Broken::UnpacksTooLarge)?;
    }
    Ok(())
}

fn broken(error: &XlsxError) -> Broken {
    Broken::Workbook(error.to_string())
}

/// A cell as a person sees it: whole numbers without decimals, times in ISO 8601.
fn text(value: &DataRef<'_>) -> String {
    match Data::from(value.clone()) {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
        Data::Int(number) => number.to_string(),
        // The shortest text that is this number: 15 digits at most, as the spreadsheet shows it.
        Data::Float(number) => format!("{number}"),
        Data::Bool(truth) => truth.to_string(),
        Data::DateTime(time) => match time.as_datetime() {
            Some(time) if time.time() == chrono::NaiveTime::MIN => time.date().to_string(),
            Some(time) => time.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            None => time.as_f64().to_string(),
        },
    }
}
