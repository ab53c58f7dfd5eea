//! CSV as it comes (RFC 4180, and what spreadsheets make of it), read piece by piece.

use super::files::{Broken, ROW_LIMIT};

/// Most cells of a row.
const CELL_LIMIT: usize = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At the beginning of a cell.
    Start,
    /// In a cell without quotes.
    Plain,
    /// Between quotes.
    Quoted,
    /// Behind a quote that ends the cell or stands for itself with the next one.
    Quote,
}

/// Takes in bytes and gives rows.
#[derive(Debug)]
pub struct Reader {
    delimiter: u8,
    state: State,
    cell: Vec<u8>,
    row: Vec<String>,
    length: usize,
}

impl Reader {
    /// A reader of a file that begins so: the delimiter is the one of `,`, `;` and tab that is most frequent in the
    /// first line.
    pub fn of(beginning: &[u8]) -> Self {
        let line = beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let count = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
        let delimiter = [b',', b';', b'\t'].into_iter().rev().max_by_key(|byte| count(*byte)).unwrap_or(b',');
        Self { delimiter, state: State::Start, cell: Vec::new(), row: Vec::new(), length: 0 }
    }

    /// Reads on; whole rows go to `rows`. Blank lines are no rows.
    pub fn push(&mut self, bytes: &[u8], rows: &mut Vec<Vec<String>>) -> Result<(), Broken> {
        for byte in bytes {
            self.length += 1;
            if self.length > ROW_LIMIT || self.row.len() > CELL_LIMIT {
                return Err(Broken::RowTooLong);
            }
            match (self.state, *byte) {
                (State::Start, b'"') => self.state = State::Quoted,
                (State::Quoted, b'"') => self.state = State::Quote,
                (State::Quote, b'"') => {
                    self.cell.push(b'"');
                    self.state = State::Quoted;
                }
                (State::Quoted, byte) => self.cell.push(byte),
                (_, b'\r') => {}
                (_, b'\n') => self.end_row(rows)?,
                (_, byte) if byte == self.delimiter => self.end_cell()?,
                (_, byte) => {
                    self.cell.push(byte);
                    self.state = State::Plain;
                }
            }
        }
        Ok(())
    }

    /// The file is over; its last row may have no line end.
    pub fn finish(&mut self, rows: &mut Vec<Vec<String>>) -> Result<(), Broken> {
        if self.state == State::Quoted {
            return Err(Broken::OpenQuote);
        }
        self.end_row(rows)
    }

    fn end_cell(&mut self) -> Result<(), Broken> {
        let text = String::from_utf8(std::mem::take(&mut self.cell)).map_err(|_| Broken::NotUtf8)?;
        // A byte order mark stands before the first cell of the file, and means nothing anywhere else.
        let text = text.trim_start_matches('\u{feff}');
        self.row.push(text.replace('\0', "").trim().to_owned());
        self.state = State::Start;
        Ok(())
    }

    fn end_row(&mut self, rows: &mut Vec<Vec<String>>) -> Result<(), Broken> {
        self.end_cell()?;
        self.length = 0;
        let row = std::mem::take(&mut self.row);
        if row.iter().any(|cell| !cell.is_empty()) {
            rows.push(row);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, step: usize) -> Result<Vec<Vec<String>>, Broken> {
        let (mut reader, mut rows) = (Reader::of(text.as_bytes()), Vec::new());
        for piece in text.as_bytes().chunks(step) {
            reader.push(piece, &mut rows)?;
        }
        reader.finish(&mut rows)?;
        Ok(rows)
    }

    #[test]
    fn quotes_line_ends_and_marks_are_understood_however_the_file_is_cut() {
        let text = "\u{feff}name,notes\r\n\"Ada \"\"L\"\"\",\"a,\nb\"\r\n\r\nZoë,\n";
        for step in [1, 2, 3, 7, 1000] {
            let rows = read(text, step).unwrap();
            assert_eq!(rows, [vec!["name", "notes"], vec!["Ada \"L\"", "a,\nb"], vec!["Zoë", ""]], "{step}");
        }
    }

    #[test]
    fn the_delimiter_is_found_out() {
        assert_eq!(read("a;b;c\n1,5;2;3", 9).unwrap()[1], ["1,5", "2", "3"]);
        assert_eq!(read("a\tb\n1\t2", 9).unwrap()[1], ["1", "2"]);
        assert_eq!(read("email\nx", 9).unwrap()[1], ["x"]);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_eq!(read("a\n\"b", 9), Err(Broken::OpenQuote));
        assert_eq!(read(&format!("a\n{}", ",".repeat(600)), 99), Err(Broken::RowTooLong));
        assert_eq!(read(&format!("a\n{}", "x".repeat(2 << 20)), 9999), Err(Broken::RowTooLong));
    }
}
