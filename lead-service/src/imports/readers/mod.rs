//! Readers of the formats that files come in, each streaming rows in bounded memory.

/// Visitor methods for values that are neither lists nor objects: what becomes of one, and of `null`.
macro_rules! scalars {
    ($value:ident => $one:expr, null => $null:expr) => {
        fn visit_bool<E>(self, $value: bool) -> Result<Self::Value, E> {
            Ok($one)
        }

        fn visit_i64<E>(self, $value: i64) -> Result<Self::Value, E> {
            Ok($one)
        }

        fn visit_u64<E>(self, $value: u64) -> Result<Self::Value, E> {
            Ok($one)
        }

        fn visit_f64<E>(self, $value: f64) -> Result<Self::Value, E> {
            Ok($one)
        }

        fn visit_str<E>(self, $value: &str) -> Result<Self::Value, E> {
            Ok($one)
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($null)
        }
    };
}

pub mod charset;
mod folding;
mod json;
mod lists;
pub mod objects;
pub mod sniffing;
mod source;
pub mod stream;
mod table;
mod unpacking;
mod utf8;
mod vcard;
mod workbook;

use std::io::BufReader;

pub use lists::{List, lists};
pub use source::{Piece, Source};
pub use stream::{Failure, RowStream};
pub use table::delimiter;

use super::files::{Broken, FileFormat, Layout, RawRow};

/// The note on a row with NUL characters, which the database cannot keep.
const WITHOUT_NUL: &str = "NUL characters were left out";

/// A taker of rows. It says whether it wants more.
pub type Sink<'a> = dyn FnMut(RawRow) -> bool + 'a;

/// A file being read.
pub trait Reader {
    /// Hands over all rows, in their order, until the file ends or the sink wants no more.
    ///
    /// # Errors
    /// Why the file cannot be read further. The rows before that were handed over.
    fn read(&mut self, sink: &mut Sink<'_>) -> Result<(), Broken>;
}

/// The reader of a file with this layout.
pub fn open(layout: &Layout, source: Source) -> Box<dyn Reader> {
    if layout.format == FileFormat::Xlsx {
        return Box::new(workbook::Workbook::new(source, layout.sheet.clone()));
    }
    let text = BufReader::with_capacity(64 << 10, charset::decoded(source, layout.charset.as_deref()));
    match layout.format {
        FileFormat::Csv | FileFormat::Xlsx => Box::new(table::Table::new(text, layout.delimiter)),
        FileFormat::Ndjson => Box::new(json::Lines::new(text)),
        FileFormat::Json => Box::new(json::Document::new(text, layout.path.clone())),
        FileFormat::Vcard => Box::new(vcard::Cards::new(text)),
    }
}

/// A text of a file as a cell: without surrounding blanks, NUL and byte order mark; what a spreadsheet wrote as a formula
/// to keep a leading zero (`="0170"`) is the text in it.
fn cell(text: &str) -> String {
    let mut text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\0'));
    let formula = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = formula.filter(|inner| !inner.replace("\"\"", "").contains('"')) {
        return inner.replace("\"\"", "\"").trim().replace('\0', "");
    }
    if let Some(guarded) = crate::csv::unguarded(text) {
        text = guarded;
    }
    if text.contains('\0') { text.replace('\0', "") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn what_a_spreadsheet_wrote_around_a_text_is_taken_off() {
        assert_eq!(cell("=\"0170 1234567\""), "0170 1234567");
        assert_eq!(cell(" \u{feff}name "), "name");
        assert_eq!(cell("'=1+1"), "=1+1");
        assert_eq!(cell("'Neill"), "'Neill");
        assert_eq!(cell("=A1&\"x\""), "=A1&\"x\"");
    }
}
