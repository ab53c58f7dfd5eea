//! The rows of an import's file, read chunk by chunk.

use std::collections::VecDeque;

use platform::Problem;

use super::Stop;
use crate::{
    deps::Deps,
    imports::{
        files::{Broken, FileFormat, Reader, Shape},
        store,
        taken::TakenImport,
    },
};

/// A row with its number, from 1, the header not counted.
pub struct Row {
    /// Its number.
    pub line: i32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// A file being read. Holds one chunk's rows at a time.
pub struct Rows<'a> {
    deps: &'a Deps,
    import: &'a TakenImport,
    reader: Option<Reader>,
    place: i32,
    line: i32,
    waiting: VecDeque<Vec<String>>,
    /// What names the values of the rows.
    pub shape: Shape,
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        Self::Ended(broken.sentence().into())
    }
}

impl<'a> Rows<'a> {
    /// Opens the file and reads its header, if it has one.
    pub async fn open(deps: &'a Deps, import: &'a TakenImport) -> Result<Self, Stop> {
        let (waiting, shape) = (VecDeque::new(), Shape::Objects);
        let mut rows = Self { deps, import, reader: None, place: 0, line: 0, waiting, shape };
        if import.format() == FileFormat::Ndjson {
            return Ok(rows);
        }
        while rows.waiting.is_empty() {
            if !rows.read_on().await? {
                return Err(Stop::Ended("The file has no header.".into()));
            }
        }
        rows.shape = Shape::Table(rows.waiting.pop_front().unwrap_or_default());
        Ok(rows)
    }

    /// The next rows, at most `most`; none at the end of the file.
    pub async fn next(&mut self, most: usize) -> Result<Vec<Row>, Stop> {
        while self.waiting.len() < most {
            if !self.read_on().await? {
                break;
            }
        }
        let mut rows = Vec::with_capacity(most.min(self.waiting.len()));
        while rows.len() < most
            && let Some(cells) = self.waiting.pop_front()
        {
            self.line += 1;
            rows.push(Row { line: self.line, cells });
        }
        Ok(rows)
    }

    /// Takes the next chunk in. Gives whether there is more to come.
    async fn read_on(&mut self) -> Result<bool, Stop> {
        if self.place < 0 {
            return Ok(false);
        }
        let (import, place) = (self.import.id, self.place);
        let chunk = self
            .deps
            .db
            .in_tenant(self.import.tenant(), async |tx| {
                store::chunk(tx, import, place).await.map_err(Problem::from)
            })
            .await?;
        let mut rows = Vec::new();
        match chunk {
            Some(bytes) => {
                self.place += 1;
                let format = self.import.format();
                self.reader.get_or_insert_with(|| Reader::of(format, &bytes)).push(&bytes, &mut rows)?;
            }
            None => {
                self.place = -1;
                if let Some(reader) = &mut self.reader {
                    reader.finish(&mut rows)?;
                }
            }
        }
        self.waiting.extend(rows);
        Ok(self.place >= 0 || !self.waiting.is_empty())
    }
}
