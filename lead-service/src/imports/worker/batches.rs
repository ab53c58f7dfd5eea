//! Batches of rows: while one is written, the next is read and made ready on a thread of its own.

use std::sync::Arc;

use platform::Problem;
use tokio::task::JoinHandle;

use super::{
    Stop,
    prepared::{Prepared, prepare},
    rows::Rows,
};
use crate::{
    deps::Deps,
    imports::{rows::Recipe, taken::TakenImport},
};

/// A file's rows in batches.
pub struct Batches {
    rows: Rows,
    recipe: Arc<Recipe>,
    file_name: Arc<str>,
    size: usize,
    ahead: Option<Result<JoinHandle<Vec<Prepared>>, Stop>>,
}

impl Batches {
    /// Batches of so many of these rows of an import, and of fewer where they are long.
    pub fn new(rows: Rows, import: &TakenImport, recipe: &Arc<Recipe>, size: usize) -> Self {
        let (recipe, file_name) = (Arc::clone(recipe), import.file_name().into());
        Self { rows, recipe, file_name, size, ahead: None }
    }

    /// The next batch; an empty one at the end of the file.
    pub async fn next(&mut self, deps: &Deps) -> Result<Vec<Prepared>, Stop> {
        let ready = match self.ahead.take() {
            Some(ahead) => ahead?,
            None => self.begin(deps).await?,
        };
        let batch = ready.await.map_err(|fault| Problem::internal(fault.to_string()))?;
        if !batch.is_empty() {
            self.ahead = Some(self.begin(deps).await);
        }
        Ok(batch)
    }

    /// Reads the rows of a batch, and begins to make them ready.
    async fn begin(&mut self, deps: &Deps) -> Result<JoinHandle<Vec<Prepared>>, Stop> {
        let rows = self.rows.next(deps, self.size).await?;
        let (recipe, file_name) = (Arc::clone(&self.recipe), Arc::clone(&self.file_name));
        Ok(tokio::task::spawn_blocking(move || prepare(&recipe, &file_name, rows)))
    }
}
