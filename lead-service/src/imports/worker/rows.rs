//! The rows of an import's file, below its heading.

use super::Stop;
use crate::{
    deps::Deps,
    imports::{
        files::{Broken, Layout, RawRow},
        readers::{Failure, RowStream},
        taken::TakenImport,
    },
};

/// A row with its number, from 1, the heading not counted.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number.
    pub line: i32,
    /// The line of the file on which it begins.
    pub place: u64,
    /// Its cells.
    pub cells: Vec<String>,
    /// Sentences about what its reader left out of it.
    pub left_out: Option<String>,
}

/// A file being read.
pub struct Rows {
    stream: RowStream,
    heading: u64,
    line: i32,
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        Self::Ended(broken.sentence())
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Broken(broken) => broken.into(),
            Failure::Away(problem) => Self::Failed(problem),
        }
    }
}

impl Rows {
    /// Opens the file.
    pub fn open(import: &TakenImport, layout: &Layout) -> Self {
        let stream = RowStream::open(import.tenant(), import.id, layout);
        let heading = if layout.format.is_table() { layout.heading_row.unwrap_or(0) } else { 0 };
        Self { stream, heading, line: 0 }
    }

    /// The next rows, at most `most`; none at the end of the file.
    pub async fn next(&mut self, deps: &Deps, most: usize) -> Result<Vec<Row>, Stop> {
        loop {
            let read = self.stream.next(deps, most).await?;
            let is_over = read.is_empty();
            let below = read.into_iter().filter(|row| row.place > self.heading);
            let line = &mut self.line;
            let rows: Vec<Row> = below
                .map(|row| {
                    *line += 1;
                    let RawRow { place, cells, left_out } = row;
                    Row { line: *line, place, cells, left_out }
                })
                .collect();
            if is_over || !rows.is_empty() {
                return Ok(rows);
            }
        }
    }

    /// Passes over so many rows.
    pub async fn skip(&mut self, deps: &Deps, mut most: i32) -> Result<(), Stop> {
        while most > 0 {
            let wanted = usize::try_from(most).unwrap_or_default().min(500);
            let passed = self.next(deps, wanted).await?.len();
            most -= i32::try_from(passed).unwrap_or(i32::MAX);
            if passed == 0 {
                break;
            }
        }
        Ok(())
    }
}
