//! What files look like: a table with a header, or one object a line. Either is read piece by piece.

use contracts::problem::FieldError;
use platform::{Problem, text_enum};
use serde_json::Value;

use super::{csv, ndjson};

/// Longest row, in bytes.
pub const ROW_LIMIT: usize = 1 << 20;

text_enum!(
    /// How a file is written.
    FileFormat {
        /// A table with a header.
        Csv = "csv",
        /// One JSON object a line.
        Ndjson = "ndjson",
    }
);

impl FileFormat {
    /// The format that a file's name or media type tells; a table otherwise.
    pub fn guess(name: Option<&str>, media_type: Option<&str>) -> Self {
        let name = name.unwrap_or_default().to_ascii_lowercase();
        let media_type = media_type.unwrap_or_default();
        let by_name = [".ndjson", ".jsonl", ".json"].iter().any(|ending| name.ends_with(ending));
        if by_name || media_type.contains("json") { Self::Ndjson } else { Self::Csv }
    }
}

/// Why a file cannot be read further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// A row has more than 500 cells or a megabyte.
    RowTooLong,
    /// The text is not UTF-8.
    NotUtf8,
    /// A quoted cell has no end.
    OpenQuote,
}

impl Broken {
    /// A sentence for a person.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::RowTooLong => "A row has more than 500 cells or a megabyte.",
            Self::NotUtf8 => "The file is not text in UTF-8.",
            Self::OpenQuote => "A quoted cell has no end.",
        }
    }
}

/// Takes in bytes and gives rows.
#[derive(Debug)]
pub enum Reader {
    /// Of a table.
    Csv(csv::Reader),
    /// Of objects.
    Ndjson(ndjson::Reader),
}

impl Reader {
    /// A reader of a file that begins so.
    pub fn of(format: FileFormat, beginning: &[u8]) -> Self {
        match format {
            FileFormat::Csv => Self::Csv(csv::Reader::of(beginning)),
            FileFormat::Ndjson => Self::Ndjson(ndjson::Reader::default()),
        }
    }

    /// Reads on; whole rows go to `rows`. Blank lines are no rows.
    pub fn push(&mut self, bytes: &[u8], rows: &mut Vec<Vec<String>>) -> Result<(), Broken> {
        match self {
            Self::Csv(reader) => reader.push(bytes, rows),
            Self::Ndjson(reader) => reader.push(bytes, rows),
        }
    }

    /// The file is over; its last row may have no line end.
    pub fn finish(&mut self, rows: &mut Vec<Vec<String>>) -> Result<(), Broken> {
        match self {
            Self::Csv(reader) => reader.finish(rows),
            Self::Ndjson(reader) => reader.finish(rows),
        }
    }
}

/// What names the values of a row.
#[derive(Clone, Debug)]
pub enum Shape {
    /// The header of a table.
    Table(Vec<String>),
    /// Every row names its own.
    Objects,
}

impl Shape {
    /// The values of a row with their names.
    pub fn pairs(&self, cells: &[String]) -> Result<Vec<(String, Value)>, Problem> {
        let fault = |code, message: String| Problem::invalid(vec![FieldError::new("", code, message)]);
        match self {
            Self::Table(header) if cells.len() > header.len() => {
                let message = format!("has {} cells, the header has {}", cells.len(), header.len());
                Err(fault("too_many", message))
            }
            Self::Table(header) => {
                let pairs = header.iter().zip(cells);
                Ok(pairs.map(|(name, cell)| (name.clone(), Value::String(cell.clone()))).collect())
            }
            Self::Objects => cells
                .first()
                .and_then(|line| ndjson::members(line))
                .ok_or_else(|| fault("invalid_json", "is no JSON object".to_owned())),
        }
    }
}
