//! Tables of text (RFC 4180, and what spreadsheets make of it), read piece by piece.

use std::io::{self, Read};

use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};

use super::{Reader, Sink, WITHOUT_NUL, cell};
use crate::imports::files::{Broken, CELL_LIMIT, ROW_LIMIT, RawRow};

/// Characters that may separate cells; of equally good ones the first.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];
/// Rows of a sample that tell the delimiter.
const ROWS: usize = 200;

/// A table being read.
pub struct Table<R> {
    text: R,
    delimiter: u8,
}

impl<R: Read> Table<R> {
    /// The table in this text; a comma separates its cells unless something else is given.
    pub fn new(text: R, delimiter: Option<char>) -> Self {
        Self { text, delimiter: delimiter.and_then(|c| u8::try_from(c).ok()).unwrap_or(b',') }
    }
}

impl<R: Read> Reader for Table<R> {
    fn read(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken> {
        let mut records = Records::new(&mut self.text, self.delimiter);
        let mut is_first = true;
        while let Some(row) = records.next()? {
            // Excel's own line that names the delimiter.
            let is_note = std::mem::take(&mut is_first) && names_delimiter(&row.cells).is_some();
            if !is_note && row.cells.iter().any(|cell| !cell.is_empty()) && !sink(row) {
                break;
            }
        }
        Ok(())
    }
}

/// The delimiter that a first row `sep=;` names.
fn names_delimiter(cells: &[String]) -> Option<&str> {
    let (first, rest) = cells.split_first()?;
    let named = first.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).and(first.get(4..))?;
    (named.chars().count() <= 1 && rest.iter().all(String::is_empty)).then_some(named)
}

/// Rows out of a text. A carriage return alone ends a line as well.
struct Records<R> {
    text: R,
    core: csv_core::Reader,
    buffer: Vec<u8>,
    used: usize,
    length: usize,
    output: Vec<u8>,
    ends: Vec<usize>,
    lines: Lines,
    is_over: bool,
}

impl<R: Read> Records<R> {
    fn new(text: R, delimiter: u8) -> Self {
        let core = ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::CRLF).build();
        Self {
            text,
            core,
            buffer: vec![0; 64 << 10],
            used: 0,
            length: 0,
            output: vec![0; 4 << 10],
            ends: vec![0; 64],
            lines: Lines::default(),
            is_over: false,
        }
    }

    fn next(&mut self) -> Result<Option<RawRow>, Broken> {
        let (mut written, mut cells) = (0, 0);
        self.lines.begin();
        loop {
            let is_probe = self.used >= self.length && !self.refill()?;
            if is_probe && self.is_over {
                return Ok(None);
            }
            // A line end behind the file ends its last row, unless a quoted cell is still open.
            let rest = self.buffer.get(self.used..self.length).unwrap_or_default();
            let input = if is_probe { b"\n".as_slice() } else { rest };
            let output = self.output.get_mut(written..).unwrap_or_default();
            let ends = self.ends.get_mut(cells..).unwrap_or_default();
            let (result, read, wrote, ended) = self.core.read_record(input, output, ends);
            self.is_over |= is_probe && read > 0;
            if !is_probe {
                let consumed = self.buffer.get(self.used..self.used + read).unwrap_or_default();
                self.lines.pass(consumed);
                self.used += read;
            }
            (written, cells) = (written + wrote, cells + ended);
            match result {
                ReadRecordResult::InputEmpty if is_probe && (written > 0 || cells > 0) => {
                    return Err(Broken::OpenQuote);
                }
                ReadRecordResult::InputEmpty if is_probe => return Ok(None),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => {
                    let too_long = Broken::RowTooLong("line", self.lines.began);
                    grow(&mut self.output, ROW_LIMIT, 0, too_long)?;
                }
                ReadRecordResult::OutputEndsFull => {
                    let too_many = Broken::TooManyCells("line", self.lines.began);
                    grow(&mut self.ends, CELL_LIMIT, 0, too_many)?;
                }
                ReadRecordResult::Record => return Ok(Some(self.row(cells))),
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    /// Gives whether there was something more.
    fn refill(&mut self) -> Result<bool, Broken> {
        loop {
            match self.text.read(&mut self.buffer) {
                Ok(read) => {
                    (self.used, self.length) = (0, read);
                    return Ok(read > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(Broken::Cut),
            }
        }
    }

    fn row(&self, cells: usize) -> RawRow {
        let mut from = 0;
        let ends = self.ends.iter().take(cells);
        let cells = ends.map(|end| {
            let bytes = self.output.get(from..*end).unwrap_or_default();
            from = *end;
            cell(&String::from_utf8_lossy(bytes))
        });
        let mut row = RawRow::whole(self.lines.began, cells.collect());
        if self.output.get(..from).unwrap_or_default().contains(&0) {
            row.note(WITHOUT_NUL);
        }
        row
    }
}

fn grow<T: Clone>(room: &mut Vec<T>, limit: usize, with: T, excess: Broken) -> Result<(), Broken> {
    if room.len() >= limit {
        return Err(excess);
    }
    room.resize((room.len() * 2).min(limit), with);
    Ok(())
}

/// Counts lines, blank ones too.
#[derive(Default)]
struct Lines {
    ended: u64,
    began: u64,
    is_begun: bool,
    after_return: bool,
}

impl Lines {
    fn begin(&mut self) {
        self.is_begun = false;
        self.began = self.ended + 1;
    }

    fn pass(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let ends = *byte == b'\r' || (*byte == b'\n' && !self.after_return);
            self.after_return = *byte == b'\r';
            self.ended += u64::from(ends);
            if !matches!(byte, b'\r' | b'\n') && !self.is_begun {
                self.is_begun = true;
                self.began = self.ended + 1;
            }
        }
    }
}

/// The delimiter of a table that begins so: the one that a first line `sep=;` names, else the one by which most rows have
/// the same number of cells. What stands in quotes does not count.
pub fn delimiter(beginning: &str) -> char {
    let first: String = beginning.trim_start().lines().next().unwrap_or_default().replace('"', "");
    let named = first.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).and(first.get(4..));
    let named = named.map_or("", |rest| rest.get(..1).unwrap_or_default()).chars().next();
    if let Some(delimiter) = named.filter(char::is_ascii) {
        return delimiter;
    }
    let mut best = (0.0, ',');
    for delimiter in DELIMITERS {
        let evenness = evenness(beginning, delimiter);
        if evenness > best.0 {
            best = (evenness, delimiter);
        }
    }
    best.1
}

/// The share of rows with the most frequent number of cells, if that is more than one; a little more for many cells.
fn evenness(beginning: &str, delimiter: char) -> f64 {
    let mut table = Table::new(beginning.as_bytes(), Some(delimiter));
    let mut widths: Vec<usize> = Vec::new();
    let _rest = table.read(&mut |row| {
        widths.push(row.cells.len());
        widths.len() < ROWS
    });
    let share = |width: usize| {
        let rows = widths.iter().filter(|other| **other == width).count();
        let (rows, all) = (u32::try_from(rows).unwrap_or(0), u32::try_from(widths.len()).unwrap_or(1));
        f64::from(rows) / f64::from(all.max(1)) + f64::from(u32::try_from(width.min(50)).unwrap_or(0)) / 200.0
    };
    let many = widths.iter().copied().filter(|width| *width > 1);
    many.map(share).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Vec<String>>, Broken> {
        let mut rows = Vec::new();
        let delimiter = delimiter(text);
        Table::new(text.as_bytes(), Some(delimiter)).read(&mut |row| {
            rows.push(row.cells);
            true
        })?;
        Ok(rows)
    }

    fn places(text: &str) -> Vec<u64> {
        let mut places = Vec::new();
        Table::new(text.as_bytes(), None)
            .read(&mut |row| {
                places.push(row.place);
                true
            })
            .unwrap();
        places
    }

    #[test]
    fn quotes_and_all_line_ends_are_understood() {
        let rows = [vec!["name", "notes"], vec!["Ada \"L\"", "a,\nb"], vec!["Zoë", ""]];
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("name,notes{end}\"Ada \"\"L\"\"\",\"a,\nb\"{end}{end}Zoë,{end}");
            assert_eq!(read(&text).unwrap(), rows, "{end:?}");
        }
        assert_eq!(read("name,email\rAda,a@example.com").unwrap().len(), 2);
        for cells in [63, 64, 65, 128, 300] {
            let text = format!("{}a\n{}b", "a,".repeat(cells - 1), "b,".repeat(cells - 1));
            assert_eq!(read(&text).unwrap().iter().map(Vec::len).collect::<Vec<_>>(), [cells, cells]);
        }
        assert_eq!(read(&format!("a\n{}", "x".repeat(4 << 10))).unwrap().len(), 2);
    }

    #[test]
    fn the_delimiter_is_found_out_outside_of_quotes() {
        assert_eq!(read("a;b;c\n1,5;2;3").unwrap()[1], ["1,5", "2", "3"]);
        assert_eq!(read("a\tb\n1\t2").unwrap()[1], ["1", "2"]);
        assert_eq!(read("a|b|c\n1|2, x|3").unwrap()[1], ["1", "2, x", "3"]);
        assert_eq!(read("email\nx").unwrap()[1], ["x"]);
        let quoted = "\"Name (last, first)\";\"E-mail\"\n\"King, Ada\";\"a@example.com\"\n";
        assert_eq!(read(quoted).unwrap(), [["Name (last, first)", "E-mail"], ["King, Ada", "a@example.com"]]);
        assert_eq!(read("sep=;\r\nName;Mail\r\nAda;a@b.example\r\n").unwrap()[0], ["Name", "Mail"]);
        assert_eq!(read("sep=|\nName|Mail\n").unwrap(), [["Name", "Mail"]]);
    }

    #[test]
    fn a_row_says_on_which_line_it_begins() {
        assert_eq!(places("Notes:\n\"a\nb\"\n\nname,email\nAda,a\n"), [1, 2, 5, 6]);
        assert_eq!(places("a\rb\r\rc"), [1, 2, 4]);
        assert_eq!(places("a\r\nb\r\n\r\nc"), [1, 2, 4]);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_eq!(read("a\n\"b"), Err(Broken::OpenQuote));
        assert_eq!(read("a\n\"b\n"), Err(Broken::OpenQuote));
        assert_eq!(read("a\n\"b\"").unwrap().len(), 2);
        assert_eq!(
            read(&format!("a\n\n{}", ",".repeat(10_000))),
            Err(Broken::TooManyCells("line", 3)),
            "the line is told"
        );
        assert_eq!(read(&format!("a\n{}", "x".repeat(2 << 20))), Err(Broken::RowTooLong("line", 2)));
        assert_eq!(read(&"x".repeat(50 << 20)), Err(Broken::RowTooLong("line", 1)));
    }

    #[test]
    fn rows_before_one_that_is_too_long_are_handed_over_and_nul_is_told() {
        let (text, mut rows) = (format!("a,b\n1,\0 2\n{}\nc,d\n", "x".repeat(2 << 20)), Vec::new());

        let read = Table::new(text.as_bytes(), None).read(&mut |row| {
            rows.push(row);
            true
        });

        assert_eq!(read, Err(Broken::RowTooLong("line", 3)));
        assert_eq!(rows[0], RawRow::whole(1, vec!["a".into(), "b".into()]));
        assert_eq!(
            (rows.len(), &rows[1].cells[1], rows[1].left_out.as_deref()),
            (2, &"2".to_owned(), Some(WITHOUT_NUL))
        );
    }
}
