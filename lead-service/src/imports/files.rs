//! Files: formats, how they are written, how their rows are laid out, and why one cannot be read.

use std::borrow::Cow;

use platform::text_enum;
use serde::{Deserialize, Serialize};

use super::settings::DatesBegin;

/// Longest row, in bytes.
pub const ROW_LIMIT: usize = 1 << 20;
/// Most cells of a row.
pub const CELL_LIMIT: usize = 2_000;

text_enum!(
    /// The format of a file.
    FileFormat {
        /// A table with a heading, its cells separated by a character.
        Csv = "csv",
        /// One JSON object a line.
        Ndjson = "ndjson",
        /// One JSON document: a list of objects, or one with such a list inside.
        Json = "json",
        /// A workbook of a spreadsheet program.
        Xlsx = "xlsx",
        /// Contacts of an address book.
        Vcard = "vcard",
    }
);

impl FileFormat {
    /// Whether its rows are cells below a heading. The rows of the others name their values themselves.
    pub const fn is_table(self) -> bool {
        matches!(self, Self::Csv | Self::Xlsx)
    }

    /// The ending of a file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv | Self::Xlsx => "csv",
            Self::Ndjson | Self::Json | Self::Vcard => "ndjson",
        }
    }
}

/// The place and writing of a file's rows. Found when the file comes; a person may overrule each part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Layout {
    /// The format of the file.
    pub format: FileFormat,
    /// Its character set, by the name of the Encoding Standard; none for a workbook.
    #[serde(default)]
    pub charset: Option<String>,
    /// The character that separates the cells.
    #[serde(default)]
    pub delimiter: Option<char>,
    /// The line of the heading, from 1; 0 for a table without one.
    #[serde(default)]
    pub heading_row: Option<u64>,
    /// The sheet of a workbook.
    #[serde(default)]
    pub sheet: Option<String>,
    /// The names that lead to the list inside a JSON document.
    #[serde(default)]
    pub path: Vec<String>,
    /// Whether the day or the month comes first in its dates.
    #[serde(default)]
    pub date_order: Option<DatesBegin>,
    /// Whether parts of it are in UTF-8 and others are not.
    #[serde(default)]
    pub is_mixed: bool,
}

impl Layout {
    /// A file of this format, nothing else being known.
    pub const fn of(format: FileFormat) -> Self {
        Self {
            format,
            charset: None,
            delimiter: None,
            heading_row: None,
            sheet: None,
            path: Vec::new(),
            date_order: None,
            is_mixed: false,
        }
    }
}

/// One row as it stands in the file: the cells of a table, or the text of an object as the only one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRow {
    /// The line on which it begins, from 1.
    pub place: u64,
    /// Its cells.
    pub cells: Vec<String>,
    /// Sentences about what its reader left out of it.
    pub left_out: Option<String>,
}

impl RawRow {
    /// A whole row.
    pub const fn whole(place: u64, cells: Vec<String>) -> Self {
        Self { place, cells, left_out: None }
    }

    /// About how much memory it takes, in bytes.
    pub fn weight(&self) -> usize {
        self.cells.iter().map(|cell| cell.len() + size_of::<String>()).sum()
    }

    /// Says that something was left out.
    pub fn note(&mut self, sentence: &str) {
        match &mut self.left_out {
            Some(before) => {
                before.push_str("; ");
                before.push_str(sentence);
            }
            none => *none = Some(sentence.to_owned()),
        }
    }
}

/// The reason why a file cannot be read further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// A row has more bytes than allowed. By what rows are counted in this file, and its number.
    RowTooLong(&'static str, u64),
    /// A row has more cells than allowed; the same.
    TooManyCells(&'static str, u64),
    /// A quoted cell has no end.
    OpenQuote,
    /// The JSON cannot be read, for this reason.
    Json(String),
    /// The JSON is nested deeper than allowed.
    NestedTooDeep,
    /// The workbook cannot be read, for this reason.
    Workbook(String),
    /// The workbook has more than allowed of something once it is unpacked, as this sentence says.
    Unpacked(&'static str),
    /// The workbook has no such sheet; it has these.
    NoSheet(Vec<String>),
    /// The pieces of the file ended before the file did.
    Cut,
}

impl Broken {
    /// A sentence for a person.
    pub fn sentence(&self) -> Cow<'static, str> {
        match self {
            Self::RowTooLong(unit, number) => {
                format!("The row at {unit} {number} has more than a megabyte.").into()
            }
            Self::TooManyCells(unit, number) => {
                format!("The row at {unit} {number} has more than 2,000 cells.").into()
            }
            Self::OpenQuote => "A quoted cell has no end.".into(),
            Self::Json(reason) => format!("The file is not valid JSON: {reason}.").into(),
            Self::NestedTooDeep => "The JSON is nested deeper than 64 levels.".into(),
            Self::Workbook(reason) => format!("The workbook cannot be read: {reason}.").into(),
            Self::Unpacked(sentence) => (*sentence).into(),
            Self::NoSheet(sheets) => {
                format!("The workbook has no such sheet; it has: {}.", sheets.join(", ")).into()
            }
            Self::Cut => "The file could not be read to its end.".into(),
        }
    }

    /// The code of a fault of the file.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RowTooLong(..) | Self::TooManyCells(..) => "row_too_long",
            Self::OpenQuote => "invalid_csv",
            Self::Json(_) | Self::NestedTooDeep => "invalid_json",
            Self::Workbook(_) | Self::Unpacked(_) | Self::NoSheet(_) => "invalid_xlsx",
            Self::Cut => "unreadable",
        }
    }
}
